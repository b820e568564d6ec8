import { SvelteMap } from "svelte/reactivity";

import type { LiveEvent } from "../protocol/LiveEvent";
import type { OperationId } from "../protocol/OperationId";
import type { OperationOutcome } from "../protocol/OperationOutcome";
import type { EventHub } from "./event-hub";
import type { Notices } from "./notices.svelte";

export type Progress = Extract<LiveEvent, { event: "progress" }>;

/** How the end of an operation is told where nobody watches it. */
export interface Told {
  done: string;
  cancelled: string;
}

/** Ended operations whose outcome is kept for those who ask late. */
const MOST_ENDED = 50;

/**
 * Long operations and how far they are. Whoever shows one watches it; how one ends that was started in this window and that
 * nobody watches any more is told by a notice.
 */
export class Operations {
  readonly progress = new SvelteMap<OperationId, Progress>();

  #untold = new Map<OperationId, Told>();
  #watchers = new Map<OperationId, number>();

  constructor(
    hub: EventHub,
    private readonly notices: Notices,
  ) {
    hub.onLive((event) => {
      if (event.event === "progress") this.#take(event);
    });
  }

  /** Says that an operation was started here, and how its end is told. */
  started(operation: OperationId, told: Told): void {
    this.#untold.set(operation, told);
    // It may have ended before its beginning was answered; whoever shows it begins to watch in this turn.
    setTimeout(() => this.#tell(operation));
  }

  /** Says that somebody sees what becomes of an operation, until the function that is returned is called. */
  watch(operation: OperationId): () => void {
    this.#watchers.set(operation, (this.#watchers.get(operation) ?? 0) + 1);
    if (this.#outcome(operation)) this.#untold.delete(operation);
    return () => {
      const left = (this.#watchers.get(operation) ?? 1) - 1;
      if (left > 0) this.#watchers.set(operation, left);
      else this.#watchers.delete(operation);
    };
  }

  #take(event: Progress): void {
    // The newest end is the last of the map, and the oldest goes first.
    if (event.outcome) this.progress.delete(event.operation);
    this.progress.set(event.operation, event);
    if (!event.outcome) return;
    this.#tell(event.operation);
    const ended = [...this.progress.values()].filter(({ outcome }) => outcome !== null);
    for (const { operation } of ended.slice(0, -MOST_ENDED)) this.progress.delete(operation);
  }

  #outcome(operation: OperationId): OperationOutcome | null {
    return this.progress.get(operation)?.outcome ?? null;
  }

  #tell(operation: OperationId): void {
    const outcome = this.#outcome(operation);
    const told = this.#untold.get(operation);
    if (!outcome || !told) return;
    this.#untold.delete(operation);
    if (this.#watchers.has(operation)) return;
    if (outcome.outcome === "failed") this.notices.failed(outcome.refusal);
    else this.notices.done(told[outcome.outcome]);
  }
}
