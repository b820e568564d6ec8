// A relay without sockets, for tests: it keeps a window of the log, and does what a test tells it to.

import { type Bytes, same } from "../bytes";
import { readDownHeader } from "../header";
import { type FromViewer, putToViewer, readFromViewer, type ToViewer } from "../messages";
import type { Dial, Socket, SocketListener } from "../socket";
import type { ScriptedAgent } from "./scripted-agent";

interface Viewer {
  listener: SocketListener;
  runs: Bytes[];
  isIn: boolean;
}

export class ScriptedRelay {
  viewers: Viewer[] = [];
  /** Messages of viewers as they came. */
  received: FromViewer[] = [];
  /** How often it was called. */
  dialled = 0;
  /** False for one that is away. */
  isThere = true;
  isAgentThere = true;
  /** The code with which it closes whoever greets it. */
  closesWith: number | null = null;
  lastSeen_s: number | null = null;
  /** Log frames it loses instead of keeping and sending them. */
  losing = 0;
  /** The generation whose join token it takes. */
  generation = 1;
  /** Lets a test change what goes to viewers; null keeps it back. */
  tamper: (frame: Bytes) => Bytes | null = (frame) => frame;

  #window: { first: number; last: number; frame: Bytes }[] = [];
  #latest: Bytes | null = null;
  #sending: Promise<void> = Promise.resolve();

  constructor(readonly agent: ScriptedAgent) {
    agent.publishing = {
      log: (first, last, frame) => {
        if (this.losing > 0) {
          this.losing -= 1;
          return;
        }
        this.#window.push({ first, last, frame });
        for (const viewer of this.viewers) if (viewer.isIn) this.#frame(viewer, frame);
      },
      latest: (frame) => {
        this.#latest = frame;
        for (const viewer of this.viewers) if (viewer.isIn) this.#frame(viewer, frame);
      },
      direct: (run, frame) => {
        for (const viewer of this.viewers) if (viewer.runs.some((own) => same(own, run))) this.#frame(viewer, frame);
      },
    };
  }

  /** Run of the newest visit of the newest viewer. */
  get run(): Bytes {
    return this.viewers.at(-1)?.runs.at(-1) ?? new Uint8Array(16);
  }

  readonly dial: Dial = (listener) => {
    this.dialled += 1;
    const viewer: Viewer = { listener, runs: [], isIn: false };
    const socket: Socket = {
      send: (bytes) => this.#later(() => this.#receive(viewer, bytes)),
      close: () => this.#forget(viewer),
    };
    if (this.isThere) {
      this.viewers.push(viewer);
      this.#later(() => listener.opened());
    } else {
      this.#later(() => listener.closed(1006));
    }
    return socket;
  };

  /** Closes all connections. */
  close(code: number): void {
    for (const { listener } of this.viewers.splice(0)) this.#later(() => listener.closed(code));
  }

  /** Forgets what it kept, as one that was started again. */
  loseMemory(): void {
    this.#window = [];
    this.#latest = null;
  }

  /** Keeps only the newest frames. */
  keepNewest(count: number): void {
    this.#window = this.#window.slice(-count);
  }

  agentLeft(lastSeen_s: number): void {
    this.isAgentThere = false;
    this.lastSeen_s = lastSeen_s;
    for (const viewer of this.viewers) this.#send(viewer, { message: "absent", lastSeen_s });
  }

  /** The agent begins its log anew: the relay forgets what it kept, and greets everybody again. */
  beginAnew(): void {
    this.loseMemory();
    for (const viewer of this.viewers) if (viewer.isIn) this.#greet(viewer);
  }

  agentCame(): void {
    this.isAgentThere = true;
    for (const viewer of this.viewers) this.#send(viewer, { message: "present" });
  }

  /** Sends any frame to all. */
  sendFrame(frame: Bytes): void {
    for (const viewer of this.viewers) this.#send(viewer, { message: "frame", frame });
  }

  async #receive(viewer: Viewer, bytes: Bytes): Promise<void> {
    if (!this.viewers.includes(viewer)) return;
    const message = readFromViewer(bytes);
    this.received.push(message);
    switch (message.message) {
      case "hello": {
        const closing = this.closesWith;
        if (closing !== null) {
          this.#forget(viewer);
          this.#later(() => viewer.listener.closed(closing));
          return;
        }
        if (!same(message.hello.joinToken, this.agent.keys.joinToken)) {
          this.#send(viewer, { message: "renewed", generation: this.agent.keys.generation });
          this.#later(() => {
            this.#forget(viewer);
            viewer.listener.closed(4504);
          });
          return;
        }
        viewer.isIn = true;
        this.#greet(viewer);
        this.#after(viewer, message.hello.position?.offset ?? 0);
        break;
      }
      case "resume":
        this.#after(viewer, message.position.offset);
        break;
      case "frame":
        viewer.runs.push(message.frame.slice(4, 20));
        if (this.isAgentThere) await this.agent.receive(message.frame);
        else this.#send(viewer, { message: "absent", lastSeen_s: null });
        break;
    }
  }

  #greet(viewer: Viewer): void {
    this.#send(viewer, {
      message: "joined",
      owner: this.agent.owner,
      generation: this.agent.keys.generation,
      epoch: this.agent.epoch,
      floor: this.#window[0]?.first ?? this.agent.head + 1,
      top: this.#window.at(-1)?.last ?? this.agent.head,
      agentPresent: this.isAgentThere,
    });
    if (!this.isAgentThere) this.#send(viewer, { message: "absent", lastSeen_s: this.lastSeen_s });
    if (this.#latest) this.#frame(viewer, this.#latest);
  }

  #after(viewer: Viewer, offset: number): void {
    for (const { last, frame } of this.#window) if (last > offset) this.#frame(viewer, frame);
  }

  #frame(viewer: Viewer, frame: Bytes): void {
    const sent = this.tamper(frame);
    if (sent) this.#send(viewer, { message: "frame", frame: sent });
  }

  #send(viewer: Viewer, message: ToViewer): void {
    this.#later(() => {
      if (this.viewers.includes(viewer)) viewer.listener.received(putToViewer(message));
    });
  }

  #forget(viewer: Viewer): void {
    this.viewers = this.viewers.filter((known) => known !== viewer);
  }

  /** Everything happens in order, and never within the call that caused it. */
  #later(job: () => void | Promise<void>): void {
    this.#sending = this.#sending.then(job);
  }
}

/** The first byte of a frame's kind. */
export function kindOf(frame: Bytes): string {
  return readDownHeader(frame).header.destination.kind;
}
