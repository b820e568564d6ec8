/** Why a place of a map has no number, in words. */

import type { Platform } from "../../platform/platform";
import { frequency } from "../../plot/si";
import type { Series, SeriesRow } from "../../session/series";
import { mapWord, rowIn } from "./map-place";

interface Explained {
  platform: Platform;
  series(electrode: number | null, frequency_hz: number | null): Series | undefined;
}

/** "E3 · 200 Hz, map 2". */
export function placeWords(electrode: number | null | undefined, frequency_hz: number, index: number | null): string {
  const of = electrode === undefined ? "Mean" : electrode === null ? null : `E${electrode}`;
  const place = [of, frequency(frequency_hz)].filter(Boolean).join(" · ");
  return index === null ? place : `${place}, ${mapWord(index).toLowerCase()}`;
}

/** The measurement behind a place; that of a file which gave nothing, where there is none. */
export function rowBehind(
  session: Pick<Explained, "series">,
  electrode: number | null,
  frequency_hz: number,
  index: number | null,
): SeriesRow | null {
  return rowIn(session.series(electrode, frequency_hz), index) ?? rowIn(session.series(null, frequency_hz), index);
}

/** Why there is no number, with the file that is behind it. */
export async function gapWords(
  session: Explained,
  electrode: number | null,
  frequency_hz: number,
  index: number | null,
): Promise<string> {
  const place = placeWords(electrode, frequency_hz, index);
  const row = rowBehind(session, electrode, frequency_hz, index);
  if (!row) return `${place}: not measured.`;
  if (row.excluded === 1) return `${place}: excluded by you.`;
  const { measurement } = await session.platform.query({ query: "measurement", measurement: row.measurement });
  return `${place} (${measurement.file}): ${measurement.message ?? "there is no number."}`;
}
