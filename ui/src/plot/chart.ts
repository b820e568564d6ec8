/**
 * The frame of a plot: uPlot draws axes and grid; traces go onto a canvas of their own that is kept between frames, and what
 * follows the pointer onto a third, so that a new point or a moved cursor never redraws the rest.
 */

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

import type { Range } from "./range";
import type { Ticks } from "./ticks";

/** How one axis of a chart behaves. */
export interface ChartAxis {
  /** Ticks for a range; `wanted` is about how many there is room for. */
  ticks(range: Range, wanted: number): Ticks;
  /** Runs the other way: right to left, or top to bottom. */
  reversed?: boolean;
  logarithmic?: boolean;
  /** Whether numbers stand at the ticks; without, the axis takes no room. */
  numbers?: boolean;
}

/** Room around the plot area, CSS pixels. The same for all plots of a column, so that their plot areas line up. */
export interface ChartRoom {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Colours and font of the frame, from the design's tokens. */
export interface ChartTheme {
  axis: string;
  grid: string;
  surface: string;
  text: string;
  accent: string;
  danger: string;
  muted: string;
  font: string;
}

/** A layer above the frame. All coordinates on it are CSS pixels of the plot area. */
export interface Layer {
  readonly context: CanvasRenderingContext2D;
  readonly canvas: HTMLCanvasElement;
}

const TICK_PX = 4;
/** Room that a tick with its number needs, in multiples of the size of the numbers. */
const SIZES_PER_X_TICK = 6.7;
const SIZES_PER_Y_TICK = 3.1;

/** Reads the tokens as they are on this element now. */
export function readTheme(element: HTMLElement): ChartTheme {
  const style = getComputedStyle(element);
  const token = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  return {
    axis: token("--plot-axis", "#555"),
    grid: token("--plot-grid", "#ddd"),
    surface: token("--plot-surface", "#fff"),
    text: token("--text-main", "#111"),
    accent: token("--accent", "#06c"),
    danger: token("--danger", "#b00"),
    muted: token("--text-muted", "#555"),
    // uPlot takes whole pixels only.
    font: `${Math.round(rem * 0.6875)}px ${style.fontFamily || "sans-serif"}`,
  };
}

let drawing: boolean | undefined;

/** Whether this page can draw at all (a test's page cannot). */
export function canDraw(): boolean {
  drawing ??= document.createElement("canvas").getContext("2d") !== null;
  return drawing;
}

/** A frame with two layers above it. */
export class Chart {
  readonly traces: Layer;
  readonly overlay: Layer;
  readonly #plot: uPlot;
  readonly #axes: { x: ChartAxis; y: ChartAxis };
  readonly #ticks: { x: Ticks; y: Ticks } = { x: { at: [], text: [] }, y: { at: [], text: [] } };
  readonly #zoom: number;
  #theme: ChartTheme;
  #x: Range = { min: 0, max: 1 };
  #y: Range = { min: 0, max: 1 };

  /** `zoom` enlarges everything, for pictures finer than the screen; coordinates stay what they are without it. */
  constructor(
    host: HTMLElement,
    axes: { x: ChartAxis; y: ChartAxis },
    room: ChartRoom,
    size: { width: number; height: number },
    zoom = 1,
  ) {
    this.#axes = axes;
    this.#zoom = zoom;
    this.#theme = readTheme(host);
    const options: uPlot.Options = {
      width: size.width * zoom,
      height: size.height * zoom,
      padding: [room.top * zoom, room.right * zoom, axes.x.numbers === false ? room.bottom * zoom : 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => [this.#x.min, this.#x.max], ...scaleOf(axes.x) },
        y: { auto: false, range: () => [this.#y.min, this.#y.max], ...scaleOf(axes.y) },
      },
      series: [{}],
      axes: [this.#axis("x", room.bottom), this.#axis("y", room.left)],
    };
    // No data of its own: it only has to lay out and draw the frame.
    this.#plot = new uPlot(options, [[]], host);
    this.traces = addLayer(this.#plot.over);
    this.overlay = addLayer(this.#plot.over);
    this.#fitLayers();
  }

  /** The element that covers the plot area; pointer events are listened to here. */
  get area(): HTMLElement {
    return this.#plot.over;
  }

  get theme(): ChartTheme {
    return this.#theme;
  }

  /** Pixels of the canvases per unit of the coordinates. */
  get ratio(): number {
    return uPlot.pxRatio * this.#zoom;
  }

  get width(): number {
    return this.#plot.bbox.width / this.ratio;
  }

  get height(): number {
    return this.#plot.bbox.height / this.ratio;
  }

  get x(): Range {
    return this.#x;
  }

  get y(): Range {
    return this.#y;
  }

  /** Shows these ranges: draws axes and grid anew; the layers are left to the caller. */
  setRanges(x: Range, y: Range): void {
    this.#x = x;
    this.#y = y;
    this.#plot.batch(() => {
      this.#plot.setScale("x", x);
      this.#plot.setScale("y", y);
    });
  }

  setSize(width: number, height: number): void {
    if (width !== this.#plot.width || height !== this.#plot.height) {
      this.#plot.batch(() => this.#plot.setSize({ width, height }));
    }
    this.#fitLayers();
  }

  /** Takes the design's tokens anew, after the system changed between dark and light. */
  retheme(host: HTMLElement): void {
    this.#theme = readTheme(host);
    this.#plot.batch(() => this.#plot.redraw(false, true));
  }

  /** Functions from data to CSS pixels of the plot area, for as long as ranges and size stay as they are. */
  map(): { x: (value: number) => number; y: (value: number) => number } {
    return {
      x: mapping(this.#x, this.#axes.x, this.width, false),
      y: mapping(this.#y, this.#axes.y, this.height, true),
    };
  }

  /** The data value at a CSS pixel of the plot area. */
  xAt(px: number): number {
    return this.#plot.posToVal(px * this.#zoom, "x");
  }

  yAt(px: number): number {
    return this.#plot.posToVal(px * this.#zoom, "y");
  }

  /** The canvas with axes and grid, and where on it the plot area begins, in its pixels. */
  get frame(): { canvas: HTMLCanvasElement; left: number; top: number } {
    const { left, top } = this.#plot.bbox;
    return { canvas: this.#plot.ctx.canvas, left, top };
  }

  destroy(): void {
    this.#plot.destroy();
  }

  #axis(side: "x" | "y", room_px: number): uPlot.Axis {
    const axis = this.#axes[side];
    const isX = side === "x";
    const numbers = axis.numbers !== false;
    const zoom = this.#zoom;
    return {
      scale: side,
      show: true,
      size: numbers ? room_px * zoom : 0,
      gap: 4 * zoom,
      font: this.#theme.font.replace(/^\d+/, (px) => String(Number(px) * zoom)),
      stroke: () => this.#theme.axis,
      grid: { stroke: () => this.#theme.grid, width: zoom },
      ticks: { show: numbers, stroke: () => this.#theme.grid, width: zoom, size: TICK_PX * zoom },
      border: { show: true, stroke: () => this.#theme.grid, width: zoom },
      // Our own ticks need no increments, but uPlot hides an axis without one that fits; it takes any from 5 up.
      incrs: (_plot, _k, min, max) => [Math.max(max - min, 5)],
      splits: (plot) => {
        const room = isX ? plot.bbox.width : plot.bbox.height;
        const needed_px = Number.parseInt(this.#theme.font, 10) * (isX ? SIZES_PER_X_TICK : SIZES_PER_Y_TICK);
        const wanted = room / this.ratio / needed_px;
        this.#ticks[side] = axis.ticks(isX ? this.#x : this.#y, Math.max(2, wanted));
        return this.#ticks[side].at;
      },
      filter: (_plot, splits) => splits,
      values: () => (numbers ? this.#ticks[side].text : this.#ticks[side].text.map(() => "")),
    };
  }

  #fitLayers(): void {
    for (const layer of [this.traces, this.overlay]) {
      const width = Math.max(1, Math.round(this.#plot.bbox.width));
      const height = Math.max(1, Math.round(this.#plot.bbox.height));
      if (layer.canvas.width === width && layer.canvas.height === height) continue;
      layer.canvas.width = width;
      layer.canvas.height = height;
      layer.canvas.style.width = `${this.width}px`;
      layer.canvas.style.height = `${this.height}px`;
      layer.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    }
  }
}

/** Empties a layer. */
export function clearLayer(layer: Layer): void {
  layer.context.save();
  layer.context.setTransform(1, 0, 0, 1, 0, 0);
  layer.context.clearRect(0, 0, layer.canvas.width, layer.canvas.height);
  layer.context.restore();
}

function scaleOf(axis: ChartAxis): { dir: 1 | -1; distr: 1 | 3 } {
  return { dir: axis.reversed ? -1 : 1, distr: axis.logarithmic ? 3 : 1 };
}

function mapping(range: Range, axis: ChartAxis, length_px: number, upwards: boolean): (value: number) => number {
  const turned = upwards !== (axis.reversed ?? false);
  const low = axis.logarithmic ? Math.log10(range.min) : range.min;
  const high = axis.logarithmic ? Math.log10(range.max) : range.max;
  const perUnit = (turned ? -1 : 1) * (length_px / (high - low));
  const origin = (turned ? length_px : 0) - low * perUnit;
  return axis.logarithmic ? (value) => origin + Math.log10(value) * perUnit : (value) => origin + value * perUnit;
}

function addLayer(area: HTMLElement): Layer {
  const canvas = document.createElement("canvas");
  canvas.style.cssText = "position:absolute;inset:0;pointer-events:none";
  area.append(canvas);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this page cannot draw");
  return { canvas, context };
}
