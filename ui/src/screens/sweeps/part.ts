/** Parts of a file that are measured each for itself: segments of a voltammogram, steps of a decay. */

import type { Series, SeriesRow } from "../../session/series";
import { STATUS_CODES } from "../../session/series";

/** The column that tells the number of a part. */
export type PartColumn = "segment" | "step";

/** Where a measurement of a part stands. It outlives its id, which a recomputation may change. */
export interface PartPlace {
  electrode: number | null;
  index: number;
  /** Null: of the whole file, as of one that could not be used. */
  part: number | null;
}

/** Rows of an index, without those of another file that counts in its place. */
export function rowsAt(series: Series | undefined, index: number): SeriesRow[] {
  if (!series) return [];
  const rows: SeriesRow[] = [];
  for (let k = series.positionAtLeast(index); ; k += 1) {
    const row = series.row(k);
    if (row?.index !== index) return rows;
    if (row.duplicate === 0) rows.push(row);
  }
}

/** The number of the part that a row is of; null where it is of a whole file. */
export function partOf(row: SeriesRow, column: PartColumn): number | null {
  const part = row[column];
  return part === undefined || Number.isNaN(part) ? null : part;
}

/** The row of a part at an index; where the whole file could not be used, its row. */
export function rowOfPart(series: Series | undefined, column: PartColumn, part: number | null, index: number): SeriesRow | null {
  const rows = rowsAt(series, index);
  return rows.find((row) => partOf(row, column) === part) ?? rows.find((row) => partOf(row, column) === null) ?? null;
}

/** The place of a measurement, or null if no series has it. */
export function partPlaceOf(all: Iterable<Series>, column: PartColumn, measurement: number): PartPlace | null {
  for (const series of all) {
    const row = series.row(series.column("measurement").indexOf(measurement));
    if (row) return Number.isNaN(row.index) ? null : { electrode: series.electrode, index: row.index, part: partOf(row, column) };
  }
  return null;
}

/** The index to show: the one that was picked, else the newest up to `limit` that has a usable part. */
export function shownIndex(series: Series | undefined, picked: number | null, limit: number | null): number | null {
  if (picked !== null) return picked;
  if (!series) return null;
  const index = series.column("index");
  const status = series.column("status");
  for (let k = series.positionAtLeast(limit === null ? Number.POSITIVE_INFINITY : limit + 0.5) - 1; k >= 0; k -= 1) {
    if (status[k] !== STATUS_CODES.failed) return index[k] ?? null;
  }
  return null;
}
