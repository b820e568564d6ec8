/** Which measurement is meant: the one that was picked, or the newest in view. */

import type { Series } from "../../session/series";

/** Where a measurement stands in the session. It outlives its id, which a recomputation may change. */
export interface Place {
  electrode: number | null;
  frequency_hz: number | null;
  index: number;
}

/** The place of a measurement, or null if no series has it. */
export function placeOf(all: Iterable<Series>, measurement: number): Place | null {
  for (const series of all) {
    const position = series.column("measurement").indexOf(measurement);
    if (position < 0) continue;
    const index = series.column("index")[position] ?? Number.NaN;
    return Number.isNaN(index) ? null : { electrode: series.electrode, frequency_hz: series.frequency_hz, index };
  }
  return null;
}

/**
 * Position of the row to show: at `index` exactly where one was picked (NaN: the last one without an index), else the newest up
 * to `limit`. -1: none.
 */
export function shownPosition(series: Series | undefined, index: number | null, limit: number | null): number {
  if (!series) return -1;
  if (Number.isNaN(index)) return series.length > series.positionAtLeast(Number.POSITIVE_INFINITY) ? series.length - 1 : -1;
  if (index !== null) return series.positionOf(index);
  return series.positionAtLeast(limit === null ? Number.POSITIVE_INFINITY : limit + 0.5) - 1;
}
