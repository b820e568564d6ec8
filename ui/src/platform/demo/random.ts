/** Repeatable random numbers: the same keys give the same stream (mulberry32 over a mixed seed). */
export class RandomStream {
  #state: number;

  constructor(...keys: number[]) {
    let state = 0x9e3779b9;
    for (const key of keys) {
      state = Math.imul(state ^ Math.round(key * 1000), 0x85ebca6b);
      state ^= state >>> 13;
    }
    this.#state = state;
  }

  /** Between 0 and 1. */
  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** Standard normal (Box-Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }
}
