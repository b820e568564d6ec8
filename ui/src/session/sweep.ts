import type { ColumnTable } from "../platform/columns";
import type { MarkedPoints } from "../protocol/MarkedPoints";
import type { Measurement } from "../protocol/Measurement";
import type { Refusal } from "../protocol/Refusal";

/** One end of a baseline. */
export interface SweepEnd {
  potential_v: number;
  current_a: number;
}

/** What the engine says about the columns of a sweep. */
interface SweepAbout {
  /** As these curves were analysed. */
  measurement: Measurement | null;
  /** Points that are marked by hand, or tried; absent where there are none. */
  marked?: MarkedPoints | null;
  /** The ends of the baseline; absent in other techniques. */
  baseline_left?: SweepEnd | null;
  baseline_right?: SweepEnd | null;
  /** As it is kept; absent outside a session. */
  stored?: Measurement;
}

/** The points of a sweep that are marked by hand or tried; null: none. */
export function markedIn(table: ColumnTable): MarkedPoints | null {
  return (table.about as SweepAbout).marked ?? null;
}

/** The ends of its baseline in ascending potential; null where there is none. */
export function endsIn(table: ColumnTable): [SweepEnd, SweepEnd] | null {
  const { baseline_left, baseline_right } = table.about as SweepAbout;
  return baseline_left && baseline_right ? [baseline_left, baseline_right] : null;
}

/** What the analysis of these curves gave; null where they could be drawn but not measured, as of a file being written. */
export function analysedIn(table: ColumnTable): Measurement | null {
  return (table.about as SweepAbout).measurement;
}

/**
 * The measurement behind the columns of a sweep. Of a session it is the one that is kept; with `isTried` (other settings than the
 * session's) the numbers are those of the trial, the identity that of the kept one.
 */
export function measurementOf(table: ColumnTable, isTried: boolean): Measurement {
  const { measurement, stored } = table.about as SweepAbout;
  if (stored && measurement && isTried) {
    const { measurement: id, session, file_revision, excluded } = stored;
    return { ...measurement, measurement: id, session, file_revision, excluded };
  }
  const found = isTried ? measurement : (stored ?? measurement);
  if (found) return found;
  throw {
    code: "no_measurement",
    message: "This sweep could not be analysed.",
    hint: "Try other settings; the list of files tells the reason.",
  } satisfies Refusal;
}
