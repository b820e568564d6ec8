import { toRefusal, type Platform } from "../../platform/platform";
import type { FoundNote } from "../../protocol/FoundNote";
import type { NoteFilter } from "../../protocol/NoteFilter";
import type { NoteStatistics } from "../../protocol/NoteStatistics";
import type { Refusal } from "../../protocol/Refusal";
import type { SessionId } from "../../protocol/SessionId";
import type { TopicCount } from "../../protocol/TopicCount";
import { Backoff } from "../../session/backoff";
import type { EventHub } from "../../session/event-hub";
import { RepeatThrottle } from "../../session/frame";

const INTERVAL_MS = 150;
const PAGE = 50;
/** The engine gives no more at once. */
const MOST_AT_ONCE = 500;

/** Notes that fit what is asked for, kept up to date; topics and numbers of all, or of a session's. */
export class NoteList {
  /** Null until the engine has answered. */
  notes: FoundNote[] | null = $state.raw(null);
  total = $state(0);
  topics: TopicCount[] = $state.raw([]);
  /** Null where nobody asked for them. */
  statistics: NoteStatistics | null = $state.raw(null);
  refusal: Refusal | null = $state.raw(null);
  /** What is searched for; the answer to it may not be there yet. */
  search = $state("");
  /** Null: all; empty: those without a topic. */
  topic: string | null = $state(null);

  #shown = PAGE;
  #isClosed = false;
  #letGo: () => void;
  #queries = new RepeatThrottle(INTERVAL_MS, () => this.#query());
  #later = new Backoff(() => this.#queries.ask());

  constructor(
    private readonly platform: Platform,
    private readonly hub: EventHub,
    private readonly session: SessionId | null = null,
  ) {
    const letGo = [
      hub.onLive((event) => {
        // A deleted session lets go of its notes.
        if (event.event === "notes_changed" || event.event === "session_deleted") this.refresh();
      }),
      hub.onAnew(() => this.refresh()),
    ];
    this.#letGo = () => letGo.forEach((end) => end());
    this.refresh();
  }

  get hasMore(): boolean {
    return this.notes !== null && this.notes.length < this.total;
  }

  /** Looks for other words, in all topics. */
  find(search: string): void {
    this.search = search;
    this.#anew();
  }

  choose(topic: string | null): void {
    this.topic = topic;
    this.#anew();
  }

  more(): void {
    this.#shown += PAGE;
    this.refresh();
  }

  refresh(): void {
    this.#queries.ask();
  }

  close(): void {
    this.#isClosed = true;
    this.#letGo();
    this.#queries.close();
    this.#later.close();
  }

  #anew(): void {
    this.#shown = PAGE;
    this.refresh();
  }

  async #query(): Promise<void> {
    const all: NoteFilter = { topic: null, session: this.session, search: "", of_sessions_only: false };
    const filter: NoteFilter = { ...all, topic: this.topic, search: this.search };
    try {
      await this.hub.connected;
      const found = await this.#page(filter);
      const { topics } = await this.platform.query({ query: "note_topics", filter: all });
      const utc_offset_min = -new Date().getTimezoneOffset();
      const numbers = this.session === null ? await this.platform.query({ query: "note_statistics", filter: all, utc_offset_min }) : null;
      if (this.#isClosed) return;
      this.notes = found.notes;
      this.total = found.total;
      this.topics = topics;
      this.statistics = numbers?.statistics ?? null;
      this.refusal = null;
      this.#later.succeeded();
      // The last note of a chosen topic is gone: there is nothing to choose any more.
      const isGone = this.topic !== null && this.topic !== "" && !topics.some(({ topic }) => topic.toLowerCase() === this.topic?.toLowerCase());
      if (isGone) this.choose(null);
    } catch (thrown) {
      if (this.#isClosed) return;
      this.refusal = toRefusal(thrown);
      this.#later.failed();
    }
  }

  async #page(filter: NoteFilter): Promise<{ notes: FoundNote[]; total: number }> {
    const notes: FoundNote[] = [];
    let total = 0;
    do {
      const limit = Math.min(MOST_AT_ONCE, this.#shown - notes.length);
      const page = await this.platform.query({ query: "notes", filter, offset: notes.length, limit });
      notes.push(...page.notes);
      total = page.total;
      if (page.notes.length < limit) break;
    } while (notes.length < this.#shown);
    return { notes, total };
  }
}
