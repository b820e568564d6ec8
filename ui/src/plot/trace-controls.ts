/** Pointer and keyboard on a plot of traces: what they point at, and what they do to the view. */

import type { Box, GestureHandler, Place } from "./gestures";
import { gapsNear, nearestPoint, nearestX, nextX, rowAt } from "./pick";
import type { TracePoint } from "./trace";
import type { TraceFigure } from "./trace-figure";
import type { AlongView } from "./along-view";

/** A pointer this near to a point means it. */
const REACH_PX = 24;
/** Marks of missing numbers stand in this band above the axis. */
const GAP_BAND_PX = 14;
const GAP_REACH_PX = 5;
const KEY_ZOOM = 0.7;
/** Part of the plot's width or height. */
const KEY_PAN = 0.15;
const PANS: Partial<Record<string, { x: number; y: number }>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: 1 },
  ArrowDown: { x: 0, y: -1 },
};

/** What the plot around it is told. */
export interface ControlsListener {
  /** The cursor or what is pointed at has changed; `byKey` asks for it to be said aloud. */
  pointed(byKey: boolean): void;
  /** The pointer is on marks of missing numbers, or no longer. */
  onGaps(gaps: TracePoint[], px: number): void;
  /** Ranges were changed by hand or are automatic again. */
  zoomed(): void;
  boxing(box: Box | null): void;
  picked(point: TracePoint | null, x: number): void;
  menu(point: TracePoint | null, x: number | null, at: { x: number; y: number }): void;
}

/** Controls of one plot. */
export class TraceControls implements GestureHandler {
  readonly #figure: TraceFigure;
  readonly #view: AlongView;
  readonly #listener: ControlsListener;

  constructor(figure: TraceFigure, view: AlongView, listener: ControlsListener) {
    this.#figure = figure;
    this.#view = view;
    this.#listener = listener;
  }

  get isZoomed(): boolean {
    return this.#view.fixed !== null || this.#figure.content.values.isFixed;
  }

  hover(place: Place | null): void {
    const chart = this.#figure.stage.chart;
    if (!place || !chart) {
      this.#view.point(null, null);
      this.#listener.onGaps([], 0);
      return;
    }
    const point = this.#pointAt(place);
    this.#view.point(this.#xOf(point, place), point?.trace.key ?? null);
    this.#listener.pointed(false);
    this.#listener.onGaps(this.#gapsAt(place), place.px);
  }

  pick(place: Place): void {
    const point = this.#gapsAt(place)[0] ?? this.#pointAt(place);
    const x = this.#xOf(point, place);
    if (x !== null) this.#listener.picked(point, x);
  }

  zoom(about: Place, axes: { x: boolean; y: boolean }, factor: number): void {
    const chart = this.#figure.stage.chart;
    if (!chart) return;
    const { axis, values } = this.#figure.content;
    if (axes.x) this.#view.zoom(chart.x, chart.xAt(about.px), factor, this.#figure.limits, axis.leastSpan);
    if (axes.y) values.zoom(chart.yAt(about.py), factor);
    this.#changed();
  }

  panStart(): void {
    this.#listener.onGaps([], 0);
  }

  pan(dx: number, dy: number): void {
    const chart = this.#figure.stage.chart;
    if (!chart) return;
    const { axis, values } = this.#figure.content;
    this.#view.pan(chart.x, chart.xAt(0) - chart.xAt(dx), this.#figure.limits, axis.leastSpan);
    // An automatic value axis stays automatic: only one that was zoomed moves with the hand.
    if (values.isFixed) values.pan(chart.yAt(0) - chart.yAt(dy));
    this.#changed();
  }

  box(box: Box): void {
    const chart = this.#figure.stage.chart;
    if (!chart) return;
    const { axis, values } = this.#figure.content;
    if (box.width < chart.width) {
      const [a, b] = [chart.xAt(box.left), chart.xAt(box.left + box.width)];
      this.#view.show({ min: Math.min(a, b), max: Math.max(a, b) }, this.#figure.limits, axis.leastSpan);
    }
    if (box.height < chart.height) values.show({ min: chart.yAt(box.top + box.height), max: chart.yAt(box.top) });
    this.#changed();
  }

  boxing(box: Box | null): void {
    this.#listener.boxing(box);
  }

  reset(): void {
    this.#figure.content.values.reset();
    this.#view.reset();
    this.#changed();
  }

  menu(place: Place, at: { x: number; y: number }): void {
    const point = this.#pointAt(place);
    this.#listener.menu(point, this.#xOf(point, place), at);
  }

  /** Acts on a key; false where it means nothing here. */
  key(event: Pick<KeyboardEvent, "key" | "shiftKey" | "altKey">, host: HTMLElement): boolean {
    if (event.altKey) return this.#panByKey(event.key);
    const { traces, axis } = this.#figure.content;
    const limits = this.#figure.limits;
    const here = this.#view.cursor ?? nearestX(traces, limits.max);
    switch (event.key) {
      case "ArrowRight":
        return this.#move(here, axis.reversed ? -1 : 1, event.shiftKey ? 10 : 1);
      case "ArrowLeft":
        return this.#move(here, axis.reversed ? 1 : -1, event.shiftKey ? 10 : 1);
      case "Home":
        return this.#point(nearestX(traces, axis.reversed ? limits.max : limits.min));
      case "End":
        return this.#point(nearestX(traces, axis.reversed ? limits.min : limits.max));
      case "ArrowUp":
        return this.#step(here, 1);
      case "ArrowDown":
        return this.#step(here, -1);
      case "+":
      case "=":
      case "-": {
        const chart = this.#figure.stage.chart;
        if (!chart || here === null) return true;
        this.#view.zoom(chart.x, here, event.key === "-" ? 1 / KEY_ZOOM : KEY_ZOOM, limits, axis.leastSpan);
        this.#changed();
        return true;
      }
      case "PageUp":
      case "PageDown": {
        const chart = this.#figure.stage.chart;
        if (chart) this.zoom({ px: 0, py: chart.height / 2 }, { x: false, y: true }, event.key === "PageUp" ? KEY_ZOOM : 1 / KEY_ZOOM);
        return true;
      }
      case "0":
        this.reset();
        return true;
      case "Escape":
        if (this.#view.cursor === null) return false;
        this.hover(null);
        return true;
      case "Enter":
      case " ":
        if (here !== null) this.#listener.picked(this.#active(here), here);
        return true;
      case "ContextMenu":
      case "F10": {
        if (event.key === "F10" && !event.shiftKey) return false;
        const { left, top } = host.getBoundingClientRect();
        this.#listener.menu(here === null ? null : this.#active(here), here, { x: left + 60, y: top + 20 });
        return true;
      }
      default:
        return false;
    }
  }

  /** Moves what is shown by a part of its width or height, towards the arrow. */
  #panByKey(key: string): boolean {
    const chart = this.#figure.stage.chart;
    const step = PANS[key];
    if (!step) return false;
    if (chart) this.pan(-step.x * KEY_PAN * chart.width, step.y * KEY_PAN * chart.height);
    return true;
  }

  #changed(): void {
    this.#figure.stage.ask();
    this.#listener.zoomed();
  }

  #move(from: number | null, direction: 1 | -1, steps: number): boolean {
    const { traces } = this.#figure.content;
    let x = from;
    for (let k = 0; k < steps && x !== null; k++) {
      const next = nextX(traces, x, direction);
      if (next === null) break;
      x = next;
    }
    return this.#point(x);
  }

  #point(x: number | null, key = this.#view.pointed): boolean {
    this.#view.point(x, key);
    this.#listener.pointed(true);
    return true;
  }

  /** To the next trace, at the same place. */
  #step(x: number | null, by: 1 | -1): boolean {
    const { traces } = this.#figure.content;
    if (traces.length === 0 || x === null) return true;
    const current = traces.findIndex((trace) => trace.key === this.#view.pointed);
    // From none, up begins with the first and down with the last.
    const next = traces[current < 0 && by < 0 ? traces.length - 1 : (current + by + traces.length) % traces.length];
    return this.#point(x, next?.key ?? null);
  }

  /** The point of the trace that the keyboard is at. */
  #active(x: number): TracePoint | null {
    const trace = this.#figure.pointed ?? this.#figure.content.traces[0];
    const row = trace ? rowAt(trace, x) : -1;
    return trace && row >= 0 ? { trace, row } : null;
  }

  #pointAt({ px, py }: Place): TracePoint | null {
    const chart = this.#figure.stage.chart;
    if (!chart) return null;
    return nearestPoint(this.#figure.content.traces, chart.map(), (at) => chart.xAt(at), px, py, REACH_PX);
  }

  #gapsAt({ px, py }: Place): TracePoint[] {
    const chart = this.#figure.stage.chart;
    if (!chart || py < chart.height - GAP_BAND_PX) return [];
    const { traces, faults } = this.#figure.content;
    return gapsNear([...traces, ...faults], chart.map(), px, GAP_REACH_PX);
  }

  #xOf(point: TracePoint | null, { px }: Place): number | null {
    if (point) return point.trace.x[point.row] as number;
    const chart = this.#figure.stage.chart;
    return chart ? nearestX(this.#figure.content.traces, chart.xAt(px)) : null;
  }
}
