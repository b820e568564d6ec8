/** How a decay is drawn: points and fit, on linear or logarithmic axes, and what the fit leaves over. */

import { faded } from "../design/colours";
import { decadeAxis, DecadeValues, logarithms, plainAxis } from "./decades";
import type { Trace } from "./trace";
import type { AlongAxis } from "./trace-figure";
import { ValueAxis } from "./value-axis";

/** Which of the two axes are logarithmic. */
export type DecayScale = "linear" | "log_log" | "log_current" | "log_time";

export const DECAY_SCALES: readonly { key: DecayScale; word: string; hint: string }[] = [
  { key: "linear", word: "Linear", hint: "Current against time" },
  { key: "log_log", word: "Log–log", hint: "A power of time is a straight line: a current that diffuses falls by half a decade in a decade" },
  { key: "log_current", word: "Log current", hint: "An exponential that decays to zero is a straight line" },
  { key: "log_time", word: "Log time", hint: "Fast and slow decays beside each other" },
];

export const isLogTime = (scale: DecayScale): boolean => scale === "log_log" || scale === "log_time";
export const isLogCurrent = (scale: DecayScale): boolean => scale === "log_log" || scale === "log_current";

/** One step of the potential, times after it. */
export interface DrawnStep {
  number: number;
  time_s: ArrayLike<number>;
  raw_a: ArrayLike<number>;
  /** NaN outside of the fitted range. */
  fitted_a: ArrayLike<number>;
  residual_a: ArrayLike<number>;
}

export interface DecayAxes {
  axis: AlongAxis;
  values: ValueAxis;
}

export function decayAxes(scale: DecayScale): DecayAxes {
  return {
    axis: isLogTime(scale) ? decadeAxis("Time after the step", "s") : plainAxis("Time after the step", "s"),
    values: isLogCurrent(scale) ? new DecadeValues("A") : new ValueAxis("A"),
  };
}

/** Strength of the steps behind the one that is looked at. */
const BEHIND = 0.35;

export interface DecayPicture {
  traces: Trace[];
  read: Trace[];
  residuals: Trace[];
  /** The numbers themselves, to be copied. */
  told: Trace[];
}

/** What to draw of these steps; the `focused` one in full. */
export function decayPicture(steps: readonly DrawnStep[], focused: number | null, scale: DecayScale, colour: string, epoch: number): DecayPicture {
  const behind = steps
    .filter(({ number }) => number !== focused)
    .map((step) => trace(step, step.raw_a, scale, { key: `step ${step.number}`, label: `Step ${step.number}`, colour: faded(colour, BEHIND), look: "plain line" }, epoch));
  const step = steps.find(({ number }) => number === focused);
  if (!step) return { traces: behind, read: behind.slice(0, 1), residuals: [], told: behind };
  const hasFit = Array.prototype.some.call(step.fitted_a, Number.isFinite);
  const raw = { key: "raw", label: "Measured", colour, look: "dots" } as const;
  const fit = { key: "fit", label: "Fit", colour: "var(--text-main)", look: "plain line" } as const;
  const measured = trace(step, step.raw_a, scale, raw, epoch);
  const fitted = hasFit ? [trace(step, step.fitted_a, scale, fit, epoch)] : [];
  const linear: DecayScale = isLogTime(scale) ? "log_time" : "linear";
  const residuals = hasFit
    ? [trace(step, step.residual_a, linear, { key: "residual", label: "Residual", colour, look: "dots" }, epoch)]
    : [];
  const told = [trace(step, step.raw_a, "linear", raw, epoch), ...(hasFit ? [trace(step, step.fitted_a, "linear", fit, epoch)] : [])];
  return { traces: [...behind, measured, ...fitted], read: [measured, ...fitted], residuals, told };
}

function trace(
  step: DrawnStep,
  values: ArrayLike<number>,
  scale: DecayScale,
  named: Pick<Trace, "key" | "label" | "colour"> & { look: "dots" | "plain line" },
  epoch: number,
): Trace {
  // A logarithm has no place for the moment of the step itself.
  const rows = Array.from({ length: step.time_s.length }, (_, k) => k).filter((k) => !isLogTime(scale) || (step.time_s[k] ?? 0) > 0);
  rows.sort((a, b) => (step.time_s[a] ?? 0) - (step.time_s[b] ?? 0));
  const time = Float64Array.from(rows, (k) => step.time_s[k] ?? Number.NaN);
  const number = Float64Array.from(rows, (k) => values[k] ?? Number.NaN);
  return {
    ...named,
    dash: [],
    x: isLogTime(scale) ? logarithms(time) : time,
    y: isLogCurrent(scale) ? logarithms(number) : number,
    length: rows.length,
    epoch,
    step: Infinity,
    widestStep: Infinity,
    gaps: [],
    excluded: [],
    excludedValue: () => Number.NaN,
    ...(isLogCurrent(scale) ? { told: (row: number) => number[row] ?? Number.NaN } : {}),
  };
}
