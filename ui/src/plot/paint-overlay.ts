/** What lies above the traces: marker lines with labels, the picked point, the trace pointed at. */

import type { ChartTheme } from "./chart";
import { placeLabels } from "./labels";
import { paintTrace, type Easel } from "./paint";
import { drawnValue, nearestRow } from "./pick";
import type { PlotMarker, Trace } from "./trace";

const LABEL_ROWS = 2;
const LABEL_ROW_PX = 15;
const LABEL_TOP_PX = 3;
const LONGEST_LABEL = 28;

/** Marker lines from top to bottom, labels beside them where there is room. Injections are full lines, others dashed. */
export function paintMarkers(markers: readonly PlotMarker[], hasLabels: boolean, easel: Easel, theme: ChartTheme): void {
  const { context, map, width, height } = easel;
  const seen = markers.filter((m) => m.x >= easel.x.min && m.x <= easel.x.max);
  if (seen.length === 0) return;
  context.font = theme.font;
  const texts = seen.map((m) => (m.label.length > LONGEST_LABEL ? `${m.label.slice(0, LONGEST_LABEL - 1)}…` : m.label));
  const requests = seen.map((m, k) => ({ at_px: map.x(m.x), width_px: context.measureText(texts[k] ?? "").width }));
  const rows = height < 90 ? 1 : LABEL_ROWS;
  const places = placeLabels(requests, width, rows);
  context.strokeStyle = theme.accent;
  context.globalAlpha = 0.75;
  context.lineWidth = 1;
  seen.forEach((marker, k) => {
    const px = Math.round(requests[k]?.at_px ?? 0) + 0.5;
    context.setLineDash(marker.kind === "injection" ? [] : [4, 3]);
    context.beginPath();
    context.moveTo(px, 0);
    context.lineTo(px, height);
    context.stroke();
  });
  context.globalAlpha = 1;
  context.setLineDash([]);
  if (!hasLabels) return;
  context.textBaseline = "middle";
  context.textAlign = "left";
  seen.forEach((_, k) => {
    const place = places[k];
    const text = texts[k];
    if (!place || !text) return;
    const middle = LABEL_TOP_PX + place.row * LABEL_ROW_PX + LABEL_ROW_PX / 2;
    // A thin halo keeps the text readable without hiding the data around it.
    context.lineWidth = 3;
    context.lineJoin = "round";
    context.strokeStyle = theme.surface;
    context.strokeText(text, place.left_px, middle);
    context.fillStyle = theme.accent;
    context.fillText(text, place.left_px, middle);
  });
}

/** The trace pointed at, thicker, above all others. */
export function paintHighlight(trace: Trace, easel: Easel): void {
  const { context } = easel;
  context.globalAlpha = 0.35;
  context.fillStyle = easel.surface;
  context.fillRect(0, 0, easel.width, easel.height);
  context.globalAlpha = 1;
  paintTrace(trace, easel, 1.8);
}

/** A ring around the point whose sweep is shown. */
export function paintPicked(
  traces: readonly Trace[],
  picked: { key: string; x: number },
  easel: Easel,
  theme: ChartTheme,
): void {
  const { context, map } = easel;
  const trace = traces.find((t) => t.key === picked.key);
  const px = map.x(picked.x);
  context.strokeStyle = theme.text;
  context.lineWidth = 1.5;
  const row = trace ? nearestRow(trace, picked.x) : -1;
  const value = trace && row >= 0 ? drawnValue(trace, row) : Number.NaN;
  if (!trace || !Number.isFinite(value)) {
    // The point has no number here: a tick at the axis tells where it is.
    context.beginPath();
    context.moveTo(px, easel.height - 12);
    context.lineTo(px, easel.height);
    context.stroke();
    return;
  }
  context.beginPath();
  context.arc(px, Math.min(easel.height - 3, Math.max(3, map.y(value))), 5.5, 0, 2 * Math.PI);
  context.stroke();
}
