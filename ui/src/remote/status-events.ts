import type { AgentStatus } from "../protocol/AgentStatus";
import type { LiveEvent } from "../protocol/LiveEvent";
import type { SessionId } from "../protocol/SessionId";

/** What is new in each status of an agent, as the events that a window of the same computer would have heard. */
export class StatusEvents {
  #viewers: number | null = null;
  #trouble = "";
  #deleted = new Set<SessionId>();
  #notes = 0;

  take({ viewers, trouble, deleted, notes = 0 }: AgentStatus): LiveEvent[] {
    const events: LiveEvent[] = [];
    if (viewers !== this.#viewers) events.push({ event: "viewers", count: viewers });
    const code = trouble?.code ?? "";
    if (code !== this.#trouble) events.push({ event: "store_trouble", code, message: trouble?.message ?? "" });
    for (const session of deleted) {
      if (!this.#deleted.has(session)) events.push({ event: "session_deleted", session });
    }
    // Also one that was missed without a connection: the number tells.
    if (notes !== this.#notes) events.push({ event: "notes_changed", version: notes });
    this.#notes = notes;
    this.#viewers = viewers;
    this.#trouble = code;
    this.#deleted = new Set(deleted);
    return events;
  }
}
