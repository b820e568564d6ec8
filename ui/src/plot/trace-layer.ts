/**
 * The picture of the traces, kept between frames. Added rows are painted onto it; a pan moves it and paints the strip that came
 * into view; everything else is painted anew beside it, in slices that fit into frames, while the old picture, stretched to the
 * new ranges, stands in for the new one.
 */

import type { Chart, ChartTheme } from "./chart";
import { clearLayer } from "./chart";
import { linePhase, paintAdded, paintTrace, type Easel } from "./paint";
import { sameRange, type Range } from "./range";
import type { Trace } from "./trace";

/** What the layer shows. */
export interface LayerContent {
  traces: readonly Trace[];
  faults: readonly Trace[];
  backdrop?: (easel: Easel, theme: ChartTheme) => void;
  foreground?: (easel: Easel, theme: ChartTheme) => void;
}

/** Ranges and size that a picture was painted for. */
interface Frame {
  x: Range;
  y: Range;
  width: number;
  height: number;
  isThin: boolean;
}

interface Painted {
  epoch: number;
  length: number;
  /** Where the dash pattern of its line stands. */
  phase: number;
}

/** A picture in the making. */
interface Job {
  frame: Frame;
  content: LayerContent;
  epochs: number;
  queue: Trace[];
  next: number;
  painted: Map<string, Painted>;
}

/** Pictures are moved by whole device pixels; what remains adds up, and beyond this it is painted anew. */
const MOST_DRIFT_PX = 0.3;
/** Segments of all traces above which lines are one device pixel wide: others take ten times as long without a GPU. */
const MOST_WIDE_SEGMENTS = 7000;

/** The kept picture of one plot. */
export class TraceLayer {
  readonly #back = document.createElement("canvas");
  readonly #snapshot = document.createElement("canvas");
  #shown: Frame | null = null;
  #shownContent: LayerContent | null = null;
  #painted = new Map<string, Painted>();
  #job: Job | null = null;
  #drift_px = 0;

  /** Forgets the picture: size or colours have changed. */
  reset(): void {
    this.#shown = null;
    this.#job = null;
  }

  /** Brings the picture up to date, until `now()` reaches `end`. False: there is more to do in the next frame. */
  paint(chart: Chart, easel: Easel, content: LayerContent, end_ms: number): boolean {
    const frame: Frame = { x: chart.x, y: chart.y, width: chart.width, height: chart.height, isThin: isThin(content, easel) };
    if (!this.#job && this.#keeps(frame, content)) {
      if (sameRange(frame.x, this.#shown?.x ?? null)) {
        this.#paintAdded(content, this.#easelFor(easel, frame));
        return true;
      }
      if (this.#move(chart, frame, content, this.#easelFor(easel, frame))) return true;
    }
    return this.#paintAnew(chart, easel, frame, content, end_ms);
  }

  /** Whether the kept picture serves for these ranges, but perhaps for x. */
  #keeps(frame: Frame, content: LayerContent): boolean {
    const shown = this.#shown;
    if (!shown || !isSameContent(content, this.#shownContent)) return false;
    if (!sameRange(frame.y, shown.y) || frame.width !== shown.width || frame.height !== shown.height) return false;
    if (frame.isThin !== shown.isThin) return false;
    return all(content).every((trace) => {
      const painted = this.#painted.get(trace.key);
      if (!painted || painted.epoch !== trace.epoch || painted.length > trace.length) return false;
      // A band would be seen where two of its pieces meet.
      return !trace.spread || painted.length === trace.length;
    });
  }

  #paintAdded(content: LayerContent, easel: Easel): void {
    for (const trace of all(content)) {
      const painted = this.#painted.get(trace.key);
      if (!painted || painted.length === trace.length) continue;
      painted.phase = paintAdded(trace, painted.length, easel, painted.phase);
      painted.length = trace.length;
    }
  }

  /** Moves the picture sideways and paints what came into view; false where that is not enough. */
  #move(chart: Chart, frame: Frame, content: LayerContent, easel: Easel): boolean {
    const shown = this.#shown;
    if (!shown || content.backdrop || content.traces.some((trace) => trace.spread)) return false;
    const span = frame.x.max - frame.x.min;
    if (Math.abs(span - (shown.x.max - shown.x.min)) > span * 1e-9) return false;
    const { canvas } = chart.traces;
    const exact = (easel.map.x(shown.x.min) - easel.map.x(frame.x.min)) * easel.ratio;
    const shift = Math.round(exact);
    const drift = this.#drift_px + exact - shift;
    if (Math.abs(shift) >= canvas.width || Math.abs(drift) > MOST_DRIFT_PX) return false;
    this.#paintAdded(content, { ...easel, map: { ...easel.map, x: (value) => easel.map.x(value) - exact / easel.ratio } });
    this.#drift_px = drift;
    this.#shown = frame;
    copyOnto(canvas, this.#snapshot);
    clearLayer(chart.traces);
    drawPixels(chart.traces.context, this.#snapshot, shift, 0, 1, 1);
    // A little wider than the strip, so that joints and dots at its edge are whole.
    const margin = 4;
    const from_px = shift > 0 ? 0 : frame.width + shift / easel.ratio - margin;
    const to_px = shift > 0 ? shift / easel.ratio + margin : frame.width;
    const { context } = easel;
    context.save();
    context.beginPath();
    context.rect(from_px, 0, to_px - from_px, frame.height);
    context.clip();
    context.clearRect(from_px, 0, to_px - from_px, frame.height);
    const edges = [chart.xAt(from_px), chart.xAt(to_px)];
    const strip = { min: Math.min(...edges), max: Math.max(...edges) };
    const columns = Math.max(1, Math.round((to_px - from_px) * easel.ratio));
    for (const trace of all(content)) paintTrace(trace, { ...easel, within: strip, columns });
    content.foreground?.(easel, chart.theme);
    context.restore();
    return true;
  }

  #paintAnew(chart: Chart, easel: Easel, frame: Frame, content: LayerContent, end_ms: number): boolean {
    const context = this.#back.getContext("2d");
    if (!context) return true;
    const epochs = all(content).reduce((sum, trace) => sum + trace.epoch, 0);
    const own: Easel = { ...this.#easelFor(easel, frame), context };
    let job = this.#job;
    if (!job || !isSameFrame(job.frame, frame) || !isSameContent(job.content, content) || job.epochs !== epochs || hasShrunk(job, content)) {
      if (!job && this.#shown) copyOnto(chart.traces.canvas, this.#snapshot);
      job = { frame, content, epochs, queue: all(content), next: 0, painted: new Map() };
      this.#job = job;
      fit(this.#back, chart.traces.canvas);
      context.setTransform(easel.ratio, 0, 0, easel.ratio, 0, 0);
      content.backdrop?.(own, chart.theme);
    }
    while (job.next < job.queue.length) {
      const trace = job.queue[job.next] as Trace;
      paintTrace(trace, own);
      job.painted.set(trace.key, { epoch: trace.epoch, length: trace.length, phase: linePhase() });
      job.next++;
      if (performance.now() >= end_ms && job.next < job.queue.length) {
        this.#standIn(chart, frame);
        return false;
      }
    }
    content.foreground?.(own, chart.theme);
    clearLayer(chart.traces);
    drawPixels(chart.traces.context, this.#back, 0, 0, 1, 1);
    this.#job = null;
    this.#drift_px = 0;
    this.#shown = frame;
    this.#shownContent = content;
    this.#painted = job.painted;
    // Rows may have come while the picture was in the making.
    this.#paintAdded(content, this.#easelFor(easel, frame));
    return true;
  }

  /** The old picture, stretched to the new ranges. */
  #standIn(chart: Chart, frame: Frame): void {
    const shown = this.#shown;
    if (!shown) return;
    clearLayer(chart.traces);
    const { x, y } = chart.map();
    const [left, right] = [x(shown.x.min), x(shown.x.max)];
    const [low, high] = [y(shown.y.min), y(shown.y.max)];
    const ratio = chart.traces.canvas.width / frame.width;
    const scaleX = (right - left) / shown.width;
    const scaleY = (low - high) / shown.height;
    // On a reversed axis both ends change places, and the picture with them.
    const origin = scaleX < 0 ? right : left;
    drawPixels(chart.traces.context, this.#snapshot, origin * ratio, high * ratio, Math.abs(scaleX), scaleY);
  }

  #easelFor(easel: Easel, frame: Frame): Easel {
    return { ...easel, isThin: frame.isThin };
  }
}

function all(content: LayerContent): Trace[] {
  return [...content.faults, ...content.traces];
}

/** Whether a trace was painted further than it goes now: the time bar was moved back while the picture was in the making. */
function hasShrunk({ painted }: Job, content: LayerContent): boolean {
  return all(content).some(({ key, length }) => (painted.get(key)?.length ?? 0) > length);
}

function isSameContent(a: LayerContent, b: LayerContent | null): boolean {
  return a.traces === b?.traces && a.faults === b.faults && a.backdrop === b.backdrop && a.foreground === b.foreground;
}

function isSameFrame(a: Frame, b: Frame): boolean {
  return (
    sameRange(a.x, b.x) &&
    sameRange(a.y, b.y) &&
    a.width === b.width &&
    a.height === b.height &&
    a.isThin === b.isThin
  );
}

/** Whether there is too much to paint for wide lines. */
export function isThin(content: LayerContent, easel: Easel): boolean {
  const most = Math.ceil(easel.width) * 2;
  let segments = 0;
  for (const trace of content.traces) segments += Math.min(trace.length, most);
  return segments > MOST_WIDE_SEGMENTS;
}

/** Gives a canvas the size of another, and empties it. */
function fit(canvas: HTMLCanvasElement, like: HTMLCanvasElement): void {
  canvas.width = like.width;
  canvas.height = like.height;
}

function copyOnto(from: HTMLCanvasElement, to: HTMLCanvasElement): void {
  fit(to, from);
  to.getContext("2d")?.drawImage(from, 0, 0);
}

/** Draws a canvas in device pixels, moved and stretched. */
function drawPixels(
  context: CanvasRenderingContext2D,
  picture: HTMLCanvasElement,
  left: number,
  top: number,
  scaleX: number,
  scaleY: number,
): void {
  context.save();
  context.setTransform(scaleX, 0, 0, scaleY, left, top);
  context.drawImage(picture, 0, 0);
  context.restore();
}
