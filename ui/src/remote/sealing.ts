// Sealing and opening what a relay carries: AES-256-GCM, and the owner's signature on everything from the agent.

import { type Bytes, FrameError, hex, integer, joined, utf8 } from "./bytes";
import { type DownHeader, readDownHeader, type UpKind, upHeader } from "./header";
import { type CodeKeys, type Purpose, sealingKeyBytes } from "./keys";
import type { Verify } from "./owner";

/** Longest frame from an agent, and from a viewer, bytes. */
export const LONGEST_DOWN = 256 * 1024;
export const LONGEST_UP = 64 * 1024;

/** Frames under one key: after so many a new run begins. */
const MOST_FRAMES = 2 ** 32;
const PADDED_TO = 256;
const TAG = 16;
const SIGNATURE = 64;
const ZEROS = new Uint8Array(16);

/** Why a frame counts for nothing. */
export type SealFault = "generation" | "signature" | "altered" | "exhausted" | "known";

export class SealError extends Error {
  constructor(readonly fault: SealFault) {
    super(`a sealed frame is refused: ${fault}`);
  }
}

/** A key that seals for one run in one direction. */
export class SealingKey {
  private constructor(
    private readonly key: CryptoKey,
    private readonly channel: Bytes,
  ) {}

  static async derive(key: Bytes, channel: Bytes, runs: readonly Bytes[], purpose: Purpose): Promise<SealingKey> {
    const bytes = await sealingKeyBytes(key, channel, runs, purpose);
    return new SealingKey(await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]), channel);
  }

  /** `"sacmes/1" ‖ channel ‖ context ‖ header`. */
  aad(context: Bytes, header: Bytes): Bytes {
    return joined(utf8("sacmes/1"), this.channel, context, header);
  }

  /** Ciphertext and tag. A counter is used once. */
  async seal(counter: number, additionalData: Bytes, plain: Bytes): Promise<Bytes> {
    const algorithm = { name: "AES-GCM", iv: nonce(counter), additionalData };
    return new Uint8Array(await crypto.subtle.encrypt(algorithm, this.key, plain));
  }

  async open(counter: number, additionalData: Bytes, sealed: Bytes): Promise<Bytes> {
    try {
      const algorithm = { name: "AES-GCM", iv: nonce(counter), additionalData };
      return new Uint8Array(await crypto.subtle.decrypt(algorithm, this.key, sealed));
    } catch {
      throw new SealError("altered");
    }
  }
}

function nonce(counter: number): Bytes {
  return joined(new Uint8Array(4), integer(counter, 8));
}

/** A frame of the agent, proven and read. */
export interface OpenedFrame {
  header: DownHeader;
  plain: Bytes;
}

/** Opens the frames of an agent, of any of its runs. */
export class DownOpener {
  /** Frames of one run come together: its key is made once. */
  #newest: { run: string; key: SealingKey } | null = null;

  /** `verify` is that of the owner whose channel is the code's, as the caller has checked. */
  constructor(
    private readonly keys: CodeKeys,
    private readonly verify: Verify,
  ) {}

  /** Verifies, then opens. `epoch` is the life of the record that log frames must belong to. Order is not judged here. */
  async open(epoch: Bytes, frame: Bytes): Promise<OpenedFrame> {
    if (frame.length > LONGEST_DOWN) throw new FrameError("too_large");
    const { header, head, body } = readDownHeader(frame);
    if (header.counter >= MOST_FRAMES) throw new SealError("exhausted");
    if (body.length < TAG + SIGNATURE) throw new FrameError("truncated");
    const sealed = body.slice(0, body.length - SIGNATURE);
    const signature = body.slice(body.length - SIGNATURE);
    const run = hex(header.run);
    const key = this.#newest?.run === run ? this.#newest.key : await this.#keyOf(header.run);
    const aad = key.aad(header.destination.kind === "log" ? epoch : ZEROS, head);
    if (!(await this.verify(signature, joined(utf8("sacmes/1 frame"), aad, sealed)))) throw new SealError("signature");
    // Only the owner's word is one: a relay that writes another generation into a header alters it.
    if (header.generation !== this.keys.generation) throw new SealError("generation");
    const plain = await key.open(header.counter, aad, sealed);
    // Only a run that the owner signed for takes the place of the one before.
    this.#newest = { run, key };
    return { header, plain };
  }

  #keyOf(run: Bytes): Promise<SealingKey> {
    return SealingKey.derive(this.keys.viewKey, this.keys.channel, [run], "down");
  }
}

/** Seals what a viewer sends under one key. */
export class UpSealer {
  #counter = 0;

  /** `agent` is the agent's run, which questions and commands are bound to; null for the first frame of a visit. */
  constructor(
    private readonly key: SealingKey,
    private readonly kind: UpKind,
    private readonly generation: number,
    private readonly viewer: Bytes,
    private readonly agent: Bytes | null,
  ) {}

  async seal(body: Bytes): Promise<Bytes> {
    if (this.#counter >= MOST_FRAMES) throw new SealError("exhausted");
    const plain = padded(body);
    const header = upHeader(this.kind, this.generation, this.viewer, this.#counter);
    if (header.length + plain.length + TAG > LONGEST_UP) throw new FrameError("too_large");
    const counter = this.#counter;
    this.#counter += 1;
    return joined(header, await this.key.seal(counter, this.key.aad(this.agent ?? ZEROS, header), plain));
  }
}

/** `length 4 ‖ body ‖ zeros`, a multiple of 256 bytes: lengths would name commands. */
function padded(body: Bytes): Bytes {
  const plain = new Uint8Array(Math.ceil((4 + body.length) / PADDED_TO) * PADDED_TO);
  plain.set(integer(body.length, 4));
  plain.set(body, 4);
  return plain;
}
