/** How far a map is over its frequencies. */

import { frequency } from "../../plot/si";
import type { SessionDetail } from "../../protocol/SessionDetail";
import type { Series } from "../../session/series";
import { STATUS_CODES } from "../../session/series";
import { distinctFrequencies, rowIn } from "./map-place";

/** What became of one frequency. */
export interface FrequencyProgress {
  frequency_hz: number;
  /** `absent`: neither measured nor awaited; `unusable`: its file could not be used. */
  state: "done" | "partly" | "no_number" | "unusable" | "awaited" | "absent";
  /** Electrodes with a number. */
  numbers: number;
  electrodes: number;
  /** Whether it was measured last. */
  isNewest: boolean;
}

interface SeriesHolder {
  series(electrode: number | null, frequency_hz: number | null): Series | undefined;
}

/** Frequencies that belong into a map: those that the settings or the instrument name, and all that were measured in any map. */
export function expectedFrequencies(detail: SessionDetail): number[] {
  const named = detail.settings.files.frequencies_hz;
  const simulated = detail.source.kind === "simulated" ? detail.source.instrument.frequencies_hz : [];
  return distinctFrequencies([...named, ...simulated, ...detail.frequencies_hz]);
}

/** What became of each frequency of the map with this index. `isGrowing`: more of it may come. */
export function progressOf(
  session: SeriesHolder,
  electrodes: readonly (number | null)[],
  frequencies_hz: readonly number[],
  index: number | null,
  isGrowing: boolean,
): FrequencyProgress[] {
  let newest = { id: -1, frequency_hz: 0 };
  const all = frequencies_hz.map((frequency_hz): FrequencyProgress => {
    const rows = electrodes.flatMap((electrode) => rowIn(session.series(electrode, frequency_hz), index) ?? []);
    const usable = rows.filter((row) => row.status !== STATUS_CODES.failed);
    for (const { measurement } of usable) if (measurement > newest.id) newest = { id: measurement, frequency_hz };
    const numbers = usable.filter((row) => Number.isFinite(row.peak_current_a) && row.excluded === 0).length;
    const isUnusable = rows.length > 0 || rowIn(session.series(null, frequency_hz), index) !== null;
    const state = (): FrequencyProgress["state"] => {
      if (usable.length === 0) return isUnusable ? "unusable" : isGrowing ? "awaited" : "absent";
      return numbers === electrodes.length ? "done" : numbers > 0 ? "partly" : "no_number";
    };
    return { frequency_hz, state: state(), numbers, electrodes: electrodes.length, isNewest: false };
  });
  return all.map((one) => ({ ...one, isNewest: newest.id >= 0 && one.frequency_hz === newest.frequency_hz }));
}

/** Whether a sweep was measured at this frequency. */
export function isMeasured({ state }: FrequencyProgress): boolean {
  return state === "done" || state === "partly" || state === "no_number";
}

/** What became of a frequency, in words. */
export function stateWords({ state, numbers, electrodes, isNewest }: FrequencyProgress): string {
  const newest = isNewest ? ", the newest" : "";
  switch (state) {
    case "done":
      return `measured${newest}`;
    case "partly":
      return `a number from ${numbers} of ${electrodes} electrodes${newest}`;
    case "no_number":
      return `measured, without a number${newest}`;
    case "unusable":
      return "its file could not be used";
    case "awaited":
      return "awaited";
    case "absent":
      return "not measured in this map";
  }
}

/** "11 of 16 frequencies, newest 200 Hz, 5 awaited". */
export function progressWords(all: readonly FrequencyProgress[]): string {
  const measured = all.filter(isMeasured).length;
  const newest = all.find(({ isNewest }) => isNewest);
  const count = (state: FrequencyProgress["state"]): number => all.filter((one) => one.state === state).length;
  const parts = [`${measured} of ${all.length} frequencies`];
  const isWhole = measured === all.length;
  if (newest && !isWhole) parts.push(`newest ${frequency(newest.frequency_hz)}`);
  if (count("awaited") > 0) parts.push(`${count("awaited")} awaited`);
  if (count("absent") > 0) parts.push(`${count("absent")} not measured`);
  if (count("unusable") > 0) parts.push(`${count("unusable")} not usable`);
  const without = count("partly") + count("no_number");
  if (without > 0) parts.push(`${without} with missing numbers`);
  return parts.join(", ");
}
