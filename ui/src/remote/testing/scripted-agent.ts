// The agent's end, as far as a test of the viewer's end needs one: real keys, real seals, answers from a script.

import { signAsync } from "@noble/ed25519";

import type { AgentStatus } from "../../protocol/AgentStatus";
import type { Ask } from "../../protocol/Ask";
import type { News } from "../../protocol/News";
import type { Order } from "../../protocol/Order";
import type { Question } from "../../protocol/Question";
import type { RecordEntry } from "../../protocol/RecordEntry";
import type { Reply } from "../../protocol/Reply";
import { type Bytes, integer, joined, random, Reader, utf8 } from "../bytes";
import { readUserId } from "../codes";
import { jsonBytes, parsedBytes } from "../json";
import { type CodeKeys, derive, keysOf, ownerOf } from "../keys";
import { type Position, readPosition } from "../position";
import { SealingKey } from "../sealing";
import { putVersions, readVersions, type Versions } from "../versions";
import { vectors } from "./vectors";

const ZEROS = new Uint8Array(16);
const PART = 128 * 1024;
/** Parts, other than last ones, that may be on their way to a visit. */
const CREDIT = 3;

export const SESSION = "5e551000-0000-4000-8000-000000000001";

/** What stands in an answer. */
export type Scripted = { reply: Reply } | { columns: Bytes } | { bytes: Bytes };

interface OpenVisit {
  visit: Bytes;
  query: SealingKey;
  command: SealingKey;
  waiting: Map<number, Bytes[]>;
  nextPart: number;
  onTheWay: number[];
}

/** Goes to viewers through the relay. */
export interface Publishing {
  log(first: number, last: number, frame: Bytes): void;
  latest(frame: Bytes): void;
  direct(viewer: Bytes, frame: Bytes): void;
}

export class ScriptedAgent {
  run = random(16);
  epoch = random(16);
  entries: RecordEntry[] = [];
  /** Runs that the record knows, as positions name them. */
  knownRuns: Bytes[] = [this.run];
  tick_ms = 1000;
  viewers = 1;
  deleted: string[] = [];
  notes = 0;
  versions: Versions = { lowest: 1, highest: 1, program: "0.1.0" };
  /** False for one that hangs. */
  answersOpen = true;
  /** Number of a part that the relay swallows; once. */
  losesPart: number | null = null;
  /** How many entries a history goes over, at most. */
  historyStep = 100;
  answer: (ask: Ask) => Scripted | null | Promise<Scripted | null> = () => null;
  outcome: (order: Order) => Reply | Promise<Reply> = () => ({ reply: "outcome", outcome: { outcome: "done" } });
  /** Questions and orders as they came. */
  readonly asked: Ask[] = [];
  readonly ordered: Order[] = [];
  /** Visits that were opened. */
  opened = 0;
  publishing: Publishing | null = null;

  #counter = 0;
  #visits = new Map<string, OpenVisit>();

  private constructor(
    readonly keys: CodeKeys & { controlKey: Bytes },
    readonly owner: Bytes,
    private readonly seed: Bytes,
  ) {}

  static async create(generation = 1): Promise<ScriptedAgent> {
    const root = readUserId(vectors.codes.user_id);
    const keys = await keysOf({ kind: "user_id", root }, generation);
    const seed = await derive(root, utf8("sacmes/1"), utf8("owner"), 32);
    return new ScriptedAgent({ ...keys, controlKey: keys.controlKey ?? ZEROS }, await ownerOf(root), seed);
  }

  get head(): number {
    return this.entries.length;
  }

  /** The program is started again. */
  restart(): void {
    this.run = random(16);
    this.knownRuns.push(this.run);
    this.#counter = 0;
    this.#visits.clear();
    this.tick_ms = 0;
  }

  /** Commits entries and publishes them in one frame. */
  async commit(count: number): Promise<void> {
    const first = this.head + 1;
    for (let k = 0; k < count; k += 1) {
      const offset = this.head + 1;
      this.entries.push({
        session: SESSION, seq: offset, offset, at: "2026-11-30T08:00:00Z", event: "session_ended", reason: `entry ${String(offset)}`,
      });
    }
    await this.publish(first, this.head);
  }

  /** Takes entries of an engine into the record and publishes them. */
  async record(entries: readonly RecordEntry[]): Promise<void> {
    const first = this.head + 1;
    for (const entry of entries) this.entries.push({ ...entry, offset: this.head + 1 });
    if (entries.length > 0) await this.publish(first, this.head);
  }

  /** Publishes entries again. */
  async publish(first: number, last: number): Promise<void> {
    const entries = this.entries.slice(first - 1, last);
    const body = joined(integer(0, 1), integer(0, 1), jsonBytes(entries));
    const frame = await this.seal(1, joined(integer(first, 8), integer(last - first + 1, 2)), this.epoch, body);
    this.publishing?.log(first, last, frame);
  }

  async sendStatus(change: Partial<AgentStatus> = {}): Promise<void> {
    this.tick_ms += 5000;
    const status: AgentStatus = {
      head: this.head, tick_ms: this.tick_ms, at: "2026-11-30T08:00:00Z", viewers: this.viewers, trouble: null,
      deleted: this.deleted, notes: this.notes, ...change,
    };
    this.publishing?.latest(await this.seal(2, integer(1, 2), ZEROS, jsonBytes(status)));
  }

  async tell(viewer: Bytes, news: News): Promise<void> {
    await this.#direct(viewer, joined(integer(3, 1), jsonBytes(news)));
  }

  /** A frame, sealed and signed. */
  async seal(kind: number, own: Bytes, context: Bytes, plain: Bytes): Promise<Bytes> {
    const counter = this.#counter;
    this.#counter += 1;
    const { viewKey, channel, generation } = this.keys;
    const header = joined(integer(1, 1), integer(kind, 1), integer(generation, 2), this.run, integer(counter, 8), own);
    const key = await SealingKey.derive(viewKey, channel, [this.run], "down");
    const aad = key.aad(context, header);
    const sealed = await key.seal(counter, aad, plain);
    const signature = new Uint8Array(await signAsync(joined(utf8("sacmes/1 frame"), aad, sealed), this.seed));
    return joined(header, sealed, signature);
  }

  /** A sealed frame of a viewer. */
  async receive(frame: Bytes): Promise<void> {
    const from = new Reader(frame);
    from.take(1);
    const kind = from.u8();
    from.u16();
    const viewer = from.take(16).slice();
    const counter = from.u64("counter");
    const sealed = from.rest();
    const head = frame.slice(0, frame.length - sealed.length);
    const open = async (key: SealingKey, context: Bytes): Promise<Bytes> => {
      const padded = new Reader(await key.open(counter, key.aad(context, head), sealed.slice()));
      return padded.take(padded.u32()).slice();
    };
    const { viewKey, channel } = this.keys;
    if (kind === 1) {
      if (!this.answersOpen) return;
      const body = new Reader(await open(await SealingKey.derive(viewKey, channel, [viewer], "open"), ZEROS));
      readVersions(body);
      await this.#opened(viewer, body.optional("position", readPosition));
      return;
    }
    const visit = this.#visits.get(viewer.join());
    if (!visit) return;
    if (kind === 2) {
      const asked = parsedBytes<Question>(await open(visit.query, this.run));
      const refusal = { code: "control_needed", message: "", hint: "" };
      // As the agent does: files are for whoever proves control in the very frame.
      if (asked.ask.ask === "transfer") await this.#respond(viewer, visit, asked.question, { reply: { reply: "refused", refusal } });
      else await this.#question(viewer, visit, asked);
    } else {
      const said = parsedBytes<Order | Question>(await open(visit.command, this.run).catch(() => open(visit.query, this.run)));
      // A question in such a frame proves control.
      if ("ask" in said) return this.#question(viewer, visit, said);
      const order = said;
      this.ordered.push(order);
      await this.#respond(viewer, visit, order.question, { reply: await this.outcome(order) });
    }
  }

  async #opened(viewer: Bytes, position: Position | null): Promise<void> {
    const { viewKey, channel, controlKey } = this.keys;
    const visit = random(16);
    this.#visits.set(viewer.join(), {
      visit,
      query: await SealingKey.derive(viewKey, channel, [viewer, visit], "query"),
      command: await SealingKey.derive(controlKey, channel, [viewer, visit], "command"),
      waiting: new Map(),
      nextPart: 0,
      onTheWay: [],
    });
    this.opened += 1;
    const goesOn =
      position !== null &&
      position.epoch.join() === this.epoch.join() &&
      this.knownRuns.some((run) => run.join() === position.run.join()) &&
      position.offset <= this.head;
    await this.#direct(
      viewer,
      joined(
        integer(1, 1), integer(goesOn ? 0 : 1, 1), visit, this.epoch, this.run, integer(this.head, 8), integer(this.tick_ms, 8),
        putVersions(this.versions),
      ),
    );
  }

  async #question(viewer: Bytes, visit: OpenVisit, { question, ask }: Question): Promise<void> {
    this.asked.push(ask);
    if (ask.ask === "credit") {
      visit.onTheWay = visit.onTheWay.filter((number) => number > ask.through);
      await this.#parts(viewer, visit);
    } else if (ask.ask === "drop") {
      visit.waiting.delete(ask.of);
    } else if (ask.ask === "history") {
      const through = Math.min(ask.through, ask.after + this.historyStep);
      const entries = this.entries.slice(ask.after, through);
      await this.#respond(viewer, visit, question, { reply: { reply: "entries", entries, through } });
    } else {
      const answer = await this.answer(ask);
      if (answer) await this.#respond(viewer, visit, question, answer);
    }
  }

  async #respond(viewer: Bytes, visit: OpenVisit, question: number, answer: Scripted): Promise<void> {
    const plain = integer(0, 1);
    const whole =
      "reply" in answer
        ? joined(integer(1, 1), plain, jsonBytes(answer.reply))
        : "columns" in answer
          ? joined(integer(2, 1), plain, answer.columns)
          : joined(integer(3, 1), answer.bytes);
    const parts: Bytes[] = [];
    for (let at = 0; at < whole.length; at += PART) parts.push(whole.slice(at, at + PART));
    visit.waiting.set(question, parts);
    await this.#parts(viewer, visit);
  }

  /** Sends what may go: last parts at any time, others as there is credit. */
  async #parts(viewer: Bytes, visit: OpenVisit): Promise<void> {
    for (const [question, parts] of visit.waiting) {
      while (parts.length === 1 || (parts.length > 1 && visit.onTheWay.length < CREDIT)) {
        const part = parts.shift() ?? new Uint8Array();
        const isLast = parts.length === 0;
        const number = visit.nextPart;
        visit.nextPart += 1;
        if (!isLast) visit.onTheWay.push(number);
        if (number === this.losesPart) {
          this.losesPart = null;
          continue;
        }
        const head = joined(integer(2, 1), integer(question, 4), integer(number, 4), integer(isLast ? 1 : 0, 1));
        await this.#direct(viewer, joined(head, part));
      }
    }
  }

  async #direct(viewer: Bytes, body: Bytes): Promise<void> {
    this.publishing?.direct(viewer, await this.seal(3, viewer, ZEROS, body));
  }
}
