import type { Series } from "../../session/series";
import { STATUS_CODES } from "../../session/series";

/** Why no plot of a session would show anything. */
export type Emptiness = "nothing_came" | "nothing_usable" | "no_frequency" | "no_index";

/**
 * Whether there is nothing to plot, and why; null as soon as one measurement has a place in the plots. Only some techniques have
 * a frequency.
 */
export function emptinessOf(all: Iterable<Series>, needsFrequency = true): Emptiness | null {
  let found: Emptiness = "nothing_came";
  for (const series of all) {
    if (series.length === 0) continue;
    if (found === "nothing_came") found = "nothing_usable";
    const status = series.column("status");
    const usable = status.findIndex((code) => code !== STATUS_CODES.failed);
    if (usable < 0) continue;
    if (needsFrequency && series.frequency_hz === null) {
      found = "no_frequency";
      continue;
    }
    // Rows without an index stand last: where the first usable one has none, no other has.
    if (!Number.isNaN(series.column("index")[usable])) return null;
    if (found === "nothing_usable") found = "no_index";
  }
  return found;
}
