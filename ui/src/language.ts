// WebKitGTK under LANG=C.UTF-8 reports the language "C", which Intl rejects with a RangeError wherever it is used
// (uPlot does so at import). This module is the first import of main.ts.

function isAccepted(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

export function guardLanguage(navigator: Navigator): void {
  if (isAccepted(navigator.language)) return;
  Object.defineProperty(navigator, "language", { value: "en", configurable: true });
  Object.defineProperty(navigator, "languages", { value: ["en"], configurable: true });
}

guardLanguage(globalThis.navigator);
