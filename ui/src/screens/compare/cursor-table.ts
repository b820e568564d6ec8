/** The numbers of all lines at one place of the axis, as a table. */

import { nearestRow } from "../../plot/pick";
import { valueText } from "../../plot/readout";
import { NOTHING } from "../../plot/si";
import type { ComparedTrace, ComparePanel } from "./panels";

export interface CursorRow {
  key: string;
  session: string;
  label: string;
  colour: string;
  dash: readonly number[];
  /** The file that is nearest to the place; null where the session has none there. */
  index: number | null;
  /** In the order of the plots. */
  cells: string[];
}

/** A line has a number at a place if a file of it lies within its usual step. */
function rowNear(trace: ComparedTrace, x: number): number {
  const row = nearestRow(trace, x);
  if (row < 0) return -1;
  const reach = (Number.isFinite(trace.step) ? trace.step : 1) * 0.6;
  return Math.abs((trace.x[row] ?? Number.NaN) - x) <= reach ? row : -1;
}

/** A row for each line; `x` null: the newest of each. */
export function cursorRows(panels: readonly ComparePanel[], x: number | null): CursorRow[] {
  const rows = new Map<string, CursorRow>();
  panels.forEach(({ traces, quantity, values }, column) => {
    for (const trace of traces) {
      const { session, label, colour, dash } = trace;
      let row = rows.get(trace.key);
      if (!row) rows.set(trace.key, (row = { key: trace.key, session, label, colour, dash, index: null, cells: panels.map(() => NOTHING) }));
      const at = x === null ? trace.length - 1 : rowNear(trace, x);
      if (at < 0) continue;
      row.index ??= trace.indexAt(at);
      row.cells[column] = valueText(trace, at, quantity.unit, values.scale);
    }
  });
  return [...rows.values()];
}

/** The largest x that any line has. */
export function newestPlace(panels: readonly ComparePanel[]): number | null {
  let newest: number | null = null;
  for (const { traces } of panels) {
    for (const trace of traces) {
      const x = trace.x[trace.length - 1];
      if (x !== undefined && trace.length > 0 && (newest === null || x > newest)) newest = x;
    }
  }
  return newest;
}
