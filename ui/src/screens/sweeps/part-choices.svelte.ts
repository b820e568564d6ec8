import type { Display } from "../swv/trend-panels";

interface Kept {
  display: Display;
  /** Plots that are put away. */
  hidden: readonly string[];
  /** Null: as the session's settings say. */
  along: "index" | "time" | null;
}

/** What the trends of a technique show, in the viewer's own way; remembered on this computer. */
export class PartChoices {
  display: Display = $state("overlaid");
  hidden: readonly string[] = $state.raw([]);
  along: "index" | "time" | null = $state(null);
  readonly #key: string;

  constructor(key: string, hidden: readonly string[]) {
    this.#key = key;
    this.hidden = hidden;
    try {
      const kept = JSON.parse(localStorage.getItem(key) ?? "{}") as Record<string, unknown>;
      if (kept.display === "separate" || kept.display === "mean") this.display = kept.display;
      if (Array.isArray(kept.hidden)) this.hidden = kept.hidden.filter((word): word is string => typeof word === "string");
      if (kept.along === "index" || kept.along === "time") this.along = kept.along;
    } catch {
      // Nothing readable is kept: the defaults stand.
    }
  }

  set(change: Partial<Kept>): void {
    Object.assign(this, change);
    const { display, hidden, along } = this;
    try {
      localStorage.setItem(this.#key, JSON.stringify({ display, hidden, along }));
    } catch {
      // Without storage the choice lasts as long as the window.
    }
  }

  toggle(quantity: string): void {
    const { hidden } = this;
    this.set({ hidden: hidden.includes(quantity) ? hidden.filter((other) => other !== quantity) : [...hidden, quantity] });
  }
}
