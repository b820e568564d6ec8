/** Positions and texts of axis ticks: linear, whole numbers, durations and logarithmic. */

import { fixed, type UnitScale } from "./si";

/** Ticks of an axis: positions in data units, and the text of each ("" = a tick without a number). */
export interface Ticks {
  at: number[];
  text: string[];
}

const LEAST_RELATIVE_SPAN = 1e-12;

/** The smallest of 1, 2, 5 times a power of ten that is at least `rough`. */
export function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const mantissa = rough / power;
  // A hair of tolerance: 1.0000000001 means 1.
  const nice = mantissa <= 1 + 1e-9 ? 1 : mantissa <= 2 + 1e-9 ? 2 : mantissa <= 5 + 1e-9 ? 5 : 10;
  return nice * power;
}

function multiples(min: number, max: number, step: number): number[] {
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  const at: number[] = [];
  for (let k = first; k <= last; k++) at.push(k * step);
  return at;
}

/**
 * Ticks at round numbers *of the shown unit*, about `wanted` of them, each with just the decimals that the step needs.
 * With `whole`, never between two whole numbers.
 */
export function linearTicks(min: number, max: number, wanted: number, scale: UnitScale, whole = false): Ticks {
  const low = min * scale.factor;
  const high = max * scale.factor;
  const span = high - low;
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (!(span > size * LEAST_RELATIVE_SPAN)) return { at: [min], text: [fixed(low, 3)] };
  let step = niceStep(span / Math.max(1, wanted));
  // One number alone says nothing about the scale of an axis.
  while (multiples(low, high, step).length < 2) step = niceStep(step / 2.5);
  if (whole) step = Math.max(1, step);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const shown = multiples(low, high, step);
  return { at: shown.map((v) => v / scale.factor), text: shown.map((v) => fixed(v, decimals)) };
}

const DURATION_STEPS_S = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
];

/** The unit in which a time axis up to `max_s` seconds is read. */
export function timeUnit(max_s: number): UnitScale {
  if (max_s < 180) return { factor: 1, exponent: 0, text: "s" };
  if (max_s < 4 * 3600) return { factor: 1 / 60, exponent: 0, text: "min" };
  if (max_s < 96 * 3600) return { factor: 1 / 3600, exponent: 0, text: "h" };
  return { factor: 1 / 86_400, exponent: 0, text: "d" };
}

/** Ticks of a time axis in seconds, at steps that are round in seconds, minutes, hours or days. */
export function timeTicks(min: number, max: number, wanted: number): Ticks {
  const unit = timeUnit(Math.max(Math.abs(min), Math.abs(max)));
  const rough = (max - min) / Math.max(1, wanted);
  const step = DURATION_STEPS_S.find((s) => s >= rough);
  if (rough < 1 || step === undefined) return linearTicks(min, max, wanted, unit);
  const at = multiples(min, max, step);
  const shownStep = step * unit.factor;
  let decimals = 0;
  while (decimals < 3 && Math.abs(shownStep * 10 ** decimals - Math.round(shownStep * 10 ** decimals)) > 1e-6) decimals++;
  return { at, text: at.map((v) => fixed(v * unit.factor, decimals)) };
}

/**
 * Ticks of a logarithmic axis: decades with text, 2 to 9 without; 1-2-5 with text below two decades and where there is room;
 * linear ticks where the axis spans too little for either. `min` must be above zero.
 */
export function logTicks(min: number, max: number, wanted: number, scale: UnitScale): Ticks {
  if (!(min > 0) || !(max > min)) return { at: [], text: [] };
  const low = Math.log10(min * scale.factor);
  const high = Math.log10(max * scale.factor);
  if (high - low < 0.7) return linearTicks(min, max, wanted, scale);
  const everyDecade = Math.max(1, Math.ceil((high - low) / Math.max(1, wanted)));
  const named = high - low < 2 || (high - low) * 2.5 <= wanted ? [1, 2, 5] : [1];
  const at: number[] = [];
  const text: string[] = [];
  for (let decade = Math.floor(low); decade <= Math.ceil(high); decade++) {
    for (let m = 1; m <= 9; m++) {
      if (everyDecade > 1 && m > 1) break;
      const shown = m * 10 ** decade;
      const value = shown / scale.factor;
      if (value < min * (1 - 1e-9) || value > max * (1 + 1e-9)) continue;
      at.push(value);
      text.push(named.includes(m) && decade % everyDecade === 0 ? fixed(shown, Math.max(0, -decade)) : "");
    }
  }
  return { at, text };
}
