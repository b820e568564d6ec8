/**
 * Collects any number of calls into one run at the next animation frame. A hidden window draws no frames, so a timer stands in
 * for them there and nothing piles up.
 */
export class FrameThrottle {
  #isAsked = false;
  #isClosed = false;

  constructor(private readonly run: () => void) {}

  ask(): void {
    if (this.#isAsked || this.#isClosed) return;
    this.#isAsked = true;
    const now = (): void => {
      if (!this.#isAsked) return;
      this.#isAsked = false;
      if (!this.#isClosed) this.run();
    };
    if (document.hidden) setTimeout(now, 250);
    else requestAnimationFrame(now);
  }

  close(): void {
    this.#isClosed = true;
  }
}

/** A job that took long rests this many times as long, so that it never takes more than a fifth of the engine's time. */
const REST = 4;

/** And no longer than this: a job may have taken long because the agent was away, and nobody waits four times as long again. */
const MOST_REST_MS = 5000;

/**
 * Runs an asynchronous job at most once at a time and not more often than every `interval_ms`; what is asked for meanwhile is
 * done once more afterwards.
 */
export class RepeatThrottle {
  #isAsked = false;
  #isRunning = false;
  #isClosed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly interval_ms: number,
    private readonly run: () => Promise<void>,
  ) {}

  ask(): void {
    if (this.#isClosed) return;
    this.#isAsked = true;
    if (!this.#isRunning) void this.#work();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #work(): Promise<void> {
    this.#isRunning = true;
    while (this.#isAsked && !this.#isClosed) {
      this.#isAsked = false;
      const began_ms = performance.now();
      await this.run();
      const rest_ms = Math.max(this.interval_ms, Math.min(MOST_REST_MS, REST * (performance.now() - began_ms)));
      await new Promise<void>((resolve) => {
        this.#timer = setTimeout(resolve, rest_ms);
      });
    }
    this.#isRunning = false;
  }
}
