import type { Scheme } from "./colours";
import { look } from "./look.svelte";

const DARK = "(prefers-color-scheme: dark)";

/** Dark or light: what the viewer chose, else as the system is. The tokens follow it by `data-theme` on the root. */
class SchemeState {
  #media = globalThis.matchMedia(DARK);
  #system: Scheme = $state(this.#media.matches ? "dark" : "light");
  #listeners = new Set<() => void>();
  #shown: Scheme | null = null;

  constructor() {
    this.#media.addEventListener("change", (event) => {
      this.#system = event.matches ? "dark" : "light";
      this.#apply();
    });
    look.onChange(() => this.#apply());
    this.#apply();
  }

  get current(): Scheme {
    return look.now.theme === "system" ? this.#system : look.now.theme;
  }

  /** Tells of every change, once the tokens have followed. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #apply(): void {
    const current = this.current;
    document.documentElement.dataset["theme"] = current;
    if (current === this.#shown) return;
    this.#shown = current;
    for (const listener of this.#listeners) listener();
  }
}

export const scheme = new SchemeState();
