import type { ProfileLine, ProfileReport } from "../../platform/profiles";
import { counted, fileSize, moment } from "../../words";

/** What a change did. */
export function told(report: ProfileReport): string {
  switch (report.done) {
    case "already":
      return `Already using “${report.profile}”.`;
    case "renamed":
      return `The profile “${report.previous}” is called “${report.profile}” now.`;
    case "switched":
      return [`Using “${report.profile}” now.`, whatBecame(report)].join(" ").trim();
  }
}

function whatBecame({ previous, kept, stopped, shared }: Extract<ProfileReport, { done: "switched" }>): string {
  if (stopped > 0) return `${counted(stopped, "session")} of “${previous}” ${stopped === 1 ? "was" : "were"} stopped.`;
  if (kept > 0) return `${counted(kept, "session")} of “${previous}” ${kept === 1 ? "keeps" : "keep"} running in the background${shared ? ", shared as before" : ""}.`;
  return shared ? `“${previous}” stays shared in the background.` : "";
}

/** What goes on in a profile while the window shows another; empty where nothing does. */
export function goesOn({ here, running, shared }: ProfileLine): string {
  if (here !== "kept") return "";
  const sessions = running ? `${counted(running, "session")} running` : "open in the background";
  return shared ? `${sessions}, shared` : sessions;
}

/** What is known of a profile, in one line. */
export function inShort(line: ProfileLine): string {
  const parts = [
    line.sessions === null ? "database unreadable" : counted(line.sessions, "session"),
    line.notes ? counted(line.notes, "note") : "",
    fileSize(line.bytes),
    line.last_used === null ? "never opened" : `last opened ${moment(line.last_used)}`,
  ];
  return parts.filter(Boolean).join(" · ");
}

/** The program that keeps a profile from this window; null where none does. */
export function heldElsewhere({ here, in_use_by }: ProfileLine): string | null {
  if (here !== "closed" || in_use_by === null) return null;
  return `It is open in ${in_use_by.program} (process ${String(in_use_by.process)}). Close that first.`;
}
