import type { SessionSummary } from "../../protocol/SessionSummary";

/** Seconds that a session has lasted, or lasted until it ended. */
export function elapsedSeconds(summary: SessionSummary, now_ms: number): number {
  const end = summary.ended_at === null ? now_ms : Date.parse(summary.ended_at);
  return Math.max(0, (end - Date.parse(summary.created_at)) / 1000);
}

/**
 * Seconds until the last awaited file, at the mean pace from the beginning to the newest file; null where the source does not
 * say how many there will be, or too few are there to tell.
 */
export function remainingSeconds(summary: SessionSummary): number | null {
  const done = summary.files_measured + summary.files_skipped;
  if (summary.state !== "running" || summary.files_expected === null || summary.last_measured_at === null || done < 3) return null;
  const spent = (Date.parse(summary.last_measured_at) - Date.parse(summary.created_at)) / 1000;
  if (!(spent > 0)) return null;
  return Math.max(0, summary.files_expected - done) * (spent / done);
}
