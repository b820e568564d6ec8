import type { Platform } from "../../platform/platform";
import { toRefusal } from "../../platform/platform";
import type { SweepColumns, SweepPeak } from "../../plot/sweep";
import type { Measurement } from "../../protocol/Measurement";
import type { Refusal } from "../../protocol/Refusal";
import { FrameThrottle } from "../../session/frame";
import type { SeriesRow } from "../../session/series";
import { measurementOf } from "../../session/sweep";
import { peakOf } from "../swv/sweep-feed.svelte";

/** A sweep of an overlay. */
export interface OverlaySweep {
  columns: SweepColumns;
  peak: SweepPeak | null;
}

/** At once; the rest waits its turn. */
const MOST_AT_ONCE = 4;
/** Sweeps of that many places are kept for those who go back and forth. */
const MOST_KEPT = 600;

/** The identity of a sweep as it is analysed now. */
export function sweepKey({ measurement, revision, peak_current_a, baseline_current_a }: SeriesRow): string {
  return `${measurement} ${revision} ${peak_current_a} ${baseline_current_a}`;
}

/** Many sweeps in one plot: fetches what is not there yet, a few at a time, and shows what has come. */
export class OverlayFeed {
  /** By the key of the place that it was wanted for. */
  shown: ReadonlyMap<string, OverlaySweep> = $state.raw(new Map());
  /** Why some of them are not there. */
  refusal: Refusal | null = $state.raw(null);

  readonly #platform: Platform;
  readonly #frame = new FrameThrottle(() => this.#publish());
  readonly #known = new Map<string, OverlaySweep>();
  readonly #refused = new Map<string, Refusal>();
  #wanted: readonly { place: string; row: SeriesRow }[] = [];
  #running = new Set<string>();
  #isClosed = false;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Wants the sweeps of these places. What was refused is asked for again. */
  want(wanted: readonly { place: string; row: SeriesRow }[]): void {
    this.#wanted = wanted;
    this.#refused.clear();
    this.#publish();
    this.#go();
  }

  close(): void {
    this.#isClosed = true;
    this.#frame.close();
  }

  #go(): void {
    for (const { row } of this.#wanted) {
      if (this.#running.size >= MOST_AT_ONCE || this.#isClosed) return;
      const key = sweepKey(row);
      if (this.#known.has(key) || this.#running.has(key) || this.#refused.has(key)) continue;
      this.#running.add(key);
      void this.#fetch(key, row.measurement);
    }
  }

  async #fetch(key: string, measurement: number): Promise<void> {
    try {
      const table = await this.#platform.columns({ query: "sweep", measurement, settings: null });
      const { measurement: analysed } = table.about as { measurement: Measurement | null };
      this.#known.set(key, {
        columns: {
          potential_v: table.column("potential_v"),
          raw_a: table.column("raw_a"),
          smoothed_a: table.column("smoothed_a"),
          baseline_a: table.column("baseline_a"),
        },
        peak: peakOf(analysed ?? measurementOf(table, false)),
      });
      const oldest = this.#known.keys().next();
      if (this.#known.size > MOST_KEPT && !oldest.done) this.#known.delete(oldest.value);
    } catch (thrown) {
      this.#refused.set(key, toRefusal(thrown));
    }
    this.#running.delete(key);
    this.#frame.ask();
    this.#go();
  }

  #publish(): void {
    const shown = new Map<string, OverlaySweep>();
    let refusal: Refusal | null = null;
    for (const { place, row } of this.#wanted) {
      const key = sweepKey(row);
      const sweep = this.#known.get(key);
      if (sweep) shown.set(place, sweep);
      refusal ??= this.#refused.get(key) ?? null;
    }
    const isSame = shown.size === this.shown.size && [...shown].every(([place, sweep]) => this.shown.get(place) === sweep);
    if (!isSame) this.shown = shown;
    this.refusal = refusal;
  }
}
