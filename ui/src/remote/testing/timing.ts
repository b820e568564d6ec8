import type { Timing } from "../timing";

/** A clock that a test moves. */
export class ManualTiming implements Timing {
  #now_ms = 0;
  #jobs = new Set<{ at_ms: number; run: () => void }>();
  /** What chance gives: the longest wait, where it is one. */
  chanceGives = 0.999;

  now_ms(): number {
    return this.#now_ms;
  }

  date(): Date {
    return new Date(Date.UTC(2026, 10, 30, 8, 0, 0) + this.#now_ms);
  }

  after(ms: number, run: () => void): () => void {
    const job = { at_ms: this.#now_ms + ms, run };
    this.#jobs.add(job);
    return () => this.#jobs.delete(job);
  }

  chance(): number {
    return this.chanceGives;
  }

  /** Lets time pass up to the next thing that is to happen. */
  passToNext(): void {
    const due = Math.min(...[...this.#jobs].map(({ at_ms }) => at_ms));
    if (Number.isFinite(due)) this.pass(due - this.#now_ms);
  }

  /** Lets time pass, with what was to happen in it, in order. */
  pass(ms: number): void {
    const end_ms = this.#now_ms + ms;
    for (;;) {
      const due = [...this.#jobs].filter(({ at_ms }) => at_ms <= end_ms).sort((a, b) => a.at_ms - b.at_ms)[0];
      if (!due) break;
      this.#jobs.delete(due);
      this.#now_ms = due.at_ms;
      due.run();
    }
    this.#now_ms = end_ms;
  }
}
