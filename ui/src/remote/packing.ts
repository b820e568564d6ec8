// How bodies are made small before they are sealed: raw deflate (RFC 1951) with a preset dictionary.

import { Inflate } from "fflate";

import dictionaryText from "../../../src-tauri/crates/protocol/src/relay/body/dictionary.txt?raw";
import { type Bytes, FrameError, joined, utf8 } from "./bytes";

/** What frames usually consist of; its bytes are part of the protocol. They are ASCII, so that a text carries them unchanged. */
export const DICTIONARY: Bytes = utf8(dictionaryText);

const PLAIN = 0;
const DEFLATED = 1;

/** Deflated bytes are taken in steps: what a step may grow to before the limit is looked at is a thousand times as much. */
const STEP = 4096;

/** What was packed: `packing 1 ‖ content`. Refused where it would be longer than `most`. */
export function unpack(packed: Bytes, most: number): Bytes {
  const content = packed.subarray(1);
  if (packed[0] === DEFLATED) return inflate(content, most);
  if (packed[0] !== PLAIN || content.length > most) throw new FrameError("packing");
  return content.slice();
}

function inflate(content: Bytes, most: number): Bytes {
  // The stream would wait for more for ever.
  if (content.length === 0) throw new FrameError("packing");
  const parts: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate({ dictionary: DICTIONARY }, (part) => {
    length += part.length;
    parts.push(part);
  });
  for (let at = 0; at < content.length; at += STEP) {
    try {
      stream.push(content.slice(at, at + STEP), at + STEP >= content.length);
    } catch {
      throw new FrameError("packing");
    }
    if (length > most) throw new FrameError("packing");
  }
  return joined(...parts);
}
