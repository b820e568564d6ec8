/** Taking a plot along: its data as tab-separated text, its picture to the clipboard or into a file. */

import type { Trace } from "./trace";

/** One column of copied data: a heading with its unit, and values in SI base units. */
export interface DataColumn {
  heading: string;
  values: ArrayLike<number>;
}

/** Text of a number as spreadsheets read it: full precision, a point, an ordinary minus; empty where there is none. */
function plain(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? "" : String(value);
}

/** Columns as tab-separated lines with a heading. Shorter columns end in empty cells. */
export function tabbed(columns: readonly DataColumn[]): string {
  const rows = Math.max(0, ...columns.map((c) => c.values.length));
  const lines = [columns.map((c) => c.heading).join("\t")];
  for (let k = 0; k < rows; k++) lines.push(columns.map((c) => plain(c.values[k])).join("\t"));
  return `${lines.join("\n")}\n`;
}

/** Traces side by side, one line for each x that any of them has. Excluded points are not among the values. */
export function tracesTabbed(xHeading: string, quantity: string, traces: readonly Trace[]): string {
  const rowsAt = new Map<number, number[]>();
  traces.forEach((trace, column) => {
    for (let row = 0; row < trace.length; row++) {
      const x = trace.x[row] as number;
      let values = rowsAt.get(x);
      if (!values) rowsAt.set(x, (values = new Array<number>(traces.length * 2).fill(Number.NaN)));
      values[column * 2] = trace.y[row] as number;
      if (trace.spread) values[column * 2 + 1] = trace.spread[row] as number;
    }
  });
  const headings = traces.flatMap((t) => [`${quantity} ${t.label}`, `SD ${t.label}`]);
  const used = headings.map((_, k) => k % 2 === 0 || traces[k >> 1]?.spread !== undefined);
  const lines = [[xHeading, ...headings.filter((_, k) => used[k])].join("\t")];
  for (const [x, values] of [...rowsAt].sort((a, b) => a[0] - b[0])) {
    lines.push([plain(x), ...values.filter((_, k) => used[k]).map(plain)].join("\t"));
  }
  return `${lines.join("\n")}\n`;
}

/** Puts text on the clipboard. */
export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

/** A canvas as a PNG. */
export function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture could not be made."))), "image/png");
  });
}

/** Puts a picture on the clipboard. */
export async function copyPicture(canvas: HTMLCanvasElement): Promise<void> {
  // Given as a promise, so that the browser still sees the click as its reason.
  await navigator.clipboard.write([new ClipboardItem({ "image/png": pngOf(canvas) })]);
}

/** Hands a picture to the browser's downloads. */
export async function savePicture(canvas: HTMLCanvasElement, name: string): Promise<void> {
  const address = URL.createObjectURL(await pngOf(canvas));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName(name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** A name that every file system takes. */
export function fileName(name: string): string {
  const safe = name.replace(/[^\p{L}\p{N} ._-]+/gu, " ").replace(/\s+/g, " ").trim();
  return `${safe || "plot"}.png`;
}

/** Text and colour of a line in a picture's heading. */
export interface LegendEntry {
  label: string;
  colour: string;
  dash: readonly number[];
}

const HEAD_PX = 22;
const LEGEND_PX = 18;
const SWATCH_PX = 18;

/** Places a legend in lines no wider than `width_px`; returns line and left edge of each entry. */
export function legendPlaces(widths: readonly number[], width_px: number): { line: number; left: number }[] {
  let line = 0;
  let left = 0;
  return widths.map((width) => {
    const needs = SWATCH_PX + 6 + width + 14;
    if (left > 0 && left + needs > width_px) {
      line++;
      left = 0;
    }
    const place = { line, left };
    left += needs;
    return place;
  });
}

/** What a heading needs of the theme. */
interface HeadingTheme {
  text: string;
  font: string;
}

/**
 * A plot's picture with title and legend above it. `snapshot` is asked for the picture with that much head room and gives it
 * in device pixels, scaled so that one unit is a CSS pixel.
 */
export function withHeading(
  snapshot: (headRoom_px: number) => HTMLCanvasElement,
  width_px: number,
  title: string,
  legend: readonly LegendEntry[],
  theme: HeadingTheme,
): HTMLCanvasElement {
  const ruler = document.createElement("canvas").getContext("2d");
  if (!ruler) return snapshot(0);
  ruler.font = theme.font;
  const places = legendPlaces(legend.map((entry) => ruler.measureText(entry.label).width), width_px - 16);
  const lines = places.length > 0 ? (places.at(-1)?.line ?? 0) + 1 : 0;
  const picture = snapshot(HEAD_PX + lines * LEGEND_PX + 6);
  const context = picture.getContext("2d");
  if (!context) return picture;
  context.textBaseline = "middle";
  context.fillStyle = theme.text;
  context.font = `600 ${theme.font}`;
  context.fillText(title, 8, HEAD_PX / 2 + 2);
  context.font = theme.font;
  legend.forEach((entry, k) => {
    const place = places[k];
    if (!place) return;
    const middle = HEAD_PX + place.line * LEGEND_PX + LEGEND_PX / 2;
    const left = 8 + place.left;
    context.strokeStyle = entry.colour;
    context.lineWidth = 2;
    context.setLineDash([...entry.dash]);
    context.beginPath();
    context.moveTo(left, middle);
    context.lineTo(left + SWATCH_PX, middle);
    context.stroke();
    context.setLineDash([]);
    context.fillText(entry.label, left + SWATCH_PX + 6, middle);
  });
  return picture;
}
