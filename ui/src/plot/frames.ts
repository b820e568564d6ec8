/**
 * Drawing at most once per animation frame, and never so much in one frame that the window stutters: what does not fit
 * waits for the next frame, in the order in which it was asked for.
 */

/** Something that can be drawn when it is its turn. */
export interface Drawable {
  /** Draws, and leaves for the next frame what is not done at `end_ms`, if it can. */
  draw(end_ms: number): void;
}

/** The clock and the screen, replaceable in tests. */
export interface FrameSource {
  request(callback: () => void): number;
  cancel(handle: number): void;
  now(): number;
}

const SCREEN: FrameSource = {
  request: (callback) => requestAnimationFrame(callback),
  cancel: (handle) => cancelAnimationFrame(handle),
  now: () => performance.now(),
};

/** Time that drawing may take from one frame, ms: the rest is for the page and the compositor. */
const BUDGET_MS = 9;

/** Draws each asking plot once per frame, within a budget. */
export class Frames {
  readonly #waiting = new Set<Drawable>();
  readonly #source: FrameSource;
  readonly #budget_ms: number;
  #handle: number | null = null;

  constructor(source: FrameSource = SCREEN, budget_ms = BUDGET_MS) {
    this.#source = source;
    this.#budget_ms = budget_ms;
  }

  /** Asks for `drawable` to be drawn; asking twice before it is drawn is asking once. */
  ask(drawable: Drawable): void {
    this.#waiting.add(drawable);
    this.#handle ??= this.#source.request(() => this.#run());
  }

  /** Takes a wish back. */
  forget(drawable: Drawable): void {
    this.#waiting.delete(drawable);
    if (this.#waiting.size === 0 && this.#handle !== null) {
      this.#source.cancel(this.#handle);
      this.#handle = null;
    }
  }

  #run(): void {
    this.#handle = null;
    const end = this.#source.now() + this.#budget_ms;
    // A copy: whoever asks again while being drawn waits for the next frame.
    for (const drawable of [...this.#waiting]) {
      this.#waiting.delete(drawable);
      drawable.draw(end);
      if (this.#source.now() >= end) break;
    }
    if (this.#waiting.size > 0) this.#handle ??= this.#source.request(() => this.#run());
  }
}

/** The one queue of the window: all plots share a frame's budget. */
export const frames = new Frames();
