import type { Platform } from "../../platform/platform";
import { keyOf, type MapPlace } from "./map-place";

/** A map that this viewer keeps at hand under a name. What it holds stays with the engine: its numbers are always those in force. */
export interface Held extends MapPlace {
  key: string;
  name: string;
  /** Whether it is in the comparison. */
  isShown: boolean;
}

/** The held maps of one window, in the order in which they were held. They last as long as the window. */
export class Holds {
  list: readonly Held[] = $state.raw([]);

  find(place: MapPlace): Held | undefined {
    const key = keyOf(place);
    return this.list.find((held) => held.key === key);
  }

  /** Holds a map, or gives a held one another name. */
  hold({ session, index }: MapPlace, name: string): void {
    const key = keyOf({ session, index });
    const others = this.list.filter((held) => held.key !== key);
    const held: Held = { session, index, key, name: free(name.trim(), others), isShown: true };
    this.list = this.list.some((one) => one.key === key) ? this.list.map((one) => (one.key === key ? held : one)) : [...others, held];
  }

  /** Gives another name; one without a letter changes nothing. */
  rename(key: string, name: string): void {
    if (name.trim() === "") return;
    const others = this.list.filter((held) => held.key !== key);
    this.#change(key, { name: free(name.trim(), others) });
  }

  show(key: string, isShown: boolean): void {
    this.#change(key, { isShown });
  }

  remove(key: string): void {
    this.list = this.list.filter((held) => held.key !== key);
  }

  #change(key: string, change: Partial<Held>): void {
    this.list = this.list.map((held) => (held.key === key ? { ...held, ...change } : held));
  }
}

/** The name, or with the first number that makes it different from the others. */
function free(name: string, others: readonly Held[]): string {
  const taken = new Set(others.map((held) => held.name));
  let found = name;
  for (let k = 2; taken.has(found); k += 1) found = `${name} (${k})`;
  return found;
}

const OF_HOST = new WeakMap<Platform, Holds>();

/** What this window holds of a host: its own computer, or an agent that it follows. */
export function holdsOf(platform: Platform): Holds {
  let holds = OF_HOST.get(platform);
  if (!holds) OF_HOST.set(platform, (holds = new Holds()));
  return holds;
}
