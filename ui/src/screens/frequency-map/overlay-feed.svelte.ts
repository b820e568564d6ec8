import type { Platform } from "../../platform/platform";
import { toRefusal } from "../../platform/platform";
import type { SweepColumns, SweepPeak } from "../../plot/sweep";
import type { Measurement } from "../../protocol/Measurement";
import type { Refusal } from "../../protocol/Refusal";
import type { Settings } from "../../protocol/Settings";
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
/** What begins the key of a sweep that settings are tried out on. */
const TRIED = "tried ";

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
  /** Settings that are only tried out, and how many were before them. */
  #tried: Settings | null = null;
  #tries = 0;
  #running = new Set<string>();
  #isClosed = false;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Wants the sweeps of these places, as these settings draw them where some are tried out. What was refused is asked for again. */
  want(wanted: readonly { place: string; row: SeriesRow }[], tried: Settings | null = null): void {
    this.#wanted = wanted;
    if (tried !== this.#tried) this.#forgetTried(tried);
    this.#refused.clear();
    this.#publish();
    this.#go();
  }

  close(): void {
    this.#isClosed = true;
    this.#frame.close();
  }

  /** What was tried is not asked for again. */
  #forgetTried(next: Settings | null): void {
    for (const key of this.#known.keys()) if (key.startsWith(TRIED)) this.#known.delete(key);
    this.#tried = next;
    this.#tries += 1;
  }

  #keyOf(row: SeriesRow): string {
    return this.#tried ? `${TRIED}${this.#tries} ${sweepKey(row)}` : sweepKey(row);
  }

  #go(): void {
    for (const { row } of this.#wanted) {
      if (this.#running.size >= MOST_AT_ONCE || this.#isClosed) return;
      const key = this.#keyOf(row);
      if (this.#known.has(key) || this.#running.has(key) || this.#refused.has(key)) continue;
      this.#running.add(key);
      void this.#fetch(key, row.measurement, this.#tried);
    }
  }

  async #fetch(key: string, measurement: number, settings: Settings | null): Promise<void> {
    try {
      const table = await this.#platform.columns({ query: "sweep", measurement, settings });
      const { measurement: analysed } = table.about as { measurement: Measurement | null };
      this.#known.set(key, {
        columns: {
          potential_v: table.column("potential_v"),
          raw_a: table.column("raw_a"),
          smoothed_a: table.column("smoothed_a"),
          baseline_a: table.column("baseline_a"),
        },
        peak: analysed ? peakOf(analysed) : settings ? null : peakOf(measurementOf(table, false)),
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
      const key = this.#keyOf(row);
      // Until it has been tried out, a sweep stays as it is.
      const sweep = this.#known.get(key) ?? (this.#tried ? this.shown.get(place) : undefined);
      if (sweep) shown.set(place, sweep);
      refusal ??= this.#refused.get(key) ?? null;
    }
    const isSame = shown.size === this.shown.size && [...shown].every(([place, sweep]) => this.shown.get(place) === sweep);
    if (!isSame) this.shown = shown;
    this.refusal = refusal;
  }
}
