// Builds the bench page as the window is built, runs it in headless Chromium without a GPU, and prints frame times:
// 16 electrodes, 3 frequencies, 2,000 indices (96,000 measurements), then 20 files a second. `npm run bench:plots`.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { chromium } from "playwright-core";
import { build } from "vite";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const HERE = fileURLToPath(new URL("./", import.meta.url));
const BUILT = fileURLToPath(new URL("../../../../../test-output/bench-plots/", import.meta.url));
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const FILES = 2000 * 3 - 200;

await build({
  configFile: false,
  root: HERE,
  plugins: [svelte({ configFile: join(ROOT, "svelte.config.js") })],
  define: { __HAS_DEMO__: "false" },
  logLevel: "warn",
  build: { outDir: BUILT, emptyOutDir: true, target: "es2022" },
});

const server = createServer(async (request, response) => {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  try {
    const file = join(BUILT, path === "/" ? "index.html" : path);
    const content = await readFile(file);
    const type = /** @type {Record<string, string>} */ (TYPES)[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type }).end(content);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
const address = server.address();
if (address === null || typeof address === "string") throw new Error("the bench server has no port");

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: "dark" });
page.on("pageerror", (error) => process.stderr.write(`${error.stack ?? error.message}\n`));
await page.goto(`http://127.0.0.1:${address.port}/`);
const { opened_ms, times } = await page.evaluate((files) => window.runBench(files), FILES);
process.stdout.write(`opened with ${FILES * 16} measurements: ${opened_ms.toFixed(0)} ms to the first picture\n`);
process.stdout.write("                          frames/s   p50 ms   p95 ms   longest ms\n");
for (const { name, frames_per_s, p50_ms, p95_ms, longest_ms } of times) {
  const cells = [frames_per_s, p50_ms, p95_ms, longest_ms].map((value) => value.toFixed(1).padStart(9));
  process.stdout.write(`${name.padEnd(24)} ${cells.join("")}\n`);
}
await page.screenshot({ path: join(BUILT, "bench.png") });
await browser.close();
server.close();
