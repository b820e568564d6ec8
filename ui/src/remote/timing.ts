/** Time and chance, so that tests need neither. */
export interface Timing {
  /** Milliseconds of a clock that nobody sets. */
  now_ms(): number;
  /** The time of day. */
  date(): Date;
  /** Runs a job later; the function that is returned calls it off. */
  after(ms: number, run: () => void): () => void;
  /** From 0 up to 1. */
  chance(): number;
}

export const realTiming: Timing = {
  now_ms: () => performance.now(),
  date: () => new Date(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  chance: () => Math.random(),
};

/** Fulfilled after so many milliseconds. */
export function rest(timing: Timing, ms: number): Promise<void> {
  return new Promise((resolve) => {
    timing.after(ms, resolve);
  });
}
