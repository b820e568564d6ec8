// Codes come with a link, behind its "#", which no server is sent. The code leaves the address before anything else happens, so
// that it stands in no history, bookmark or picture of the screen.

import { openCode, type Texts, thisTab } from "./kept-codes";

/** Moves the code of a link from the page's address to this tab's memory; false where there is none. */
export function takeCode(location: Location, history: History, tab: Texts): boolean {
  const text = decoded(location.hash.slice(1));
  if (text === "") return false;
  history.replaceState(history.state, "", location.pathname + location.search);
  openCode(text, tab);
  return true;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What somebody pasted: a code, or a whole link with one. */
export function codeIn(pasted: string): string {
  const at = pasted.indexOf("#");
  return at < 0 ? pasted : decoded(pasted.slice(at + 1));
}

takeCode(globalThis.location, globalThis.history, thisTab);
// A link that is opened in a tab that shows this page already loads nothing by itself.
globalThis.addEventListener("hashchange", () => {
  if (takeCode(globalThis.location, globalThis.history, thisTab)) globalThis.location.reload();
});
