import type { Scheme } from "./colours";

const DARK = "(prefers-color-scheme: dark)";

/** The system's choice of dark or light, as it is now. */
class SchemeState {
  #media = globalThis.matchMedia(DARK);
  current: Scheme = $state(this.#media.matches ? "dark" : "light");

  constructor() {
    this.#media.addEventListener("change", (event) => {
      this.current = event.matches ? "dark" : "light";
    });
  }
}

export const scheme = new SchemeState();
