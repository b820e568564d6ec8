// One connection to the relay: the greeting, the frames in their order, and the visit that is opened in it.

import type { AgentStatus } from "../protocol/AgentStatus";
import type { News } from "../protocol/News";
import { type Bytes, FrameError, hex, random, same } from "./bytes";
import { type Opened, putOpening, readDirect } from "./direct";
import { type DownHeader, readDownHeader } from "./header";
import { parsedBytes } from "./json";
import { channelOf, type CodeKeys } from "./keys";
import type { KnownBad } from "./known-bad";
import type { LogFeed, LogLink } from "./log-feed";
import { putFromViewer, readToViewer, type ToViewer } from "./messages";
import { verifierOf } from "./owner";
import type { Requests } from "./requests";
import { DownOpener, type OpenedFrame, SealError, SealingKey, UpSealer } from "./sealing";
import type { Dial, Socket, SocketListener } from "./socket";
import type { Timing } from "./timing";
import { haveCommonVersion, ownVersions, type Versions } from "./versions";
import { Visit } from "./visit";

/** Key of the *latest* frame that carries the agent's status. */
const STATUS = 1;
/** An `open` that is not answered within this is sent anew. */
const OPENED_WITHIN_MS = 10_000;
/** After a new run of the agent all its viewers open again: spread over this. */
const SPREAD_MS = 2000;
/** So many frames that fail a check, in so long, and the connection is made anew. */
const MOST_ALTERED = 3;
const ALTERED_WITHIN_MS = 10_000;
const ZEROS = new Uint8Array(16);

export interface ConnectionListener {
  /** The relay let this viewer in. */
  joined(): void;
  /** There is no agent, as the relay says, and when it was last there. */
  absent(lastSeen_s: number | null): void;
  /** The agent is connected, as the relay says, and is asked. */
  opening(): void;
  /** The agent has answered under its signature. */
  opened(visit: Visit): void;
  status(status: AgentStatus): void;
  /** The agent said something in this visit. */
  heard(): void;
  news(news: News): void;
  /** Agent and page have no version in common. */
  versionsDiffer(agent: Versions): void;
  /** The view-only code is of another generation now. */
  renewed(generation: number): void;
  /** The relay sends what the agent did not. */
  altered(): void;
  /** Once, with the close code. */
  ended(code: number): void;
}

export class Connection implements SocketListener {
  #socket: Socket;
  #isOver = false;
  /** Messages are taken one after the other. */
  #taking: Promise<void> = Promise.resolve();
  #opener: DownOpener | null = null;
  #isGreeted = false;
  #visit: Visit | null = null;
  /** The viewer's run that the agent was last asked with, while it has not answered. */
  #asked: Bytes | null = null;
  #viewer: Bytes | null = null;
  #callOffOpening: () => void = () => {};
  /** Runs of the agent that are over: what is sent again from one of them changes nothing. */
  #pastRuns = new Set<string>();
  #counters = new Map<string, number>();
  /** The newest status that came before the agent answered. */
  #early: Bytes | null = null;
  #altered_ms: number[] = [];

  readonly #logLink: LogLink = {
    open: (epoch, frame) => this.#open(epoch, frame),
    resume: (position) => this.#send(putFromViewer({ message: "resume", position })),
    history: async (after, through) => {
      const answer = await this.requests.ask({ ask: "history", after, through });
      if (answer.form !== "reply" || answer.reply.reply !== "entries") throw new FrameError("kind", "history");
      return answer.reply;
    },
    failed: (thrown) => {
      if (!this.#isOver) this.#countAltered(thrown);
    },
  };

  constructor(
    dial: Dial,
    private readonly keys: CodeKeys,
    private readonly feed: LogFeed,
    private readonly requests: Requests,
    private readonly listener: ConnectionListener,
    private readonly timing: Timing,
    private readonly knownBad: KnownBad,
  ) {
    this.#socket = dial(this);
  }

  opened(): void {
    const { channel, joinToken } = this.keys;
    const hello = { channel, joinToken, versions: ownVersions(), position: this.feed.position };
    this.#send(putFromViewer({ message: "hello", hello }));
  }

  received(bytes: Bytes): void {
    this.#next(() => this.#take(readToViewer(bytes)));
  }

  #next(job: () => Promise<void>): void {
    this.#taking = this.#taking.then(async () => {
      if (this.#isOver) return;
      try {
        await job();
      } catch (thrown) {
        if (!this.#isOver) this.#countAltered(thrown);
      }
    });
  }

  closed(code: number): void {
    if (this.#isOver) return;
    this.#finish();
    this.listener.ended(code);
  }

  /** Ends the connection from this side. */
  close(): void {
    if (this.#isOver) return;
    this.#finish();
    this.#socket.close();
  }

  #finish(): void {
    this.#isOver = true;
    this.#callOffOpening();
    this.feed.left();
    this.requests.end();
  }

  async #take(message: ToViewer): Promise<void> {
    switch (message.message) {
      case "joined": {
        if (!same(await channelOf(message.owner), this.keys.channel)) throw new SealError("signature");
        this.#opener ??= new DownOpener(this.keys, await verifierOf(message.owner));
        this.feed.joined(this.#logLink, message.epoch, message.floor);
        this.listener.joined();
        const isVisited = this.#visit && message.epoch && same(this.#visit.opened.epoch, message.epoch);
        if (message.agentPresent && !isVisited) {
          // Greeted again, since the log begins anew: all viewers are, at the same moment.
          if (this.#isGreeted) this.#openLater(this.timing.chance() * SPREAD_MS);
          else await this.#openVisit();
        }
        this.#isGreeted = true;
        break;
      }
      case "frame":
        await this.#frame(message.frame);
        break;
      case "absent":
        this.#endVisit();
        this.listener.absent(message.lastSeen_s);
        break;
      case "present":
        this.#endVisit();
        this.listener.opening();
        this.#openLater(this.timing.chance() * SPREAD_MS);
        break;
      case "renewed":
        this.listener.renewed(message.generation);
        break;
    }
  }

  async #frame(frame: Bytes): Promise<void> {
    const { header } = readDownHeader(frame);
    const { destination } = header;
    switch (destination.kind) {
      case "log":
        await this.feed.frame(destination.first, destination.last, frame);
        break;
      case "latest":
        if (destination.key === STATUS) await this.#status(header, frame);
        break;
      case "direct":
        if (this.#viewer && same(destination.viewer, this.#viewer)) await this.#direct(header, frame);
        break;
    }
  }

  async #status(header: DownHeader, frame: Bytes): Promise<void> {
    if (this.#pastRuns.has(hex(header.run)) || !this.#isNewer("latest", header)) return;
    const visit = this.#visit;
    if (!visit) {
      // Comes right after the greeting; read once the agent has answered.
      this.#early = frame;
      return;
    }
    const { plain } = await this.#open(ZEROS, frame);
    if (!same(header.run, visit.opened.run)) {
      // The agent began a new run, in which this visit is none.
      this.#endVisit();
      this.listener.opening();
      this.#openLater(this.timing.chance() * SPREAD_MS);
      return;
    }
    this.#count("latest", header);
    const status = parsedBytes<AgentStatus>(plain);
    visit.tick_ms = Math.max(visit.tick_ms, status.tick_ms);
    this.listener.status(status);
    this.feed.head(status.head);
  }

  async #direct(header: DownHeader, frame: Bytes): Promise<void> {
    if (!this.#isNewer("direct", header)) return;
    const direct = readDirect((await this.#open(ZEROS, frame)).plain);
    this.#count("direct", header);
    if (direct.kind === "opened") {
      if (this.#asked) await this.#begin(this.#asked, direct.opened);
    } else if (this.#visit && same(header.run, this.#visit.opened.run)) {
      // A relay leaves out what only counts now, such as a status, where much waits: the answer itself is news then.
      this.listener.heard();
      if (direct.kind === "part") this.#visit.part(direct);
      else this.listener.news(direct.news);
    }
  }

  async #openVisit(): Promise<void> {
    this.#endVisit();
    this.listener.opening();
    // A fresh run: the agent answers each only once.
    const viewer = random(16);
    this.#viewer = viewer;
    this.#asked = viewer;
    this.#counters.delete("direct");
    const { viewKey, channel, generation } = this.keys;
    const key = await SealingKey.derive(viewKey, channel, [viewer], "open");
    const sealer = new UpSealer(key, "open", generation, viewer, null);
    const frame = await sealer.seal(putOpening(ownVersions(), this.feed.position));
    if (this.#isOver || this.#asked !== viewer) return;
    this.#send(putFromViewer({ message: "frame", frame }));
    this.#openLater(OPENED_WITHIN_MS);
  }

  #openLater(ms: number): void {
    this.#callOffOpening();
    this.#callOffOpening = this.timing.after(ms, () => this.#next(() => this.#openVisit()));
  }

  async #begin(viewer: Bytes, opened: Opened): Promise<void> {
    this.#asked = null;
    this.#callOffOpening();
    if (!haveCommonVersion(ownVersions(), opened.versions)) {
      this.listener.versionsDiffer(opened.versions);
      return;
    }
    const link = {
      send: (frame: Bytes) => this.#send(putFromViewer({ message: "frame", frame })),
      lost: () => {
        if (this.#visit === visit) this.#openLater(0);
      },
    };
    const visit = await Visit.begin(this.keys, viewer, opened, link, this.timing);
    if (this.#isOver) return;
    this.#visit = visit;
    this.#pastRuns.delete(hex(opened.run));
    this.#counters.delete("latest");
    await this.feed.opened(opened);
    // Only now: what is asked from here on is not older than what the feed has told.
    if (this.#isOver) return;
    this.listener.opened(visit);
    const early = this.#early;
    this.#early = null;
    if (!early) return;
    // A relay may have kept the last word of a run before this one: the answer to a fresh run is the newer.
    const { run } = readDownHeader(early).header;
    if (same(run, opened.run)) await this.#frame(early);
    else this.#pastRuns.add(hex(run));
  }

  #endVisit(): void {
    this.#callOffOpening();
    this.#asked = null;
    if (this.#visit) this.#pastRuns.add(hex(this.#visit.opened.run));
    this.#visit = null;
    this.requests.end();
  }

  async #open(epoch: Bytes, frame: Bytes): Promise<OpenedFrame> {
    if (!this.#opener) throw new FrameError("kind", "before joined");
    try {
      return await this.#opener.open(epoch, frame);
    } catch (thrown) {
      const isKnown = thrown instanceof SealError && thrown.fault !== "generation" && !this.knownBad.isNew(frame);
      throw isKnown ? new SealError("known") : thrown;
    }
  }

  #isNewer(kind: string, { counter }: DownHeader): boolean {
    return counter > (this.#counters.get(kind) ?? -1);
  }

  #count(kind: string, { counter }: DownHeader): void {
    this.#counters.set(kind, counter);
  }

  #send(bytes: Bytes): void {
    if (!this.#isOver) this.#socket.send(bytes);
  }

  /** Frames that fail a check count for nothing; several in a row are more than chance. */
  #countAltered(thrown: unknown): void {
    // A frame of another generation is one of a code that is renewed at this moment.
    if (thrown instanceof SealError && (thrown.fault === "generation" || thrown.fault === "known")) return;
    const now_ms = this.timing.now_ms();
    this.#altered_ms = [...this.#altered_ms.filter((at) => now_ms - at < ALTERED_WITHIN_MS), now_ms];
    if (this.#altered_ms.length >= MOST_ALTERED) this.listener.altered();
  }
}
