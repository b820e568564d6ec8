/** Taking a plot along: its data as tab-separated text, its picture to the clipboard or into a file. */

import type { Refusal } from "../protocol/Refusal";
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

/** Cells as tab-separated lines. */
export function tabbedText(lines: readonly (readonly string[])[]): string {
  return `${lines.map((cells) => cells.join("\t")).join("\n")}\n`;
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
      const x = (trace.copiedX ?? trace.x)[row] as number;
      let values = rowsAt.get(x);
      if (!values) rowsAt.set(x, (values = new Array<number>(traces.length * 2).fill(Number.NaN)));
      values[column * 2] = trace.told ? trace.told(row) : (trace.y[row] as number);
      if (trace.spread) values[column * 2 + 1] = trace.spread[row] as number;
    }
  });
  const headings = traces.flatMap((t) => [`${quantity} ${t.name ?? t.label}`, `SD ${t.name ?? t.label}`]);
  const used = headings.map((_, k) => k % 2 === 0 || traces[k >> 1]?.spread !== undefined);
  const lines = [[xHeading, ...headings.filter((_, k) => used[k])].join("\t")];
  for (const [x, values] of [...rowsAt].sort((a, b) => a[0] - b[0])) {
    lines.push([plain(x), ...values.filter((_, k) => used[k]).map(plain)].join("\t"));
  }
  return `${lines.join("\n")}\n`;
}

function refused(what: string, hint: string): Refusal {
  return { code: "clipboard_unavailable", message: `${what} could not be put on the clipboard.`, hint };
}

/** Puts text on the clipboard. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    throw refused("The data", "Let SACMES use the clipboard and try again, or export the session as a table.");
  }
}

/** A canvas as a PNG. */
export function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture could not be made."))), "image/png");
  });
}

/** Puts a picture on the clipboard. */
export async function copyPicture(canvas: HTMLCanvasElement): Promise<void> {
  try {
    // Given as a promise, so that the browser still sees the click as its reason.
    await navigator.clipboard.write([new ClipboardItem({ "image/png": pngOf(canvas) })]);
  } catch {
    throw refused("The picture", "Save it as a file instead.");
  }
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
  isDots: boolean;
}

/** Width of a line's sample in a legend. */
export const SWATCH_PX = 18;

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
