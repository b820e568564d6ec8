/** Replaying a session: which index is in view after so much time, at the pace of the experiment or faster. */

import { lowerBound, upperBound } from "../../plot/decimate";

/** Speeds offered, as multiples of the experiment's own pace. */
export const SPEEDS = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] as const;

/** When each index was measured. */
export interface Timeline {
  /** Ascending, each once. */
  index: readonly number[];
  /** Seconds since the first, ascending. */
  elapsed_s: readonly number[];
}

/** Rows that tell when an index was measured. */
export interface TimedRows {
  index: ArrayLike<number>;
  time_s: ArrayLike<number>;
  length: number;
}

/**
 * The timeline of a session: every index that any series has, at the earliest time that is known for it. Where no time is
 * known, or a clock was set back, the index is taken to be `interval_s` after the one before.
 */
export function timeline(rows: readonly TimedRows[], interval_s: number): Timeline {
  const earliest = new Map<number, number>();
  for (const { index, time_s, length } of rows) {
    for (let k = 0; k < length; k++) {
      const at = index[k] as number;
      if (Number.isNaN(at)) break;
      const time = time_s[k] as number;
      const known = earliest.get(at);
      if (known === undefined || time < known || Number.isNaN(known)) earliest.set(at, time);
    }
  }
  const index = [...earliest.keys()].sort((a, b) => a - b);
  const elapsed_s: number[] = [];
  index.forEach((at, k) => {
    if (k === 0) return void elapsed_s.push(0);
    const step = (earliest.get(at) ?? Number.NaN) - (earliest.get(index[k - 1] as number) ?? Number.NaN);
    elapsed_s.push((elapsed_s[k - 1] as number) + (step > 0 ? step : interval_s));
  });
  return { index, elapsed_s };
}

/** The last index that had been measured after `elapsed_s`; null in an empty timeline. */
export function indexAfter(line: Timeline, elapsed_s: number): number | null {
  const k = upperBound(line.elapsed_s, line.elapsed_s.length, elapsed_s) - 1;
  return line.index[Math.max(0, k)] ?? null;
}

/** Seconds from the first index to this one, or to the last before it. */
export function elapsedAt(line: Timeline, index: number): number {
  const k = upperBound(line.index, line.index.length, index) - 1;
  return line.elapsed_s[Math.max(0, k)] ?? 0;
}

/** The next index after (1) or before (-1) this one; null at the end. */
export function neighbour(line: Timeline, index: number, direction: 1 | -1): number | null {
  const k =
    direction > 0
      ? upperBound(line.index, line.index.length, index)
      : lowerBound(line.index, line.index.length, index) - 1;
  return line.index[k] ?? null;
}

/** A replay under way: begun at a moment of the clock and of the experiment, at one speed. */
export class Replay {
  readonly #line: Timeline;
  readonly #begun_ms: number;
  readonly #from_s: number;
  readonly #speed: number;

  constructor(line: Timeline, fromIndex: number, speed: number, now_ms: number) {
    this.#line = line;
    this.#from_s = elapsedAt(line, fromIndex);
    this.#begun_ms = now_ms;
    this.#speed = speed;
  }

  /** The index in view now, and whether that was the last. */
  at(now_ms: number): { index: number; isOver: boolean } {
    const elapsed_s = this.#from_s + ((now_ms - this.#begun_ms) / 1000) * this.#speed;
    const end_s = this.#line.elapsed_s.at(-1) ?? 0;
    return { index: indexAfter(this.#line, elapsed_s) ?? 0, isOver: elapsed_s >= end_s };
  }
}
