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
}

export const LINE_PX = 1.25;
/** From this distance between points on, each has a dot. */
const DOTTED_FROM_PX = 7;
const DOT_PX = 2;
const RING_PX = 3;
/** Height of the marks at the axis that stand for missing numbers. */
const GAP_MARK_PX = 6;

const kept = new Kept();

/** Whether points of this trace stand far enough apart to be dots. */
function isDotted(trace: Trace, easel: Easel): boolean {
  return (trace.step * easel.width) / (easel.x.max - easel.x.min) >= DOTTED_FROM_PX;
}

/** Paints a whole trace as it is in view. `emphasis` thickens its line. */
export function paintTrace(trace: Trace, easel: Easel, emphasis = 1): void {
  const [from, to] = visible(trace, easel.x.min, easel.x.max);
  if (trace.spread) paintBand(trace, trace.spread, from, to, easel);
  const grid = {
    min: easel.x.min,
    max: easel.x.max,
    columns: Math.max(1, Math.round(easel.width * easel.ratio)),
    widestStep: trace.widestStep,
  };
  decimate(trace, from, to, grid, kept);
  strokeKept(trace, easel, emphasis);
  paintMarks(trace, from, to, easel);
}

/** Paints only the rows that were added from row `from` on, onto what is already there. */
export function paintAdded(trace: Trace, from: number, easel: Easel): void {
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
  strokeKept(trace, easel, 1, from);
  paintMarks(trace, from, trace.length, easel);
}

function strokeKept(trace: Trace, easel: Easel, emphasis: number, firstDot = 0): void {
  const { context, map } = easel;
  const colour = easel.colour(trace.colour);
  const dotted = isDotted(trace, easel);
  const { x, y } = trace;
  context.beginPath();
  let previous = BREAK;
  const dots: number[] = [];
  for (let k = 0; k < kept.length; k++) {
    const row = kept.at[k] as number;
    if (row === BREAK) {
      previous = BREAK;
      continue;
    }
    const px = map.x(x[row] as number);
    const py = map.y(y[row] as number);
    if (previous === BREAK) context.moveTo(px, py);
    else context.lineTo(px, py);
    const alone = previous === BREAK && (k + 1 >= kept.length || kept.at[k + 1] === BREAK);
    if ((dotted || alone) && row >= firstDot) dots.push(px, py);
    previous = row;
  }
  context.strokeStyle = colour;
  context.lineWidth = LINE_PX * emphasis;
  context.lineJoin = "round";
  context.setLineDash(trace.dash as number[]);
  context.stroke();
  context.setLineDash([]);
  if (dots.length === 0) return;
  context.fillStyle = colour;
  context.beginPath();
  for (let k = 0; k < dots.length; k += 2) {
    const px = dots[k] as number;
    const py = dots[k + 1] as number;
    context.moveTo(px + DOT_PX, py);
    context.arc(px, py, DOT_PX * emphasis, 0, 2 * Math.PI);
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
    context.beginPath();
    context.moveTo(px, easel.height - GAP_MARK_PX);
    context.lineTo(px + GAP_MARK_PX / 2, easel.height);
    context.lineTo(px - GAP_MARK_PX / 2, easel.height);
    context.fill();
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
}
