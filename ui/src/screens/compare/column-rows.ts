/** Rows of techniques whose files hold several results: one of them for each index, as chosen. */

import type { ColumnTable } from "../../platform/columns";
import type { RowSource } from "../swv/row-source";
import type { ColumnChoice } from "./quantities";

/** Which rows of the engine's series count. */
export interface PartChoice {
  electrode: number | null;
  /** The column that tells rows of a file apart, and the value that counts; null: the first that has a number. */
  part: { column: string; value: number | null } | null;
}

interface Row {
  index: number;
  time_s: number;
  value: number;
  excluded: number;
}

/** One number for each index out of a series: of several cycles, steps or segments the chosen one, or the first with a number. */
export class ColumnRows implements RowSource {
  readonly #find: () => ColumnTable | null;
  readonly #choice: ColumnChoice;
  readonly #of: PartChoice;
  #table: ColumnTable | null = null;
  #rows: readonly Row[] = [];
  epoch = 0;

  constructor(find: () => ColumnTable | null, choice: ColumnChoice, of: PartChoice) {
    this.#find = find;
    this.#choice = choice;
    this.#of = of;
  }

  get length(): number {
    return this.#rows.length;
  }

  refresh(): void {
    const table = this.#find();
    if (table === this.#table) return;
    this.#table = table;
    this.#rows = table ? rowsOf(table, this.#choice, this.#of) : [];
    this.epoch++;
  }

  index(row: number): number {
    return this.#rows[row]?.index ?? Number.NaN;
  }

  time_s(row: number): number {
    return this.#rows[row]?.time_s ?? Number.NaN;
  }

  value(row: number): number {
    return this.#rows[row]?.value ?? Number.NaN;
  }

  excludedValue(row: number): number {
    return this.#rows[row]?.excluded ?? Number.NaN;
  }

  isReplaced(): boolean {
    return false;
  }
}

function rowsOf(table: ColumnTable, { column, process }: ColumnChoice, { electrode, part }: PartChoice): Row[] {
  if (!table.has(column)) return [];
  const [electrodes, index, time_s] = [table.column("electrode"), table.column("index"), table.column("time_s")];
  const [values, excluded, duplicate] = [table.column(column), table.column("excluded"), table.column("duplicate")];
  const processes = process !== undefined && table.has("process") ? table.column("process") : null;
  const parts = part && table.has(part.column) ? table.column(part.column) : null;
  const segments = table.has("segment") ? table.column("segment") : parts;
  const found = new Map<number, Row & { order: number }>();
  for (let k = 0; k < table.rows; k++) {
    const at = index[k] ?? Number.NaN;
    const of = electrodes[k] ?? Number.NaN;
    if (Number.isNaN(at) || duplicate[k] === 1) continue;
    if (electrode === null ? !Number.isNaN(of) : of !== electrode) continue;
    const isOther = part !== null && part.value !== null && parts !== null && parts[k] !== part.value;
    const isOtherProcess = processes !== null && processes[k] !== process;
    const value = isOther || isOtherProcess ? Number.NaN : (values[k] ?? Number.NaN);
    const isOut = excluded[k] === 1;
    const row = {
      index: at,
      time_s: time_s[k] ?? Number.NaN,
      value: isOut ? Number.NaN : value,
      excluded: isOut ? value : Number.NaN,
      order: segments?.[k] ?? 0,
    };
    const known = found.get(at);
    if (!known || isBetter(row, known)) found.set(at, row);
  }
  return [...found.values()].sort((a, b) => a.index - b.index);
}

/** A row with a number comes before one that is left out, that before one without; of two alike the earlier in the file. */
function isBetter(row: Row & { order: number }, than: Row & { order: number }): boolean {
  const rank = ({ value, excluded }: Row): number => (Number.isFinite(value) ? 2 : Number.isFinite(excluded) ? 1 : 0);
  return rank(row) > rank(than) || (rank(row) === rank(than) && row.order < than.order);
}

/** Values of a column that tells rows of a file apart, ascending. */
export function partValues(table: ColumnTable | null, column: string): number[] {
  if (!table?.has(column)) return [];
  return [...new Set(table.column(column))].filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
}
