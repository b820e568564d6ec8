import type { Platform } from "../../platform/platform";
import type { SessionId } from "../../protocol/SessionId";
import type { EventHub } from "../../session/event-hub";
import { RepeatThrottle } from "../../session/frame";
import type { Series } from "../../session/series";
import { SeriesStore } from "../../session/series-store";

const INTERVAL_MS = 1000;

/** The measurements of sessions that are compared with the one on screen. */
export class OtherSeries {
  /** Counts what came. */
  version = $state(0);

  readonly #platform: Platform;
  readonly #hub: EventHub;
  readonly #stores = new Map<SessionId, SeriesStore>();
  readonly #stale = new Set<SessionId>();
  readonly #queries = new RepeatThrottle(INTERVAL_MS, () => this.#fetch());
  #ends: (() => void)[] = [];
  #isClosed = false;

  constructor(platform: Platform, hub: EventHub) {
    this.#platform = platform;
    this.#hub = hub;
  }

  /** Wants the measurements of these sessions, also those that come. */
  want(sessions: readonly SessionId[]): void {
    this.#leave();
    for (const session of sessions) {
      this.#ends.push(this.#hub.onSession(session, () => this.#ask(session)));
      if (!this.#stores.has(session)) this.#ask(session);
    }
    this.#ends.push(this.#hub.onAnew(() => sessions.forEach((session) => this.#ask(session))));
  }

  series(session: SessionId, electrode: number | null, frequency_hz: number | null): Series | undefined {
    return this.#stores.get(session)?.get(electrode, frequency_hz);
  }

  close(): void {
    this.#isClosed = true;
    this.#leave();
    this.#queries.close();
  }

  #leave(): void {
    this.#ends.forEach((end) => end());
    this.#ends = [];
  }

  #ask(session: SessionId): void {
    this.#stale.add(session);
    this.#queries.ask();
  }

  async #fetch(): Promise<void> {
    const sessions = [...this.#stale];
    this.#stale.clear();
    for (const session of sessions) {
      try {
        const table = await this.#platform.columns({ query: "series", session, after: 0 });
        const store = new SeriesStore();
        store.load(table);
        this.#stores.set(session, store);
      } catch {
        // The comparison itself says why a session cannot be read; its sweeps are asked for again with the next event.
      }
    }
    if (!this.#isClosed) this.version += 1;
  }
}
