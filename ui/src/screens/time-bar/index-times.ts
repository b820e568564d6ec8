/** When files were measured, for axes in time: from index to seconds since the beginning and back. */

import { lowerBound } from "../../plot/decimate";
import type { Series } from "../../session/series";

/** Times of indices, from the series that has the most of them. */
export interface IndexTimes {
  /** Seconds since 1970 of the earliest measurement; 0 without any. */
  origin_s: number;
  /** Seconds since the origin; between two files in proportion, beyond them at the usual interval. */
  at(index: number): number;
  /** The index measured nearest to that many seconds after the origin. */
  indexNear(elapsed_s: number): number;
}

/** Times of the indices of a session. */
export function indexTimes(all: Iterable<Series>, interval_s: number): IndexTimes {
  let longest: Series | null = null;
  let origin_s = Infinity;
  for (const series of all) {
    const first = series.column("time_s")[0] ?? Number.NaN;
    if (first < origin_s) origin_s = first;
    if (!longest || series.length > longest.length) longest = series;
  }
  if (!Number.isFinite(origin_s)) origin_s = 0;
  const index = longest?.column("index") ?? new Float64Array(0);
  const time = longest?.column("time_s") ?? new Float64Array(0);
  const length = longest?.positionAtLeast(Number.POSITIVE_INFINITY) ?? 0;
  const elapsed = (k: number) => (time[k] ?? Number.NaN) - origin_s;
  const place = (k: number) => index[k] ?? Number.NaN;
  return {
    origin_s,
    at(wanted) {
      if (length === 0) return (wanted - 1) * interval_s;
      const after = lowerBound(index, length, wanted);
      if (after === 0) return elapsed(0) + (wanted - place(0)) * interval_s;
      if (after === length) return elapsed(length - 1) + (wanted - place(length - 1)) * interval_s;
      const share = (wanted - place(after - 1)) / (place(after) - place(after - 1));
      return elapsed(after - 1) + share * (elapsed(after) - elapsed(after - 1));
    },
    indexNear(elapsed_s) {
      if (length === 0) return 1;
      const after = lowerBound(time, length, elapsed_s + origin_s);
      if (after === 0) return place(0);
      if (after === length) return place(length - 1);
      return elapsed_s - elapsed(after - 1) <= elapsed(after) - elapsed_s ? place(after - 1) : place(after);
    },
  };
}
