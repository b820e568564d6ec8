/** Traces of trend plots that follow their rows: added rows are taken over one by one, other changes start anew. */

import { upperBound } from "../../plot/decimate";
import type { Trace } from "../../plot/trace";
import type { RowSource } from "./row-source";

/** How rows are laid along the series axis. */
export type AlongRows = { kind: "index"; origin?: number } | { kind: "time"; origin_s: number };

/** What a trace is of. */
export interface TraceIdentity {
  key: string;
  label: string;
  colour: string;
  dash: readonly number[];
  /** Electrode whose sweep is behind a point; null where it is not one electrode's. */
  electrode: number | null;
  /** Frequency of the sweep behind a point. */
  frequency_hz: number | null;
  /** Whether points have a sweep behind them. */
  hasSweeps: boolean;
}

/** A trace that knows the index of each row. */
export interface IndexedTrace extends Trace {
  readonly of: TraceIdentity;
  /** Whether any row has a number. */
  readonly hasNumbers: boolean;
  indexAt(row: number): number;
  /** Takes in what changed; `limit` cuts the trace at an index (the time bar). */
  refresh(limit: number | null): void;
}

/** Number columns that grow together at their end. */
class Growing {
  capacity = 256;
  x = new Float64Array(this.capacity);
  y = new Float64Array(this.capacity);
  index = new Float64Array(this.capacity);
  extra = new Float64Array(this.capacity);
  length = 0;
  /** Rows that have a number. */
  numbers = 0;

  push(x: number, y: number, index: number, extra: number): void {
    if (this.length === this.capacity) {
      this.capacity *= 2;
      this.x = grown(this.x, this.capacity);
      this.y = grown(this.y, this.capacity);
      this.index = grown(this.index, this.capacity);
      this.extra = grown(this.extra, this.capacity);
    }
    this.x[this.length] = x;
    this.y[this.length] = y;
    this.index[this.length] = index;
    this.extra[this.length] = extra;
    this.length++;
    if (Number.isFinite(y)) this.numbers++;
  }

  /** Drops the last row. */
  pop(): void {
    this.length--;
    if (Number.isFinite(this.y[this.length])) this.numbers--;
  }

  /** Puts all rows in ascending x. Needed only where a clock was set back. */
  sort(): void {
    const order = Array.from({ length: this.length }, (_, k) => k).sort((a, b) => at(this.x, a) - at(this.x, b));
    for (const column of [this.x, this.y, this.index, this.extra]) {
      const before = column.slice(0, this.length);
      order.forEach((from, to) => (column[to] = at(before, from)));
    }
  }
}

function grown(column: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(capacity);
  larger.set(column);
  return larger;
}

const at = (column: Float64Array, row: number): number => column[row] ?? Number.NaN;

/** Rows from whose times the usual step is taken: the first ones, so that it stays while the series grows. */
const STEPS_LEARNT = 24;

/** Common to both kinds of trace: the axis, the cut of the time bar, the lists of marked rows. */
abstract class GrowingTrace implements IndexedTrace {
  readonly of: TraceIdentity;
  protected readonly rows = new Growing();
  protected readonly along: AlongRows;
  epoch = 0;
  length = 0;
  step = Infinity;
  widestStep = Infinity;
  gaps: number[] = [];
  excluded: number[] = [];

  constructor(of: TraceIdentity, along: AlongRows) {
    this.of = of;
    this.along = along;
  }

  get key(): string {
    return this.of.key;
  }

  get label(): string {
    return this.of.label;
  }

  get colour(): string {
    return this.of.colour;
  }

  get dash(): readonly number[] {
    return this.of.dash;
  }

  get reach(): number {
    return at(this.rows.x, this.rows.length - 1);
  }

  get hasNumbers(): boolean {
    return this.rows.numbers > 0;
  }

  get x(): Float64Array {
    return this.rows.x;
  }

  get y(): Float64Array {
    return this.rows.y;
  }

  indexAt(row: number): number {
    return at(this.rows.index, row);
  }

  abstract excludedValue(row: number): number;
  abstract refresh(limit: number | null): void;

  protected place(index: number, time_s: number): number {
    return this.along.kind === "index" ? index - (this.along.origin ?? 0) : time_s - this.along.origin_s;
  }

  /** Learns the usual step from the rows from `before` on; a smaller one than known changes what counts as a gap. */
  protected learnStep(before: number): void {
    const known = this.step;
    if (this.along.kind === "index") {
      const { x, length } = this.rows;
      for (let row = Math.max(1, before); row < length; row++) {
        const step = at(x, row) - at(x, row - 1);
        if (step > 0 && step < this.step) this.step = step;
      }
      this.widestStep = this.step * 1.5;
    } else if (before < STEPS_LEARNT) {
      this.step = this.#typicalStep();
      // In time, files come at uneven distances; an interruption is what lasts several times as long as usual.
      this.widestStep = this.step * 5;
    }
    if (this.step !== known && before > 1) this.epoch++;
  }

  protected forget(): void {
    this.rows.length = 0;
    this.rows.numbers = 0;
    this.step = Infinity;
    this.widestStep = Infinity;
    this.gaps = [];
    this.excluded = [];
    this.epoch++;
  }

  protected cut(limit: number | null): void {
    const { index, x, length } = this.rows;
    if (limit === null) this.length = length;
    else if (this.along.kind === "index") this.length = upperBound(x, length, limit - (this.along.origin ?? 0));
    else {
      let end = length;
      while (end > 0 && at(index, end - 1) > limit) end--;
      this.length = end;
    }
  }

  #typicalStep(): number {
    const { x, length } = this.rows;
    const last = Math.min(length, STEPS_LEARNT) - 1;
    if (last < 1) return Infinity;
    const steps = Array.from({ length: last }, (_, k) => at(x, k + 1) - at(x, k)).sort((a, b) => a - b);
    return steps[last >> 1] || Infinity;
  }
}

/** The trace of one source of rows. */
export class SourceTrace extends GrowingTrace {
  readonly #source: RowSource;
  marked: number[] = [];
  /** Indices of rows whose sweeps were marked by hand. */
  readonly #markedIndices = new Set<number>();
  #taken = 0;
  #epochOfSource = Number.NaN;

  constructor(of: TraceIdentity, along: AlongRows, source: RowSource) {
    super(of, along);
    this.#source = source;
  }

  excludedValue(row: number): number {
    return at(this.rows.extra, row);
  }

  refresh(limit: number | null): void {
    const source = this.#source;
    source.refresh();
    if (source.epoch !== this.#epochOfSource || source.length < this.#taken) {
      this.#epochOfSource = source.epoch;
      this.#taken = 0;
      this.#markedIndices.clear();
      this.forget();
    }
    const before = this.rows.length;
    let isAscending = true;
    for (let row = this.#taken; row < source.length; row++) {
      const x = this.place(source.index(row), source.time_s(row));
      if (Number.isNaN(x) || source.isReplaced(row)) continue;
      if (this.rows.length > 0 && x < at(this.rows.x, this.rows.length - 1)) isAscending = false;
      if (source.isMarked?.(row)) this.#markedIndices.add(source.index(row));
      this.rows.push(x, source.value(row), source.index(row), source.excludedValue(row));
    }
    this.#taken = source.length;
    if (!isAscending) {
      this.rows.sort();
      this.epoch++;
    }
    if (this.rows.length > before) {
      this.#list(isAscending ? before : 0);
      this.learnStep(before);
    }
    this.cut(limit);
  }

  #list(from: number): void {
    if (from === 0) {
      this.gaps = [];
      this.excluded = [];
      this.marked = [];
    }
    for (let row = from; row < this.rows.length; row++) {
      if (Number.isFinite(at(this.rows.y, row))) {
        if (this.#markedIndices.has(at(this.rows.index, row))) this.marked.push(row);
        continue;
      }
      if (Number.isFinite(at(this.rows.extra, row))) this.excluded.push(row);
      else this.gaps.push(row);
    }
  }
}

/** Mean and sample standard deviation over several sources, index by index; no band where there is but one number. */
export class MeanTrace extends GrowingTrace {
  readonly #sources: readonly RowSource[];
  #seen: { epoch: number; length: number }[];
  /** Whether rows in the order of their index are in the order of the axis, too. */
  #isAscending = true;

  constructor(of: TraceIdentity, along: AlongRows, sources: readonly RowSource[]) {
    super(of, along);
    this.#sources = sources;
    this.#seen = sources.map(() => ({ epoch: Number.NaN, length: 0 }));
  }

  get spread(): Float64Array {
    return this.rows.extra;
  }

  excludedValue(): number {
    return Number.NaN;
  }

  refresh(limit: number | null): void {
    let from = this.#changedFrom();
    if (from < Infinity) {
      // Once a clock was set back, rows have another order in time than by index: all of them are placed anew.
      if (!this.#isAscending) from = -Infinity;
      this.#truncate(from);
      const before = this.rows.length;
      this.#merge(from);
      this.#isAscending = this.#ascends(before);
      if (!this.#isAscending) this.#inTime();
      this.learnStep(before);
    }
    this.cut(limit);
  }

  /** The lowest index at which any source is not what it was. */
  #changedFrom(): number {
    let from = Infinity;
    this.#sources.forEach((source, k) => {
      source.refresh();
      const seen = this.#seen[k];
      if (!seen) return;
      if (source.epoch !== seen.epoch || source.length < seen.length) from = -Infinity;
      else if (source.length > seen.length) from = Math.min(from, source.index(seen.length));
      seen.epoch = source.epoch;
      seen.length = source.length;
    });
    return from;
  }

  #truncate(from: number): void {
    const { rows } = this;
    if (from === -Infinity) return this.forget();
    while (rows.length > 0 && at(rows.index, rows.length - 1) >= from) rows.pop();
    this.gaps = this.gaps.filter((row) => row < rows.length);
    this.epoch++;
  }

  #ascends(from: number): boolean {
    const { x, length } = this.rows;
    for (let row = Math.max(1, from); row < length; row++) if (at(x, row) < at(x, row - 1)) return false;
    return true;
  }

  #inTime(): void {
    this.rows.sort();
    this.gaps = [];
    for (let row = 0; row < this.rows.length; row++) if (Number.isNaN(at(this.rows.y, row))) this.gaps.push(row);
  }

  #merge(from: number): void {
    const sources = this.#sources;
    const heads = sources.map((source) => firstAtLeast(source, from));
    for (;;) {
      let index = Infinity;
      sources.forEach((source, k) => {
        const head = heads[k] ?? 0;
        if (head < source.length) index = Math.min(index, source.index(head));
      });
      if (index === Infinity) return;
      // Welford's recurrences: no loss of digits for a small spread around a large mean.
      let count = 0;
      let mean = 0;
      let squares = 0;
      let time_s = 0;
      let times = 0;
      sources.forEach((source, k) => {
        for (let row = heads[k] ?? 0; row < source.length && source.index(row) === index; row++) {
          heads[k] = row + 1;
          const t = source.time_s(row);
          if (Number.isFinite(t)) time_s += (t - time_s) / ++times;
          const value = source.value(row);
          if (!Number.isFinite(value)) continue;
          count++;
          const before = value - mean;
          mean += before / count;
          squares += before * (value - mean);
        }
      });
      const x = this.place(index, times > 0 ? time_s : Number.NaN);
      if (Number.isNaN(x)) continue;
      if (count === 0) this.gaps.push(this.rows.length);
      this.rows.push(x, count > 0 ? mean : Number.NaN, index, count > 1 ? Math.sqrt(squares / (count - 1)) : Number.NaN);
    }
  }
}

function firstAtLeast(source: RowSource, index: number): number {
  let low = 0;
  let high = source.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (source.index(middle) < index) low = middle + 1;
    else high = middle;
  }
  return low;
}
