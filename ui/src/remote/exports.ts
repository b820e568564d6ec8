// Exports for somebody elsewhere: the agent writes a file of its own, and it comes here as a download. Until it is saved, its
// operation goes on.

import type { LiveEvent } from "../protocol/LiveEvent";
import type { News } from "../protocol/News";
import type { OperationId } from "../protocol/OperationId";
import type { OperationOutcome } from "../protocol/OperationOutcome";
import { toRefusal } from "../platform/platform";
import type { Requests } from "./requests";
import type { Timing } from "./timing";
import { fetchFile, type Ready, save, TransferCancelled } from "./transfer";

type Progress = Extract<LiveEvent, { event: "progress" }>;

/** A finished export is offered at once; where it is not, something is wrong. */
const OFFERED_WITHIN_MS = 30_000;

const NOT_OFFERED = {
  code: "export_not_offered",
  message: "The export was made, and the file did not come.",
  hint: "Export it again.",
};

const LOST = {
  code: "export_lost",
  message: "The connection was lost while the export was made, and its file does not come here any more.",
  hint: "Export it again.",
};

interface Export {
  last: Progress | null;
  isFetching: boolean;
  isCancelled: boolean;
  callOff: () => void;
}

export class Exports {
  #exports = new Map<OperationId, Export>();
  /** News may overtake the outcome that names their operation. */
  #early = new Map<OperationId, Ready>();

  constructor(
    private readonly requests: Requests,
    private readonly timing: Timing,
    private readonly tell: (event: LiveEvent) => void,
    private readonly keep: (blob: Blob, name: string) => void = save,
  ) {}

  /** Says that an operation makes a file for this viewer. */
  began(operation: OperationId): void {
    this.#exports.set(operation, { last: null, isFetching: false, isCancelled: false, callOff: () => {} });
    const ready = this.#early.get(operation);
    this.#early.delete(operation);
    if (ready) void this.#fetch(operation, ready);
  }

  /** Cancels where the file is on its way already; false where the agent has to be told. */
  cancel(operation: OperationId): boolean {
    const made = this.#exports.get(operation);
    if (!made?.isFetching) return false;
    made.isCancelled = true;
    return true;
  }

  /** Another visit has begun, in which the agent may say nothing more of what was begun before. */
  visited(): void {
    for (const [operation, made] of this.#exports) {
      if (made.isFetching) continue;
      made.callOff();
      made.callOff = this.timing.after(OFFERED_WITHIN_MS, () => this.#end(operation, { outcome: "failed", refusal: LOST }));
    }
  }

  take(news: News): void {
    if (news.news === "ready") {
      if (this.#exports.has(news.operation)) void this.#fetch(news.operation, news);
      else this.#early.set(news.operation, news);
      return;
    }
    const { event } = news;
    if (event.event !== "progress") return;
    const made = this.#exports.get(event.operation);
    if (made) made.last = event;
    made?.callOff();
    if (made && event.outcome?.outcome === "done") {
      // Made there is not saved here.
      this.tell({ ...event, outcome: null });
      if (!made.isFetching) {
        made.callOff = this.timing.after(OFFERED_WITHIN_MS, () =>
          this.#end(event.operation, { outcome: "failed", refusal: NOT_OFFERED }),
        );
      }
      return;
    }
    if (made && event.outcome) this.#exports.delete(event.operation);
    this.tell(event);
  }

  async #fetch(operation: OperationId, ready: Ready): Promise<void> {
    const made = this.#exports.get(operation);
    if (!made || made.isFetching) return;
    made.callOff();
    made.isFetching = true;
    const session = made.last?.session ?? "";
    const progress = (done: number): void =>
      this.tell({ event: "progress", operation, session, label: "Downloading, bytes", done, total: ready.bytes, outcome: null });
    try {
      const blob = await fetchFile(this.requests, ready, { progress, isCancelled: () => made.isCancelled });
      this.keep(blob, ready.name);
      this.#end(operation, { outcome: "done" });
    } catch (thrown) {
      this.#end(
        operation,
        thrown instanceof TransferCancelled ? { outcome: "cancelled" } : { outcome: "failed", refusal: toRefusal(thrown) },
      );
    }
  }

  #end(operation: OperationId, outcome: OperationOutcome): void {
    const made = this.#exports.get(operation);
    this.#exports.delete(operation);
    const session = made?.last?.session ?? "";
    this.tell({ event: "progress", operation, session, label: "Export", done: 1, total: 1, outcome });
  }
}
