import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

// The page as a relay serves it, in a real browser, against a real relay and a real agent: `npm run test:browser`.
export default defineConfig({
  // What the page computes with has runes in it.
  plugins: [svelte()],
  cacheDir: "../node_modules/.vite-browser",
  test: {
    root: new URL(".", import.meta.url).pathname,
    environment: "node",
    include: ["**/*.test.ts"],
    setupFiles: ["stage/leftovers.ts"],
    // Each file has its own relay, agent and browser; two of them fill a small machine.
    maxWorkers: 2,
    // Longer than any wait within: what did not come is said by the wait itself.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
