/** A trend plot's picture: what has to be painted when, and no more than that. */

import type { Chart, ChartRoom } from "./chart";
import { clearLayer } from "./chart";
import { paintAdded, paintTrace, type Easel } from "./paint";
import { paintCursor, paintHighlight, paintMarkers, paintPicked } from "./paint-overlay";
import { runAhead, sameRange, type Range } from "./range";
import { Stage, type Performer } from "./stage";
import type { Ticks } from "./ticks";
import type { PlotMarker, Trace, TracePoint } from "./trace";
import type { ValueAxis } from "./value-axis";
import type { SeriesView } from "./view";

/** The axis along the series. */
export interface SeriesAxis {
  ticks(range: Range, wanted: number): Ticks;
  /** The narrowest range that makes sense, in its unit. */
  leastSpan: number;
  /** Span shown at the beginning of a series. */
  firstSpan: number;
  /** Where the series will end, if that is known. */
  expectedMax?: number | undefined;
  reads(x: number): string;
}

/** Everything that a trend plot shows. Traces may grow between draws. */
export interface TrendContent {
  traces: readonly Trace[];
  /** Traces that decide the ranges: those of all plots that share the axis. */
  scaled: readonly Trace[];
  markers: readonly PlotMarker[];
  /** The picked point. */
  picked: { key: string; x: number } | null;
  axis: SeriesAxis;
  values: ValueAxis;
}

interface Painted {
  epoch: number;
  length: number;
}

/** Paints a trend plot onto a stage: whole when something changed, else only what was added. */
export class TrendFigure implements Performer {
  readonly stage: Stage;
  readonly #view: SeriesView;
  readonly #ends: (() => void)[];
  readonly #painted = new Map<string, Painted>();
  #content: TrendContent;
  #paintedTraces: readonly Trace[] = [];
  #x: Range | null = null;
  #autoX: Range | null = null;
  #y: Range | null = null;
  #isAll = true;
  /** The trace that the pointer is nearest to. */
  #highlight: TracePoint | null = null;
  /** Whether the last draw was whole; benches read it. */
  wholeDraws = 0;
  addedDraws = 0;
  /** Called when the unit of the value axis changed. */
  onUnit: ((text: string) => void) | null = null;

  constructor(host: HTMLElement, view: SeriesView, content: TrendContent, room: () => ChartRoom, hasNumbers: boolean) {
    this.#view = view;
    this.#content = content;
    this.stage = new Stage(
      host,
      {
        x: { ticks: (range, wanted) => this.#content.axis.ticks(range, wanted), numbers: hasNumbers },
        y: { ticks: (range, wanted) => this.#content.values.ticks(range, wanted) },
      },
      room,
      this,
    );
    this.#ends = [view.onRange(() => this.stage.ask()), view.onCursor(() => this.stage.ask())];
  }

  get content(): TrendContent {
    return this.#content;
  }

  get highlight(): TracePoint | null {
    return this.#highlight;
  }

  /** The whole range of the series: what zooming out ends at. */
  get limits(): Range {
    return this.#autoX ?? { min: 0, max: 1 };
  }

  /** Takes other content, or tells that the traces grew. */
  update(content: TrendContent): void {
    if (content.axis !== this.#content.axis) this.#autoX = null;
    if (content.traces !== this.#content.traces) this.#highlight = null;
    this.#content = content;
    this.stage.ask();
  }

  setHighlight(point: TracePoint | null): void {
    if (point?.trace === this.#highlight?.trace && point?.row === this.#highlight?.row) return;
    this.#highlight = point;
    this.stage.ask();
  }

  perform(chart: Chart, all: boolean): void {
    const { traces, scaled, axis, values } = this.#content;
    this.#autoX = runAhead(this.#autoX, values.xExtent(scaled), axis.firstSpan, axis.expectedMax);
    const x = this.#view.fixed ?? this.#autoX;
    const y = values.range(scaled, this.#view.fixed);
    const isMoved = !sameRange(x, this.#x) || !sameRange(y, this.#y);
    const unit = values.scale.text;
    if (isMoved || all || this.#isAll) {
      chart.setRanges(x, y);
      this.#x = x;
      this.#y = y;
      this.onUnit?.(unit);
    }
    const easel = this.#easel(chart);
    if (isMoved || all || this.#isAll || !this.#paintAddedRows(traces, easel)) this.#paintAll(chart, traces, easel);
    this.#isAll = false;
    this.#paintOverlay(chart, easel);
  }

  easel(chart: Chart): Easel {
    return this.#easel(chart);
  }

  destroy(): void {
    this.#ends.forEach((end) => end());
    this.stage.destroy();
  }

  #easel(chart: Chart): Easel {
    return {
      context: chart.traces.context,
      map: chart.map(),
      x: chart.x,
      width: chart.width,
      height: chart.height,
      ratio: chart.traces.canvas.width / Math.max(1, chart.width),
      colour: (css) => this.stage.colour(css),
      markColour: chart.theme.danger,
      surface: chart.theme.surface,
    };
  }

  #paintAll(chart: Chart, traces: readonly Trace[], easel: Easel): void {
    this.wholeDraws++;
    clearLayer(chart.traces);
    this.#painted.clear();
    for (const trace of traces) {
      paintTrace(trace, easel);
      this.#painted.set(trace.key, { epoch: trace.epoch, length: trace.length });
    }
    this.#paintedTraces = traces;
  }

  /** Paints what was added since; false where that is not enough. */
  #paintAddedRows(traces: readonly Trace[], easel: Easel): boolean {
    if (traces !== this.#paintedTraces) return false;
    for (const trace of traces) {
      const painted = this.#painted.get(trace.key);
      if (!painted || painted.epoch !== trace.epoch || painted.length > trace.length) return false;
      // A band would be seen where two of its pieces meet.
      if (trace.spread && painted.length < trace.length) return false;
    }
    for (const trace of traces) {
      const painted = this.#painted.get(trace.key);
      if (!painted || painted.length === trace.length) continue;
      this.addedDraws++;
      paintAdded(trace, painted.length, easel);
      painted.length = trace.length;
    }
    return true;
  }

  #paintOverlay(chart: Chart, below: Easel): void {
    clearLayer(chart.overlay);
    const easel = { ...below, context: chart.overlay.context };
    const { traces, markers, picked } = this.#content;
    paintMarkers(markers, easel, chart.theme);
    if (this.#highlight && traces.length > 1) paintHighlight(this.#highlight.trace, easel);
    if (picked) paintPicked(traces, picked, easel, chart.theme);
    if (this.#view.cursor !== null) paintCursor(this.#view.cursor, traces, easel, chart.theme);
  }
}
