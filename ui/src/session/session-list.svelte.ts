import type { Platform } from "../platform/platform";
import { toRefusal } from "../platform/platform";
import type { RecordEntry } from "../protocol/RecordEntry";
import type { Refusal } from "../protocol/Refusal";
import type { SessionId } from "../protocol/SessionId";
import type { SessionSummary } from "../protocol/SessionSummary";
import { Backoff } from "./backoff";
import type { EventHub } from "./event-hub";
import { RepeatThrottle } from "./frame";
import { isLive } from "./states";

const REFRESH_INTERVAL_MS = 500;

export { isLive };

/** Live sessions first, each group newest first. */
export function inOrder(sessions: readonly SessionSummary[]): SessionSummary[] {
  return [...sessions].sort(
    (a, b) => Number(isLive(b)) - Number(isLive(a)) || b.created_at.localeCompare(a.created_at),
  );
}

/** All sessions of the profile, kept up to date. */
export class SessionList {
  /** Null until the engine has answered. */
  sessions: SessionSummary[] | null = $state.raw(null);
  refusal: Refusal | null = $state.raw(null);

  #refresh = new RepeatThrottle(REFRESH_INTERVAL_MS, () => this.#query());
  #later = new Backoff(() => this.#refresh.ask());

  constructor(
    private readonly platform: Platform,
    hub: EventHub,
  ) {
    hub.onEntries((entries) => this.#take(entries));
    hub.onAnew(() => this.refresh());
    hub.onLive((event) => {
      if (event.event === "session_deleted") this.forget(event.session);
    });
    this.#refresh.ask();
  }

  find(session: SessionId): SessionSummary | undefined {
    return this.sessions?.find((summary) => summary.session === session);
  }

  forget(session: SessionId): void {
    this.sessions = this.sessions?.filter((summary) => summary.session !== session) ?? null;
  }

  refresh(): void {
    this.#refresh.ask();
  }

  #take(entries: readonly RecordEntry[]): void {
    const changed = new Map<SessionId, Partial<SessionSummary>>();
    for (const entry of entries) {
      if (entry.event !== "session_changed") continue;
      changed.set(entry.session, { name: entry.name, state: entry.state, reason: entry.reason });
    }
    if (changed.size > 0 && this.sessions) {
      this.sessions = inOrder(this.sessions.map((summary) => ({ ...summary, ...changed.get(summary.session) })));
    }
    this.#refresh.ask();
  }

  async #query(): Promise<void> {
    try {
      const { sessions } = await this.platform.query({ query: "sessions" });
      this.sessions = inOrder(sessions);
      this.refusal = null;
      this.#later.succeeded();
    } catch (thrown) {
      this.refusal = toRefusal(thrown);
      this.#later.failed();
    }
  }
}
