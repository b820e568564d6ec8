// The owner's Ed25519 key (RFC 8032): its public half from the seed, and the verification of what the owner signed.

import { getPublicKeyAsync, verifyAsync } from "@noble/ed25519";

import type { Bytes } from "./bytes";

/** The public key of a seed. */
export async function publicKeyOf(seed: Bytes): Promise<Bytes> {
  return new Uint8Array(await getPublicKeyAsync(seed));
}

/** Tells whether a signature over a text is the owner's. */
export type Verify = (signature: Bytes, text: Bytes) => Promise<boolean>;

/** Verifies with the browser's own Ed25519, or where it has none with one in JavaScript. */
export async function verifierOf(owner: Bytes, subtle: SubtleCrypto = crypto.subtle): Promise<Verify> {
  try {
    const key = await subtle.importKey("raw", owner, { name: "Ed25519" }, false, ["verify"]);
    return (signature, text) => subtle.verify({ name: "Ed25519" }, key, signature, text);
  } catch {
    return scriptedVerifier(owner);
  }
}

/** The same in JavaScript, and as strict. */
export function scriptedVerifier(owner: Bytes): Verify {
  return async (signature, text) => {
    try {
      return await verifyAsync(signature, text, owner, { zip215: false });
    } catch {
      return false;
    }
  };
}
