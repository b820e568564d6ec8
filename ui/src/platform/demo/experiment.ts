import { RandomStream } from "./random";

/** What a demo experiment consists of. */
export interface Experiment {
  electrodes: number;
  frequencies_hz: readonly number[];
  /** Number of indices. */
  indices: number;
  interval_s: number;
  seed: number;
}

/** Share of the run at which the target is added, and its concentration in µmol/L. */
export const INJECTIONS = [
  { share: 0.18, micromolar: 1 },
  { share: 0.32, micromolar: 3 },
  { share: 0.46, micromolar: 10 },
  { share: 0.6, micromolar: 30 },
  { share: 0.76, micromolar: 0 },
] as const;

const DISSOCIATION_MICROMOLAR = 6;
const POINTS = 121;
const START_V = 0;
const STEP_V = -0.004;

/** Height and place of the peak that a sweep is made from. */
export interface PeakTruth {
  height_a: number;
  potential_v: number;
  width_v: number;
}

/** First index after an injection. */
export function injectionIndex(experiment: Experiment, share: number): number {
  return Math.max(2, Math.round(experiment.indices * share));
}

function occupancy(experiment: Experiment, index: number): number {
  let reached = 0;
  let target = 0;
  let since = 0;
  const mixing = Math.max(1, experiment.indices / 90);
  const approach = (indices: number): number => target + (reached - target) * Math.exp(-indices / mixing);
  for (const { share, micromolar } of INJECTIONS) {
    const at = injectionIndex(experiment, share);
    if (at > index) break;
    reached = approach(at - since);
    since = at;
    target = micromolar;
  }
  const concentration = approach(index - since + 1);
  return concentration / (concentration + DISSOCIATION_MICROMOLAR);
}

/** Electron transfer that is faster when bound gains at high and loses at low frequencies. */
function gain(frequency_hz: number, bound: number): number {
  return 1 + bound * (0.42 * Math.log10(frequency_hz / 38));
}

export function peakTruth(experiment: Experiment, electrode: number, frequency_hz: number, index: number): PeakTruth {
  const own = new RandomStream(experiment.seed, 1, electrode);
  const sensitivity = Math.exp(0.28 * own.normal());
  const potential_v = -0.262 + 0.003 * own.normal();
  const drift = 1 - (0.1 + 0.06 * own.uniform()) * (1 - Math.exp((-2 * index) / experiment.indices));
  const noise = new RandomStream(experiment.seed, 2, electrode, frequency_hz, index);
  const base_a = 92e-9 * (frequency_hz / 15) ** 0.62;
  return {
    height_a: base_a * sensitivity * drift * gain(frequency_hz, occupancy(experiment, index)) * (1 + 0.006 * noise.normal()),
    potential_v: potential_v + 0.0006 * noise.normal(),
    width_v: 0.102,
  };
}

export interface Sweep {
  potential_v: Float64Array;
  raw_a: Float64Array;
}

/** A sweep as the instrument would record it: peak, curved background, charging at the start, noise. */
export function sweepOf(experiment: Experiment, electrode: number, frequency_hz: number, index: number): Sweep {
  const truth = peakTruth(experiment, electrode, frequency_hz, index);
  const own = new RandomStream(experiment.seed, 3, electrode);
  const level_a = 150e-9 * (frequency_hz / 15) ** 0.7 * (1 + 0.2 * own.normal());
  const slope = 0.35 + 0.15 * own.normal();
  const noise = new RandomStream(experiment.seed, 4, electrode, frequency_hz, index);
  const noise_a = 1.1e-9 * Math.sqrt(frequency_hz / 15);
  const potential_v = new Float64Array(POINTS);
  const raw_a = new Float64Array(POINTS);
  for (let k = 0; k < POINTS; k += 1) {
    const potential = START_V + k * STEP_V;
    const u = (potential + 0.24) / 0.24;
    const background_a = level_a * (1 - slope * u + 0.12 * u * u) * (k === 0 ? 0.8 : 1);
    // Reversible surface-confined couple: sech² in potential.
    const x = (potential - truth.potential_v) / truth.width_v;
    potential_v[k] = potential;
    raw_a[k] = background_a + truth.height_a / Math.cosh(1.763 * x) ** 2 + noise_a * noise.normal();
  }
  return { potential_v, raw_a };
}
