import { toRefusal } from "../platform/platform";
import type { MarkedSweep } from "../protocol/MarkedSweep";
import type { Refusal } from "../protocol/Refusal";
import { RepeatThrottle } from "./frame";
import type { SessionView } from "./session-view.svelte";

const INTERVAL_MS = 150;

/** The sweeps of a session in which points are marked by hand, asked for again whenever that changed. */
export class MarksOfSession {
  /** Null before the first answer. */
  list: readonly MarkedSweep[] | null = $state.raw(null);
  refusal: Refusal | null = $state.raw(null);

  readonly #view: SessionView;
  readonly #queries = new RepeatThrottle(INTERVAL_MS, () => this.#fetch());

  constructor(view: SessionView) {
    this.#view = view;
  }

  ask(): void {
    this.#queries.ask();
  }

  close(): void {
    this.#queries.close();
  }

  async #fetch(): Promise<void> {
    try {
      this.list = (await this.#view.platform.query({ query: "marks", session: this.#view.id })).marks;
      this.refusal = null;
    } catch (thrown) {
      this.refusal = toRefusal(thrown);
    }
  }
}
