import type { Timing } from "./timing";

const PER_SECOND = 18;
const BURST = 50;

/** Keeps a viewer below what a relay takes from one: 20 frames a second, 60 at once. */
export class Pace {
  #left = BURST;
  #at_ms: number;

  constructor(private readonly timing: Timing) {
    this.#at_ms = timing.now_ms();
  }

  /** Counts one frame and says how long it has to wait, ms. */
  next_ms(): number {
    const now_ms = this.timing.now_ms();
    this.#left = Math.min(BURST, this.#left + ((now_ms - this.#at_ms) / 1000) * PER_SECOND) - 1;
    this.#at_ms = now_ms;
    return this.#left >= 0 ? 0 : (-this.#left / PER_SECOND) * 1000;
  }
}
