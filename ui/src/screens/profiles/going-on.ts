import type { SessionSummary } from "../../protocol/SessionSummary";

/** Whether a session looks for files: one that is paused does not. */
export function isGoingOn({ state }: SessionSummary): boolean {
  return state === "waiting" || state === "running";
}
