import { closeReason } from "./close";

const FIRST_MS = 250;
const MOST_MS = 30_000;
/** A relay that restarts is come back to by all its viewers: spread over this. */
const RESTART_MS = 5000;
/** Where the relay says that it is too much, not at once again. */
const PAUSE_MS = 5000;

/** How long to wait before connecting again: 0.25 s doubling to 30 s, of which a random part (full jitter). */
export class Reconnecting {
  #failures = 0;

  /** Wait, in ms, after a connection that ended with this code. */
  wait_ms(code: number, chance: number): number {
    const reason = closeReason(code);
    if (reason === "restarting") return chance * RESTART_MS;
    const pause = reason === "rate" || reason === "full" ? PAUSE_MS : 0;
    const most = Math.min(MOST_MS, FIRST_MS * 2 ** this.#failures);
    this.#failures += 1;
    return pause + chance * most;
  }

  /** The agent answered: the next failure is the first one again. */
  succeeded(): void {
    this.#failures = 0;
  }
}
