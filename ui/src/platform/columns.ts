import type { Refusal } from "../protocol/Refusal";

/** Named columns of equal length; a missing number is NaN. */
export class ColumnTable {
  readonly #columns: ReadonlyMap<string, Float64Array>;

  constructor(
    readonly rows: number,
    columns: ReadonlyMap<string, Float64Array>,
    /** What the columns are about: for sweeps the measurement, else what the engine says. */
    readonly about: unknown,
  ) {
    this.#columns = columns;
  }

  get names(): string[] {
    return [...this.#columns.keys()];
  }

  has(name: string): boolean {
    return this.#columns.has(name);
  }

  /** A column by name; a column that is not there is a defect of the host and is refused as such. */
  column(name: string): Float64Array {
    const column = this.#columns.get(name);
    if (!column) throw notColumns(`there is no column ${name}`);
    return column;
  }
}

function notColumns(why: string): Refusal {
  return {
    code: "not_columns",
    message: `The engine sent numbers that could not be read: ${why}.`,
    hint: "Restart SACMES; if it happens again, the window and the engine are of different versions.",
  };
}

interface Header {
  rows: number;
  columns: string[];
  about: unknown;
}

function isHeader(value: unknown): value is Header {
  if (typeof value !== "object" || value === null || !("rows" in value) || !("columns" in value)) return false;
  const { rows, columns } = value;
  return (
    Number.isSafeInteger(rows) &&
    (rows as number) >= 0 &&
    Array.isArray(columns) &&
    columns.every((name) => typeof name === "string")
  );
}

function readHeader(text: string): Header {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notColumns("the header is not JSON");
  }
  if (!isHeader(value)) throw notColumns("the header is incomplete");
  return value;
}

/**
 * Reads the engine's binary columns: little-endian `u32` length of a JSON header `{rows, columns, about}`, the header, zeros up
 * to a multiple of 8, then each column as `rows` doubles.
 */
export function readColumns(buffer: ArrayBuffer): ColumnTable {
  if (buffer.byteLength < 4) throw notColumns("it is cut before the header");
  const headerLength = new DataView(buffer).getUint32(0, true);
  if (4 + headerLength > buffer.byteLength) throw notColumns("the header is cut");
  const header = readHeader(new TextDecoder().decode(new Uint8Array(buffer, 4, headerLength)));
  const columns = new Map<string, Float64Array>();
  let at = Math.ceil((4 + headerLength) / 8) * 8;
  for (const name of header.columns) {
    if (at + header.rows * 8 > buffer.byteLength) throw notColumns(`column ${name} is cut`);
    columns.set(name, doubles(buffer, at, header.rows));
    at += header.rows * 8;
  }
  return new ColumnTable(header.rows, columns, header.about);
}

const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** A view of the bytes without a copy where the machine stores doubles as they were sent. */
function doubles(buffer: ArrayBuffer, offset: number, length: number): Float64Array {
  if (IS_LITTLE_ENDIAN) return new Float64Array(buffer, offset, length);
  const view = new DataView(buffer, offset, length * 8);
  return Float64Array.from({ length }, (_, k) => view.getFloat64(k * 8, true));
}

/** A table from columns at hand, in the same shape as one that was received. */
export function tableOf(columns: Record<string, ArrayLike<number>>, about: unknown): ColumnTable {
  const entries = Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)] as const);
  return new ColumnTable(entries[0]?.[1].length ?? 0, new Map(entries), about);
}
