import type { Series } from "./series";

/** Times of files that are looked at, from the newest back. */
const FILES = 24;
const FEWEST = 3;
/** A step this many times as long as usual was a pause. */
const PAUSE = 5;

/**
 * Seconds from one file to the next, from the times of the newest files, without pauses between them; null where too few files
 * tell their time.
 */
export function paceOf(all: Iterable<Series>): number | null {
  // Electrodes share their files: one series of each frequency tells when those came.
  const longest = new Map<number | null, Series>();
  for (const series of all) {
    const known = longest.get(series.frequency_hz);
    if (!known || series.length > known.length) longest.set(series.frequency_hz, series);
  }
  const times = new Set<number>();
  for (const series of longest.values()) {
    for (const time_s of series.column("time_s").slice(-FILES)) if (Number.isFinite(time_s)) times.add(time_s);
  }
  const newest = [...times].sort((a, b) => a - b).slice(-FILES);
  const steps = newest.slice(1).map((time_s, k) => time_s - (newest[k] ?? time_s));
  if (steps.length < FEWEST) return null;
  const usual = [...steps].sort((a, b) => a - b)[steps.length >> 1] ?? 0;
  const kept = steps.filter((step) => step <= usual * PAUSE);
  return kept.reduce((sum, step) => sum + step, 0) / kept.length;
}
