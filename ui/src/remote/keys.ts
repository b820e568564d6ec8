// From a code to the keys that seal: one for each run and direction (`docs/codes.md`, `docs/protocol.md`).

import { type Bytes, integer, joined, sha256, utf8 } from "./bytes";
import type { Code } from "./codes";
import { publicKeyOf } from "./owner";

const SALT = utf8("sacmes/1");

/** `H(ikm, salt, info, n)`: HKDF-SHA256 with n bytes out. */
export async function derive(ikm: Bytes, salt: Bytes, info: Bytes, length: number): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", ikm, "HKDF", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, 8 * length));
}

/** What a code is good for at a generation of the view-only code. */
export interface CodeKeys {
  readonly channel: Bytes;
  readonly generation: number;
  /** What the relay is shown. */
  readonly joinToken: Bytes;
  readonly viewKey: Bytes;
  /** What a view-only code does not give. */
  readonly controlKey: Bytes | null;
}

/** The channel of a public owner key. */
export async function channelOf(owner: Bytes): Promise<Bytes> {
  return (await sha256(joined(utf8("sacmes/1 channel"), owner))).slice(0, 16);
}

/** The keys of a code. The holder of a User ID follows the view-only code through its generations; others cannot. */
export async function keysOf(code: Code, generation: number): Promise<CodeKeys> {
  const isOwner = code.kind === "user_id";
  const channel = isOwner ? await channelOf(await ownerOf(code.root)) : code.channel;
  const viewSecret = isOwner
    ? await derive(code.root, SALT, joined(utf8("view"), integer(generation, 2)), 16)
    : code.viewSecret;
  return {
    channel,
    generation: isOwner ? generation : code.generation,
    joinToken: await derive(viewSecret, channel, utf8("join"), 32),
    viewKey: await derive(viewSecret, channel, utf8("view key"), 32),
    controlKey: isOwner ? await derive(code.root, SALT, utf8("control"), 32) : null,
  };
}

/** The public owner key of a User ID. */
export async function ownerOf(root: Bytes): Promise<Bytes> {
  return publicKeyOf(await derive(root, SALT, utf8("owner"), 32));
}

/** What a key seals. */
export type Purpose = "down" | "open" | "query" | "command";

/** The bytes of a sealing key: `H(key, channel ‖ runs, purpose, 32)`. */
export function sealingKeyBytes(key: Bytes, channel: Bytes, runs: readonly Bytes[], purpose: Purpose): Promise<Bytes> {
  return derive(key, joined(channel, ...runs), utf8(purpose), 32);
}
