// The codes that people paste (`docs/codes.md`), read exactly as the crate `protocol` reads them.

import { type Bytes, hex, integer, joined, same, sha256 } from "./bytes";

/** What a text gives access to. */
export type Code =
  /** Everything: looking and steering. `root` is the secret that all keys follow from. */
  | { kind: "user_id"; root: Bytes }
  /** Looking. */
  | { kind: "view_only"; generation: number; channel: Bytes; viewSecret: Bytes };

/** Why a text is not a code: nothing was given, or it is mistyped or cut. */
export type CodeFault = "empty" | "not_a_code";

export class CodeError extends Error {
  constructor(readonly fault: CodeFault) {
    super(fault === "empty" ? "no code was given" : "this is not a valid code");
  }
}

const CODE_VERSION = 1;
const CODE_BYTES = 1 + 2 + 16 + 16 + 4;
const CHECKSUM = 4;

/** Crockford's base32 in lower case: no i, l, o, u. */
const CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz";

const GROUPS = "([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})";
const USER_ID_FORMS = [`([0-9a-f]{32})`, GROUPS, `\\{${GROUPS}\\}`, `urn:uuid:${GROUPS}`].map(
  (form) => new RegExp(`^${form}$`, "i"),
);
const BLANKS_AROUND = /^\p{White_Space}+|\p{White_Space}+$/gu;
const BLANKS_AND_HYPHENS = /[\p{White_Space}-]/gu;

/** Reads a User ID or a view-only code. */
export async function readCode(text: string): Promise<Code> {
  try {
    return { kind: "user_id", root: readUserId(text) };
  } catch (thrown) {
    if (!(thrown instanceof CodeError) || thrown.fault === "empty") throw thrown;
    return readViewOnlyCode(text);
  }
}

/** The 16 bytes of a User ID. Case, braces and `urn:uuid:` do not matter; only version 4 is accepted. */
export function readUserId(text: string): Bytes {
  const bare = text.replace(BLANKS_AROUND, "");
  if (bare === "") throw new CodeError("empty");
  for (const form of USER_ID_FORMS) {
    const found = form.exec(bare);
    if (!found) continue;
    const digits = found.slice(1).join("");
    if (digits[12] !== "4" || !/[89ab]/i.test(digits[16] ?? "")) break;
    return Uint8Array.from({ length: 16 }, (_, k) => Number.parseInt(digits.slice(2 * k, 2 * k + 2), 16));
  }
  throw new CodeError("not_a_code");
}

/** Reads a view-only code without regard to case, hyphens and blanks; `o` is read as 0, `i` and `l` as 1. */
export async function readViewOnlyCode(text: string): Promise<Extract<Code, { kind: "view_only" }>> {
  if (text.replace(BLANKS_AROUND, "") === "") throw new CodeError("empty");
  const bytes = fromBase32(text.replace(BLANKS_AND_HYPHENS, ""));
  if (bytes?.length !== CODE_BYTES || bytes[0] !== CODE_VERSION) throw new CodeError("not_a_code");
  const body = bytes.slice(0, CODE_BYTES - CHECKSUM);
  const checksum = (await sha256(body)).subarray(0, CHECKSUM);
  if (!same(checksum, bytes.subarray(CODE_BYTES - CHECKSUM))) throw new CodeError("not_a_code");
  return {
    kind: "view_only",
    generation: (body[1] ?? 0) * 256 + (body[2] ?? 0),
    channel: body.slice(3, 19),
    viewSecret: body.slice(19, 35),
  };
}

/** The text of a code, as it is shown and copied. */
export async function codeText(code: Code): Promise<string> {
  if (code.kind === "user_id") {
    return hex(code.root).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }
  const body = joined(integer(CODE_VERSION, 1), integer(code.generation, 2), code.channel, code.viewSecret);
  return toBase32(joined(body, (await sha256(body)).subarray(0, CHECKSUM)));
}

function fromBase32(text: string): Bytes | null {
  const bytes: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (const character of text) {
    const value = base32Value(character);
    if (value < 0) return null;
    buffer = (buffer << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((buffer >> bits) & 0xff);
    }
    buffer &= (1 << bits) - 1;
  }
  return buffer === 0 ? Uint8Array.from(bytes) : null;
}

function base32Value(character: string): number {
  // Only letters of ASCII have another case here.
  const lower = /[A-Z]/.test(character) ? character.toLowerCase() : character;
  if (lower === "o") return 0;
  if (lower === "i" || lower === "l") return 1;
  return CROCKFORD.indexOf(lower);
}

function toBase32(bytes: Bytes): string {
  let text = "";
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += CROCKFORD[(buffer >> bits) & 31] ?? "";
    }
    buffer &= (1 << bits) - 1;
  }
  return bits > 0 ? text + (CROCKFORD[(buffer << (5 - bits)) & 31] ?? "") : text;
}
