/** Painting traces: lines from kept points only, dots where there is room, marks at gaps, rings around excluded points. */

import { BREAK, decimate, Kept, lowerBound, visible } from "./decimate";
import type { Range } from "./range";
import type { PixelMap } from "./pick";
import type { Trace } from "./trace";

/** Where and how to paint. */
export interface Easel {
  context: CanvasRenderingContext2D;
  map: PixelMap;
  /** Visible range of x. */
  x: Range;
  width: number;
  height: number;
  /** Device pixels per CSS pixel: the width that decimation works to. */
  ratio: number;
  /** Makes a colour of the design into one that a canvas takes. */
  colour(css: string): string;
  markColour: string;
  surface: string;
  /** Lines one device pixel wide: there is much to paint. */
  isThin: boolean;
  /** Only this part of x, in so many pixel columns; all that is visible, if nothing is said. */
  within?: Range;
  columns?: number;
}

const LINE_PX = 1.5;
/** From this distance between points on, each has a dot. */
const DOTTED_FROM_PX = 7;
const DOT_PX = 2;
const RAW_DOT_PX = 1.4;
const RING_PX = 3;
/** Half the side of the square around a point that was marked by hand. */
const HAND_PX = 3.25;
/** Size of the marks at the axis that stand for missing numbers. */
const GAP_MARK_PX = { width: 1.5, height: 6 };

const kept = new Kept();
let phase_px = 0;

/** Where the dash pattern stands at the end of the line painted last. */
export function linePhase(): number {
  return phase_px;
}

/** Whether points of this trace stand far enough apart to be dots. */
function isDotted(trace: Trace, easel: Easel): boolean {
  if (trace.look === "plain line") return false;
  return (trace.step * easel.width) / (easel.x.max - easel.x.min) >= DOTTED_FROM_PX;
}

/** Paints a whole trace as it is in view. `emphasis` thickens its line. */
export function paintTrace(trace: Trace, easel: Easel, emphasis = 1): void {
  const { min, max } = easel.within ?? easel.x;
  const [from, to] = visible(trace, min, max);
  if (trace.look === "dots") return paintDots(trace, from, to, easel, emphasis);
  if (trace.spread) paintBand(trace, trace.spread, from, to, easel);
  const columns = easel.columns ?? Math.max(1, Math.round(easel.width));
  decimate(trace, from, to, { min, max, columns, widestStep: trace.widestStep }, kept);
  phase_px = strokeKept(trace, easel, emphasis, 0, 0);
  paintMarks(trace, from, to, easel);
}

/**
 * Paints only the rows that were added from row `from` on, onto what is already there; `phase_px` is where the dash pattern of
 * the line so far stands. Returns where it stands now.
 */
export function paintAdded(trace: Trace, from: number, easel: Easel, phase_px: number): number {
  kept.clear();
  const start = Math.max(0, from - 1);
  for (let row = start; row < trace.length; row++) {
    if (!Number.isFinite(trace.y[row])) {
      kept.interrupt();
      continue;
    }
    const step = row > start ? (trace.x[row] as number) - (trace.x[row - 1] as number) : 0;
    if (step > trace.widestStep) kept.interrupt();
    kept.push(row);
  }
  // The row before is there already: a dot of its own would be painted twice.
  const phase = strokeKept(trace, easel, 1, from, phase_px);
  paintMarks(trace, from, trace.length, easel);
  return phase;
}

function strokeKept(trace: Trace, easel: Easel, emphasis: number, firstDot: number, startPhase_px: number): number {
  const { context, map } = easel;
  const colour = easel.colour(trace.colour);
  const dotted = isDotted(trace, easel);
  const { x, y } = trace;
  const line = new Path2D();
  const isDashed = trace.dash.length > 0;
  let phase = startPhase_px;
  let [lastX, lastY] = [0, 0];
  let previous = BREAK;
  const dots: number[] = [];
  let newest: [number, number] | null = null;
  for (let k = 0; k < kept.length; k++) {
    const row = kept.at[k] as number;
    if (row === BREAK) {
      previous = BREAK;
      continue;
    }
    const px = map.x(x[row] as number);
    const py = map.y(y[row] as number);
    if (previous === BREAK) {
      line.moveTo(px, py);
      // Each piece of a line begins its pattern anew; only the first one continues what was painted before.
      if (k > 0) phase = 0;
    } else {
      line.lineTo(px, py);
      if (isDashed) phase += Math.hypot(px - lastX, py - lastY);
    }
    lastX = px;
    lastY = py;
    const isLast = k + 1 >= kept.length;
    const isAlone = previous === BREAK && (isLast || kept.at[k + 1] === BREAK);
    if (row >= firstDot && (dotted || (isAlone && !isLast))) dots.push(px, py);
    // The newest may be joined by the next one: it is no larger than the line that then goes through it.
    else if (row >= firstDot && isAlone) newest = [px, py];
    previous = row;
  }
  context.strokeStyle = colour;
  if (isDashed) {
    context.setLineDash(trace.dash as number[]);
    context.lineDashOffset = startPhase_px;
  }
  if (easel.isThin) strokeThin(line, emphasis, easel);
  else {
    context.lineWidth = LINE_PX * emphasis;
    context.lineJoin = "round";
    context.stroke(line);
  }
  context.setLineDash([]);
  context.fillStyle = colour;
  if (newest) context.fillRect(newest[0] - LINE_PX / 2, newest[1] - LINE_PX / 2, LINE_PX, LINE_PX);
  if (dots.length === 0) return phase;
  context.beginPath();
  for (let k = 0; k < dots.length; k += 2) {
    const px = dots[k] as number;
    const py = dots[k + 1] as number;
    context.moveTo(px + DOT_PX, py);
    context.arc(px, py, DOT_PX * emphasis, 0, 2 * Math.PI);
  }
  context.fill();
  return phase;
}

/**
 * Up to one device pixel, a line is painted without being made an outline first, which takes a tenth of the time. A line that is
 * to stand out is painted several times, side by side.
 */
function strokeThin(line: Path2D, emphasis: number, { context, ratio }: Easel): void {
  const pixel = 1 / ratio;
  context.lineWidth = pixel;
  context.lineJoin = "bevel";
  context.stroke(line);
  if (emphasis === 1) return;
  for (const [dx, dy] of [[0, pixel], [pixel, 0]] as const) {
    context.translate(dx, dy);
    context.stroke(line);
    context.translate(-dx, -dy);
  }
}

/** Points without a line: what was measured, before anything was done with it. */
function paintDots(trace: Trace, from: number, to: number, easel: Easel, emphasis: number): void {
  const { context, map } = easel;
  context.fillStyle = easel.colour(trace.colour);
  context.beginPath();
  for (let row = from; row < to; row++) {
    const value = trace.y[row] as number;
    if (!Number.isFinite(value)) continue;
    const px = map.x(trace.x[row] as number);
    const py = map.y(value);
    context.moveTo(px + RAW_DOT_PX, py);
    context.arc(px, py, RAW_DOT_PX * emphasis, 0, 2 * Math.PI);
  }
  context.fill();
}

function paintBand(trace: Trace, spread: ArrayLike<number>, from: number, to: number, easel: Easel): void {
  const { context, map } = easel;
  context.fillStyle = easel.colour(trace.colour);
  context.globalAlpha = 0.16;
  let start = from;
  const isIn = (row: number) => Number.isFinite(trace.y[row]) && Number.isFinite(spread[row]);
  const joins = (row: number) => (trace.x[row] as number) - (trace.x[row - 1] as number) <= trace.widestStep;
  while (start < to) {
    if (!isIn(start)) {
      start++;
      continue;
    }
    let end = start + 1;
    while (end < to && isIn(end) && joins(end)) end++;
    context.beginPath();
    for (let row = start; row < end; row++) bandPoint(row, 1);
    for (let row = end - 1; row >= start; row--) bandPoint(row, -1);
    context.closePath();
    context.fill();
    start = end;
  }
  context.globalAlpha = 1;

  function bandPoint(row: number, side: 1 | -1): void {
    context.lineTo(map.x(trace.x[row] as number), map.y((trace.y[row] as number) + side * (spread[row] as number)));
  }
}

/** Marks at the axis where numbers are missing, one per pixel column, and rings around excluded points. */
function paintMarks(trace: Trace, from: number, to: number, easel: Easel): void {
  const { context, map } = easel;
  const { gaps, excluded } = trace;
  context.fillStyle = easel.markColour;
  let lastColumn = Number.NaN;
  for (let k = lowerBound(gaps, gaps.length, from); k < gaps.length && (gaps[k] as number) < to; k++) {
    const px = map.x(trace.x[gaps[k] as number] as number);
    const column = Math.round(px);
    if (column === lastColumn || px < 0 || px > easel.width) continue;
    lastColumn = column;
    const { width, height } = GAP_MARK_PX;
    context.fillRect(px - width / 2, easel.height - height, width, height);
  }
  context.strokeStyle = easel.colour(trace.colour);
  context.lineWidth = LINE_PX;
  for (let k = lowerBound(excluded, excluded.length, from); k < excluded.length && (excluded[k] as number) < to; k++) {
    const row = excluded[k] as number;
    const value = trace.excludedValue(row);
    if (!Number.isFinite(value)) continue;
    const px = map.x(trace.x[row] as number);
    if (px < 0 || px > easel.width) continue;
    // An outlier beyond the axis stays at its edge, where it can be taken in again.
    const py = Math.min(easel.height - RING_PX, Math.max(RING_PX, map.y(value)));
    context.beginPath();
    context.arc(px, py, RING_PX, 0, 2 * Math.PI);
    context.fillStyle = easel.surface;
    context.fill();
    context.stroke();
  }
  paintMarkedByHand(trace, from, to, easel);
}

/** Open squares around points that were marked by hand. */
function paintMarkedByHand({ marked, x, y }: Trace, from: number, to: number, easel: Easel): void {
  if (!marked) return;
  const { context, map } = easel;
  for (let k = lowerBound(marked, marked.length, from); k < marked.length && (marked[k] as number) < to; k++) {
    const row = marked[k] as number;
    const [px, py] = [map.x(x[row] as number), map.y(y[row] as number)];
    if (!(px >= 0 && px <= easel.width) || !Number.isFinite(py)) continue;
    context.fillStyle = easel.surface;
    context.fillRect(px - HAND_PX, py - HAND_PX, 2 * HAND_PX, 2 * HAND_PX);
    context.strokeRect(px - HAND_PX, py - HAND_PX, 2 * HAND_PX, 2 * HAND_PX);
  }
}
