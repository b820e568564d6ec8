/**
 * How a cyclic voltammogram is drawn. Its curve folds back, so each segment is a trace of its own with potentials in ascending
 * order, and no line ever joins two of them.
 */

import { directionColour, faded, type Scheme } from "../design/colours";
import type { Direction } from "../protocol/Direction";
import type { ChartTheme } from "./chart";
import type { Easel } from "./paint";
import { ascending, paintArea, paintPeak, type SweepPeak } from "./sweep";
import type { Trace } from "./trace";

/** One way of the potential, from one turn to the next. */
export interface DrawnSegment {
  number: number;
  cycle: number | null;
  direction: Direction;
  potential_v: ArrayLike<number>;
  raw_a: ArrayLike<number>;
  smoothed_a: ArrayLike<number>;
  baseline_a: ArrayLike<number>;
}

/** A peak that is marked, and what it is called there. */
export interface MarkedPeak extends SweepPeak {
  segment: number;
  name: string;
}

export interface VoltammogramPicture {
  traces: Trace[];
  /** Those whose values are read out. */
  read: Trace[];
  backdrop: (easel: Easel) => void;
  foreground: (easel: Easel, theme: ChartTheme) => void;
}

/** Strength of the oldest and of the newest segment behind those that are looked at. */
const FAINTEST = 0.14;
const STRONGEST = 0.5;
const LABEL_GAP_PX = 9;

export interface VoltammogramChoice {
  /** Segments that are looked at: drawn in full, with baseline and peak. */
  focused: readonly number[];
  peaks: readonly MarkedPeak[];
  /** A potential that is marked by a line through the plot: the half-wave potential. */
  half_wave_v: number | null;
  scheme: Scheme;
  epoch: number;
}

/** "Segment 2, reverse". */
export function segmentName(number: number, direction: Direction): string {
  return `Segment ${number}, ${direction}`;
}

/** What to draw of these segments, which are in the order of time. */
export function voltammogramPicture(segments: readonly DrawnSegment[], choice: VoltammogramChoice): VoltammogramPicture {
  const { focused, peaks, half_wave_v, scheme, epoch } = choice;
  const behind = segments.filter(({ number }) => !focused.includes(number));
  const faint = behind.map((segment, k) => {
    const strength = FAINTEST + ((STRONGEST - FAINTEST) * (k + 1)) / behind.length;
    const columns = inOrder(segment);
    const colour = faded(directionColour(segment.direction, scheme), strength);
    return line(segment, columns.x, columns.curve, colour, epoch);
  });
  const drawn = segments.filter(({ number }) => focused.includes(number)).map((segment) => ({ segment, ...inOrder(segment) }));
  const baselines = drawn
    .filter(({ baseline }) => baseline.some(Number.isFinite))
    .map(({ segment, x, baseline }) => ({
      ...line(segment, x, baseline, "var(--plot-baseline)", epoch),
      key: `baseline ${segment.number}`,
      label: `Baseline ${segment.number}`,
      dash: [5, 3],
    }));
  const dots = drawn.map(({ segment, x, raw }) => ({
    ...line(segment, x, raw, "var(--plot-raw)", epoch),
    key: `raw ${segment.number}`,
    label: `Raw ${segment.number}`,
    look: "dots" as const,
  }));
  const lines = drawn.map(({ segment, x, curve }) => line(segment, x, curve, directionColour(segment.direction, scheme), epoch));
  return {
    traces: [...faint, ...baselines, ...dots, ...lines],
    read: lines,
    backdrop(easel) {
      for (const { segment, x, curve, baseline } of drawn) paintArea(x, curve, baseline, directionColour(segment.direction, scheme), easel);
    },
    foreground(easel, theme) {
      if (half_wave_v !== null) paintHalfWave(half_wave_v, easel, theme);
      for (const peak of peaks) {
        const direction = segments.find(({ number }) => number === peak.segment)?.direction ?? "forward";
        paintPeak(peak, directionColour(direction, scheme), easel, theme);
        paintName(peak.name, easel.map.x(peak.potential_v), easel.map.y(peak.baseline_a + peak.height_a), peak.height_a > 0, easel, theme);
      }
    },
  };
}

interface Columns {
  x: Float64Array;
  raw: Float64Array;
  /** Smoothed where it was, else as recorded. */
  curve: Float64Array;
  baseline: Float64Array;
}

function inOrder({ potential_v, raw_a, smoothed_a, baseline_a }: DrawnSegment): Columns {
  const order = ascending(potential_v);
  const column = (values: ArrayLike<number>): Float64Array => Float64Array.from(order, (k) => values[k] ?? Number.NaN);
  const [raw, smoothed] = [column(raw_a), column(smoothed_a)];
  return { x: column(potential_v), raw, curve: smoothed.some(Number.isFinite) ? smoothed : raw, baseline: column(baseline_a) };
}

function line(segment: DrawnSegment, x: Float64Array, y: Float64Array, colour: string, epoch: number): Trace {
  const first = x[0] ?? 0;
  const last = x[x.length - 1] ?? 0;
  return {
    key: `segment ${segment.number}`,
    label: segmentName(segment.number, segment.direction),
    look: "plain line",
    colour,
    dash: [],
    x,
    y,
    length: x.length,
    epoch,
    step: x.length > 1 ? (last - first) / (x.length - 1) : 1,
    widestStep: Infinity,
    gaps: [],
    excluded: [],
    excludedValue: () => Number.NaN,
  };
}

function paintHalfWave(potential_v: number, easel: Easel, theme: ChartTheme): void {
  const { context, map, height } = easel;
  const px = Math.round(map.x(potential_v)) + 0.5;
  context.strokeStyle = theme.muted;
  context.lineWidth = 1;
  context.setLineDash([2, 3]);
  context.beginPath();
  context.moveTo(px, 0);
  context.lineTo(px, height);
  context.stroke();
  context.setLineDash([]);
  // Half way up, between the two ways of the curve.
  paintText("E½", px + 4, height / 2, "left", easel, theme);
}

function paintName(name: string, px: number, py: number, isUp: boolean, easel: Easel, theme: ChartTheme): void {
  const middle = Math.min(easel.height - LABEL_GAP_PX, Math.max(LABEL_GAP_PX, py + (isUp ? -1.5 : 1.5) * LABEL_GAP_PX));
  paintText(name, px, middle, "center", easel, theme);
}

function paintText(text: string, px: number, middle: number, align: CanvasTextAlign, easel: Easel, theme: ChartTheme): void {
  const { context } = easel;
  context.font = theme.font;
  context.textAlign = align;
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = theme.surface;
  context.strokeText(text, px, middle);
  context.fillStyle = theme.text;
  context.fillText(text, px, middle);
  context.textAlign = "left";
}
