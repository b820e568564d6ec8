/** The picture of a plot of traces: what has to be painted when, and no more than that. */

import type { Chart, ChartRoom, ChartTheme } from "./chart";
import { clearLayer } from "./chart";
import type { Easel } from "./paint";
import { CursorMarks } from "./cursor-marks";
import { paintHighlight, paintMarkers, paintPicked } from "./paint-overlay";
import { sameRange, type Range } from "./range";
import { MOST_PARTS } from "./readout";
import { Stage, type Performer } from "./stage";
import type { Ticks } from "./ticks";
import { isThin, TraceLayer } from "./trace-layer";
import type { PlotMarker, Trace } from "./trace";
import type { ValueAxis } from "./value-axis";
import type { AlongView } from "./along-view";

/** The axis along the data: index, time or potential. */
export interface AlongAxis {
  /** Its name with the unit that it is read in: "Potential, mV". */
  title(range: Range): string;
  ticks(range: Range, wanted: number): Ticks;
  /** The automatic range for data that spans `data`, given the one that is shown. */
  range(current: Range | null, data: Range | null): Range;
  /** The narrowest range that makes sense, in its unit. */
  leastSpan: number;
  /** Whether it runs from right to left. */
  reversed: boolean;
  /** A place on it in words: "file 37", "12 min 20 s", "−262 mV". */
  reads(x: number): string;
  /** What the last point of a trace is called; "Newest", if nothing is said. */
  last?: string;
}

/** Everything that a plot shows. Traces may grow between draws. */
export interface PlotContent {
  traces: readonly Trace[];
  /** The traces in the order in which their values are read out, where that is another one. */
  read?: readonly Trace[];
  /** Traces of which only the gaps are marked: files that could not be used. */
  faults: readonly Trace[];
  /** Traces that decide the ranges: those of all plots that share the axes. */
  scaled: readonly Trace[];
  /** Painted below the traces whenever they are painted whole. */
  backdrop?: (easel: Easel, theme: ChartTheme) => void;
  /** Painted above the traces. */
  foreground?: (easel: Easel, theme: ChartTheme) => void;
  /** Whether the trace pointed at stands out from the others, where there are more than can be read at once. */
  hasHighlight: boolean;
  markers: readonly PlotMarker[];
  /** Whether markers have their labels here: of aligned plots, one is enough. */
  hasLabels: boolean;
  /** The picked point. */
  picked: { key: string; x: number } | null;
  axis: AlongAxis;
  values: ValueAxis;
}

/** Paints a plot onto a stage: whole when something changed, else only what was added. */
export class TraceFigure implements Performer {
  readonly stage: Stage;
  readonly #view: AlongView;
  readonly #ends: (() => void)[];
  readonly #layer = new TraceLayer();
  #marks: CursorMarks | null = null;
  #markedChart: Chart | null = null;
  /** What the overlay was painted from. */
  #seen: readonly unknown[] = [];
  #content: PlotContent;
  #x: Range | null = null;
  #y: Range | null = null;
  /** Called with the unit of the value axis and the name of the other one, whenever ranges changed. */
  onAxes: ((unit: string, title: string) => void) | null = null;

  constructor(host: HTMLElement, view: AlongView, content: PlotContent, room: () => ChartRoom, hasNumbers: boolean) {
    this.#view = view;
    this.#content = content;
    this.stage = new Stage(
      host,
      {
        x: {
          ticks: (range, wanted) => this.#content.axis.ticks(range, wanted),
          numbers: hasNumbers,
          reversed: content.axis.reversed,
        },
        y: { ticks: (range, wanted) => this.#content.values.ticks(range, wanted) },
      },
      room,
      this,
    );
    this.#ends = [view.onRange(() => this.stage.ask()), view.onCursor(() => this.stage.ask())];
  }

  get content(): PlotContent {
    return this.#content;
  }

  /** The trace pointed at, in this plot or in one beside it. */
  get pointed(): Trace | null {
    return this.#find(this.#view.pointed);
  }

  /** The whole range of the series: what zooming out ends at. */
  get limits(): Range {
    return this.#view.automatic ?? this.#content.values.xExtent(this.#content.scaled) ?? { min: 0, max: 1 };
  }

  /** Takes other content, or tells that the traces grew. */
  update(content: PlotContent): void {
    // A new axis takes its unit from the data at once: the frame may draw its numbers before anything is painted.
    if (content.values !== this.#content.values) content.values.range(content.scaled, this.#view.fixed);
    this.#content = content;
    this.stage.ask();
  }

  perform(chart: Chart, all: boolean, end_ms: number): void {
    const { scaled, axis, values } = this.#content;
    const x = this.#view.range(this, axis, values.xExtent(scaled));
    const y = values.range(scaled, this.#view.fixed);
    const isMoved = !sameRange(x, this.#x) || !sameRange(y, this.#y);
    if (all) this.#layer.reset();
    if (isMoved || all) {
      chart.setRanges(x, y);
      this.#x = x;
      this.#y = y;
      this.onAxes?.(values.scale.text, axis.title(x));
    }
    const easel = this.#easel(chart);
    if (!this.#layer.paint(chart, easel, this.#content, end_ms)) this.stage.ask();
    this.#paintOverlay(chart, easel, isMoved || all);
    if (chart !== this.#markedChart) this.#marks = new CursorMarks(chart.area);
    this.#markedChart = chart;
    this.#marks?.show(this.#view.cursor, this.#content.traces, easel);
  }

  destroy(): void {
    this.#ends.forEach((end) => end());
    this.#view.leave(this);
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
      isThin: false,
    };
  }

  #find(key: string | null): Trace | null {
    return key === null ? null : (this.#content.traces.find((trace) => trace.key === key) ?? null);
  }

  /** Paints what is above the traces, unless it would be the same again: a live plot touches this layer only when it must. */
  #paintOverlay(chart: Chart, below: Easel, isMoved: boolean): void {
    const standsOut = this.#find(this.#view.standsOut);
    const seen: readonly unknown[] = [
      this.#content.markers, this.#content.picked, this.#content.traces, this.#content.hasLabels,
      standsOut, standsOut?.length, standsOut?.epoch,
    ];
    if (!isMoved && seen.every((part, k) => part === this.#seen[k])) return;
    this.#seen = seen;
    // An empty layer is taken off the page, so that nothing has to be put together for it.
    const isEmpty = this.#content.markers.length === 0 && !this.#content.picked && !standsOut;
    chart.overlay.canvas.style.display = isEmpty ? "none" : "block";
    if (isEmpty) return;
    clearLayer(chart.overlay);
    const easel = { ...below, context: chart.overlay.context, isThin: isThin(this.#content, below) };
    const { traces, markers, hasLabels, picked, hasHighlight } = this.#content;
    if (standsOut && hasHighlight && traces.length > MOST_PARTS) paintHighlight(standsOut, easel);
    paintMarkers(markers, hasLabels, easel, chart.theme);
    if (picked) paintPicked(traces, picked, easel, chart.theme);
  }
}
