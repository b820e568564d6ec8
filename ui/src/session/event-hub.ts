import type { Platform } from "../platform/platform";
import type { Event } from "../protocol/Event";
import type { LiveEvent } from "../protocol/LiveEvent";
import type { RecordEntry } from "../protocol/RecordEntry";
import type { SessionId } from "../protocol/SessionId";

/** Whether an event has a place in the record. */
export function isRecordEntry(event: Event): event is RecordEntry {
  return "seq" in event;
}

type EntriesListener = (entries: RecordEntry[]) => void;
type LiveListener = (event: LiveEvent) => void;

/** The window's one subscription, handed on to whoever is concerned. */
export class EventHub {
  #sessions = new Map<SessionId, Set<EntriesListener>>();
  #everything = new Set<EntriesListener>();
  #live = new Set<LiveListener>();
  #anew = new Set<() => void>();
  #markConnected: () => void = () => {};

  /** Fulfilled once events arrive: what is asked after that is not missed. */
  readonly connected = new Promise<void>((resolve) => {
    this.#markConnected = resolve;
  });

  async connect(platform: Platform): Promise<void> {
    await platform.subscribe(
      (events) => this.hand(events),
      () => this.handAnew(),
    );
    this.#markConnected();
  }

  /** Entries of one session, in order, in batches. */
  onSession(session: SessionId, listener: EntriesListener): () => void {
    const listeners = this.#sessions.get(session) ?? new Set();
    this.#sessions.set(session, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#sessions.delete(session);
    };
  }

  /** Entries of all sessions. */
  onEntries(listener: EntriesListener): () => void {
    this.#everything.add(listener);
    return () => this.#everything.delete(listener);
  }

  onLive(listener: LiveListener): () => void {
    this.#live.add(listener);
    return () => this.#live.delete(listener);
  }

  /** What comes from now on does not continue what came before: everything has to be asked for again. */
  onAnew(listener: () => void): () => void {
    this.#anew.add(listener);
    return () => this.#anew.delete(listener);
  }

  handAnew(): void {
    for (const listener of this.#anew) listener();
  }

  hand(events: readonly Event[]): void {
    const bySession = new Map<SessionId, RecordEntry[]>();
    const entries: RecordEntry[] = [];
    for (const event of events) {
      if (!isRecordEntry(event)) {
        for (const listener of this.#live) listener(event);
        continue;
      }
      entries.push(event);
      const own = bySession.get(event.session);
      if (own) own.push(event);
      else bySession.set(event.session, [event]);
    }
    for (const [session, own] of bySession) {
      for (const listener of this.#sessions.get(session) ?? []) listener(own);
    }
    if (entries.length > 0) for (const listener of this.#everything) listener(entries);
  }
}
