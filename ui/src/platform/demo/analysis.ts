import type { Settings } from "../../protocol/Settings";
import type { Sweep } from "./experiment";

/** A sweep measured for the demo: enough to show what settings do; the engine's methods are in Rust. */
export interface Analysis {
  smoothed_a: Float64Array;
  baseline_a: Float64Array;
  peak: { current_a: number; potential_v: number; baseline_a: number; area_va: number; fwhm_v: number; snr: number } | null;
}

export function analyse(sweep: Sweep, settings: Settings): Analysis {
  const { potential_v, raw_a } = sweep;
  const window = settings.smoothing.savgol === "manual" ? settings.smoothing.savgol_window : 11;
  const smoothed_a = settings.smoothing.savgol === "off" ? raw_a.slice() : smooth(raw_a, Math.max(1, (window - 1) >> 1));
  const baseline_a = new Float64Array(raw_a.length).fill(Number.NaN);
  const [low, high] = settings.peak.range_v;
  const inside = [...potential_v.keys()]
    .slice(settings.peak.trim_points, raw_a.length - settings.peak.trim_points || undefined)
    .filter((k) => low === undefined || high === undefined || (at(potential_v, k) >= low && at(potential_v, k) <= high));
  const [first, last] = [inside[2], inside.at(-3)];
  if (first === undefined || last === undefined || last - first < 8) return { smoothed_a, baseline_a, peak: null };
  const chord = tangentFeet(potential_v, smoothed_a, first, last);
  const line = (k: number): number => {
    const share = (at(potential_v, k) - at(potential_v, chord[0])) / (at(potential_v, chord[1]) - at(potential_v, chord[0]));
    return at(smoothed_a, chord[0]) + share * (at(smoothed_a, chord[1]) - at(smoothed_a, chord[0]));
  };
  let top = chord[0];
  let area_va = 0;
  for (let k = chord[0]; k <= chord[1]; k += 1) {
    baseline_a[k] = line(k);
    if (at(smoothed_a, k) - line(k) > at(smoothed_a, top) - line(top)) top = k;
    if (k > chord[0]) area_va += (at(smoothed_a, k) - line(k)) * Math.abs(at(potential_v, k) - at(potential_v, k - 1));
  }
  const height_a = at(smoothed_a, top) - line(top);
  const residual = raw_a.map((value, k) => value - at(smoothed_a, k));
  const noise_a = Math.hypot(...residual) / Math.sqrt(residual.length);
  if (height_a < 4 * noise_a) return { smoothed_a, baseline_a, peak: null };
  const above = [...potential_v.keys()].filter((k) => at(smoothed_a, k) - line(k) > height_a / 2);
  return {
    smoothed_a,
    baseline_a,
    peak: {
      current_a: height_a,
      potential_v: at(potential_v, top),
      baseline_a: line(top),
      area_va,
      fwhm_v: above.length * Math.abs(at(potential_v, 1) - at(potential_v, 0)),
      snr: height_a / (noise_a || 1e-12),
    },
  };
}

const at = (values: Float64Array, k: number): number => values[k] ?? Number.NaN;

/** Moving average that shrinks at the ends. */
function smooth(values: Float64Array, half: number): Float64Array {
  return values.map((_, k) => {
    const reach = Math.min(half, k, values.length - 1 - k);
    let sum = 0;
    for (let j = k - reach; j <= k + reach; j += 1) sum += at(values, j);
    return sum / (2 * reach + 1);
  });
}

/** The two points of the lower hull with the widest gap between chord and sweep. */
function tangentFeet(x: Float64Array, y: Float64Array, first: number, last: number): [number, number] {
  const hull: number[] = [];
  const turns = (a: number, b: number, c: number): boolean =>
    (at(x, b) - at(x, a)) * (at(y, c) - at(y, a)) - (at(y, b) - at(y, a)) * (at(x, c) - at(x, a)) >= 0;
  for (let k = first; k <= last; k += 1) {
    // Potentials descend here, so the lower side is the one that keeps turning the other way.
    while (hull.length >= 2 && turns(hull.at(-2) ?? 0, hull.at(-1) ?? 0, k)) hull.pop();
    hull.push(k);
  }
  let feet: [number, number] = [first, last];
  let widest = 0;
  for (let k = 1; k < hull.length; k += 1) {
    const [a, b] = [hull[k - 1] ?? first, hull[k] ?? last];
    if (b - a > widest) {
      widest = b - a;
      feet = [a, b];
    }
  }
  return feet;
}
