/** The segments of a voltammogram: cut out of the engine's columns, and named by cycle. */

import type { ColumnTable } from "../../platform/columns";
import type { DrawnSegment } from "../../plot/voltammogram";
import type { Direction } from "../../protocol/Direction";
import { DIRECTION_CODES, type SeriesRow } from "../../session/series";

/** The segments in the columns of a voltammogram, in the order of time. The first one that there is goes forward. */
export function segmentsIn(table: ColumnTable): DrawnSegment[] {
  if (!table.names.includes("segment")) return [];
  const number = table.column("segment");
  const columns = {
    potential_v: table.column("potential_v"),
    raw_a: table.column("raw_a"),
    smoothed_a: table.column("smoothed_a"),
    baseline_a: table.column("baseline_a"),
  };
  const told = (table.about as { segments?: { segment: number; cycle: number | null }[] } | null)?.segments ?? [];
  const segments: DrawnSegment[] = [];
  let forward = 0;
  for (let from = 0; from < table.rows; ) {
    let to = from + 1;
    while (to < table.rows && number[to] === number[from]) to += 1;
    const here = number[from] ?? 0;
    const rises = Math.sign((columns.potential_v[to - 1] ?? 0) - (columns.potential_v[from] ?? 0));
    // Segments alternate; which way is forward follows from any of them.
    if (forward === 0) forward = here % 2 === 1 ? rises : -rises;
    const direction: Direction = rises === forward ? "forward" : "reverse";
    const cut = (column: Float64Array): Float64Array => column.subarray(from, to);
    segments.push({
      number: here,
      cycle: told.find(({ segment }) => segment === here)?.cycle ?? null,
      direction,
      potential_v: cut(columns.potential_v),
      raw_a: cut(columns.raw_a),
      smoothed_a: cut(columns.smoothed_a),
      baseline_a: cut(columns.baseline_a),
    });
    from = to;
  }
  return segments;
}

/** Cycles of rows, ascending. */
export function cyclesOf(rows: readonly SeriesRow[]): number[] {
  const cycles = new Set(rows.map(({ cycle }) => cycle ?? Number.NaN));
  return [...cycles].filter((cycle) => !Number.isNaN(cycle)).sort((a, b) => a - b);
}

export function directionOf(row: SeriesRow): Direction {
  return row.direction === DIRECTION_CODES.reverse ? "reverse" : "forward";
}

/** Where the segment's own curve runs at a potential, on the line between its neighbours; null outside of it. */
export function currentAt({ potential_v, raw_a }: DrawnSegment, at_v: number): number | null {
  for (let k = 1; k < potential_v.length; k += 1) {
    const [a, b] = [potential_v[k - 1] ?? Number.NaN, potential_v[k] ?? Number.NaN];
    if ((at_v - a) * (at_v - b) > 0 || a === b) continue;
    const [from, to] = [raw_a[k - 1] ?? Number.NaN, raw_a[k] ?? Number.NaN];
    return from + ((at_v - a) / (b - a)) * (to - from);
  }
  return null;
}
