/** A sweep with its analysis, as plots need it: columns in ascending potential, and what is painted around them. */

import type { ChartTheme } from "./chart";
import type { Easel } from "./paint";
import type { Trace } from "./trace";

/** Columns of one sweep, in the order in which it was recorded; missing numbers are NaN. */
export interface SweepColumns {
  potential_v: ArrayLike<number>;
  raw_a: ArrayLike<number>;
  smoothed_a: ArrayLike<number>;
  /** Only where the baseline runs. */
  baseline_a: ArrayLike<number>;
}

/** The peak found in it; null where there is none. */
export interface SweepPeak {
  potential_v: number;
  /** Signed height above the baseline. */
  height_a: number;
  baseline_a: number;
}

/** The traces of a sweep and what is painted around them. */
export interface SweepPicture {
  traces: Trace[];
  /** The area between sweep and baseline. */
  backdrop(easel: Easel, theme: ChartTheme): void;
  /** The ends of the baseline, the height, the peak. */
  foreground(easel: Easel, theme: ChartTheme): void;
}

const END_PX = 3;
const PEAK_PX = 3.5;
const CAP_PX = 5;

/** Positions in ascending potential. A sweep that runs one way costs no sorting. */
export function ascending(potential_v: ArrayLike<number>): number[] {
  const order = Array.from({ length: potential_v.length }, (_, k) => k);
  const at = (k: number) => potential_v[k] as number;
  if (at(0) > at(potential_v.length - 1)) order.reverse();
  const isSorted = order.every((k, place) => place === 0 || at(order[place - 1] as number) <= at(k));
  return isSorted ? order : order.sort((a, b) => at(a) - at(b));
}

/** First and last position where a column has a number; null without any. */
export function span(values: ArrayLike<number>): [number, number] | null {
  let first = -1;
  let last = -1;
  for (let k = 0; k < values.length; k++) {
    if (!Number.isFinite(values[k])) continue;
    if (first < 0) first = k;
    last = k;
  }
  return first < 0 ? null : [first, last];
}

/** What to draw of a sweep. `colour` is that of its frequency. */
export function sweepPicture(sweep: SweepColumns, peak: SweepPeak | null, colour: string, epoch: number): SweepPicture {
  const order = ascending(sweep.potential_v);
  const column = (values: ArrayLike<number>) => Float64Array.from(order, (k) => values[k] as number);
  const x = column(sweep.potential_v);
  const raw = column(sweep.raw_a);
  const smoothed = column(sweep.smoothed_a);
  const baseline = column(sweep.baseline_a);
  const trace = (key: string, label: string, y: Float64Array, more: Partial<Trace>): Trace => ({
    key,
    label,
    colour,
    dash: [],
    x,
    y,
    length: x.length,
    epoch,
    step: x.length > 1 ? ((x[x.length - 1] as number) - (x[0] as number)) / (x.length - 1) : 1,
    widestStep: Infinity,
    gaps: [],
    excluded: [],
    excludedValue: () => Number.NaN,
    ...more,
  });
  const ends = span(baseline);
  return {
    traces: [
      trace("baseline", "Baseline", baseline, { look: "plain line", colour: "var(--plot-baseline)", dash: [5, 3] }),
      trace("raw", "Raw", raw, { look: "dots", colour: "var(--plot-raw)" }),
      trace("smoothed", "Smooth", smoothed, { look: "plain line" }),
    ],
    backdrop: (easel) => paintArea(x, smoothed, baseline, colour, easel),
    foreground(easel, theme) {
      if (ends) for (const k of ends) paintEnd(easel.map.x(x[k] as number), easel.map.y(baseline[k] as number), easel);
      if (peak) paintPeak(peak, colour, easel, theme);
    },
  };
}

export function paintArea(x: Float64Array, top: Float64Array, bottom: Float64Array, colour: string, easel: Easel): void {
  const ends = span(bottom);
  if (!ends) return;
  const { context, map } = easel;
  const inside: number[] = [];
  for (let k = ends[0]; k <= ends[1]; k++) if (Number.isFinite(top[k]) && Number.isFinite(bottom[k])) inside.push(k);
  context.beginPath();
  for (const k of inside) context.lineTo(map.x(x[k] as number), map.y(top[k] as number));
  for (const k of inside.reverse()) context.lineTo(map.x(x[k] as number), map.y(bottom[k] as number));
  context.closePath();
  context.globalAlpha = 0.16;
  context.fillStyle = easel.colour(colour);
  context.fill();
  context.globalAlpha = 1;
}

function paintEnd(px: number, py: number, easel: Easel): void {
  const { context } = easel;
  context.beginPath();
  context.arc(px, py, END_PX, 0, 2 * Math.PI);
  context.fillStyle = easel.surface;
  context.fill();
  context.strokeStyle = easel.colour("var(--plot-baseline)");
  context.lineWidth = 1.25;
  context.stroke();
}

export function paintPeak(peak: SweepPeak, colour: string, easel: Easel, theme: ChartTheme): void {
  const { context, map } = easel;
  const px = map.x(peak.potential_v);
  const foot = map.y(peak.baseline_a);
  const top = map.y(peak.baseline_a + peak.height_a);
  context.strokeStyle = theme.text;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(px, foot);
  context.lineTo(px, top);
  context.moveTo(px - CAP_PX, foot);
  context.lineTo(px + CAP_PX, foot);
  context.stroke();
  context.beginPath();
  context.arc(px, top, PEAK_PX, 0, 2 * Math.PI);
  context.fillStyle = easel.colour(colour);
  context.fill();
  context.strokeStyle = theme.text;
  context.stroke();
}
