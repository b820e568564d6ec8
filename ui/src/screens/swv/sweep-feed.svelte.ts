import type { Platform } from "../../platform/platform";
import { toRefusal } from "../../platform/platform";
import type { SweepColumns, SweepPeak } from "../../plot/sweep";
import type { MarkedPoints } from "../../protocol/MarkedPoints";
import type { Measurement } from "../../protocol/Measurement";
import type { Refusal } from "../../protocol/Refusal";
import type { Settings } from "../../protocol/Settings";
import { RepeatThrottle } from "../../session/frame";
import { endsIn, markedIn, measurementOf, type SweepEnd } from "../../session/sweep";

/** At most ten sweeps a second for each plot. */
const INTERVAL_MS = 100;

/** A sweep that was fetched, with the measurement that it is behind. */
export interface ShownSweep {
  measurement: Measurement;
  columns: SweepColumns;
  peak: SweepPeak | null;
  /** The ends of the baseline, in ascending potential; null where there is none. */
  ends: [SweepEnd, SweepEnd] | null;
  /** Points that are marked by hand, or tried. */
  marked: MarkedPoints | null;
  /** Whether it was analysed with settings or points that are only tried out. */
  isPreview: boolean;
}

interface Wish {
  measurement: number;
  settings: Settings | null;
  /** Changes when the sweep was measured anew, so that it is fetched again. */
  as_of: number | string;
  /** Points to try instead of those that are marked. */
  points: MarkedPoints | null;
}

/** Fetches the sweep that is wanted now: never two at once, the newest wish wins, and the last sweep stays until the next is there. */
export class SweepFeed {
  shown: ShownSweep | null = $state.raw(null);
  refusal: Refusal | null = $state.raw(null);

  readonly #platform: Platform;
  readonly #queries = new RepeatThrottle(INTERVAL_MS, () => this.#fetch());
  #wish: Wish | null = null;
  #done: Wish | null = null;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Wants the sweep of a measurement; null: none. `points`: to try instead of those that are marked. */
  want(
    measurement: number | null,
    settings: Settings | null,
    as_of: number | string,
    points: MarkedPoints | null = null,
  ): void {
    if (measurement === null) {
      this.#wish = null;
      this.#done = null;
      this.shown = null;
      this.refusal = null;
      return;
    }
    this.#wish = { measurement, settings, as_of, points };
    if (!isSame(this.#wish, this.#done)) this.#queries.ask();
  }

  close(): void {
    this.#queries.close();
  }

  async #fetch(): Promise<void> {
    const wish = this.#wish;
    if (!wish || isSame(wish, this.#done)) return;
    try {
      const { measurement: id, settings, points } = wish;
      const isPreview = settings !== null || points !== null;
      const table = await this.#platform.columns({ query: "sweep", measurement: id, settings, ...(points ? { points } : {}) });
      if (!this.#wish) return;
      this.#done = wish;
      const measurement = measurementOf(table, isPreview);
      this.shown = {
        measurement,
        columns: {
          potential_v: table.column("potential_v"),
          raw_a: table.column("raw_a"),
          smoothed_a: table.column("smoothed_a"),
          baseline_a: table.column("baseline_a"),
        },
        peak: drawnPeak(table.about),
        ends: endsIn(table),
        marked: markedIn(table),
        isPreview,
      };
      this.refusal = null;
    } catch (thrown) {
      if (!this.#wish) return;
      this.#done = wish;
      this.refusal = toRefusal(thrown);
      if (this.shown?.measurement.measurement !== wish.measurement) this.shown = null;
    }
  }
}

function isSame(a: Wish | null, b: Wish | null): boolean {
  return a?.measurement === b?.measurement && a?.settings === b?.settings && a?.as_of === b?.as_of && a?.points === b?.points;
}

/** The peak of the analysis that gave these curves, so that it lies on them also where what is kept is of older settings. */
function drawnPeak(about: unknown): SweepPeak | null {
  const { measurement } = about as { measurement: Measurement | null };
  return measurement ? peakOf(measurement) : null;
}

/** The peak of a measurement, where all of its numbers are there. */
export function peakOf(measurement: Measurement): SweepPeak | null {
  const { peak_potential_v, peak_current_a, baseline_current_a } = measurement;
  if (peak_potential_v === null || peak_current_a === null || baseline_current_a === null) return null;
  return { potential_v: peak_potential_v, height_a: peak_current_a, baseline_a: baseline_current_a };
}
