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
