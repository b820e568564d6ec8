// The vectors that the Rust implementation wrote (`tests/wire/vectors.json`).

import file from "../../../../tests/wire/vectors.json";
import { type Bytes, fromHex, joined } from "../bytes";

export const vectors = file;

/** Bytes that the vectors give as fields with what each is. */
export function whole(fields: readonly { hex: string }[]): Bytes {
  return joined(...fields.map((field) => fromHex(field.hex)));
}

/** The one of a list that is called so. */
export function named<T extends { what: string }>(list: readonly T[], what: string): T {
  const found = list.find((one) => one.what === what);
  if (!found) throw new Error(`there is no vector "${what}"`);
  return found;
}
