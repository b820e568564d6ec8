// The record as it arrives: every entry once, in order, whatever the relay leaves out.

import type { RecordEntry } from "../protocol/RecordEntry";
import { type Bytes, same } from "./bytes";
import type { Opened } from "./direct";
import { unpackEntries } from "./entries";
import type { Position } from "./position";
import type { OpenedFrame } from "./sealing";
import { rest, type Timing } from "./timing";

/** What waits for a place in the record, at most, bytes. */
const MOST_WAITING = 4 * 1024 * 1024;
/** How long the relay may take to send again what is missing, before the agent is asked. */
const RESUME_MS = 1500;
/** How long an entry that the agent has may be on its way. */
const ON_ITS_WAY_MS = 2000;
/** Where more is missing, everything is asked for anew: quicker than to repeat what happened. */
const MOST_REPEATED = 5000;

/** How the feed reaches relay and agent during one connection. */
export interface LogLink {
  /** Verifies and opens a log frame of this life of the record. */
  open(epoch: Bytes, frame: Bytes): Promise<OpenedFrame>;
  /** Has the relay send again what follows a position. */
  resume(position: Position): void;
  /** Entries from the agent, which says up to where they go. */
  history(after: number, through: number): Promise<{ entries: RecordEntry[]; through: number }>;
  /** A frame that had waited failed a check. */
  failed(thrown: unknown): void;
}

export interface LogListener {
  /** The next entries of the record. */
  entries(entries: RecordEntry[]): void;
  /** What was told before is not continued: everything has to be asked for anew. */
  anew(): void;
}

interface Waiting {
  first: number;
  last: number;
  frame: Bytes;
}

/** What a frame with entries `first` to `last` is to somebody who has all entries up to `mine`. */
export function judge(mine: number, first: number, last: number): "known" | "next" | "gap" {
  if (last <= mine) return "known";
  return first <= mine + 1 ? "next" : "gap";
}

export class LogFeed {
  /** How far this viewer has come; null until the agent has said where the record stands. */
  #position: Position | null = null;
  #link: LogLink | null = null;
  /** Whether the relay's log is of the life of the record that the position belongs to. */
  #isSameLife = false;
  /** First entry that the relay has, as it says. */
  #floor = 0;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #isCatchingUp = false;
  /** Counts starts over: what was begun before one counts for nothing after it. */
  #starts = 0;
  /** The run that the agent is in, to which whatever it says of the record belongs. */
  #agentRun: Bytes = new Uint8Array(16);

  constructor(
    private readonly timing: Timing,
    private readonly listener: LogListener,
  ) {}

  get position(): Position | null {
    return this.#position;
  }

  /** The relay lets this viewer in, or its log begins anew. */
  joined(link: LogLink, epoch: Bytes | null, floor: number): void {
    if (this.#link !== link) this.#takeWaiting();
    this.#link = link;
    this.#isSameLife = this.#position !== null && epoch !== null && same(epoch, this.#position.epoch);
    this.#floor = floor;
  }

  /** The connection is gone. */
  left(): void {
    this.#link = null;
    this.#takeWaiting();
  }

  /** A log frame, not yet verified. Throws what is wrong with it. */
  async frame(first: number, last: number, frame: Bytes): Promise<void> {
    const position = this.#position;
    if (!position || !this.#isSameLife) return this.#wait({ first, last, frame });
    const verdict = judge(position.offset, first, last);
    if (verdict === "known") return;
    if (verdict === "next") {
      await this.#fold(frame);
      await this.#drain();
    } else {
      this.#wait({ first, last, frame });
      void this.#catchUp(first - 1);
    }
  }

  /** The agent has answered under its signature: only this starts over. */
  async opened({ verdict, epoch, run, head }: Opened): Promise<void> {
    const before = this.#position;
    const goesOn = before !== null && verdict === "go_on" && same(epoch, before.epoch) && before.offset <= head;
    this.#isSameLife = true;
    this.#agentRun = run;
    if (goesOn && head - before.offset <= MOST_REPEATED) {
      this.head(head);
    } else {
      this.#position = { epoch, run, offset: head };
      this.#starts += 1;
      if (before) this.listener.anew();
    }
    await this.#drain();
  }

  /** Offset of the newest entry, as the agent signed it: a last frame that was lost shows by it. */
  head(head: number): void {
    if (!this.#isBehind(head)) return;
    const link = this.#link;
    this.timing.after(ON_ITS_WAY_MS, () => {
      if (link === this.#link && this.#isBehind(head)) void this.#catchUp(head);
    });
  }

  #isBehind(head: number): boolean {
    return this.#position !== null && this.#isSameLife && this.#position.offset < head;
  }

  async #fold(frame: Bytes): Promise<void> {
    const [position, link] = [this.#position, this.#link];
    if (!position || !link) return;
    const starts = this.#starts;
    const { header, plain } = await link.open(position.epoch, frame);
    if (header.destination.kind !== "log" || starts !== this.#starts) return;
    this.#take(header.run, unpackEntries(plain), header.destination.last);
  }

  /** Takes entries up to an offset, if the record has not moved past it meanwhile. */
  #take(run: Bytes, entries: readonly RecordEntry[], through: number): void {
    const position = this.#position;
    if (!position || through <= position.offset) return;
    const next = entries.filter(({ offset }) => offset > position.offset && offset <= through);
    this.#position = { epoch: position.epoch, run, offset: through };
    if (next.length > 0) this.listener.entries(next);
  }

  #wait(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#waitingBytes += waiting.frame.length;
    if (this.#waitingBytes <= MOST_WAITING) return;
    // What has no place any more is sent again. The older half at once: a window of many frames is not counted over for each.
    this.#waiting = this.#waiting.slice(Math.ceil(this.#waiting.length / 2));
    this.#waitingBytes = this.#waiting.reduce((sum, { frame }) => sum + frame.length, 0);
  }

  #takeWaiting(): Waiting[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    return waiting;
  }

  /** Takes what waited and has its place now. */
  async #drain(): Promise<void> {
    const waiting = this.#takeWaiting().sort((a, b) => a.first - b.first);
    for (const [k, one] of waiting.entries()) {
      const position = this.#position;
      if (!position) return;
      const verdict = judge(position.offset, one.first, one.last);
      if (verdict === "next") await this.#fold(one.frame).catch((thrown: unknown) => this.#link?.failed(thrown));
      if (verdict !== "gap") continue;
      for (const later of waiting.slice(k)) this.#wait(later);
      void this.#catchUp(one.first - 1);
      return;
    }
  }

  /** Fetches what is missing up to an offset: from the relay, else from the agent. */
  async #catchUp(target: number): Promise<void> {
    if (this.#isCatchingUp) return;
    this.#isCatchingUp = true;
    const before = this.#position;
    try {
      await this.#fetch(target);
    } catch {
      // Not answered: the next status shows that something is missing still.
      return;
    } finally {
      this.#isCatchingUp = false;
    }
    // Where nothing has come, as without a connection, what waits has no place either: to look again at once would never end.
    if (this.#position !== before) await this.#drain();
  }

  async #fetch(target: number): Promise<void> {
    const [link, starts] = [this.#link, this.#starts];
    const isOver = (): boolean => this.#link !== link || this.#starts !== starts;
    const missing = (): number => target - (this.#position?.offset ?? target);
    if (!link || !this.#position) return;
    if (this.#floor <= this.#position.offset + 1 && missing() <= MOST_REPEATED) {
      link.resume(this.#position);
      await rest(this.timing, RESUME_MS);
    }
    while (!isOver() && missing() > 0) {
      if (missing() > MOST_REPEATED) {
        this.#position = { epoch: this.#position.epoch, run: this.#agentRun, offset: target };
        this.listener.anew();
        return;
      }
      const { offset } = this.#position;
      const { entries, through } = await link.history(offset, target);
      if (isOver() || through <= offset) return;
      this.#take(this.#agentRun, entries, through);
    }
  }
}
