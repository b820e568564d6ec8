import { readFileSync } from "node:fs";

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Fails the build if the in-memory demo would be shipped: what a lab installs must never show invented numbers. */
function withoutDemo(): Plugin {
  return {
    name: "sacmes-without-demo",
    generateBundle(_options, bundle) {
      for (const output of Object.values(bundle)) {
        const demo = output.type === "chunk" && output.moduleIds.find((id) => id.includes("/platform/demo/"));
        if (demo) this.error(`${demo} must not be part of this build`);
      }
    },
  };
}

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as { version: string };

// `vite build` makes the desktop bundle; `vite build --mode demo` and the development server carry the demo host.
export default defineConfig(({ command, mode }) => {
  const hasDemo = mode === "demo" || command === "serve";
  return {
    plugins: [svelte(), svelteTesting(), ...(hasDemo ? [] : [withoutDemo()])],
    define: { __HAS_DEMO__: JSON.stringify(hasDemo), __VERSION__: JSON.stringify(version) },
    clearScreen: false,
    // The protocol's dictionary lies beside the Rust code.
    server: { port: 5173, strictPort: true, fs: { allow: [".."] } },
    build: {
      target: "es2022",
      outDir: mode === "demo" ? "../test-output/ui-demo" : "dist",
      emptyOutDir: true,
      // The content security policy has no inline scripts, and `data:` only for images.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
    },
    test: {
      environment: "jsdom",
      include: ["src/**/*.test.ts"],
      // Read by the test of contrasts; all other styles count for nothing in tests.
      css: { include: /tokens\.css/ },
      setupFiles: ["src/testing/environment.ts"],
      restoreMocks: true,
      // A loaded machine is slow, and no test waits longer than it must.
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  };
});
