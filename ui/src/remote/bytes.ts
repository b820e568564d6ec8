/** Bytes with a buffer of their own, as WebCrypto takes them. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** What is wrong with bytes that should be a frame. */
export type FrameFault = "truncated" | "trailing_bytes" | "version" | "kind" | "field" | "too_large" | "packing" | "json";

/** Bytes that are not the frame that they should be. */
export class FrameError extends Error {
  constructor(
    readonly fault: FrameFault,
    what = "",
  ) {
    super(what === "" ? `a frame is wrong: ${fault}` : `a frame is wrong: ${fault}, ${what}`);
  }
}

/** Takes the fields of a frame from its front; integers are big-endian. */
export class Reader {
  #rest: Bytes;

  constructor(bytes: Bytes) {
    this.#rest = bytes;
  }

  take(length: number): Bytes {
    if (length > this.#rest.length) throw new FrameError("truncated");
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }

  u8(): number {
    return this.take(1)[0] ?? 0;
  }

  u16(): number {
    return this.#integer(2);
  }

  u32(): number {
    return this.#integer(4);
  }

  /** A number of 64 bits; one that a double cannot hold exactly does not occur and is refused. */
  u64(name: string): number {
    const value = this.#integer(8);
    if (!Number.isSafeInteger(value)) throw new FrameError("field", name);
    return value;
  }

  /** 0 or 1, nothing else. */
  flag(name: string): boolean {
    const value = this.u8();
    if (value > 1) throw new FrameError("field", name);
    return value === 1;
  }

  /** A value that may be absent: a flag, then the value. */
  optional<T>(name: string, read: (from: Reader) => T): T | null {
    return this.flag(name) ? read(this) : null;
  }

  /** Bytes behind a length of 16 bits, at most `longest`. */
  short(name: string, longest: number): Bytes {
    const length = this.u16();
    if (length > longest) throw new FrameError("field", name);
    return this.take(length);
  }

  /** Everything that is left. */
  rest(): Bytes {
    return this.take(this.#rest.length);
  }

  /** Nothing may be left. */
  end(): void {
    if (this.#rest.length > 0) throw new FrameError("trailing_bytes");
  }

  #integer(length: number): number {
    let value = 0;
    for (const byte of this.take(length)) value = value * 256 + byte;
    return value;
  }
}

/** Parts put together. */
export function joined(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A whole number in so many bytes, big-endian. */
export function integer(value: number, length: number): Bytes {
  const bytes = new Uint8Array(length);
  for (let at = length - 1, rest = value; at >= 0; at -= 1) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

/** A flag and, where there is one, the value. */
export function optional<T>(value: T | null, put: (value: T) => Bytes): Bytes {
  return value === null ? integer(0, 1) : joined(integer(1, 1), put(value));
}

/** A length of 16 bits and the bytes. */
export function short(bytes: Bytes): Bytes {
  return joined(integer(bytes.length, 2), bytes);
}

/** A text in UTF-8. */
export function utf8(text: string): Bytes {
  return new Uint8Array(new TextEncoder().encode(text));
}

/** The text of bytes in UTF-8; other bytes are refused. */
export function textOf(bytes: Bytes): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new FrameError("json");
  }
}

/** Bytes as hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Bytes from hexadecimal digits. */
export function fromHex(digits: string): Bytes {
  return Uint8Array.from({ length: digits.length / 2 }, (_, k) => Number.parseInt(digits.slice(2 * k, 2 * k + 2), 16));
}

/** Whether two are the same bytes. */
export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, k) => byte === b[k]);
}

/** So many fresh random bytes. */
export function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** SHA-256 of bytes. */
export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
