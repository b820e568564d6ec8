import type { SessionSummary } from "../../protocol/SessionSummary";

/** Seconds that a session has lasted, or lasted until it ended. */
export function elapsedSeconds(summary: SessionSummary, now_ms: number): number {
  const { state, created_at, ended_at, last_measured_at } = summary;
  // Where the end of a session that failed is not kept, its last file tells until when it went on.
  const end = ended_at ?? (state === "failed" ? (last_measured_at ?? created_at) : null);
  return Math.max(0, ((end === null ? now_ms : Date.parse(end)) - Date.parse(created_at)) / 1000);
}

/**
 * Seconds until the last awaited file at this pace (seconds per file); null where the source does not say how many there will
 * be, the session does not run, or the pace is not known.
 */
export function remainingSeconds(summary: SessionSummary, pace_s: number | null): number | null {
  if (summary.state !== "running" || summary.files_expected === null || pace_s === null) return null;
  const done = summary.files_measured + summary.files_skipped;
  return Math.max(0, summary.files_expected - done) * pace_s;
}

/** A session is quiet for at least so long before it is said to have stalled; as long where its pace is not known. */
const QUIET_S = 120;
const QUIET_WITHOUT_PACE_S = 20 * 60;
/** So many files at its pace are missing by then. */
const FILES_MISSING = 4;

/** Seconds since the last file of a session that should have had new ones; null where it goes on as usual, or does not run. */
export function stalledSeconds(summary: SessionSummary, pace_s: number | null, now_ms: number): number | null {
  if (summary.state !== "running" || summary.source === "imported_files" || summary.last_measured_at === null) return null;
  const quiet_s = (now_ms - Date.parse(summary.last_measured_at)) / 1000;
  const usual_s = pace_s === null ? QUIET_WITHOUT_PACE_S : Math.max(QUIET_S, pace_s * FILES_MISSING);
  return quiet_s > usual_s ? quiet_s : null;
}
