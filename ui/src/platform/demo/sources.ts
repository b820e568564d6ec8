import type { Command } from "../../protocol/Command";
import type { ImportRules } from "../../protocol/ImportRules";
import type { Lot } from "../../protocol/Lot";
import type { LotPart } from "../../protocol/LotPart";
import { expiresAt } from "../../session/expiry";
import { isLive } from "../../session/states";
import { baseName } from "../../words";
import type { Arrival } from "../platform";
import { CV_FOLDER, DEMO_FOLDER, UNKNOWN_FOLDER } from "./folders";
import type { DemoSession } from "./session";

const DAY_S = 86_400;

/** What temporary sessions of the demo are subject to. */
export const demoRules: ImportRules = {
  temporary_after_s: DAY_S,
  largest_file_bytes: 32 * 1024 * 1024,
  most_files: 50_000,
  most_bytes: 8 * 1024 ** 3,
};

const isKnown = (folder: string): boolean => [DEMO_FOLDER, UNKNOWN_FOLDER, CV_FOLDER].includes(folder);

/** Sorts what was dropped or opened: by folder, and by technique as the names say. */
export function demoLot(paths: readonly string[]): Lot {
  const parts = new Map<string, LotPart>();
  const lot: Lot = { parts: [], archives: [], refused: [] };
  for (const path of paths) {
    if (path.endsWith(".sacmes") || path.endsWith(".zip")) {
      lot.archives.push(path);
      continue;
    }
    const isFolder = isKnown(path);
    const folder = isFolder ? path : path.slice(0, path.length - baseName(path).length - 1);
    if (!isKnown(folder)) {
      lot.refused.push({ file: path, reason: "file_absent", message: `${path} is not there.` });
      continue;
    }
    const technique = baseName(path).startsWith("CV") || folder === CV_FOLDER ? "cv" : "swv";
    const key = `${folder} ${technique}`;
    const part = parts.get(key) ?? { folder, files: [], count: 0, technique, not_understood: 0 };
    part.count += isFolder ? 444 : 1;
    if (!isFolder) part.files.push(baseName(path));
    parts.set(key, part);
  }
  lot.parts = [...parts.values()];
  return lot;
}

/** Chooses how long a session stays: what the engine does for `keep_session` and `set_expiry`. */
export function setLifetime(session: DemoSession, after_s: number): number | null {
  session.lifetime_s = after_s === 0 ? null : after_s;
  session.restingSince = new Date().toISOString();
  return session.lifetime_s;
}

export function lifetimeOf(command: Extract<Command, { command: "start_session" }>): number | null {
  return command.temporary ? demoRules.temporary_after_s : null;
}

/** What a summary says of a temporary session. */
export function expiryOf(session: DemoSession, summary: Parameters<typeof isLive>[0]): { expires_after_s: number | null; expires_at: string | null } {
  const since = session.restingSince ?? session.ended_at;
  const at = isLive(summary) || since === null ? null : expiresAt(since, session.lifetime_s);
  return { expires_after_s: session.lifetime_s, expires_at: at };
}

/** Files on their way: none, or as a picture wants them. */
export function demoArriving(wanted: string | null): (listener: (arrival: Arrival) => void) => Promise<void> {
  return async (listener) => {
    if (wanted === "over") listener({ arrival: "over", paths: 12 });
    if (wanted === "mixed") {
      listener({ arrival: "came", paths: [DEMO_FOLDER, `${CV_FOLDER}/CV_1.txt`, `${CV_FOLDER}/CV_2.txt`, "/home/ada/photo.jpg"] });
    }
  };
}
