// Following an agent: one connection after the other, and what people are told about it.

import type { AgentStatus } from "../protocol/AgentStatus";
import type { Event } from "../protocol/Event";
import type { News } from "../protocol/News";
import type { Refusal } from "../protocol/Refusal";
import { hex } from "./bytes";
import { closeReason, isWorthComingBack } from "./close";
import type { Code } from "./codes";
import { Connection, type ConnectionListener } from "./connection";
import { keysOf } from "./keys";
import { KnownBad } from "./known-bad";
import { LogFeed } from "./log-feed";
import { Reconnecting } from "./reconnecting";
import {
  altered, CODE_RENEWED, CONNECTING, noAgent, PROTOCOL_BROKEN, relayVersionDiffers, RETIRED, silent, unreachable, versionsDiffer,
} from "./refusals";
import { Requests } from "./requests";
import type { Dial } from "./socket";
import { StatusEvents } from "./status-events";
import { realTiming, type Timing } from "./timing";
import { ownVersions, type Versions } from "./versions";
import type { Visit } from "./visit";

/** How following goes. */
export type FollowState =
  | { state: "connecting" }
  /** There is no agent, as the relay says. */
  | { state: "absent"; lastSeen_s: number | null }
  /** What is on screen is what the agent has. `viewers` is null until the agent has told how many look. */
  | { state: "live"; viewers: number | null }
  | { state: "silent"; since: Date }
  /** `refusal`: why the relay lets nobody in, where it says so. */
  | { state: "unreachable"; since: Date; sendsAltered: boolean; refusal?: Refusal }
  /** Nothing more is tried. */
  | { state: "refused"; refusal: Refusal };

export interface FollowListener {
  events(events: Event[]): void;
  /** What was told before is not continued: everything has to be asked for anew. */
  anew(): void;
  news(news: News): void;
  /** A visit has begun: what was to be told in the one before is not told any more. */
  visited(): void;
  state(state: FollowState): void;
}

/** Without a status of the agent for so long there is "no news". */
const SILENT_AFTER_MS = 15_000;
/** And after so long the connection is made anew: a browser does not notice by itself that one is dead. */
const DEAD_AFTER_MS = 45_000;

/** A holder of the User ID comes back so often for a renewed code: to be told its generation, and with it. */
const RENEWALS = 2;

/** A relay that is reached greets at once. */
const GREETED_WITHIN_MS = 15_000;

export class Follower implements ConnectionListener {
  state: FollowState = { state: "connecting" };
  readonly requests: Requests;

  #feed: LogFeed;
  #connection: Connection | null = null;
  #generation = 1;
  #renewedTo: number | null = null;
  /** How often it has come back for a renewed code without being let in. */
  #renewals = 0;
  #reconnecting = new Reconnecting();
  #callOffConnecting: () => void = () => {};
  #callOffSilence: () => void = () => {};
  #unreachableSince: Date | null = null;
  #sendsAltered = false;
  #heardAt: Date | null = null;
  #lastSeen_s: number | null = null;
  #agentRun: string | null = null;
  #statusEvents = new StatusEvents();
  #knownBad = new KnownBad();
  #isClosed = false;

  constructor(
    private readonly code: Code,
    private readonly dial: Dial,
    private readonly listener: FollowListener,
    private readonly timing: Timing = realTiming,
  ) {
    this.requests = new Requests(timing, () => whyNot(this.state));
    this.#feed = new LogFeed(timing, {
      entries: (entries) => listener.events(entries),
      anew: () => listener.anew(),
    });
  }

  start(): void {
    void this.#connect();
  }

  /** Connects at once where it would wait: the network is back, or somebody looks again at a page that slept. */
  hurry(): void {
    if (this.state.state === "refused" || this.#isClosed) return;
    const isStale = this.#heardAt !== null && this.timing.date().getTime() - this.#heardAt.getTime() > SILENT_AFTER_MS;
    if (this.#connection && this.state.state !== "absent" && isStale) this.#connectAnew();
    if (!this.#connection) void this.#connect();
  }

  close(): void {
    this.#isClosed = true;
    this.#callOffConnecting();
    this.#callOffSilence();
    this.#connection?.close();
    this.#connection = null;
    this.requests.end();
  }

  joined(): void {
    this.#callOffSilence();
    this.#unreachableSince = null;
    this.#renewals = 0;
    // A relay that altered data is not trusted again before the agent has answered.
    if (this.state.state === "unreachable" && !this.#sendsAltered) this.#show({ state: "connecting" });
  }

  absent(lastSeen_s: number | null): void {
    this.#callOffSilence();
    this.listener.events([{ event: "agent_status", online: false }]);
    // A relay that hands nothing on says only that there is nobody.
    this.#lastSeen_s = lastSeen_s ?? this.#lastSeen_s;
    this.#show({ state: "absent", lastSeen_s: this.#lastSeen_s });
  }

  opening(): void {
    // The agent's answer is a blink away where all is well; where it is not, its silence shows.
    if (this.state.state === "absent") this.#show({ state: "connecting" });
    this.#listen();
  }

  opened(visit: Visit): void {
    this.#reconnecting.succeeded();
    this.#sendsAltered = false;
    const run = hex(visit.opened.run);
    const isOtherRun = this.#agentRun !== null && this.#agentRun !== run;
    this.#agentRun = run;
    const hasRefused = this.requests.begin(visit);
    this.listener.visited();
    this.#show({ state: "live", viewers: this.state.state === "live" ? this.state.viewers : null });
    this.listener.events([{ event: "agent_status", online: true }]);
    // An agent that was started again does not tell what was deleted before; and what was refused meanwhile is wanted still.
    if (isOtherRun || hasRefused) this.listener.anew();
    this.#heard();
  }

  status(status: AgentStatus): void {
    this.#show({ state: "live", viewers: status.viewers });
    this.#heard();
    const events = this.#statusEvents.take(status);
    if (events.length > 0) this.listener.events(events);
  }

  heard(): void {
    if (this.state.state === "live") this.#heard();
  }

  news(news: News): void {
    this.listener.news(news);
  }

  versionsDiffer(agent: Versions): void {
    this.#refuse(versionsDiffer(ownVersions().program, agent.program));
  }

  renewed(generation: number): void {
    this.#renewedTo = generation;
  }

  altered(): void {
    this.#sendsAltered = true;
    this.#connectAnew();
  }

  ended(code: number): void {
    this.#connection = null;
    this.#callOffSilence();
    if (this.#isClosed || this.state.state === "refused") return;
    if (this.#hasRenewed(code)) {
      this.#show({ state: "connecting" });
      this.#callOffConnecting = this.timing.after(0, () => void this.#connect());
      return;
    }
    if (!isWorthComingBack(code)) {
      this.#refuse(refusalOf(code));
      return;
    }
    this.#unreachableSince ??= this.timing.date();
    this.#show({ state: "unreachable", since: this.#unreachableSince, sendsAltered: this.#sendsAltered });
    const wait_ms = this.#reconnecting.wait_ms(code, this.timing.chance());
    this.#callOffConnecting = this.timing.after(wait_ms, () => void this.#connect());
  }

  /** Whether the view-only code was renewed, and the holder of the User ID may follow it. Who was in is not told its generation. */
  #hasRenewed(code: number): boolean {
    const renewedTo = this.#renewedTo;
    this.#renewedTo = null;
    const isOwner = this.code.kind === "user_id";
    if (closeReason(code) !== "code_renewed" || !isOwner || renewedTo === this.#generation || this.#renewals >= RENEWALS) return false;
    this.#generation = renewedTo ?? this.#generation;
    this.#renewals += 1;
    return true;
  }

  async #connect(): Promise<void> {
    this.#callOffConnecting();
    const keys = await keysOf(this.code, this.#generation);
    if (this.#isClosed || this.#connection) return;
    this.#connection = new Connection(this.dial, keys, this.#feed, this.requests, this, this.timing, this.#knownBad);
    this.#callOffSilence();
    this.#callOffSilence = this.timing.after(GREETED_WITHIN_MS, () => this.#connectAnew());
  }

  #connectAnew(): void {
    this.#connection?.close();
    this.ended(0);
  }

  #refuse(refusal: Refusal): void {
    this.#callOffSilence();
    this.#show({ state: "refused", refusal });
    this.#connection?.close();
    this.#connection = null;
    this.requests.end();
  }

  #heard(): void {
    this.#heardAt = this.timing.date();
    this.#listen();
  }

  /** Waits for the next sign of the agent. */
  #listen(): void {
    this.#callOffSilence();
    const since = this.#heardAt ?? this.timing.date();
    const fallSilent = (): void => {
      this.#show({ state: "silent", since });
      this.#callOffSilence = this.timing.after(DEAD_AFTER_MS - SILENT_AFTER_MS, () => this.#connectAnew());
    };
    this.#callOffSilence = this.timing.after(SILENT_AFTER_MS, fallSilent);
  }

  #show(state: FollowState): void {
    this.state = state;
    this.listener.state(state);
  }
}

function refusalOf(code: number): Refusal {
  switch (closeReason(code)) {
    case "code_renewed":
      return CODE_RENEWED;
    case "retired":
      return RETIRED;
    case "version":
      return relayVersionDiffers(ownVersions().program);
    default:
      return PROTOCOL_BROKEN;
  }
}

/** Why something cannot be asked or ordered now. */
export function whyNot(state: FollowState): Refusal {
  switch (state.state) {
    case "absent":
      return noAgent(state.lastSeen_s);
    case "silent":
      return silent(state.since);
    case "unreachable":
      if (state.refusal) return state.refusal;
      return state.sendsAltered ? altered(state.since) : unreachable(state.since);
    case "refused":
      return state.refusal;
    default:
      return CONNECTING;
  }
}
