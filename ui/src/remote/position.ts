// How far a viewer has come in an agent's record.

import { type Bytes, integer, joined, type Reader } from "./bytes";

/** The last entry that was accepted, and where it came from. */
export interface Position {
  /** Life of the record. */
  epoch: Bytes;
  /** Run of the agent that the last frame came from. */
  run: Bytes;
  /** Last entry that was accepted; 0 before the first. */
  offset: number;
}

export function putPosition({ epoch, run, offset }: Position): Bytes {
  return joined(epoch, run, integer(offset, 8));
}

export function readPosition(from: Reader): Position {
  return { epoch: from.take(16).slice(), run: from.take(16).slice(), offset: from.u64("offset") };
}
