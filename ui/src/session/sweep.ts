import type { ColumnTable } from "../platform/columns";
import type { Measurement } from "../protocol/Measurement";
import type { Refusal } from "../protocol/Refusal";

/** What the engine says about the columns of a sweep. */
interface SweepAbout {
  /** As these curves were analysed. */
  measurement: Measurement | null;
  /** As it is kept; absent outside a session. */
  stored?: Measurement;
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
