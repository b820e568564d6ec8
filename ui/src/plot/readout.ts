/** What a trend plot says about the place under its cursor, for the eye and for the screen reader. */

import { drawnValue, nearestRow } from "./pick";
import { NOTHING, quantity, significant, type Unit, type UnitScale } from "./si";
import type { Trace } from "./trace";

/** One trace's value at the cursor. */
export interface ReadoutPart {
  key: string;
  label: string;
  colour: string;
  dash: readonly number[];
  text: string;
}

/** More than this many values in a heading cannot be read at a glance. */
export const MOST_PARTS = 4;

/** Text of a value with its band, in the unit of the axis: "231.4 nA", "231.4 ± 3.2 nA". */
export function valueText(trace: Trace, row: number, unit: Unit, scale: UnitScale): string {
  const value = toldValue(trace, row);
  const text = quantity(value, unit, 4, scale);
  if (text !== NOTHING && trace.marked?.includes(row)) return `${text} by hand`;
  const spread = trace.spread?.[row];
  if (spread === undefined || !Number.isFinite(spread) || text === NOTHING) return text;
  return `${text} ± ${quantity(spread, unit, 2, scale)}`;
}

function toldValue(trace: Trace, row: number): number {
  return trace.told ? trace.told(row) : drawnValue(trace, row);
}

function digits(value: number, scale: UnitScale): string {
  return Number.isFinite(value) ? significant(value * scale.factor, 3) : NOTHING;
}

/** Values of a few traces at x, or of the one trace pointed at where there are many. Terse ones have no label and no unit. */
export function readout(
  traces: readonly Trace[],
  x: number,
  pointed: Trace | null,
  unit: Unit,
  scale: UnitScale,
  isTerse = false,
): ReadoutPart[] {
  const told = traces.length <= MOST_PARTS ? traces : pointed ? [pointed] : [];
  return told.map((trace) => {
    const row = nearestRow(trace, x);
    const isHere = row >= 0 && Math.abs((trace.x[row] as number) - x) <= (Number.isFinite(trace.step) ? trace.step : 1) * 0.6;
    const text = !isHere ? NOTHING : isTerse ? digits(toldValue(trace, row), scale) : valueText(trace, row, unit, scale);
    return { key: trace.key, label: isTerse ? "" : trace.label, colour: trace.colour, dash: trace.dash, text };
  });
}

/** A sentence that sums up what is plotted, for those who cannot see it. */
export function summary(
  title: string,
  traces: readonly Trace[],
  unit: Unit,
  scale: UnitScale,
  reads: (x: number) => string,
  lastWord = "Newest",
): string {
  const shown = traces.filter((t) => t.length > 0);
  const first = shown[0];
  if (!first) return `${title}: nothing to show yet.`;
  const newest = shown.slice(0, MOST_PARTS).map((t) => `${t.label} ${valueText(t, t.length - 1, unit, scale)}`);
  const more = shown.length > MOST_PARTS ? `, and ${shown.length - MOST_PARTS} more` : "";
  const gaps = shown.reduce((sum, t) => sum + t.gaps.filter((row) => row < t.length).length, 0);
  const missing = gaps > 0 ? ` ${gaps} ${gaps === 1 ? "point" : "points"} without a number.` : "";
  const last = shown.reduce((a, b) => ((a.x[a.length - 1] as number) >= (b.x[b.length - 1] as number) ? a : b));
  return `${title}: ${shown.length} ${shown.length === 1 ? "trace" : "traces"} up to ${reads(last.x[last.length - 1] as number)}. ${lastWord}: ${newest.join(", ")}${more}.${missing}`;
}
