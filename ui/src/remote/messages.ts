// What a viewer and a relay say to each other: one message in each binary WebSocket message, `kind 1 ‖ body`.

import { type Bytes, FrameError, integer, joined, optional, Reader } from "./bytes";
import { type Position, putPosition, readPosition } from "./position";
import { putVersions, readVersions, type Versions } from "./versions";

/** What a viewer asks for. */
export interface ViewerHello {
  channel: Bytes;
  /** Proves a code of the channel. */
  joinToken: Bytes;
  versions: Versions;
  /** How far it has come; null for a new viewer. */
  position: Position | null;
}

/** From a viewer to the relay. */
export type FromViewer =
  | { message: "hello"; hello: ViewerHello }
  /** A sealed frame for the agent. */
  | { message: "frame"; frame: Bytes }
  /** Something is missing after this position: send it again. */
  | { message: "resume"; position: Position };

/** From the relay to a viewer. What is not in a sealed frame is the relay's claim. */
export type ToViewer =
  /** The viewer is in; entries of the window follow, then live ones. */
  | {
      message: "joined";
      owner: Bytes;
      generation: number;
      epoch: Bytes | null;
      /** First and last entry that the relay has. */
      floor: number;
      top: number;
      agentPresent: boolean;
    }
  | { message: "frame"; frame: Bytes }
  /** There is no agent now. */
  | { message: "absent"; lastSeen_s: number | null }
  /** The agent is back. */
  | { message: "present" }
  /** The view-only code was renewed; holders of the User ID derive the current generation and come back. */
  | { message: "renewed"; generation: number };

export function putFromViewer(message: FromViewer): Bytes {
  switch (message.message) {
    case "hello": {
      const { channel, joinToken, versions, position } = message.hello;
      return joined(integer(1, 1), channel, joinToken, putVersions(versions), optional(position, putPosition));
    }
    case "frame":
      return joined(integer(2, 1), message.frame);
    case "resume":
      return joined(integer(3, 1), putPosition(message.position));
  }
}

export function readFromViewer(bytes: Bytes): FromViewer {
  const from = new Reader(bytes);
  const kind = from.u8();
  let read: FromViewer;
  if (kind === 1) {
    const hello = {
      channel: from.take(16).slice(),
      joinToken: from.take(32).slice(),
      versions: readVersions(from),
      position: from.optional("position", readPosition),
    };
    read = { message: "hello", hello };
  } else if (kind === 2) {
    read = { message: "frame", frame: from.rest().slice() };
  } else if (kind === 3) {
    read = { message: "resume", position: readPosition(from) };
  } else {
    throw new FrameError("kind", String(kind));
  }
  from.end();
  return read;
}

export function putToViewer(message: ToViewer): Bytes {
  switch (message.message) {
    case "joined": {
      const { owner, generation, epoch, floor, top, agentPresent } = message;
      const window = joined(integer(floor, 8), integer(top, 8), integer(agentPresent ? 1 : 0, 1));
      return joined(integer(1, 1), owner, integer(generation, 2), optional(epoch, (bytes) => bytes), window);
    }
    case "frame":
      return joined(integer(2, 1), message.frame);
    case "absent":
      return joined(integer(3, 1), optional(message.lastSeen_s, (at) => integer(at, 8)));
    case "present":
      return integer(4, 1);
    case "renewed":
      return joined(integer(5, 1), integer(message.generation, 2));
  }
}

export function readToViewer(bytes: Bytes): ToViewer {
  const from = new Reader(bytes);
  const kind = from.u8();
  let read: ToViewer;
  switch (kind) {
    case 1:
      read = {
        message: "joined",
        owner: from.take(32).slice(),
        generation: from.u16(),
        epoch: from.optional("epoch", (rest) => rest.take(16).slice()),
        floor: from.u64("floor"),
        top: from.u64("top"),
        agentPresent: from.flag("agent present"),
      };
      break;
    case 2:
      read = { message: "frame", frame: from.rest().slice() };
      break;
    case 3:
      read = { message: "absent", lastSeen_s: from.optional("last seen", (rest) => rest.u64("last seen")) };
      break;
    case 4:
      read = { message: "present" };
      break;
    case 5:
      read = { message: "renewed", generation: from.u16() };
      break;
    default:
      throw new FrameError("kind", String(kind));
  }
  from.end();
  return read;
}
