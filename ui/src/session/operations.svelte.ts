import { SvelteMap } from "svelte/reactivity";

import type { LiveEvent } from "../protocol/LiveEvent";
import type { OperationId } from "../protocol/OperationId";
import type { EventHub } from "./event-hub";

export type Progress = Extract<LiveEvent, { event: "progress" }>;

/** Long operations and how far they are; an ended one stays until it is dismissed by whoever started it. */
export class Operations {
  readonly progress = new SvelteMap<OperationId, Progress>();

  constructor(hub: EventHub) {
    hub.onLive((event) => {
      if (event.event === "progress") this.progress.set(event.operation, event);
    });
  }

  forget(operation: OperationId): void {
    this.progress.delete(operation);
  }
}
