// Where codes are kept in a browser: the one that is followed in this tab, and on request several in this browser.

const OPEN = "sacmes.code";
const REMEMBERED = "sacmes.agents";

/** What of a browser's storage is needed here. */
export type Texts = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** A browser that is told to keep nothing refuses even to be asked: then the page itself keeps it, until it is closed. */
function storageOr(find: () => Texts): Texts {
  try {
    return find();
  } catch {
    const texts = new Map<string, string>();
    return {
      getItem: (key) => texts.get(key) ?? null,
      setItem: (key, text) => void texts.set(key, text),
      removeItem: (key) => void texts.delete(key),
    };
  }
}

export const thisTab = storageOr(() => globalThis.sessionStorage);
export const thisBrowser = storageOr(() => globalThis.localStorage);

/** A code that this browser remembers, under a name that its user chose. */
export interface RememberedAgent {
  name: string;
  code: string;
}

/** The code that this tab follows, also after a reload. */
export function openedCode(tab: Texts = thisTab): string | null {
  return tab.getItem(OPEN);
}

export function openCode(code: string, tab: Texts = thisTab): void {
  tab.setItem(OPEN, code);
}

export function closeCode(tab: Texts = thisTab): void {
  tab.removeItem(OPEN);
}

/** What this browser remembers; what cannot be read is as if it were not there. */
export function rememberedAgents(browser: Texts = thisBrowser): RememberedAgent[] {
  try {
    const kept: unknown = JSON.parse(browser.getItem(REMEMBERED) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isAgent) : [];
  } catch {
    return [];
  }
}

function isAgent(value: unknown): value is RememberedAgent {
  if (typeof value !== "object" || value === null || !("name" in value) || !("code" in value)) return false;
  return typeof value.name === "string" && typeof value.code === "string";
}

export function rememberAgent(agent: RememberedAgent, browser: Texts = thisBrowser): void {
  const others = rememberedAgents(browser).filter(({ code }) => code !== agent.code);
  browser.setItem(REMEMBERED, JSON.stringify([...others, agent]));
}

export function forgetAgent(code: string, browser: Texts = thisBrowser): void {
  const others = rememberedAgents(browser).filter((agent) => agent.code !== code);
  if (others.length === 0) browser.removeItem(REMEMBERED);
  else browser.setItem(REMEMBERED, JSON.stringify(others));
}
