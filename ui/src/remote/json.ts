import { type Bytes, FrameError, textOf, utf8 } from "./bytes";

/** JSON of a frame that the owner signed: its shape is what the generated types say. */
export function parsed<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new FrameError("json");
  }
}

export function parsedBytes<T>(bytes: Bytes): T {
  return parsed<T>(textOf(bytes));
}

export function jsonBytes(value: unknown): Bytes {
  return utf8(JSON.stringify(value));
}
