/** A plot as a picture of its own, finer than the screen: with title, legend and both axes, and without the cursor. */

import { Chart, readTheme } from "./chart";
import { paintTrace, type Easel } from "./paint";
import { paintMarkers } from "./paint-overlay";
import type { Range } from "./range";
import { plotRoom } from "./room";
import { legendPlaces, SWATCH_PX, type LegendEntry } from "./take-away";
import type { PlotContent } from "./trace-figure";

const SIZE_PX = { width: 880, height: 400 };
/** Pixels of a picture per CSS pixel, at least: enough for print at the width of a page's column. */
const LEAST_RATIO = 2.5;
const HEAD_PX = 24;
const LEGEND_PX = 18;
const FOOT_PX = 22;
const EDGE_PX = 10;

/** What of a plot goes into the picture. */
export interface PictureRequest {
  content: PlotContent;
  x: Range;
  y: Range;
  /** "Peak current, nA". */
  heading: string;
  colour(css: string): string;
}

/** Draws the picture. */
export function pictureOf({ content, x, y, heading, colour }: PictureRequest): HTMLCanvasElement {
  const host = document.createElement("div");
  // Laid out, so that the design's tokens and fonts hold, but out of sight.
  host.style.cssText = "position:fixed;left:-10000px;top:0;visibility:hidden";
  document.body.append(host);
  const zoom = Math.max(1, Math.ceil(LEAST_RATIO / devicePixelRatio));
  const { axis, values } = content;
  const chart = new Chart(
    host,
    {
      x: { ticks: (range, wanted) => axis.ticks(range, wanted), reversed: axis.reversed },
      y: { ticks: (range, wanted) => values.ticks(range, wanted) },
    },
    plotRoom(true),
    SIZE_PX,
    zoom,
  );
  try {
    chart.setRanges(x, y);
    const theme = readTheme(host);
    const easel: Easel = {
      context: chart.traces.context,
      map: chart.map(),
      x,
      width: chart.width,
      height: chart.height,
      ratio: chart.ratio,
      colour,
      markColour: theme.danger,
      surface: theme.surface,
      // Drawn once, so that there is time for lines as wide as they should be.
      isThin: false,
    };
    content.backdrop?.(easel, theme);
    for (const trace of [...content.faults, ...content.traces]) paintTrace(trace, easel);
    content.foreground?.(easel, theme);
    paintMarkers(content.markers, true, easel, theme);
    const legend = content.traces.map((t) => ({
      label: t.name ?? t.label,
      colour: colour(t.colour),
      dash: t.dash,
      isDots: t.look === "dots",
    }));
    return compose(chart, heading, axis.title(x), legend);
  } finally {
    chart.destroy();
    host.remove();
  }
}

/** Title and legend above the plot, the name of the axis below it. */
function compose(chart: Chart, heading: string, axisTitle: string, legend: readonly LegendEntry[]): HTMLCanvasElement {
  const picture = document.createElement("canvas");
  const context = picture.getContext("2d");
  if (!context) return picture;
  const { theme, ratio, frame } = chart;
  context.font = theme.font;
  const widths = legend.map((entry) => context.measureText(entry.label).width);
  const places = legendPlaces(widths, SIZE_PX.width - 2 * EDGE_PX);
  const lines = (places.at(-1)?.line ?? -1) + 1;
  const head = EDGE_PX + HEAD_PX + lines * LEGEND_PX;
  picture.width = frame.canvas.width;
  picture.height = Math.round((head + SIZE_PX.height + FOOT_PX) * ratio);
  context.fillStyle = theme.surface;
  context.fillRect(0, 0, picture.width, picture.height);
  const top = Math.round(head * ratio);
  context.drawImage(frame.canvas, 0, top);
  context.drawImage(chart.traces.canvas, frame.left, top + frame.top);
  context.scale(ratio, ratio);
  context.textBaseline = "middle";
  context.fillStyle = theme.text;
  context.font = `600 ${theme.font}`;
  context.fillText(heading, EDGE_PX, EDGE_PX + HEAD_PX / 2);
  context.font = theme.font;
  legend.forEach((entry, k) => {
    const place = places[k];
    if (place) legendEntry(context, entry, EDGE_PX + place.left, EDGE_PX + HEAD_PX + (place.line + 0.5) * LEGEND_PX);
  });
  context.textAlign = "center";
  context.fillText(axisTitle, frame.left / ratio + chart.width / 2, head + SIZE_PX.height + FOOT_PX / 2 - 4);
  return picture;
}

function legendEntry(context: CanvasRenderingContext2D, entry: LegendEntry, left: number, middle: number): void {
  context.strokeStyle = entry.colour;
  context.lineWidth = entry.isDots ? 3 : 2;
  // Dots are the pattern of a round-ended line without length.
  context.setLineDash(entry.isDots ? [0, 6] : [...entry.dash]);
  context.lineCap = entry.isDots ? "round" : "butt";
  context.beginPath();
  context.moveTo(left, middle);
  context.lineTo(left + SWATCH_PX, middle);
  context.stroke();
  context.setLineDash([]);
  context.fillText(entry.label, left + SWATCH_PX + 6, middle);
}
