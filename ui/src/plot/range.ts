/** Ranges of axes: automatic ones that do not jump, and what zooming and panning make of them. */

import { niceStep } from "./ticks";

/** A closed interval in data units, `min < max`. */
export interface Range {
  min: number;
  max: number;
}

/** Below this share of its axis, data has become too small and the axis closes in on it. */
const SMALLEST_SHARE = 0.4;
/** Room beyond the data where an axis is made new, as a share of the data's span. */
const MARGIN = 0.08;
/** Room on a side that data has just crossed: enough that it does not cross again at once. */
const GROWTH = 0.25;

/** Room at either end of an axis along the data, as a share of its span. */
export const EDGE_SHARE = 0.01;

/** The smallest range that holds both; null stands for "no data". */
export function union(a: Range | null, b: Range | null): Range | null {
  if (!a) return b;
  if (!b) return a;
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}

/** The range of finite values in `[from, to)`, or null without any. */
export function extent(values: ArrayLike<number>, from = 0, to = values.length): Range | null {
  let min = Infinity;
  let max = -Infinity;
  for (let i = from; i < to; i++) {
    const v = values[i] as number;
    // Comparisons with NaN are false, so missing numbers do not count; infinities are kept out explicitly.
    if (v < min && v !== -Infinity) min = v;
    if (v > max && v !== Infinity) max = v;
  }
  return min <= max ? { min, max } : null;
}

function withWidth(data: Range): Range {
  if (data.max > data.min) return data;
  const half = data.min === 0 ? 1 : Math.abs(data.min) * 0.1;
  return { min: data.min - half, max: data.max + half };
}

function snapped(range: Range): Range {
  const step = niceStep((range.max - range.min) / 20);
  return { min: Math.floor(range.min / step + 1e-9) * step, max: Math.ceil(range.max / step - 1e-9) * step };
}

/**
 * The next automatic range of a value axis. It stays as it is while the data fits into it and fills a fair share of it;
 * only a side that the data crossed moves, by more than was needed; edges lie on round numbers.
 */
export function autoscale(current: Range | null, data: Range | null): Range {
  if (!data) return current ?? { min: 0, max: 1 };
  const wide = withWidth(data);
  const span = wide.max - wide.min;
  const fresh = snapped({ min: wide.min - span * MARGIN, max: wide.max + span * MARGIN });
  if (!current) return fresh;
  const fits = data.min >= current.min && data.max <= current.max;
  const share = span / (current.max - current.min);
  if (fits) return share < SMALLEST_SHARE ? fresh : current;
  const grown = snapped({
    min: data.min < current.min ? wide.min - span * GROWTH : current.min,
    max: data.max > current.max ? wide.max + span * GROWTH : current.max,
  });
  return span / (grown.max - grown.min) < SMALLEST_SHARE ? fresh : grown;
}

/**
 * The next automatic range of a series axis (index or time) that starts at its first value and runs ahead of the newest,
 * in few steps, so that a live plot moves rarely. `expectedMax`, where the end of the series is known, is exceeded by no more
 * than the data itself. A little room on both sides keeps dots at the edges whole.
 */
export function runAhead(current: Range | null, data: Range | null, leastSpan: number, expectedMax?: number): Range {
  if (!data) return current ?? { min: 0, max: leastSpan };
  if (current && current.min <= data.min && data.max <= current.max) {
    const span = current.max - current.min;
    const isNearStart = data.min - current.min <= span * 2 * EDGE_SHARE;
    if (isNearStart && data.max - data.min >= span * SMALLEST_SHARE) return current;
    if (isNearStart && span <= leastSpan * (1 + 2 * EDGE_SHARE)) return current;
  }
  const least = Math.max((data.max - data.min) * 1.12, leastSpan);
  const step = niceStep(least / 25);
  let max = Math.ceil((data.min + least) / step - 1e-9) * step;
  if (expectedMax !== undefined && expectedMax > data.min) max = Math.max(Math.min(max, expectedMax), data.max);
  if (!(max > data.min)) max = data.min + leastSpan;
  const edge = (max - data.min) * EDGE_SHARE;
  return { min: data.min - edge, max: max + edge };
}

/** A range narrowed (`factor` < 1) or widened about a point that stays where it is on the screen. */
export function zoomed(range: Range, about: number, factor: number): Range {
  return { min: about - (about - range.min) * factor, max: about + (range.max - about) * factor };
}

/** A range moved by so much. */
export function panned(range: Range, by: number): Range {
  return { min: range.min + by, max: range.max + by };
}

/**
 * A range kept useful: not narrower than `leastSpan`, not wider than twice `limits`, and always touching them, so that
 * nobody gets lost in empty space.
 */
export function kept(range: Range, limits: Range, leastSpan: number): Range {
  const limitSpan = limits.max - limits.min;
  const span = Math.min(Math.max(range.max - range.min, leastSpan), Math.max(limitSpan * 2, leastSpan));
  const middle = (range.min + range.max) / 2;
  const reach = span * 0.1;
  const min = Math.min(Math.max(middle - span / 2, limits.min - span + reach), limits.max - reach);
  return { min, max: min + span };
}

/** Whether two ranges are the same. */
export function sameRange(a: Range | null, b: Range | null): boolean {
  return a === b || (a !== null && b !== null && a.min === b.min && a.max === b.max);
}
