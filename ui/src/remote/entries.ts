// Entries of the record, as they travel in log frames: `count 1 ‖ count × session 16 ‖ packed JSON`. In the JSON, byte 1
// followed by byte 32 + k stands for the text of the k-th session's id.

import type { RecordEntry } from "../protocol/RecordEntry";
import { type Bytes, FrameError, hex, Reader, textOf } from "./bytes";
import { parsed } from "./json";
import { unpack } from "./packing";

/** Most that a log frame may unpack to, bytes. */
export const MOST_OF_LOG = 16 * 1024 * 1024;

const MARK = "\u0001";
const FIRST = 32;

/** The entries in the body of a log frame. */
export function unpackEntries(body: Bytes, most = MOST_OF_LOG): RecordEntry[] {
  const from = new Reader(body);
  const ids = Array.from({ length: from.u8() }, () => uuidText(from.take(16)));
  let text = textOf(unpack(from.rest(), most));
  for (const [k, id] of ids.entries()) {
    text = text.replaceAll(MARK + String.fromCharCode(FIRST + k), id);
    // Few marks may stand for many bytes.
    if (text.length > most) throw new FrameError("packing");
  }
  return parsed<RecordEntry[]>(text);
}

/** The text of a UUID, as JSON carries it. */
export function uuidText(bytes: Bytes): string {
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
