import type { MarkedByHand } from "../../protocol/MarkedByHand";
import type { MarkedPoints } from "../../protocol/MarkedPoints";
import type { MarkedSweep } from "../../protocol/MarkedSweep";
import type { Measurement } from "../../protocol/Measurement";
import type { Refusal } from "../../protocol/Refusal";
import type { Analysis } from "./analysis";
import type { Sweep } from "./experiment";

/** A mark as the demo keeps it. */
interface Kept {
  id: number;
  at: string;
  points: MarkedPoints;
  automatic: Measurement;
}

/** Points marked by hand in the sweeps of one pretended session. */
export class DemoMarks {
  readonly #kept = new Map<number, Kept>();
  #newest = 0;

  /** The points marked in a sweep; null: none. */
  of(measurement: number | null): MarkedPoints | null {
    return (measurement === null ? undefined : this.#kept.get(measurement)?.points) ?? null;
  }

  list(): MarkedSweep[] {
    return [...this.#kept].map(([measurement, kept]) => ({ mark: markOf(kept), measurement, automatic: kept.automatic }));
  }

  put(automatic: Measurement, points: MarkedPoints): MarkedSweep["mark"] {
    if (partsOf(points) === null) {
      throw {
        code: "nothing_marked",
        message: "Neither the peak nor the ends of the baseline are marked.",
        hint: "Mark at least one of them, or remove the mark.",
      } satisfies Refusal;
    }
    const measurement = automatic.measurement ?? 0;
    const known = this.#kept.get(measurement);
    const kept = { id: known?.id ?? ++this.#newest, at: new Date().toISOString(), points, automatic };
    this.#kept.set(measurement, kept);
    return markOf(kept);
  }

  /** Takes a mark away; null where there was none. */
  remove(id: number): MarkedSweep | null {
    for (const [measurement, kept] of this.#kept) {
      if (kept.id !== id) continue;
      this.#kept.delete(measurement);
      return { mark: markOf(kept), measurement, automatic: kept.automatic };
    }
    return null;
  }
}

function markOf({ id, at, points, automatic }: Kept): MarkedSweep["mark"] {
  const { file, file_revision, electrode, frequency_hz, index } = automatic;
  return { id, file, file_revision, electrode, frequency_hz, index, segment: null, peak: null, points, from: "here", at };
}

export function partsOf({ peak_potential_v, baseline_v }: MarkedPoints): MarkedByHand | null {
  if (peak_potential_v !== null) return baseline_v === null ? "peak" : "peak_and_baseline";
  return baseline_v === null ? null : "baseline";
}

/** The measurement with the numbers at the marked points. */
export function markedMeasurement(automatic: Measurement, points: MarkedPoints, analysis: Analysis): Measurement {
  const { peak } = analysis;
  const parts = partsOf(points);
  return {
    ...automatic,
    ...(parts === null ? {} : { marked_by_hand: parts }),
    ...(peak === null
      ? {}
      : {
          status: "ok", reason: null, message: null, quality: "pass", polarity: peak.current_a < 0 ? "down" : "up",
          peak_current_a: peak.current_a, peak_potential_v: peak.potential_v, baseline_current_a: peak.baseline_a,
          area_va: peak.area_va, fwhm_v: peak.fwhm_v, snr: peak.snr,
        }),
  };
}

/** The analysis with points that were marked: a straight baseline between the data points nearest to its ends. */
export function atMarks(sweep: Sweep, automatic: Analysis, points: MarkedPoints): Analysis {
  const { potential_v } = sweep;
  const { smoothed_a } = automatic;
  const at = (values: Float64Array, k: number): number => values[k] ?? Number.NaN;
  const nearest = (v: number): number =>
    [...potential_v.keys()].reduce((best, k) => (Math.abs(at(potential_v, k) - v) < Math.abs(at(potential_v, best) - v) ? k : best), 0);
  const numbered = [...automatic.baseline_a.keys()].filter((k) => Number.isFinite(at(automatic.baseline_a, k)));
  const ends = points.baseline_v?.map(nearest) ?? [numbered[0] ?? 0, numbered.at(-1) ?? potential_v.length - 1];
  const [a, b] = [Math.min(...ends), Math.max(...ends)];
  const slope = (at(smoothed_a, b) - at(smoothed_a, a)) / (at(potential_v, b) - at(potential_v, a));
  const line = (k: number): number => at(smoothed_a, a) + slope * (at(potential_v, k) - at(potential_v, a));
  const baseline_a = new Float64Array(potential_v.length).fill(Number.NaN);
  let top = a;
  let area_va = 0;
  for (let k = a; k <= b; k += 1) {
    baseline_a[k] = line(k);
    if (at(smoothed_a, k) - line(k) > at(smoothed_a, top) - line(top)) top = k;
    if (k > a) area_va += (at(smoothed_a, k) - line(k)) * Math.abs(at(potential_v, k) - at(potential_v, k - 1));
  }
  if (points.peak_potential_v !== null) top = nearest(points.peak_potential_v);
  const height_a = at(smoothed_a, top) - line(top);
  const above = [...baseline_a.keys()].slice(a, b + 1).filter((k) => at(smoothed_a, k) - line(k) > height_a / 2);
  const fwhm_v = above.length * Math.abs(at(potential_v, 1) - at(potential_v, 0));
  const noise_a = automatic.peak ? automatic.peak.current_a / automatic.peak.snr : 1e-9;
  const peak = {
    current_a: height_a, potential_v: at(potential_v, top), baseline_a: line(top), area_va, fwhm_v, snr: Math.abs(height_a) / noise_a,
  };
  return { smoothed_a, baseline_a, peak };
}
