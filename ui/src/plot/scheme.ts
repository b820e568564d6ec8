/** Tells when the system changes between dark and light, or the window moves to a screen of another pixel density. */
export function onScheme(listener: () => void): () => void {
  const ended = new AbortController();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", listener, { signal: ended.signal });
  const watchDensity = () => {
    const density = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    const change = () => {
      listener();
      watchDensity();
    };
    density.addEventListener("change", change, { once: true, signal: ended.signal });
  };
  watchDensity();
  return () => ended.abort();
}
