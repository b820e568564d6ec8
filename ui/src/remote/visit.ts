// A visit: what a viewer asks and orders once the agent has answered it, and the answers in their parts.

import type { Ask } from "../protocol/Ask";
import type { Command } from "../protocol/Command";
import type { Order } from "../protocol/Order";
import type { Query } from "../protocol/Query";
import type { Question } from "../protocol/Question";
import { MOST_OF_ANSWER, readAnswer, type WholeAnswer } from "./answer";
import { type Bytes, joined } from "./bytes";
import type { Direct, Opened } from "./direct";
import { jsonBytes } from "./json";
import type { CodeKeys } from "./keys";
import { Pace } from "./pace";
import { UNREADABLE_ANSWER, VIEW_ONLY } from "./refusals";
import { SealingKey, UpSealer } from "./sealing";
import { rest, type Timing } from "./timing";

/** Questions that may be open; the agent refuses more. */
const MOST_OPEN = 4;
/** Credit is given for so many parts at a time: each word of it is a frame of its own. */
const CREDIT_STEP = 2;
/** No part for so long: the agent knows nothing of this visit any more. */
const PATIENCE_MS = 25_000;
/** A visit ends after 15 minutes without a frame. */
const ALIVE_EVERY_MS = 5 * 60_000;

/** Queries that are answered, or answered in full, to those who prove that they may steer. */
const NEEDS_CONTROL: ReadonlySet<Query["query"]> = new Set(["folder_preview", "lot", "notes", "note_topics", "note_statistics"]);

/** The visit ended before the answer: ask again in the next one. */
export class VisitOver extends Error {}

interface OpenQuestion {
  take: (part: Bytes) => void;
  length: number;
  most: number;
  isAnswered: () => void;
  fail: (error: Error) => void;
  stopWaiting: () => void;
}

/** How a visit reaches the agent, and whom it tells that it is of no use any more. */
export interface VisitLink {
  send(frame: Bytes): void;
  /** The agent does not answer in this visit. */
  lost(): void;
}

export class Visit {
  #open = new Map<number, OpenQuestion>();
  #waiting: (() => void)[] = [];
  #next = 1;
  #isOver = false;
  /** Number of the next part. */
  #nextPart = 0;
  /** Parts, other than last ones, that came since credit was given. */
  #unpaid = 0;
  #sending: Promise<void> = Promise.resolve();
  #pace: Pace;
  #stopKeepingAlive: () => void = () => {};

  /** Newest tick of the agent's run that was seen: commands name it. */
  tick_ms: number;

  private constructor(
    readonly opened: Opened,
    private readonly queries: UpSealer,
    private readonly commands: UpSealer | null,
    private readonly link: VisitLink,
    private readonly timing: Timing,
  ) {
    this.tick_ms = opened.tick_ms;
    this.#pace = new Pace(timing);
    this.#keepAlive();
  }

  /** The visit that the agent opened for a viewer's run. */
  static async begin(keys: CodeKeys, viewer: Bytes, opened: Opened, link: VisitLink, timing: Timing): Promise<Visit> {
    const { channel, viewKey, controlKey, generation } = keys;
    const runs = [viewer, opened.visit];
    const sealer = async (key: Bytes, kind: "query" | "command"): Promise<UpSealer> =>
      new UpSealer(await SealingKey.derive(key, channel, runs, kind), kind, generation, viewer, opened.run);
    const commands = controlKey && (await sealer(controlKey, "command"));
    return new Visit(opened, await sealer(viewKey, "query"), commands, link, timing);
  }

  /** Asks, and waits for the whole answer. */
  ask(ask: Ask): Promise<WholeAnswer> {
    return this.#whole((question) => this.#seal(this.#sealerOf(ask), () => ({ question, ask }) satisfies Question));
  }

  /** Asks for what is too long to be put together here, and hands on its parts: at most so many bytes. */
  stream(ask: Ask, most: number, take: (part: Bytes) => void): Promise<void> {
    return this.#answered(most, take, (question) => this.#seal(this.#sealerOf(ask), () => ({ question, ask }) satisfies Question));
  }

  /** What only those are answered who may steer proves that it comes from one of them. */
  #sealerOf(ask: Ask): UpSealer {
    const needsControl =
      ask.ask === "transfer" ||
      (ask.ask === "query" && NEEDS_CONTROL.has(ask.query.query)) ||
      (ask.ask === "columns" && ask.query.query === "file_preview");
    return (needsControl && this.commands) || this.queries;
  }

  /** Orders something; a repeat under the same id has no second effect. */
  async order(id: string, command: Command): Promise<WholeAnswer> {
    const { commands } = this;
    if (!commands) throw { code: "view_only", message: VIEW_ONLY, hint: "" };
    return this.#whole((question) =>
      this.#seal(commands, () => ({ question, id, tick_ms: this.tick_ms, command }) satisfies Order),
    );
  }

  /** A part of an answer; one to a question that is not open is of an answer that was let go. */
  part({ question, number, isLast, bytes }: Extract<Direct, { kind: "part" }>): void {
    if (this.#isOver) return;
    if (number !== this.#nextPart) {
      // One was lost on its way. Whose it was is not known: all is asked again, in a visit that begins with full credit.
      this.link.lost();
      return;
    }
    this.#nextPart += 1;
    if (!isLast) this.#giveCredit();
    const open = this.#open.get(question);
    if (!open) return;
    open.length += bytes.length;
    if (open.length > open.most) {
      this.#drop(question);
      open.fail(new Error("an answer is too long"));
      return;
    }
    open.take(bytes);
    if (isLast) {
      this.#end(question);
      open.isAnswered();
    } else if (this.#open.has(question)) {
      this.#patience(question, open);
    }
  }

  /** Lets more parts come, whosever they are. */
  #giveCredit(): void {
    this.#unpaid += 1;
    if (this.#unpaid < CREDIT_STEP) return;
    this.#unpaid = 0;
    this.#say({ ask: "credit", through: this.#nextPart - 1 });
  }

  /** The rest of an answer is not wanted. */
  #drop(question: number): void {
    this.#end(question);
    this.#say({ ask: "drop", of: question });
  }

  /** Nothing more comes in this visit. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopKeepingAlive();
    for (const [question, open] of this.#open) {
      this.#end(question);
      open.fail(new VisitOver());
    }
    for (const go of this.#waiting.splice(0)) go();
  }

  async #whole(send: (question: number) => Promise<void>): Promise<WholeAnswer> {
    const parts: Bytes[] = [];
    await this.#answered(MOST_OF_ANSWER, (part) => parts.push(part), send);
    try {
      return readAnswer(joined(...parts));
    } catch {
      throw UNREADABLE_ANSWER;
    }
  }

  async #answered(most: number, take: (part: Bytes) => void, send: (question: number) => Promise<void>): Promise<void> {
    // Looked at and taken in one turn: others wait for the same place.
    while (!this.#isOver && this.#open.size >= MOST_OPEN) await new Promise<void>((go) => this.#waiting.push(go));
    if (this.#isOver) throw new VisitOver();
    const question = this.#next;
    this.#next += 1;
    await new Promise<void>((isAnswered, fail) => {
      const dropping = (part: Bytes): void => {
        try {
          take(part);
        } catch (thrown) {
          // Whoever takes the parts wants no more of them.
          this.#drop(question);
          fail(thrown instanceof Error ? thrown : new Error(String(thrown)));
        }
      };
      const open = { take: dropping, length: 0, most, isAnswered, fail, stopWaiting: () => {} };
      this.#open.set(question, open);
      this.#patience(question, open);
      // A question that is too long for a frame fails alone.
      send(question).catch((thrown: unknown) => {
        this.#end(question);
        fail(thrown instanceof Error ? thrown : new Error(String(thrown)));
      });
    });
  }

  #end(question: number): void {
    this.#open.get(question)?.stopWaiting();
    this.#open.delete(question);
    this.#waiting.shift()?.();
  }

  #patience(question: number, open: OpenQuestion): void {
    open.stopWaiting();
    open.stopWaiting = this.timing.after(PATIENCE_MS, () => {
      if (this.#open.get(question) === open) this.link.lost();
    });
  }

  /** What needs no answer. */
  #say(ask: Ask): void {
    const question = this.#next;
    this.#next += 1;
    // Without the word the answer does not go on, which the patience of its question notices.
    this.#seal(this.queries, () => ({ question, ask }) satisfies Question).catch(() => {});
  }

  /** Seals and sends one after the other: counters rise on the way, too. */
  #seal(sealer: UpSealer, body: () => Question | Order): Promise<void> {
    const sent = this.#sending.then(async () => {
      const wait_ms = this.#pace.next_ms();
      if (wait_ms > 0) await rest(this.timing, wait_ms);
      if (this.#isOver) return;
      // Made when it goes: a command names the newest tick.
      const frame = await sealer.seal(jsonBytes(body()));
      if (!this.#isOver) this.link.send(frame);
    });
    this.#sending = sent.catch(() => {});
    return sent;
  }

  #keepAlive(): void {
    this.#stopKeepingAlive = this.timing.after(ALIVE_EVERY_MS, () => {
      this.#say({ ask: "drop", of: 0 });
      this.#keepAlive();
    });
  }
}
