/** KDM without its drift: here a line through the undisturbed stretch, taken off. */

import type { TrendSettings } from "../../protocol/TrendSettings";

type Rows = Record<string, number[]>;

export function withoutDrift(rows: Rows, undisturbed: Rows, { drift, drift_range }: TrendSettings): number[] {
  if (drift === "off") return (rows.kdm ?? []).map(() => Number.NaN);
  const lines = linesOf(undisturbed, drift_range);
  return (rows.kdm ?? []).map((value, k) => {
    const line = lines.get(rows.electrode?.[k] ?? Number.NaN);
    return line ? value - line.slope * ((rows.index?.[k] ?? 0) - line.from) : Number.NaN;
  });
}

/** A line for each electrode. */
function linesOf({ electrode = [], index = [], kdm = [] }: Rows, [first = 1, last = 1]: readonly number[]): Map<number, { slope: number; from: number }> {
  const lines = new Map<number, { slope: number; from: number }>();
  for (const one of new Set(electrode)) {
    const known = [...index.keys()].filter((k) => electrode[k] === one && (index[k] ?? 0) >= first && (index[k] ?? 0) <= last && Number.isFinite(kdm[k]));
    const mean = (of: readonly number[]): number => known.reduce((sum, k) => sum + (of[k] ?? 0), 0) / known.length;
    const [x, y] = [mean(index), mean(kdm)];
    const square = known.reduce((sum, k) => sum + ((index[k] ?? 0) - x) ** 2, 0);
    const slope = square > 0 ? known.reduce((sum, k) => sum + ((index[k] ?? 0) - x) * ((kdm[k] ?? 0) - y), 0) / square : 0;
    lines.set(one, { slope, from: first });
  }
  return lines;
}
