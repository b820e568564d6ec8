// How things look to this viewer: kept in this browser, or where there is a host that keeps preferences, with the profile.

export type Theme = "system" | "light" | "dark";
export type CurrentUnit = "auto" | "picoampere" | "nanoampere" | "microampere" | "milliampere";
export type PotentialUnit = "auto" | "volt" | "millivolt";

/** The fields are named as in the profile's file of preferences. */
export interface Look {
  theme: Theme;
  /** Whether potentials run from right to left. */
  potential_from_right: boolean;
  current_unit: CurrentUnit;
  potential_unit: PotentialUnit;
}

/** Read by public/theme.js too. */
const KEY = "sacmes.look";
/** Where earlier versions kept the direction of potentials. */
const EARLIER_DIRECTION = "sacmes.potential_from_right";

const USUAL: Look = { theme: "system", potential_from_right: false, current_unit: "auto", potential_unit: "auto" };

const ALLOWED: { [K in keyof Look]: readonly Look[K][] } = {
  theme: ["system", "light", "dark"],
  potential_from_right: [false, true],
  current_unit: ["auto", "picoampere", "nanoampere", "microampere", "milliampere"],
  potential_unit: ["auto", "volt", "millivolt"],
};

/** What of this is a look; the rest is as usual. */
function sound(kept: unknown): Look {
  const given = (typeof kept === "object" && kept !== null ? kept : {}) as Partial<Look>;
  const one = <K extends keyof Look>(key: K): Look[K] => {
    const value = given[key];
    return value !== undefined && ALLOWED[key].includes(value) ? value : USUAL[key];
  };
  return {
    theme: one("theme"),
    potential_from_right: one("potential_from_right"),
    current_unit: one("current_unit"),
    potential_unit: one("potential_unit"),
  };
}

function stored(): Look {
  try {
    const text = localStorage.getItem(KEY);
    if (text !== null) return sound(JSON.parse(text));
    return { ...USUAL, potential_from_right: localStorage.getItem(EARLIER_DIRECTION) === "true" };
  } catch {
    return USUAL;
  }
}

const CURRENT_EXPONENTS = { picoampere: -12, nanoampere: -9, microampere: -6, milliampere: -3, auto: null } as const;
const POTENTIAL_EXPONENTS = { volt: 0, millivolt: -3, auto: null } as const;

export class LookState {
  #now: Look = $state.raw(stored());
  readonly #listeners = new Set<() => void>();
  /** Keeps what the viewer chooses beyond this page, where a host does that. */
  keeper: ((look: Look) => void) | null = null;

  get now(): Look {
    return this.#now;
  }

  /** The power of ten that a quantity is shown with; null where the data chooses. */
  exponent(unit: string): number | null {
    if (unit === "A") return CURRENT_EXPONENTS[this.#now.current_unit];
    return unit === "V" ? POTENTIAL_EXPONENTS[this.#now.potential_unit] : null;
  }

  /** The viewer chose. */
  choose(change: Partial<Look>): void {
    this.take({ ...this.#now, ...change });
    this.keeper?.(this.#now);
  }

  /** What was kept elsewhere holds from now on. */
  take(kept: unknown): void {
    this.#now = sound(kept);
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#now));
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    for (const listener of this.#listeners) listener();
  }

  /** Tells of every change, after it, in the order in which listeners came. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export const look = new LookState();
