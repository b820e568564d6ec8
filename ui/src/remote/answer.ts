// Whole answers, put together from their parts: `form 1 ‖ content`.

import type { Reply } from "../protocol/Reply";
import { type Bytes, FrameError } from "./bytes";
import { parsedBytes } from "./json";
import { unpack } from "./packing";

/** Most that an answer may unpack to, bytes. */
export const MOST_OF_ANSWER = 64 * 1024 * 1024;

export type WholeAnswer =
  | { form: "reply"; reply: Reply }
  /** Columns as the engine writes them. */
  | { form: "columns"; bytes: Bytes }
  /** Bytes of a file. */
  | { form: "bytes"; bytes: Bytes };

export function readAnswer(whole: Bytes, most = MOST_OF_ANSWER): WholeAnswer {
  const content = whole.subarray(1);
  switch (whole[0]) {
    case 1:
      return { form: "reply", reply: parsedBytes<Reply>(unpack(content, most)) };
    case 2:
      return { form: "columns", bytes: unpack(content, most) };
    case 3:
      return { form: "bytes", bytes: content.slice() };
    default:
      throw new FrameError("packing");
  }
}
