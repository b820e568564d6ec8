/** Finding the point that somebody means: nearest to the pointer, nearest to an x, next along a trace. */

import { lowerBound, upperBound } from "./decimate";
import type { Trace, TracePoint } from "./trace";

/** From data to pixels of the plot area. */
export interface PixelMap {
  x(value: number): number;
  y(value: number): number;
}

/** A found point with its distance in pixels. */
export interface Picked extends TracePoint {
  distance_px: number;
}

/** Value that is drawn for a row: that of the line, or of an excluded point. NaN at a gap. */
export function drawnValue(trace: Trace, row: number): number {
  const value = trace.y[row] as number;
  return Number.isFinite(value) || !includes(trace.excluded, row) ? value : trace.excludedValue(row);
}

/** Whether ascending `rows` has `row`. */
export function includes(rows: readonly number[], row: number): boolean {
  return rows[lowerBound(rows, rows.length, row)] === row;
}

/** Row whose x is nearest to `x`, or -1 in an empty trace. */
export function nearestRow(trace: Trace, x: number): number {
  if (trace.length === 0) return -1;
  const after = lowerBound(trace.x, trace.length, x);
  if (after === 0) return 0;
  if (after === trace.length) return trace.length - 1;
  const before = after - 1;
  return x - (trace.x[before] as number) <= (trace.x[after] as number) - x ? before : after;
}

/** Row that stands exactly at `x` (of several: the last), or -1. */
export function rowAt(trace: Trace, x: number): number {
  const row = upperBound(trace.x, trace.length, x) - 1;
  return row >= 0 && trace.x[row] === x ? row : -1;
}

/** The x, among all rows of all traces, that is nearest to `x`; null without rows. */
export function nearestX(traces: readonly Trace[], x: number): number | null {
  let best: number | null = null;
  for (const trace of traces) {
    const row = nearestRow(trace, x);
    if (row < 0) continue;
    const here = trace.x[row] as number;
    if (best === null || Math.abs(here - x) < Math.abs(best - x)) best = here;
  }
  return best;
}

/** The next x after (`direction` 1) or before (-1) `x` at which any trace has a row; null where there is none. */
export function nextX(traces: readonly Trace[], x: number, direction: 1 | -1): number | null {
  let best: number | null = null;
  const tiny = Math.abs(x) * 1e-12 + 1e-12;
  for (const trace of traces) {
    const row =
      direction > 0 ? lowerBound(trace.x, trace.length, x + tiny) : lowerBound(trace.x, trace.length, x - tiny) - 1;
    if (row < 0 || row >= trace.length) continue;
    const here = trace.x[row] as number;
    if (best === null || (direction > 0 ? here < best : here > best)) best = here;
  }
  return best;
}

/** The drawn point nearest to a pixel, within `reach_px` of it. */
export function nearestPoint(
  traces: readonly Trace[],
  map: PixelMap,
  fromPixel: (px: number) => number,
  px: number,
  py: number,
  reach_px: number,
): Picked | null {
  let best: Picked | null = null;
  const edges = [fromPixel(px - reach_px), fromPixel(px + reach_px)];
  const low = Math.min(...edges);
  const high = Math.max(...edges);
  for (const trace of traces) {
    const from = lowerBound(trace.x, trace.length, low);
    for (let row = from; row < trace.length && (trace.x[row] as number) <= high; row++) {
      const value = drawnValue(trace, row);
      if (!Number.isFinite(value)) continue;
      const distance_px = Math.hypot(map.x(trace.x[row] as number) - px, map.y(value) - py);
      if (distance_px <= reach_px && (!best || distance_px < best.distance_px)) best = { trace, row, distance_px };
    }
  }
  return best;
}

/** Gaps of these traces whose marks lie within `reach_px` of a pixel column, nearest first. */
export function gapsNear(
  traces: readonly Trace[],
  map: PixelMap,
  px: number,
  reach_px: number,
): TracePoint[] {
  const found: { point: TracePoint; distance: number }[] = [];
  for (const trace of traces) {
    for (const row of trace.gaps) {
      if (row >= trace.length) break;
      const distance = Math.abs(map.x(trace.x[row] as number) - px);
      if (distance <= reach_px) found.push({ point: { trace, row }, distance });
    }
  }
  return found.sort((a, b) => a.distance - b.distance).map((f) => f.point);
}
