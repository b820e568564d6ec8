import type { Platform } from "../../platform/platform";
import { toRefusal } from "../../platform/platform";
import type { Measurement } from "../../protocol/Measurement";
import type { Probe } from "../../protocol/Probe";
import type { Refusal } from "../../protocol/Refusal";
import type { EventHub } from "../../session/event-hub";
import { RepeatThrottle } from "../../session/frame";
import type { AnyMeasurement } from "../../session/series";

/** Measurements in a page: some hundred kilobytes. */
const PAGE = 2000;
const RELOAD_INTERVAL_MS = 1000;

interface Probed {
  platform: Platform;
  id: string;
}

/**
 * The currents at the probes of every measurement of a session. The columns of a series have none, as there may be any number of
 * probes: they are read page by page when somebody wants to see them, and followed by the record from then on.
 */
export class ProbeCurrents {
  refusal: Refusal | null = $state.raw(null);
  #version = $state(0);
  #known = new Map<number, readonly Probe[]>();
  /** What was announced while pages are read. */
  #announced = new Map<number, readonly Probe[]>();
  #runs = 0;

  constructor(
    private readonly session: Probed,
    private readonly hub: EventHub,
  ) {}

  /** Counts changes. */
  epoch(): number {
    return this.#version;
  }

  /** The current of a measurement at a potential; NaN where there is none. */
  of(measurement: number, potential_v: number): number {
    const probe = this.#known.get(measurement)?.find((each) => each.potential_v === potential_v);
    return probe?.current_a ?? Number.NaN;
  }

  /** Reads them and follows the record, until the function that is returned is called. */
  follow(): () => void {
    const run = ++this.#runs;
    const reads = new RepeatThrottle(RELOAD_INTERVAL_MS, () => this.#read(run));
    const ends = [
      this.hub.onSession(this.session.id, (entries) => {
        for (const entry of entries) {
          if (entry.event === "measured") this.#take(entry.measurements);
          else if (entry.event === "recomputed") reads.ask();
        }
      }),
      this.hub.onAnew(() => reads.ask()),
    ];
    reads.ask();
    return () => {
      this.#runs += 1;
      reads.close();
      ends.forEach((end) => end());
    };
  }

  #take(measurements: readonly Measurement[]): void {
    for (const { measurement, probes } of measurements as readonly AnyMeasurement[]) {
      if (measurement === null || !probes) continue;
      this.#known.set(measurement, probes);
      this.#announced.set(measurement, probes);
    }
    this.#version += 1;
  }

  async #read(run: number): Promise<void> {
    const found = new Map<number, readonly Probe[]>();
    this.#announced = new Map();
    try {
      for (let after: number | null = 0; after !== null; ) {
        const page: { measurements: Measurement[]; next: number | null } = await this.session.platform.query({
          query: "results", session: this.session.id, after, limit: PAGE,
        });
        if (run !== this.#runs) return;
        for (const { measurement, probes } of page.measurements as AnyMeasurement[]) {
          if (measurement !== null && probes) found.set(measurement, probes);
        }
        after = page.next;
      }
      for (const [id, probes] of this.#announced) found.set(id, probes);
      this.#known = found;
      this.#version += 1;
      this.refusal = null;
    } catch (thrown) {
      if (run === this.#runs) this.refusal = toRefusal(thrown);
    }
  }
}
