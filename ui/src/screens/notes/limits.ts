/** What the engine takes of notes (`protocol::note`), so that it is said before it is refused. */

import type { NoteDraft } from "../../protocol/NoteDraft";

export const LONGEST_NOTE = 10_000;
export const LONGEST_SEARCH = 200;
export const MOST_TOGETHER = 200;
export const MOST_BYTES_TOGETHER = 48 * 1024;

/** What is wrong with a text; empty where nothing is. */
export function textError(text: string): string {
  if (text.trim() === "") return "Write something first.";
  const length = [...text.trim()].length;
  if (length > LONGEST_NOTE) {
    return `A note has at most ${LONGEST_NOTE.toLocaleString("en")} characters; this one has ${length.toLocaleString("en")}. Split it into several.`;
  }
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text.replace(/\r\n?/g, "\n")) ? "The text has characters that cannot be shown; take them out." : "";
}

/** Why notes cannot be added together; null where they can. */
export function togetherError(notes: readonly NoteDraft[]): string | null {
  if (notes.length === 0) return "There is nothing to add yet.";
  if (notes.length > MOST_TOGETHER) return `At most ${MOST_TOGETHER} notes are added at once; add them in several parts.`;
  const long = notes.find((note) => textError(note.text) !== "");
  if (long) return textError(long.text);
  const encoder = new TextEncoder();
  const bytes = notes.reduce((sum, note) => sum + encoder.encode(JSON.stringify(note)).length, 0);
  if (bytes <= MOST_BYTES_TOGETHER) return null;
  return `These notes together are ${Math.ceil(bytes / 1024)} KiB; ${MOST_BYTES_TOGETHER / 1024} KiB can be added at once. Add them in several parts.`;
}
