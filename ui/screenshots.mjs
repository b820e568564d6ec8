// Pictures of every screen from the demo build, in headless Chromium under the content security policy of the desktop or, for
// followers, of the relay, into ../test-output/. Any error on a page or violation of the policy fails the run.
// `npm run screenshots -- start` takes only those whose name contains the word.

import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";

import { chromium } from "playwright-core";
import { build } from "vite";

const BUILT = new URL("../test-output/ui-demo/", import.meta.url).pathname;
const PICTURES = new URL("../test-output/", import.meta.url).pathname;
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'";
/** That of the relay, which serves the page to followers. */
const RELAY_POLICY = "default-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

const LARGE = { width: 1440, height: 900 };
const SMALL = { width: 900, height: 600 };
/** Somebody who follows from elsewhere may have no more than this. */
const PHONE = { width: 390, height: 844 };

/** @typedef {import("playwright-core").Page} Page */
/**
 * @typedef {object} Picture
 * @property {string} name
 * @property {string} query What the demo host shows at the start.
 * @property {string} [heading] What stands on the page once it is there.
 * @property {boolean} [onPhone] Whether it is also looked at on a phone.
 * @property {(page: Page) => Promise<void>} [steps]
 */

/** @param {Page} page */
async function openLive(page) {
  // In a narrow window the list of sessions is folded away.
  const list = page.getByRole("button", { name: "Show the list of sessions" });
  if (await list.isVisible()) await list.click();
  await page.getByRole("navigation").getByRole("button", { name: /^ATP titration/ }).click();
}
/** @param {Page} page @param {string} tab */
async function openInspector(page, tab) {
  await openLive(page);
  const show = page.getByRole("button", { name: "Show settings, files and markers" });
  if (await show.isVisible()) await show.click();
  await page.getByRole("tab", { name: tab }).click();
}
/** @param {Page} page */
async function openShare(page) {
  await openLive(page);
  await page.getByRole("banner").or(page.locator("main header")).getByRole("button", { name: "Share" }).first().click();
}
/** Moves the lower end of the baseline at the highest frequency. @param {Page} page */
async function markLowerEnd(page) {
  const card = page.getByRole("article", { name: "Sweep at 200 Hz" });
  await card.getByRole("button", { name: "Mark by hand" }).click();
  await card.getByRole("slider", { name: "Lower end of the baseline" }).focus();
  await page.keyboard.press("Shift+ArrowRight");
  await card.getByText("Preview").waitFor();
  // Once a plot that was out of sight is drawn, its handles are in their places.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}
/** @param {Page} page */
const openFolder = (page) => page.getByRole("button", { name: "Watch a folder" }).click();

/** @type {Picture[]} */
const PICTURE_LIST = [
  { name: "start-first", query: "?scene=empty&identity=needs_consent" },
  { name: "start", query: "" },
  { name: "new-session", query: "", steps: openFolder },
  { name: "new-session-unknown-table", query: "?folder=unknown", steps: openFolder },
  { name: "new-session-writing", query: "", steps: async (page) => {
    await openFolder(page);
    await page.getByLabel("File", { exact: true }).selectOption("ATP_200Hz_148.txt");
  } },
  { name: "new-session-other-technique", query: "?folder=cv", steps: openFolder },
  { name: "new-session-chosen", query: "", steps: (page) => page.getByRole("button", { name: "Open files" }).click() },
  { name: "session-first-file", query: "?scene=first", steps: openLive },
  { name: "session-unusable", query: "?scene=unusable", steps: openLive },
  { name: "session-no-reference", query: "?scene=still", steps: async (page) => {
    await openInspector(page, "Settings");
    await page.getByText("Trends", { exact: true }).click();
    await page.getByLabel("Normalise to index").fill("0");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText("Revision 2 is in force.").waitFor();
  } },
  { name: "notice-over-dialog", query: "?scene=still", steps: async (page) => {
    await openLive(page);
    await page.getByRole("button", { name: "Marker", exact: true }).click();
    await page.getByLabel("Text").fill("x".repeat(190) + "\u0007");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("A name has 1 to 200 characters").waitFor();
  } },
  { name: "session", query: "", steps: openLive },
  { name: "session-large", query: "?scene=large", steps: openLive },
  { name: "session-settings-error", query: "", steps: async (page) => {
    await openInspector(page, "Settings");
    await page.getByLabel("Points dropped at each end").fill("many");
    await page.getByLabel("Potential window", { exact: false }).first().fill("-0,4");
  } },
  { name: "session-files", query: "", steps: async (page) => {
    await openInspector(page, "Files");
    await page.getByRole("button", { name: "Not used" }).click();
    await page.getByRole("list", { name: "Files" }).getByRole("button").first().click();
  } },
  { name: "session-markers", query: "", steps: (page) => openInspector(page, "Markers") },
  { name: "session-marking", query: "?scene=still", steps: async (page) => {
    await openLive(page);
    await markLowerEnd(page);
  } },
  { name: "session-marked", query: "?scene=still", steps: async (page) => {
    await openInspector(page, "Markers");
    await markLowerEnd(page);
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText(/^The baseline: /).waitFor();
  } },
  { name: "session-quality", query: "?scene=still", steps: async (page) => {
    await openInspector(page, "Quality");
    await page.getByRole("region", { name: /^E2, 15/ }).getByRole("button", { name: /with a warning$/ }).click();
    await page.getByText("No peak stands out").first().waitFor();
  } },
  { name: "session-calibration", query: "?scene=still", steps: async (page) => {
    await openInspector(page, "Calibration");
    await page.getByLabel("Where the curve comes from").selectOption("markers");
    await page.getByRole("button", { name: "Use this calibration" }).click();
    await page.getByRole("button", { name: "Keep these curves" }).waitFor();
  } },
  { name: "session-calibration-steps", query: "?scene=still", steps: async (page) => {
    await openInspector(page, "Calibration");
    await page.getByLabel("Where the curve comes from").selectOption("steps");
    await page.getByRole("button", { name: "Add a step" }).click();
  } },
  { name: "session-revisions", query: "", steps: (page) => openInspector(page, "Revisions") },
  { name: "export", query: "", steps: async (page) => {
    await openLive(page);
    await page.getByRole("button", { name: "Export", exact: true }).click();
  } },
  { name: "share-off", query: "?scene=still", steps: openShare },
  { name: "share-on", query: "?scene=still&sharing=online", steps: openShare },
  { name: "share-refused", query: "?scene=still&sharing=refused", steps: openShare },
  { name: "share-renew", query: "?scene=still&sharing=online", steps: async (page) => {
    await openShare(page);
    await page.getByRole("button", { name: "Renew the User ID…" }).click();
  } },
  { name: "follow-code", query: "?follow=code", heading: "Follow an experiment", onPhone: true, steps: async (page) => {
    await page.getByLabel("User ID or view-only code").fill("04003kq9yv5hsnez");
    await page.getByRole("button", { name: "Follow", exact: true }).click();
    await page.getByText("This is not a valid code.").waitFor();
  } },
  { name: "follow-overview", query: "?follow=live", heading: "Followed sessions", onPhone: true },
  { name: "follow-absent", query: "?follow=absent", heading: "Followed sessions", onPhone: true },
  { name: "follow-refused", query: "?follow=refused", heading: "Followed sessions", onPhone: true },
  { name: "follow-session", query: "?follow=live", heading: "Followed sessions", onPhone: true, steps: openLive },
  { name: "follow-view-only", query: "?follow=view_only", heading: "Followed sessions", onPhone: true, steps: openLive },
  { name: "follow-list", query: "?follow=view_only", heading: "Followed sessions", onPhone: true, steps: async (page) => {
    const list = page.getByRole("button", { name: "Show the list of sessions" });
    if (await list.isVisible()) await list.click();
  } },
  { name: "follow-unreachable", query: "?follow=unreachable", heading: "Followed sessions", onPhone: true, steps: openLive },
  { name: "follow-export", query: "?follow=live", heading: "Followed sessions", onPhone: true, steps: async (page) => {
    await openLive(page);
    await page.getByRole("button", { name: "Export", exact: true }).click();
  } },
  { name: "delete", query: "", steps: async (page) => {
    await openLive(page);
    await page.getByRole("button", { name: "Delete the session" }).click();
  } },
];

async function serve() {
  const server = createServer(async (request, response) => {
    const { pathname: path, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const policy = searchParams.has("follow") ? RELAY_POLICY : POLICY;
    try {
      const file = join(BUILT, path === "/" ? "index.html" : path);
      const content = await readFile(file);
      const type = /** @type {Record<string, string>} */ (TYPES)[extname(file)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type, "content-security-policy": policy });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the picture server has no port");
  return { server, origin: `http://127.0.0.1:${address.port}` };
}

const wanted = process.argv[2] ?? "";
await mkdir(PICTURES, { recursive: true });
await build({ mode: "demo", logLevel: "warn" });
const { server, origin } = await serve();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu"],
});
/** @type {string[]} */
const failures = [];
for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  for (const viewport of [LARGE, SMALL, PHONE]) {
    const context = await browser.newContext({ viewport, colorScheme, locale: "en-GB" });
    context.setDefaultTimeout(30_000);
    const pictures = PICTURE_LIST.filter(({ name, onPhone }) => name.includes(wanted) && (viewport !== PHONE || onPhone));
    for (const { name, query, steps, heading = "New session" } of pictures) {
      const file = `ui-${name}-${viewport.width}-${colorScheme}.png`;
      const page = await context.newPage();
      page.on("pageerror", (error) => failures.push(`${file}: ${error.message}`));
      page.on("console", (message) => {
        if (message.type() === "error") failures.push(`${file}: ${message.text()}`);
      });
      try {
        await page.goto(`${origin}/${query}`);
        await page.getByRole("heading", { name: heading }).waitFor();
        if (steps) await steps(page);
        await page.waitForTimeout(1200);
        await page.screenshot({ path: `${PICTURES}${file}` });
      } catch (error) {
        failures.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
      }
      await page.close();
    }
    await context.close();
  }
}
await browser.close();
server.close();
for (const failure of failures) process.stderr.write(`${failure}\n`);
process.stdout.write(`pictures are in ${PICTURES}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
