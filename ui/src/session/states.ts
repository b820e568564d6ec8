import type { SessionState } from "../protocol/SessionState";
import type { SessionSummary } from "../protocol/SessionSummary";

const LIVE: readonly SessionState[] = ["waiting", "running", "paused"];

/** Whether a session goes on, or can without being opened again. */
export function isLive(summary: SessionSummary): boolean {
  return LIVE.includes(summary.state);
}
