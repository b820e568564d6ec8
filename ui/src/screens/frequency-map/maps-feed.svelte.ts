import type { Platform } from "../../platform/platform";
import { toRefusal } from "../../platform/platform";
import type { FrequencyMaps } from "../../protocol/FrequencyMaps";
import type { Refusal } from "../../protocol/Refusal";
import type { SessionId } from "../../protocol/SessionId";
import { Backoff } from "../../session/backoff";
import { RepeatThrottle } from "../../session/frame";

const INTERVAL_MS = 250;

/** The engine's maps of some sessions, asked for again when something changed. What is shown stays until there is something newer. */
export class MapsFeed {
  study: FrequencyMaps | null = $state.raw(null);
  /** Why there is nothing newer. */
  refusal: Refusal | null = $state.raw(null);
  /** Counts answers. */
  version = $state(0);

  readonly #platform: Platform;
  readonly #queries = new RepeatThrottle(INTERVAL_MS, () => this.#fetch());
  readonly #later = new Backoff(() => this.#queries.ask());
  #sessions: readonly SessionId[] = [];
  #isClosed = false;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Wants the maps of these sessions, the first of the first one to be compared with; asks in any case. */
  want(sessions: readonly SessionId[]): void {
    this.#sessions = sessions;
    if (sessions.length > 0) this.#queries.ask();
    else this.study = this.refusal = null;
  }

  close(): void {
    this.#isClosed = true;
    this.#queries.close();
    this.#later.close();
  }

  async #fetch(): Promise<void> {
    const sessions = this.#sessions;
    if (sessions.length === 0) return;
    try {
      const { study } = await this.#platform.query({ query: "frequency_maps", sessions: [...sessions], mean: false });
      if (this.#isClosed || sessions !== this.#sessions) return;
      this.study = study;
      this.version += 1;
      this.refusal = null;
      this.#later.succeeded();
    } catch (thrown) {
      if (this.#isClosed || sessions !== this.#sessions) return;
      this.refusal = toRefusal(thrown);
      this.#later.failed();
    }
  }
}
