// Frames that failed their check before: a relay that keeps one sends it to every new connection, which is one alteration and not
// another each time. Without this a viewer would make its connection anew for ever, and never ask the agent for what it misses.

import { type Bytes, hex } from "./bytes";

/** Frames that are remembered. */
const MOST = 1024;
/** The end of a frame is its signature, or what came of it. */
const END = 64;

export class KnownBad {
  #ends = new Set<string>();

  /** Whether a frame that failed its check is another one than those before. */
  isNew(frame: Bytes): boolean {
    if (this.#ends.size >= MOST) this.#ends.clear();
    const end = hex(frame.slice(-END));
    const isNew = !this.#ends.has(end);
    this.#ends.add(end);
    return isNew;
  }
}
