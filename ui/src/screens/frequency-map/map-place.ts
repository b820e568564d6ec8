/** Which frequency map is meant: a session, and the index that is the map. */

import type { FrequencyMaps } from "../../protocol/FrequencyMaps";
import type { MapChanges } from "../../protocol/MapChanges";
import type { NamedMap } from "../../protocol/NamedMap";
import type { SessionId } from "../../protocol/SessionId";
import type { Series, SeriesRow } from "../../session/series";

/** One map. */
export interface MapPlace {
  session: SessionId;
  /** Null: the measurements without an index, which are one map together. */
  index: number | null;
}

/** Its identity as a text. */
export function keyOf({ session, index }: MapPlace): string {
  return `${session} ${index ?? "-"}`;
}

/** "Map 3". */
export function mapWord(index: number | null): string {
  return index === null ? "Map without a number" : `Map ${index}`;
}

/** Files and names round frequencies: those that differ by less than a ten-thousandth are one, as in the engine. */
export function isSameFrequency(a_hz: number, b_hz: number): boolean {
  return Math.abs(a_hz - b_hz) < 1e-4 * Math.max(a_hz, b_hz);
}

/** Ascending frequencies, each once. */
export function distinctFrequencies(all_hz: readonly number[]): number[] {
  const distinct: number[] = [];
  for (const hz of [...all_hz].filter((one) => one > 0).sort((a, b) => a - b)) {
    const last = distinct.at(-1);
    if (last === undefined || !isSameFrequency(last, hz)) distinct.push(hz);
  }
  return distinct;
}

/** A map of a study. */
export function mapAt(study: FrequencyMaps | null, { session, index }: MapPlace): NamedMap | null {
  return study?.maps.find((map) => map.session === session && map.index === index) ?? null;
}

/** What a map changes against the first one of its study; null where it is that one. */
export function changesAt(study: FrequencyMaps | null, place: MapPlace): MapChanges | null {
  const map = mapAt(study, place);
  return (map && study?.comparisons.find((changes) => changes.map === map.name)) ?? null;
}

/** Indices that have measurements, ascending; null, where files state none, comes first. */
export function indicesOf(all: Iterable<Series>): (number | null)[] {
  const found = new Set<number>();
  let isWithout = false;
  for (const series of all) {
    // What belongs to no electrode or frequency makes no map.
    if (series.frequency_hz === null || series.electrode === null) continue;
    const index = series.column("index");
    for (const one of index) {
      if (Number.isNaN(one)) isWithout = true;
      else found.add(one);
    }
  }
  const indices: (number | null)[] = [...found].sort((a, b) => a - b);
  return isWithout ? [null, ...indices] : indices;
}

/** The index to show: the newest up to `limit`, or the first there is. */
export function shownIndex(indices: readonly (number | null)[], limit: number | null): number | null {
  const upTo = indices.filter((index) => limit === null || index === null || index <= limit);
  return upTo.at(-1) ?? indices[0] ?? null;
}

/** The measurement of one series in a map; of several the one that counts. */
export function rowIn(series: Series | undefined, index: number | null): SeriesRow | null {
  if (!series) return null;
  if (index !== null) return series.row(series.positionOf(index));
  const last = series.length - 1;
  return last >= series.positionAtLeast(Number.POSITIVE_INFINITY) ? series.row(last) : null;
}
