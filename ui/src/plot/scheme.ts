import { look } from "../design/look.svelte";
import { scheme } from "../design/scheme.svelte";

/** Tells when dark and light or the units change, or the window moves to a screen of another pixel density. */
export function onScheme(listener: () => void): () => void {
  const ended = new AbortController();
  const ends = [scheme.onChange(listener), look.onChange(listener)];
  const watchDensity = () => {
    const density = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    const change = () => {
      listener();
      watchDensity();
    };
    density.addEventListener("change", change, { once: true, signal: ended.signal });
  };
  watchDensity();
  return () => {
    ended.abort();
    for (const end of ends) end();
  };
}
