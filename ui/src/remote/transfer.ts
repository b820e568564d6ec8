// The bytes of a finished export: fetched in parts, from where it was interrupted, and saved only if they are the right ones.

import type { News } from "../protocol/News";
import type { Refusal } from "../protocol/Refusal";
import { fileSize } from "../words";
import { readAnswer } from "./answer";
import { type Bytes, hex, joined } from "./bytes";
import { UNREADABLE_ANSWER } from "./refusals";
import type { Requests } from "./requests";
import { VisitOver } from "./visit";

/** An export that can be fetched. */
export type Ready = Extract<News, { news: "ready" }>;

/** A page keeps a file in memory until it is complete. */
export const MOST_OF_FILE = 256 * 1024 * 1024;

/** First byte of an answer that is the bytes of a file. */
const BYTES = 3;
const LONGEST_REFUSAL = 64 * 1024;

/** Says that nobody wants the file any more. */
export class TransferCancelled extends Error {}

interface Wishes {
  progress(done: number): void;
  isCancelled(): boolean;
}

/** The file's content, with the length and the SHA-256 that the agent told. */
export async function fetchFile(requests: Requests, ready: Ready, { progress, isCancelled }: Wishes): Promise<Blob> {
  if (ready.bytes > MOST_OF_FILE) throw tooLarge(ready);
  const parts: Bytes[] = [];
  let done = 0;
  for (;;) {
    const before = done;
    const answer = new Answer((content) => {
      if (isCancelled()) throw new TransferCancelled();
      parts.push(content);
      done += content.length;
      progress(done);
    });
    try {
      // One byte more than what is left tells the form.
      const most = Math.max(ready.bytes - done + 1, LONGEST_REFUSAL);
      await requests.stream({ ask: "transfer", transfer: ready.transfer, from: done }, most, (part) => answer.take(part));
      answer.end();
    } catch (thrown) {
      // The next visit goes on from where this one ended.
      if (thrown instanceof VisitOver) continue;
      throw thrown;
    }
    if (done >= ready.bytes) break;
    if (done === before) throw damaged(ready);
  }
  const whole = joined(...parts);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  if (whole.length !== ready.bytes || hex(digest) !== ready.sha256.toLowerCase()) throw damaged(ready);
  return new Blob([whole]);
}

/** The parts of one answer: the bytes of a file, or a refusal. */
class Answer {
  #isFile: boolean | null = null;
  #other: Bytes[] = [];

  constructor(private readonly content: (bytes: Bytes) => void) {}

  take(part: Bytes): void {
    const isFirst = this.#isFile === null;
    this.#isFile ??= part[0] === BYTES;
    if (this.#isFile) this.content(isFirst ? part.slice(1) : part);
    else this.#other.push(part);
  }

  /** All parts are there. */
  end(): void {
    if (this.#isFile) return;
    const answer = readAnswer(joined(...this.#other));
    throw answer.form === "reply" && answer.reply.reply === "refused" ? answer.reply.refusal : UNREADABLE_ANSWER;
  }
}

/** A file's name as a browser may save it: without a path, without what no system takes. */
export function safeName(name: string): string {
  const bare = name.split(/[/\\]/).at(-1) ?? "";
  const printable = bare.replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, "").replace(/^[.\s]+|[.\s]+$/g, "");
  return printable === "" ? "sacmes-export" : printable.slice(0, 200);
}

/** Hands a file to the browser, which asks or saves it where it saves everything. */
export function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = safeName(name);
  link.click();
  // The browser has taken the file over by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function tooLarge(ready: Ready): Refusal {
  return {
    code: "too_large_for_browser",
    message: `${safeName(ready.name)} has ${fileSize(ready.bytes)}, more than a browser can fetch here (${fileSize(MOST_OF_FILE)}).`,
    hint: "Export fewer electrodes, frequencies or indices, or export on the computer that records.",
  };
}

function damaged(ready: Ready): Refusal {
  return {
    code: "transfer_damaged",
    message: `${safeName(ready.name)} did not arrive as it was sent; it was not saved.`,
    hint: "Export it again.",
  };
}
