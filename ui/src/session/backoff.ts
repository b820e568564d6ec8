const FIRST_MS = 1000;
const MOST_MS = 30_000;

/** Tries again after failures: soon at first, then ever more rarely, at least twice a minute. */
export class Backoff {
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly again: () => void) {}

  failed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.again, Math.min(MOST_MS, FIRST_MS * 2 ** this.#failures));
    this.#failures += 1;
  }

  succeeded(): void {
    this.#failures = 0;
    clearTimeout(this.#timer);
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
