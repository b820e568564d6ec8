// Which versions of the protocol two ends have in common.

import { type Bytes, FrameError, integer, joined, type Reader, short, textOf, utf8 } from "./bytes";

/** The version that this program speaks. */
export const PROTOCOL_VERSION = 1;

const LONGEST_PROGRAM = 32;

/** The versions of the protocol that one end speaks, and of the program, for people. */
export interface Versions {
  lowest: number;
  highest: number;
  program: string;
}

/** Those of this program. */
export function ownVersions(): Versions {
  return { lowest: PROTOCOL_VERSION, highest: PROTOCOL_VERSION, program: __VERSION__ };
}

/** Whether two ends understand each other. */
export function haveCommonVersion(a: Versions, b: Versions): boolean {
  const highest = Math.min(a.highest, b.highest);
  return highest >= a.lowest && highest >= b.lowest;
}

export function putVersions({ lowest, highest, program }: Versions): Bytes {
  return joined(integer(lowest, 1), integer(highest, 1), short(utf8(program)));
}

export function readVersions(from: Reader): Versions {
  const [lowest, highest] = [from.u8(), from.u8()];
  const program = textOf(from.short("program", LONGEST_PROGRAM));
  // It is shown: nothing but what a version consists of.
  if (!/^[!-~]*$/.test(program)) throw new FrameError("field", "program");
  if (lowest === 0 || lowest > highest) throw new FrameError("field", "versions");
  return { lowest, highest, program };
}
