import type { ColumnTable } from "../platform/columns";
import type { IndexRange } from "./series-store";
import { lowerBound } from "./series";

/** Columns of a trend: `x` in indices or seconds as the settings say, the concentration in mol/L, the rest without unit. */
export const TREND_COLUMNS = ["index", "x", "normalized_low", "normalized_high", "ratio", "kdm", "drift_corrected", "concentration_m"] as const;

export type TrendColumn = (typeof TREND_COLUMNS)[number];

const NOTHING = new Float64Array(0);
/** What an agent elsewhere, of an earlier version, may not know yet. */
const LATER: readonly TrendColumn[] = ["drift_corrected", "concentration_m"];

/** A column of the table, or nothing. */
function columnIn(table: ColumnTable, name: TrendColumn): Float64Array {
  return LATER.includes(name) && !table.has(name) ? NOTHING : table.column(name);
}

/** The trend of one electrode, by index. */
export class Trend {
  #length = 0;
  #columns = {} as Record<TrendColumn, Float64Array>;
  #epochs = {} as Record<TrendColumn, number>;
  /** Rows of each column that somebody has drawn. */
  #drawn = {} as Record<TrendColumn, number>;

  constructor(readonly electrode: number | null) {
    for (const name of TREND_COLUMNS) {
      this.#columns[name] = new Float64Array(64);
      this.#epochs[name] = 0;
      this.#drawn[name] = 0;
    }
  }

  get length(): number {
    return this.#length;
  }

  /** A column as a view that is valid until the next change; NaN where there is no number. */
  column(name: TrendColumn): Float64Array {
    return this.#columns[name].subarray(0, this.#length);
  }

  /** Says that the first rows of a column are drawn: from then on a change of them counts in its epoch. */
  draw(name: TrendColumn, rows: number): void {
    this.#drawn[name] = Math.max(this.#drawn[name], Math.min(rows, this.#length));
  }

  /** Counts changes of the drawn rows of a column: while it stays, whoever drew them need not draw them again. */
  epoch(name: TrendColumn): number {
    return this.#epochs[name];
  }

  /** Position of the row with this index, or -1. */
  positionOf(index: number): number {
    const position = lowerBound(this.#columns.index, this.#length, index);
    return position < this.#length && this.#columns.index[position] === index ? position : -1;
  }

  /** Puts rows of the table (positions, ascending by index) in place of those from `first` to `last`. */
  replace(first: number, last: number, table: ColumnTable, positions: readonly number[]): void {
    const from = lowerBound(this.#columns.index, this.#length, first);
    const to = lowerBound(this.#columns.index, this.#length, last + 0.5);
    const length = this.#length - (to - from) + positions.length;
    const keepsIndices = this.#matches("index", from, to, this.#length, table, positions);
    for (const name of TREND_COLUMNS) {
      let column = this.#columns[name];
      const drawn = this.#drawn[name];
      if (from < drawn && !(keepsIndices && this.#matches(name, from, to, drawn, table, positions))) {
        this.#epochs[name] += 1;
        this.#drawn[name] = from;
      }
      if (length > column.length) {
        const grown = new Float64Array(Math.max(length, column.length * 2));
        grown.set(column.subarray(0, this.#length));
        column = grown;
      }
      column.copyWithin(from + positions.length, to, this.#length);
      const source = columnIn(table, name);
      positions.forEach((position, k) => {
        column[from + k] = source[position] ?? Number.NaN;
      });
      this.#columns[name] = column;
    }
    this.#length = length;
  }

  /** Whether the rows to come are, up to position `end`, what is there now. */
  #matches(
    name: TrendColumn,
    from: number,
    to: number,
    end: number,
    table: ColumnTable,
    positions: readonly number[],
  ): boolean {
    // Another number of rows moves what stands behind them.
    if (positions.length !== to - from && to < end) return false;
    if (positions.length < Math.min(to, end) - from) return false;
    const source = columnIn(table, name);
    for (let k = from; k < Math.min(to, end); k += 1) {
      if (!Object.is(source[positions[k - from] ?? -1], this.#columns[name][k])) return false;
    }
    return true;
  }
}

/** Trends of all electrodes. */
export class TrendStore {
  #trends = new Map<number | null, Trend>();

  get(electrode: number | null): Trend | undefined {
    return this.#trends.get(electrode);
  }

  all(): Iterable<Trend> {
    return this.#trends.values();
  }

  /** Takes an answer that covers `range`, or everything where it is null. */
  take(range: IndexRange | null, table: ColumnTable): void {
    if (!range) this.#trends.clear();
    const first = range?.first ?? Number.NEGATIVE_INFINITY;
    const last = range?.last ?? Number.POSITIVE_INFINITY;
    const electrodes = table.column("electrode");
    const index = table.column("index");
    const positions = new Map<number | null, number[]>();
    for (const electrode of this.#trends.keys()) positions.set(electrode, []);
    for (let k = 0; k < table.rows; k += 1) {
      const value = electrodes[k] ?? Number.NaN;
      const electrode = Number.isNaN(value) ? null : value;
      const list = positions.get(electrode);
      if (list) list.push(k);
      else positions.set(electrode, [k]);
    }
    for (const [electrode, list] of positions) {
      list.sort((a, b) => (index[a] ?? 0) - (index[b] ?? 0));
      let trend = this.#trends.get(electrode);
      if (!trend) {
        trend = new Trend(electrode);
        this.#trends.set(electrode, trend);
      }
      trend.replace(first, last, table, list);
    }
  }
}
