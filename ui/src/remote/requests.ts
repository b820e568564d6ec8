// Questions and commands of the user interface, carried over from one visit to the next.

import type { Ask } from "../protocol/Ask";
import type { Command } from "../protocol/Command";
import type { Refusal } from "../protocol/Refusal";
import type { WholeAnswer } from "./answer";
import type { Bytes } from "./bytes";
import { OUTCOME_UNKNOWN } from "./refusals";
import type { Timing } from "./timing";
import { type Visit, VisitOver } from "./visit";

/** A question waits so long for a visit, then it is refused with the reason. */
const QUESTION_WAITS_MS = 15_000;
/** A command waits less: nobody wants one to have its effect when it is long forgotten. */
const COMMAND_WAITS_MS = 5000;
/** A command whose answer was lost is repeated, under its id, so long after it was sent first. */
const REPEATED_WITHIN_MS = 30_000;

export class Requests {
  #visit: Visit | null = null;
  #waiting = new Set<() => void>();
  /** Whether something was refused since there was a visit. */
  #hasRefused = false;

  /** `whyNot` tells why there is no visit now. */
  constructor(
    private readonly timing: Timing,
    private readonly whyNot: () => Refusal,
  ) {}

  get visit(): Visit | null {
    return this.#visit;
  }

  /** Puts a visit in place of the one before. Tells whether something was refused for want of one. */
  begin(visit: Visit): boolean {
    this.end();
    this.#visit = visit;
    for (const go of [...this.#waiting]) go();
    const hasRefused = this.#hasRefused;
    this.#hasRefused = false;
    return hasRefused;
  }

  /** Ends the visit: what is open in it is asked again in the next. */
  end(): void {
    const visit = this.#visit;
    this.#visit = null;
    visit?.end();
  }

  async ask(ask: Ask): Promise<WholeAnswer> {
    for (;;) {
      const visit = await this.#inVisit(QUESTION_WAITS_MS);
      try {
        return await visit.ask(ask);
      } catch (thrown) {
        if (!(thrown instanceof VisitOver)) throw thrown;
      }
    }
  }

  /** The parts of an answer that is too long to be put together. Rejected with `VisitOver` where the rest must be asked for. */
  async stream(ask: Ask, most: number, take: (part: Bytes) => void): Promise<void> {
    const visit = await this.#inVisit(QUESTION_WAITS_MS);
    await visit.stream(ask, most, take);
  }

  async order(command: Command): Promise<WholeAnswer> {
    const id = crypto.randomUUID();
    let sentAt_ms: number | null = null;
    for (;;) {
      const left_ms = sentAt_ms === null ? COMMAND_WAITS_MS : REPEATED_WITHIN_MS - (this.timing.now_ms() - sentAt_ms);
      const visit = await this.#inVisit(left_ms).catch((thrown: unknown) => {
        throw sentAt_ms === null ? thrown : OUTCOME_UNKNOWN;
      });
      sentAt_ms ??= this.timing.now_ms();
      try {
        return await visit.order(id, command);
      } catch (thrown) {
        if (!(thrown instanceof VisitOver)) throw thrown;
      }
    }
  }

  /** The visit, as soon as there is one. */
  async #inVisit(most_ms: number): Promise<Visit> {
    if (!this.#visit && most_ms > 0) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          callOff();
          this.#waiting.delete(go);
          resolve();
        };
        const callOff = this.timing.after(most_ms, go);
        this.#waiting.add(go);
      });
    }
    if (this.#visit) return this.#visit;
    this.#hasRefused = true;
    throw this.whyNot();
  }
}
