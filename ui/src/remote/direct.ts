// What an agent says to one viewer: the answer to its first frame, parts of answers, and news.

import type { News } from "../protocol/News";
import { type Bytes, FrameError, joined, optional, Reader } from "./bytes";
import { parsedBytes } from "./json";
import { type Position, putPosition } from "./position";
import { putVersions, readVersions, type Versions } from "./versions";

/** The agent's answer to `open`. Only this may change the epoch, lower the head or make a viewer start over. */
export interface Opened {
  /** Whether what the viewer has is still the beginning of what the agent has. */
  verdict: "go_on" | "start_over";
  /** In all further keys of the visit. */
  visit: Bytes;
  epoch: Bytes;
  /** The agent's run. */
  run: Bytes;
  /** Offset of the newest entry. */
  head: number;
  /** Milliseconds of the agent's run. */
  tick_ms: number;
  versions: Versions;
}

/** Body of a *direct* frame. */
export type Direct =
  | { kind: "opened"; opened: Opened }
  /** A part of an answer; its number is that of the part in its visit, over all answers. */
  | { kind: "part"; question: number; number: number; isLast: boolean; bytes: Bytes }
  | { kind: "news"; news: News };

export function readDirect(body: Bytes): Direct {
  const from = new Reader(body);
  const kind = from.u8();
  switch (kind) {
    case 1:
      return { kind: "opened", opened: readOpened(from) };
    case 2:
      return { kind: "part", question: from.u32(), number: from.u32(), isLast: from.flag("last"), bytes: from.rest().slice() };
    case 3:
      return { kind: "news", news: parsedBytes<News>(from.rest()) };
    default:
      throw new FrameError("kind", String(kind));
  }
}

function readOpened(from: Reader): Opened {
  const opened: Opened = {
    verdict: from.flag("verdict") ? "start_over" : "go_on",
    visit: from.take(16).slice(),
    epoch: from.take(16).slice(),
    run: from.take(16).slice(),
    head: from.u64("head"),
    tick_ms: from.u64("tick"),
    versions: readVersions(from),
  };
  from.end();
  return opened;
}

/** A viewer's first frame: `versions ‖ optional position`. */
export function putOpening(versions: Versions, position: Position | null): Bytes {
  return joined(putVersions(versions), optional(position, putPosition));
}
