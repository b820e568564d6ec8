/** Where the rows of a trace come from: a series of measurements, a trend of the engine, or a normalised middle frequency. */

import { upperBound } from "../../plot/decimate";
import type { Series } from "../../session/series";
import type { Trend, TrendColumn } from "../../session/trend-store";

/** Rows in the order of their index. Views are taken anew by `refresh`; between two refreshes they do not change. */
export interface RowSource {
  refresh(): void;
  /** Counts changes other than rows added at the end. */
  readonly epoch: number;
  readonly length: number;
  index(row: number): number;
  /** Seconds since the epoch; NaN where unknown. */
  time_s(row: number): number;
  /** NaN where there is no number, or where it is left out. */
  value(row: number): number;
  /** The number of a row that is left out, else NaN. */
  excludedValue(row: number): number;
  /** Whether another file with the same index counts in its place: it stands in the list of files, not in a trend. */
  isReplaced(row: number): boolean;
  /** Whether a person marked points in its sweep. */
  isMarked?(row: number): boolean;
}

const EMPTY = new Float64Array(0);

/** Columns of measurements that can stand on a value axis. */
export type MeasuredColumn = "peak_current_a" | "area_va" | "peak_potential_v";

/** Measurements of one electrode at one frequency. */
export class SeriesRows implements RowSource {
  readonly #find: () => Series | undefined;
  readonly #column: MeasuredColumn;
  #index: Float64Array = EMPTY;
  #time: Float64Array = EMPTY;
  #value: Float64Array = EMPTY;
  #excluded: Float64Array = EMPTY;
  #duplicate: Float64Array = EMPTY;
  #marked: Float64Array = EMPTY;
  #series: Series | undefined;
  #replaced = 0;
  length = 0;

  constructor(find: () => Series | undefined, column: MeasuredColumn) {
    this.#find = find;
    this.#column = column;
  }

  get epoch(): number {
    return this.#replaced * 1e6 + (this.#series?.epoch ?? 0);
  }

  refresh(): void {
    const series = this.#find();
    // After a reload the series is another object, which counts as a change of everything.
    if (series !== this.#series) this.#replaced++;
    this.#series = series;
    this.#index = series?.column("index") ?? EMPTY;
    this.#time = series?.column("time_s") ?? EMPTY;
    this.#value = series?.column(this.#column) ?? EMPTY;
    this.#excluded = series?.column("excluded") ?? EMPTY;
    this.#duplicate = series?.column("duplicate") ?? EMPTY;
    this.#marked = series?.column("marked") ?? EMPTY;
    // Rows without an index stand last and have no place in a trend.
    this.length = series?.positionAtLeast(Number.POSITIVE_INFINITY) ?? 0;
  }

  index(row: number): number {
    return this.#index[row] ?? Number.NaN;
  }

  time_s(row: number): number {
    return this.#time[row] ?? Number.NaN;
  }

  value(row: number): number {
    const isOut = this.#excluded[row] === 1 || this.#duplicate[row] === 1;
    return isOut ? Number.NaN : (this.#value[row] ?? Number.NaN);
  }

  excludedValue(row: number): number {
    return this.#excluded[row] === 1 ? (this.#value[row] ?? Number.NaN) : Number.NaN;
  }

  isReplaced(row: number): boolean {
    return this.#duplicate[row] === 1;
  }

  isMarked(row: number): boolean {
    return (this.#marked[row] ?? 0) > 0;
  }
}

/** A column of the trend that the engine computes for one electrode. */
export class TrendRows implements RowSource {
  readonly #find: () => Trend | undefined;
  readonly #column: TrendColumn;
  readonly #timeOf: (index: number) => number;
  readonly #settled: () => number;
  #index: Float64Array = EMPTY;
  #value: Float64Array = EMPTY;
  #trend: Trend | undefined;
  #replaced = 0;
  length = 0;

  /**
   * `timeOf`: when the file with that index was measured. `settled`: the last index whose files have come; rows behind it may
   * still wait for one, and are no gaps yet.
   */
  constructor(
    find: () => Trend | undefined,
    column: TrendColumn,
    timeOf: (index: number) => number,
    settled: () => number,
  ) {
    this.#find = find;
    this.#column = column;
    this.#timeOf = timeOf;
    this.#settled = settled;
  }

  get epoch(): number {
    return this.#replaced * 1e6 + (this.#trend?.epoch(this.#column) ?? 0);
  }

  refresh(): void {
    const trend = this.#find();
    if (trend !== this.#trend) this.#replaced++;
    this.#trend = trend;
    this.#index = trend?.column("index") ?? EMPTY;
    this.#value = trend?.column(this.#column) ?? EMPTY;
    this.length = upperBound(this.#index, this.#index.length, this.#settled());
    trend?.draw(this.#column, this.length);
  }

  index(row: number): number {
    return this.#index[row] ?? Number.NaN;
  }

  time_s(row: number): number {
    return this.#timeOf(this.#index[row] ?? Number.NaN);
  }

  value(row: number): number {
    return this.#value[row] ?? Number.NaN;
  }

  excludedValue(): number {
    return Number.NaN;
  }

  isReplaced(): boolean {
    return false;
  }
}

/**
 * Measurements over the measurement at the reference index: the same quotient that the engine gives for the lowest and the
 * highest frequency, for those in between. Without a usable reference there is no number.
 */
export class NormalisedRows implements RowSource {
  readonly #rows: SeriesRows;
  readonly #reference: number;
  #divisor = Number.NaN;
  #changes = 0;

  constructor(rows: SeriesRows, referenceIndex: number) {
    this.#rows = rows;
    this.#reference = referenceIndex;
  }

  get epoch(): number {
    return this.#changes * 1e9 + this.#rows.epoch;
  }

  get length(): number {
    return this.#rows.length;
  }

  refresh(): void {
    this.#rows.refresh();
    let divisor = Number.NaN;
    for (let row = 0; row < this.#rows.length && this.#rows.index(row) <= this.#reference; row++) {
      if (this.#rows.index(row) !== this.#reference || this.#rows.isReplaced(row)) continue;
      divisor = this.#rows.value(row);
    }
    if (divisor === 0) divisor = Number.NaN;
    if (!Object.is(divisor, this.#divisor)) this.#changes++;
    this.#divisor = divisor;
  }

  index(row: number): number {
    return this.#rows.index(row);
  }

  time_s(row: number): number {
    return this.#rows.time_s(row);
  }

  value(row: number): number {
    return this.#rows.value(row) / this.#divisor;
  }

  excludedValue(row: number): number {
    return this.#rows.excludedValue(row) / this.#divisor;
  }

  isReplaced(row: number): boolean {
    return this.#rows.isReplaced(row);
  }

  isMarked(row: number): boolean {
    return this.#rows.isMarked(row);
  }
}
