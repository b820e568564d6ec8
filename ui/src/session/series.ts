import type { CaNumbers } from "../protocol/CaNumbers";
import type { CvNumbers } from "../protocol/CvNumbers";
import type { Direction } from "../protocol/Direction";
import type { MarkedByHand } from "../protocol/MarkedByHand";
import type { Measurement } from "../protocol/Measurement";
import type { PeakProcess } from "../protocol/PeakProcess";
import type { Quality } from "../protocol/Quality";
import type { Status } from "../protocol/Status";

/** Columns of a series that can be plotted; names and units as in the measurement object. */
export const SERIES_COLUMNS = [
  "measurement",
  "index",
  "time_s",
  "status",
  "peak_current_a",
  "peak_potential_v",
  "baseline_current_a",
  "area_va",
  "fwhm_v",
  "snr",
  "quality",
  "excluded",
  "revision",
  "duplicate",
  "marked",
] as const;

/** Columns that only some techniques have; a series carries those that the engine's columns carried. */
export const OWN_COLUMNS = [
  "segment", "cycle", "direction", "process", "charge_c", "peak_separation_v", "half_wave_potential_v", "half_peak_potential_v",
  "peak_ratio", "surface_coverage_mol_m2", "scan_rate_v_s",
  "step", "tau1_s", "tau2_s", "amplitude1_a", "amplitude2_a", "offset_a", "half_life1_s", "half_life2_s", "tau1_error_s",
  "tau2_error_s", "r_squared", "cottrell_slope_a_sqrt_s", "diffusion_m2_s",
] as const;

type CommonColumn = (typeof SERIES_COLUMNS)[number];
export type OwnColumn = (typeof OWN_COLUMNS)[number];
export type SeriesColumn = CommonColumn | OwnColumn;

/** One row; a missing number is NaN, states are codes. Columns of a technique that the series does not carry are absent. */
export type SeriesRow = Record<CommonColumn, number> & Partial<Record<OwnColumn, number>>;

/** States as numbers, the same as in the engine's columns. */
export const STATUS_CODES: Record<Status, number> = { ok: 0, warning: 1, failed: 2 };
export const QUALITY_CODES: Record<Quality, number> = { pass: 0, warning: 1, fail: 2 };

export const DIRECTION_CODES: Record<Direction, number> = { forward: 0, reverse: 1 };
export const PROCESS_CODES: Record<PeakProcess, number> = { anodic: 0, cathodic: 1 };
/** Which points of a sweep were marked by hand; 0: none. */
export const MARKED_CODES: Record<MarkedByHand, number> = { peak: 1, baseline: 2, peak_and_baseline: 3 };

export function statusOf(code: number): Status {
  return code === STATUS_CODES.ok ? "ok" : code === STATUS_CODES.warning ? "warning" : "failed";
}

const orMissing = (value: number | null | undefined): number => value ?? Number.NaN;

/** A measurement as it arrives live, as a row. */
export function rowOf(measurement: Measurement): SeriesRow {
  return {
    measurement: orMissing(measurement.measurement),
    index: orMissing(measurement.index),
    time_s: measurement.time === null ? Number.NaN : Date.parse(measurement.time) / 1000,
    status: STATUS_CODES[measurement.status],
    peak_current_a: orMissing(measurement.peak_current_a),
    peak_potential_v: orMissing(measurement.peak_potential_v),
    baseline_current_a: orMissing(measurement.baseline_current_a),
    area_va: orMissing(measurement.area_va),
    fwhm_v: orMissing(measurement.fwhm_v),
    snr: orMissing(measurement.snr),
    quality: measurement.quality === null ? Number.NaN : QUALITY_CODES[measurement.quality],
    excluded: measurement.excluded ? 1 : 0,
    revision: orMissing(measurement.revision),
    // Another file has the same electrode, frequency and index: kept, but no part of the trend.
    duplicate: measurement.reason === "duplicate_index" ? 1 : 0,
    ...ownOf(measurement),
    marked: measurement.marked_by_hand ? MARKED_CODES[measurement.marked_by_hand] : 0,
  };
}

/** What a measurement has beside what all have, by its technique. */
export type AnyMeasurement = Measurement & Partial<CvNumbers> & Partial<Omit<CaNumbers, "model">>;

function ownOf(measurement: AnyMeasurement): Partial<Record<OwnColumn, number>> {
  const own: Partial<Record<OwnColumn, number>> = {};
  if (measurement.charge_c !== null) own.charge_c = measurement.charge_c;
  if (measurement.direction !== undefined) {
    own.direction = DIRECTION_CODES[measurement.direction];
    own.process = measurement.process ? PROCESS_CODES[measurement.process] : Number.NaN;
    for (const name of OF_CV) own[name] = orMissing(measurement[name]);
  } else if (measurement.step !== undefined) {
    for (const name of OF_CA) own[name] = orMissing(measurement[name]);
  }
  return own;
}

const OF_CV = [
  "segment", "cycle", "peak_separation_v", "half_wave_potential_v", "half_peak_potential_v", "peak_ratio", "surface_coverage_mol_m2",
  "scan_rate_v_s",
] as const;
const OF_CA = OWN_COLUMNS.slice(OWN_COLUMNS.indexOf("step")) as Exclude<OwnColumn, (typeof OF_CV)[number] | "direction" | "process" | "charge_c">[];

const FIRST_CAPACITY = 64;

/**
 * The measurements of one electrode at one frequency, by index, in growable columns. Rows that come in order are appended; rows
 * that come late wait and are merged in once, when the columns are next read.
 */
export class Series {
  #length = 0;
  #columns: Record<CommonColumn, Float64Array> & Partial<Record<OwnColumn, Float64Array>>;
  readonly #names: readonly SeriesColumn[];
  #late: SeriesRow[] = [];
  #removed = new Set<number>();
  #epoch = 0;

  constructor(
    /** Null for an averaged trace or files that could not be used. */
    readonly electrode: number | null,
    readonly frequency_hz: number | null,
    /** What it has of its technique. */
    own: readonly OwnColumn[] = [],
  ) {
    this.#names = [...SERIES_COLUMNS, ...own];
    this.#columns = emptyColumns(this.#names, FIRST_CAPACITY);
  }

  /** Number of measurements. */
  get length(): number {
    this.#settle();
    return this.#length;
  }

  /** Counts changes other than rows added at the end: while it stays, whoever drew the first rows need not draw them again. */
  get epoch(): number {
    this.#settle();
    return this.#epoch;
  }

  /** A column as a view that is valid until the next change; not to be written to. Empty where the series does not carry it. */
  column(name: SeriesColumn): Float64Array {
    this.#settle();
    return this.#at(name).subarray(0, this.#length);
  }

  /** One row by position. */
  row(position: number): SeriesRow | null {
    this.#settle();
    if (position < 0 || position >= this.#length) return null;
    const row = {} as SeriesRow;
    for (const name of this.#names) row[name] = this.#at(name)[position] ?? Number.NaN;
    return row;
  }

  /** Position of the first row whose index is at least `index`. */
  positionAtLeast(index: number): number {
    this.#settle();
    return lowerBound(this.#columns.index, this.#length, index);
  }

  /** Position of the row with exactly this index, or -1; of several files with this index, the one that counts in trends. */
  positionOf(index: number): number {
    let found = -1;
    for (let k = this.positionAtLeast(index); k < this.#length && this.#columns.index[k] === index; k += 1) {
      if (found < 0 || this.#columns.duplicate[k] === 0) found = k;
    }
    return found;
  }

  /** The newest index; -Infinity where no row has one. */
  get newestIndex(): number {
    return this.#columns.index[this.positionAtLeast(Number.POSITIVE_INFINITY) - 1] ?? Number.NEGATIVE_INFINITY;
  }

  /** Ids of all measurements at this index. */
  idsAt(index: number): number[] {
    const ids: number[] = [];
    for (let k = this.positionAtLeast(index); k < this.#length && this.#columns.index[k] === index; k += 1) {
      ids.push(this.#columns.measurement[k] ?? Number.NaN);
    }
    return ids;
  }

  /** Whether a file that could not be used stands at this index; null: one without an index. */
  hasFailureAt(index: number | null): boolean {
    const from = this.positionAtLeast(index ?? Number.POSITIVE_INFINITY);
    for (let k = from; k < this.#length && (index === null || this.#columns.index[k] === index); k += 1) {
      if (this.#columns.status[k] === STATUS_CODES.failed) return true;
    }
    return false;
  }

  /** Takes these rows of whole columns, in any order, in place of everything that was here. */
  fill(source: (name: SeriesColumn) => Float64Array, positions: number[]): void {
    const [index, measurement] = [source("index"), source("measurement")];
    const order = (a: number, b: number): number =>
      compareNumbers(index[a] ?? Number.NaN, index[b] ?? Number.NaN) || (measurement[a] ?? 0) - (measurement[b] ?? 0);
    positions.sort(order);
    this.#late = [];
    this.#removed.clear();
    this.#epoch += 1;
    this.#length = positions.length;
    for (const name of this.#names) {
      const values = source(name);
      const column = new Float64Array(Math.max(FIRST_CAPACITY, Math.ceil(positions.length * 1.25)));
      for (let k = 0; k < positions.length; k += 1) column[k] = values[positions[k] ?? 0] ?? Number.NaN;
      this.#columns[name] = column;
    }
  }

  /** Adds a row, or replaces the row with the same id. The object stays the caller's. */
  put(row: SeriesRow): void {
    // Removed a moment ago and here again: the removal comes first.
    if (this.#removed.has(row.measurement)) this.#settle();
    const last = this.#length - 1;
    const isNext =
      this.#late.length === 0 &&
      this.#removed.size === 0 &&
      (last < 0 || comparePlace(row, this.#columns.index[last], this.#columns.measurement[last]) > 0);
    if (isNext) this.#append(row);
    else this.#late.push({ ...row });
  }

  remove(id: number): void {
    this.#removed.add(id);
  }

  /** Sets a column for all rows whose id is in the set; returns their indices. */
  mark(column: SeriesColumn, ids: ReadonlySet<number>, value: number): number[] {
    this.#settle();
    const marked: number[] = [];
    for (let k = 0; k < this.#length; k += 1) {
      if (!ids.has(this.#columns.measurement[k] ?? Number.NaN)) continue;
      this.#at(column)[k] = value;
      marked.push(this.#columns.index[k] ?? Number.NaN);
    }
    if (marked.length > 0) this.#epoch += 1;
    return marked;
  }

  #append(row: SeriesRow): void {
    if (this.#length === this.#columns.index.length) this.#grow(this.#length * 2);
    for (const name of this.#names) this.#at(name)[this.#length] = row[name] ?? Number.NaN;
    this.#length += 1;
  }

  #at(name: SeriesColumn): Float64Array {
    return this.#columns[name] ?? NOTHING;
  }

  #grow(capacity: number): void {
    const grown = emptyColumns(this.#names, capacity);
    for (const name of this.#names) grown[name]?.set(this.#at(name).subarray(0, this.#length));
    this.#columns = grown;
  }

  #settle(): void {
    if (this.#removed.size > 0 || this.#late.length > 0) this.#epoch += 1;
    if (this.#removed.size > 0) this.#compact();
    if (this.#late.length > 0) this.#merge();
  }

  #compact(): void {
    let kept = 0;
    for (let k = 0; k < this.#length; k += 1) {
      if (this.#removed.has(this.#columns.measurement[k] ?? Number.NaN)) continue;
      if (kept < k) for (const name of this.#names) this.#at(name)[kept] = this.#at(name)[k] ?? Number.NaN;
      kept += 1;
    }
    this.#length = kept;
    this.#late = this.#late.filter((row) => !this.#removed.has(row.measurement));
    this.#removed.clear();
  }

  #merge(): void {
    const late = newestOfEach(this.#late).filter((row) => !this.#overwrite(row));
    this.#late = [];
    const total = this.#length + late.length;
    if (total > this.#columns.index.length) this.#grow(Math.max(total, this.#columns.index.length * 2));
    // From the back, so that every row moves once and none is overwritten before it moved.
    let old = this.#length - 1;
    let next = late.length - 1;
    for (let target = total - 1; next >= 0; target -= 1) {
      const row = late[next];
      if (!row) break;
      if (old >= 0 && comparePlace(row, this.#columns.index[old], this.#columns.measurement[old]) < 0) {
        for (const name of this.#names) this.#at(name)[target] = this.#at(name)[old] ?? Number.NaN;
        old -= 1;
      } else {
        for (const name of this.#names) this.#at(name)[target] = row[name] ?? Number.NaN;
        next -= 1;
      }
    }
    this.#length = total;
  }

  #overwrite(row: SeriesRow): boolean {
    for (let k = lowerBound(this.#columns.index, this.#length, row.index); k < this.#length; k += 1) {
      const order = comparePlace(row, this.#columns.index[k], this.#columns.measurement[k]);
      if (order < 0) return false;
      if (order > 0) continue;
      for (const name of this.#names) this.#at(name)[k] = row[name] ?? Number.NaN;
      return true;
    }
    return false;
  }
}

const NOTHING = new Float64Array(0);

function emptyColumns(names: readonly SeriesColumn[], capacity: number): Record<SeriesColumn, Float64Array> {
  const columns = {} as Record<SeriesColumn, Float64Array>;
  for (const name of names) columns[name] = new Float64Array(capacity);
  return columns;
}

/** By index, rows without one last; then by id. */
function comparePlace(row: SeriesRow, index: number | undefined, measurement: number | undefined): number {
  return compareNumbers(row.index, index ?? Number.NaN) || row.measurement - (measurement ?? Number.NaN) || 0;
}

function compareNumbers(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
  if (Number.isNaN(b)) return -1;
  return a - b;
}

/** Sorted by place; of rows with one id the one that came last. */
function newestOfEach(rows: SeriesRow[]): SeriesRow[] {
  const byId = new Map(rows.map((row) => [row.measurement, row]));
  return [...byId.values()].sort((a, b) => comparePlace(a, b.index, b.measurement));
}

/** First position in a sorted column (NaN last) whose value is at least `value`. */
export function lowerBound(sorted: Float64Array, length: number, value: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareNumbers(sorted[middle] ?? Number.NaN, value) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
