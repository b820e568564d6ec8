// The clear headers of sealed frames: what a relay may know of them.

import { type Bytes, FrameError, integer, joined, Reader } from "./bytes";
import { PROTOCOL_VERSION } from "./versions";

/** Where a frame of the agent goes. */
export type Destination =
  /** Entries of the record. */
  | { kind: "log"; first: number; last: number }
  /** The newest of its kind. */
  | { kind: "latest"; key: number }
  /** For one viewer. */
  | { kind: "direct"; viewer: Bytes };

/** Header of a frame from an agent. */
export interface DownHeader {
  generation: number;
  run: Bytes;
  /** Number of the frame in its run. */
  counter: number;
  destination: Destination;
}

/** What a frame of a viewer is. */
export type UpKind = "open" | "query" | "command";

const UP_KINDS: Record<UpKind, number> = { open: 1, query: 2, command: 3 };

/** Reads the header of an agent's frame, and gives the header's bytes and what follows. */
export function readDownHeader(frame: Bytes): { header: DownHeader; head: Bytes; body: Bytes } {
  const from = new Reader(frame);
  const version = from.u8();
  if (version !== PROTOCOL_VERSION) throw new FrameError("version", String(version));
  const kind = from.u8();
  const beginning = { generation: from.u16(), run: from.take(16).slice(), counter: from.u64("counter") };
  const header = { ...beginning, destination: readDestination(kind, from) };
  const body = from.rest();
  return { header, head: frame.subarray(0, frame.length - body.length), body };
}

function readDestination(kind: number, from: Reader): Destination {
  switch (kind) {
    case 1: {
      const [first, count] = [from.u64("first"), from.u16()];
      if (first === 0 || count === 0) throw new FrameError("field", "first");
      return { kind: "log", first, last: first + count - 1 };
    }
    case 2:
      return { kind: "latest", key: from.u16() };
    case 3:
      return { kind: "direct", viewer: from.take(16).slice() };
    default:
      throw new FrameError("kind", String(kind));
  }
}

/** The header of a viewer's frame. */
export function upHeader(kind: UpKind, generation: number, viewer: Bytes, counter: number): Bytes {
  return joined(
    integer(PROTOCOL_VERSION, 1),
    integer(UP_KINDS[kind], 1),
    integer(generation, 2),
    viewer,
    integer(counter, 8),
  );
}
