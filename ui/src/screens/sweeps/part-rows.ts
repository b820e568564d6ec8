import type { Series, SeriesColumn } from "../../session/series";
import { STATUS_CODES } from "../../session/series";
import type { RowSource } from "../swv/row-source";
import type { PartColumn } from "./part";

/** Numbers of measurements that are no column of a series. */
export interface MeasuredNumbers {
  of(measurement: number): number;
  /** Counts changes. */
  epoch(): number;
}

const EMPTY = new Float64Array(0);

/** Rows of one part of every file of an electrode: of the second segment, say. A file that could not be used is a row without a number. */
export class PartRows implements RowSource {
  readonly #find: () => Series | undefined;
  readonly #partColumn: PartColumn;
  readonly #part: number;
  readonly #column: SeriesColumn | MeasuredNumbers;
  #measurement: Float64Array = EMPTY;
  #series: Series | undefined;
  #seenEpoch = Number.NaN;
  #replaced = 0;
  /** Positions of the rows in the series. */
  #positions: number[] = [];
  /** Rows of the series that were looked at. */
  #looked = 0;
  #index: Float64Array = EMPTY;
  #time: Float64Array = EMPTY;
  #value: Float64Array = EMPTY;
  #excluded: Float64Array = EMPTY;
  #duplicate: Float64Array = EMPTY;

  constructor(find: () => Series | undefined, partColumn: PartColumn, part: number, column: SeriesColumn | MeasuredNumbers) {
    this.#find = find;
    this.#partColumn = partColumn;
    this.#part = part;
    this.#column = column;
  }

  get epoch(): number {
    const ofNumbers = typeof this.#column === "string" ? 0 : this.#column.epoch();
    return (this.#replaced + ofNumbers) * 1e6 + (this.#series?.epoch ?? 0);
  }

  get length(): number {
    return this.#positions.length;
  }

  refresh(): void {
    const series = this.#find();
    if (series !== this.#series) this.#replaced++;
    const isOther = series !== this.#series || series?.epoch !== this.#seenEpoch;
    this.#series = series;
    this.#seenEpoch = series?.epoch ?? Number.NaN;
    if (isOther) {
      this.#positions = [];
      this.#looked = 0;
    }
    if (!series) return;
    this.#index = series.column("index");
    this.#time = series.column("time_s");
    this.#measurement = series.column("measurement");
    this.#value = typeof this.#column === "string" ? series.column(this.#column) : EMPTY;
    this.#excluded = series.column("excluded");
    this.#duplicate = series.column("duplicate");
    const parts = series.column(this.#partColumn);
    const status = series.column("status");
    // Rows without an index stand last and have no place in a trend.
    const end = series.positionAtLeast(Number.POSITIVE_INFINITY);
    for (; this.#looked < end; this.#looked++) {
      const part = parts[this.#looked] ?? Number.NaN;
      const isWholeFile = Number.isNaN(part) && status[this.#looked] === STATUS_CODES.failed;
      if (part === this.#part || isWholeFile) this.#positions.push(this.#looked);
    }
  }

  index(row: number): number {
    return this.#at(this.#index, row);
  }

  time_s(row: number): number {
    return this.#at(this.#time, row);
  }

  value(row: number): number {
    const isOut = this.#at(this.#excluded, row) === 1 || this.#at(this.#duplicate, row) === 1;
    return isOut ? Number.NaN : this.#number(row);
  }

  excludedValue(row: number): number {
    return this.#at(this.#excluded, row) === 1 ? this.#number(row) : Number.NaN;
  }

  isReplaced(row: number): boolean {
    return this.#at(this.#duplicate, row) === 1;
  }

  #number(row: number): number {
    return typeof this.#column === "string" ? this.#at(this.#value, row) : this.#column.of(this.#at(this.#measurement, row));
  }

  #at(column: Float64Array, row: number): number {
    return column[this.#positions[row] ?? -1] ?? Number.NaN;
  }
}
