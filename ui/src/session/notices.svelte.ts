import { toRefusal } from "../platform/platform";

/** Something that went wrong, or was done, in the words of the house: what happened and what to do. */
export interface Notice {
  id: number;
  kind: "failure" | "done";
  message: string;
  hint: string;
}

const DONE_STAYS_MS = 4000;

/** Messages that do not belong to one place on screen. Failures stay until dismissed. */
export class Notices {
  list: readonly Notice[] = $state.raw([]);
  #next = 1;

  failed(thrown: unknown): void {
    const { message, hint } = toRefusal(thrown);
    this.#add("failure", message, hint);
  }

  done(message: string, stays_ms = DONE_STAYS_MS): void {
    const id = this.#add("done", message, "");
    setTimeout(() => this.dismiss(id), stays_ms);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  /** Runs a job whose failure is told here; the result, or null when it failed. */
  async attempt<T>(job: () => Promise<T>): Promise<T | null> {
    try {
      return await job();
    } catch (thrown) {
      this.failed(thrown);
      return null;
    }
  }

  #add(kind: Notice["kind"], message: string, hint: string): number {
    const id = this.#next;
    this.#next += 1;
    const others = this.list.filter((notice) => notice.message !== message);
    this.list = [...others, { id, kind, message, hint }];
    return id;
  }
}
