/** What plots draw: traces in columns that grow at their end, and what is marked along them. */

import { union, type Range } from "./range";

/**
 * One line of a trend plot. Its columns belong to whoever measures; plots only read them, up to `length`. Rows are in
 * ascending x. As long as `epoch` stays the same, rows were only added at the end.
 */
export interface Trace {
  /** How it is drawn; a line with dots where there is room, if nothing is said. */
  look?: "line" | "dots" | "plain line";
  /** Identity within a plot, such as "3/200". */
  key: string;
  /** For people: "E3 · 200 Hz". */
  label: string;
  /** What it is called where it leaves the page, as in copied data; else as on it. */
  name?: string;
  /** Any CSS colour, also `var(...)`. */
  colour: string;
  /** Dash pattern in CSS pixels; empty = a full line. */
  dash: readonly number[];
  x: ArrayLike<number>;
  /** What stands for x in copied data, where the axis is another one than that of the numbers themselves. */
  copiedX?: ArrayLike<number>;
  /** NaN where the line has a gap. */
  y: ArrayLike<number>;
  length: number;
  /** The largest x there is, where rows beyond `length` are not shown for now. */
  reach?: number;
  /** Counts changes other than added rows. */
  epoch: number;
  /** The usual step in x; infinite where it is not known yet. */
  step: number;
  /** A step in x above this is a gap: something is missing in between. */
  widestStep: number;
  /** Half the height of the band around the line (a standard deviation); NaN where there is none. */
  spread?: ArrayLike<number>;
  /** Rows without a number, ascending. */
  gaps: readonly number[];
  /** Rows left out by the user, ascending, and their values, which the line does not go through. */
  excluded: readonly number[];
  excludedValue(row: number): number;
  /** What is read out of a row, where something else is drawn: of a logarithm, the number. */
  told?(row: number): number;
  /** Rows whose points were marked by hand, ascending. */
  marked?: readonly number[];
}

/** A named vertical line. */
export interface PlotMarker {
  key: string;
  x: number;
  label: string;
  kind: "injection" | "event" | "comment";
}

/** A point of a trace. */
export interface TracePoint {
  trace: Trace;
  row: number;
}

/** Range of the numbers that a trace draws from row `from` to `to`, its band included. */
export function valueExtent(trace: Trace, from: number, to: number): Range | null {
  let min = Infinity;
  let max = -Infinity;
  const { y, spread } = trace;
  for (let i = from; i < to; i++) {
    const v = y[i] as number;
    const s = spread ? spread[i] || 0 : 0;
    if (v - s < min) min = v - s;
    if (v + s > max) max = v + s;
  }
  return min <= max ? { min, max } : null;
}

/** Extents of traces, kept up to date by looking at added rows only. */
export class GrowingExtent {
  readonly #known = new Map<string, { epoch: number; length: number; x: Range | null; y: Range | null }>();

  /** Range of x and of y over all rows of all of these traces. */
  of(traces: readonly Trace[]): { x: Range | null; y: Range | null } {
    let x: Range | null = null;
    let y: Range | null = null;
    for (const trace of traces) {
      const known = this.#one(trace);
      x = union(x, known.x);
      y = union(y, known.y);
    }
    return { x, y };
  }

  #one(trace: Trace): { x: Range | null; y: Range | null } {
    let known = this.#known.get(trace.key);
    if (!known || known.epoch !== trace.epoch || known.length > trace.length) {
      known = { epoch: trace.epoch, length: 0, x: null, y: null };
      this.#known.set(trace.key, known);
    }
    if (known.length < trace.length) {
      known.y = union(known.y, valueExtent(trace, known.length, trace.length));
      known.length = trace.length;
    }
    const max = trace.reach ?? trace.x[trace.length - 1];
    known.x = max !== undefined && Number.isFinite(max) ? { min: trace.x[0] as number, max } : null;
    return known;
  }
}
