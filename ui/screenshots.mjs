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

/** @param {Page} page @param {RegExp} session */
async function openSession(page, session) {
  // In a narrow window the list of sessions is folded away.
  const list = page.getByRole("button", { name: "Show the list of sessions" });
  if (await list.isVisible()) await list.click();
  await page.getByRole("navigation").getByRole("button", { name: session }).click();
}
/** @param {Page} page */
const openLive = (page) => openSession(page, /^ATP titration/);
/** @param {Page} page */
const openCv = (page) => openSession(page, /^Methylene blue/);
/** @param {Page} page */
const openCa = (page) => openSession(page, /^Reporter kinetics/);
async function openNotes(page) {
  const list = page.getByRole("button", { name: "Show the list of sessions" });
  if (await list.isVisible()) await list.click();
  await page.getByRole("navigation").getByRole("button", { name: "Notes" }).click();
  await page.getByRole("heading", { name: "Notes", level: 1 }).waitFor();
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
/** @param {Page} page @param {string} name */
async function openMap(page, name) {
  const list = page.getByRole("button", { name: "Show the list of sessions" });
  if (await list.isVisible()) await list.click();
  await page.getByRole("navigation").getByRole("button", { name: new RegExp(`^${name}`) }).click();
}
/** @param {Page} page @param {string} index @param {string} name */
async function holdMap(page, index, name) {
  await page.getByRole("button", { name: "Hold map…" }).click();
  const dialog = page.getByRole("dialog", { name: "Hold a map" });
  await dialog.getByLabel("Map").selectOption({ label: `Map ${index}` });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Hold" }).click();
}
/** @param {Page} page */
async function compareMaps(page) {
  await openMap(page, "Map of chip 14");
  await holdMap(page, "1", "Buffer");
  await holdMap(page, "6", "10 µM target");
  await page.getByRole("button", { name: /^Compare maps/ }).click();
  await page.getByRole("toolbar", { name: "Frequency" }).getByRole("button", { name: /^200/ }).click();
}
/** @param {Page} page */
async function openSettings(page) {
  const show = page.getByRole("button", { name: "Show the list of sessions" });
  if (await show.isVisible()) await show.click();
  await page.getByRole("button", { name: "Settings", exact: true }).click();
  await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
}
/** @param {Page} page @param {RegExp[]} names @param {string} [alignment] */
async function compare(page, names, alignment) {
  const list = page.getByRole("button", { name: "Show the list of sessions" });
  if (await list.isVisible()) await list.click();
  await page.getByRole("navigation").getByRole("button", { name: "Compare", exact: true }).click();
  for (const name of names) await page.getByRole("checkbox", { name }).click();
  if (names.length > 0) await page.getByRole("button", { name: "Done" }).click();
  if (alignment) await page.getByLabel("Aligned").selectOption(alignment);
}
const CHIPS = [/^Chip 21, fresh/, /^Chip 21, after/, /^Chip 22/, /^Chip 23/];
/** @param {Page} page @param {string} form */
async function openExport(page, form) {
  await openLive(page);
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByRole("dialog").getByLabel(form).check();
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
  { name: "sources-dragged", query: "?arriving=over" },
  { name: "sources-lot", query: "?arriving=mixed", heading: "Open files" },
  { name: "sources-cv", query: "?folder=cv", steps: async (page) => {
    await openFolder(page);
    await page.getByText("As the files say.").waitFor();
  } },
  { name: "sources-ca", query: "?folder=cv", steps: async (page) => {
    await openFolder(page);
    await page.getByLabel("Measured as").selectOption("ca");
    await page.getByText(/^Time constant/).waitFor();
  } },
  { name: "sources-columns", query: "?folder=unknown", steps: async (page) => {
    await openFolder(page);
    await page.getByLabel("What column 2 holds").selectOption("potential");
    await page.getByLabel("What column 4 holds").selectOption("current");
    await page.getByText(/^Peak \d/).waitFor();
  } },
  { name: "sources-temporary", query: "?scene=temporary" },
  { name: "sources-temporary-session", query: "?scene=temporary", steps: async (page) => {
    await page.getByRole("button", { name: "Scan of a new chip" }).last().click();
    await page.getByText(/expires in/).last().waitFor();
  } },
  { name: "sources-settings", query: "?scene=still", steps: async (page) => {
    const list = page.getByRole("button", { name: "Show the list of sessions" });
    if (await list.isVisible()) await list.click();
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("heading", { name: "Temporary sessions" }).waitFor();
  } },
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
  { name: "session-revisions", query: "", steps: (page) => openInspector(page, "Revisions") },
  { name: "export", query: "", steps: async (page) => {
    await openLive(page);
    await page.getByRole("button", { name: "Export", exact: true }).click();
  } },
  { name: "export-trends", query: "", steps: (page) => openExport(page, "Trends (CSV)") },
  { name: "export-figure", query: "", steps: (page) => openExport(page, "Figure (SVG, PDF, PNG)") },
  { name: "export-done", query: "?scene=still", steps: async (page) => {
    await openExport(page, "Excel workbook");
    await page.getByRole("button", { name: "Choose…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Export" }).click();
    await page.getByRole("button", { name: "Show in folder" }).waitFor();
  } },
  { name: "compare-empty", query: "?scene=compare", steps: (page) => compare(page, []) },
  { name: "compare-marker", query: "?scene=compare", steps: async (page) => {
    await compare(page, CHIPS, "from a marker, in time");
    await page.getByRole("slider", { name: /^Peak current/ }).hover({ position: { x: 300, y: 40 } });
  } },
  { name: "compare-electrodes", query: "?scene=compare", steps: async (page) => {
    await compare(page, CHIPS.slice(0, 2), "by time since the start");
    await page.getByText("Mean ± SD of all").first().click();
    await page.getByLabel("Mean ± SD as one line").first().uncheck();
  } },
  { name: "replay", query: "?scene=still", steps: async (page) => {
    await openLive(page);
    await page.getByLabel("Jump to a marker").selectOption({ index: 3 });
  } },
  { name: "settings-dragged", query: "?scene=still", steps: async (page) => {
    await openInspector(page, "Settings");
    await page.getByLabel("Trim by dragging").fill("14");
    await page.getByRole("button", { name: /^Undo/ }).waitFor();
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
  { name: "follow-compare", query: "?scene=compare&follow=view_only", heading: "Followed sessions", onPhone: true, steps: (page) => compare(page, CHIPS.slice(0, 2), "from a marker, in files") },
  { name: "follow-export", query: "?follow=live", heading: "Followed sessions", onPhone: true, steps: async (page) => {
    await openLive(page);
    await page.getByRole("button", { name: "Export", exact: true }).click();
  } },
  { name: "map", query: "?scene=map-still", steps: (page) => openMap(page, "Map of chip 15") },
  { name: "map-first", query: "?scene=map-first", steps: (page) => openMap(page, "Map of chip 15") },
  { name: "map-done-selected", query: "?scene=map-still", steps: async (page) => {
    await openMap(page, "Map of chip 14");
    await page.getByRole("toolbar", { name: "Frequency" }).getByRole("button", { name: /^100/ }).click();
    await page.getByLabel("Baseline taken off").check();
  } },
  { name: "map-hold", query: "?scene=map-still", steps: async (page) => {
    await openMap(page, "Map of chip 14");
    await page.getByRole("button", { name: "Hold map…" }).click();
  } },
  { name: "map-compare-empty", query: "?scene=map-still", steps: async (page) => {
    await openMap(page, "Map of chip 12");
    await page.getByRole("button", { name: "Compare maps" }).click();
  } },
  { name: "map-compare", query: "?scene=map-still", steps: compareMaps },
  { name: "follow-map", query: "?follow=view_only&scene=map-still", heading: "Followed sessions", onPhone: true, steps: (page) =>
    openMap(page, "Map of chip 15") },
  { name: "follow-map-compare", query: "?follow=view_only&scene=map-still", heading: "Followed sessions", onPhone: true, steps: compareMaps },
  { name: "settings", query: "?scene=still&sharing=online", steps: openSettings },
  { name: "settings-lower", query: "?scene=still&updates=newer", steps: async (page) => {
    await openSettings(page);
    await page.getByRole("heading", { name: "About SACMES" }).scrollIntoViewIfNeeded();
  } },
  { name: "settings-notifications", query: "?scene=still&sharing=offline&preferences=unreadable", steps: async (page) => {
    await openSettings(page);
    await page.getByRole("button", { name: "Look now" }).scrollIntoViewIfNeeded();
  } },
  { name: "settings-other-theme", query: "?scene=still", steps: async (page) => {
    await openSettings(page);
    const isDark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
    await page.getByRole("radio", { name: isDark ? "Light" : "Dark", exact: true }).click();
  } },
  { name: "session-other-theme", query: "?scene=still", steps: async (page) => {
    await openSettings(page);
    const isDark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
    await page.getByRole("radio", { name: isDark ? "Light" : "Dark", exact: true }).click();
    await page.getByLabel("Unit of currents").selectOption("nA");
    await openLive(page);
  } },
  { name: "settings-follow", query: "?follow=view_only", heading: "Followed sessions", onPhone: true, steps: async (page) => {
    const list = page.getByRole("button", { name: "Show the list of sessions" });
    if (await list.isVisible()) await list.click();
    await page.getByRole("button", { name: "Settings", exact: true }).click();
  } },
  { name: "cv-first", query: "?scene=cv_first", steps: openCv },
  { name: "cv-live", query: "?scene=cv_live", steps: openCv },
  { name: "cv-done", query: "?scene=cv", steps: async (page) => {
    await openCv(page);
    await page.getByRole("group", { name: "Cycle" }).getByRole("button", { name: "2" }).click();
    await page.getByRole("button", { name: "All", exact: true }).waitFor();
    await page.getByRole("group", { name: "Electrodes" }).getByRole("button", { name: /^E2/ }).click();
  } },
  { name: "cv-probe-moved", query: "?scene=cv", steps: async (page) => {
    await openCv(page);
    const probe = page.getByRole("slider", { name: "Probe 1" });
    await probe.focus();
    await page.keyboard.down("Shift");
    await page.keyboard.down("ArrowRight");
    await page.getByText("Preview").waitFor();
  } },
  { name: "cv-scan-rates", query: "?scene=cv_rates", steps: async (page) => {
    await openCv(page);
    await page.getByRole("button", { name: "Scan rates…" }).click();
    await page.getByText(/12 peaks at 4 scan rates/).waitFor();
  } },
  { name: "cv-view-only", query: "?scene=cv&follow=view_only", heading: "Followed sessions", onPhone: true, steps: openCv },
  { name: "ca-live", query: "?scene=ca_live", steps: openCa },
  { name: "ca-log", query: "?scene=ca", steps: async (page) => {
    await openCa(page);
    await page.getByRole("button", { name: "Log–log" }).click();
  } },
  { name: "ca-one-exponential", query: "?scene=ca", steps: async (page) => {
    await openCa(page);
    await page.getByRole("article").getByLabel("Model").selectOption("mono");
    await page.getByText("Revision 2 is in force.").first().waitFor();
  } },
  { name: "ca-view-only", query: "?scene=ca&follow=view_only", heading: "Followed sessions", onPhone: true, steps: openCa },
  { name: "notes", query: "?scene=still", steps: openNotes },
  { name: "notes-empty", query: "?scene=still&notes=none", steps: openNotes },
  { name: "notes-search", query: "?scene=still", steps: async (page) => {
    await openNotes(page);
    await page.getByLabel("Search").fill("scan inj");
    await page.getByText("1 note with").waitFor();
  } },
  { name: "notes-new", query: "?scene=still", steps: async (page) => {
    await openNotes(page);
    await page.getByRole("button", { name: "New note" }).click();
    await page.getByRole("button", { name: "Save" }).click();
  } },
  { name: "notes-topic", query: "?scene=still", steps: async (page) => {
    await openNotes(page);
    await page.getByRole("group", { name: "Filter by topic" }).getByRole("button", { name: /^SOP/ }).click();
    await page.getByRole("button", { name: /^Delete all about/ }).click();
  } },
  { name: "notes-split", query: "?scene=still", steps: async (page) => {
    await openNotes(page);
    await page.getByRole("button", { name: "Paste and split…" }).click();
    await page.getByLabel("Text", { exact: true }).fill(
      "Buffer: 20 mM Tris, 100 mM NaCl, pH 7.4\nChip: 12, blue dot, second use\nTarget: 1 mM stock, diluted at noon\nthe first dilution was thrown away",
    );
    await page.getByLabel("Topics of all").fill("Day 3");
  } },
  { name: "notes-session", query: "?scene=still", steps: (page) => openInspector(page, "Notes") },
  { name: "notes-point", query: "?scene=still", steps: async (page) => {
    await openNotes(page);
    await page.getByRole("button", { name: /: E\d · .* file \d+$/ }).click();
    await page.getByRole("tab", { name: "Notes" }).waitFor();
    await page.getByRole("button", { name: /^Add a note about/ }).click();
  } },
  { name: "notes-owner", query: "?follow=live&scene=still", heading: "Followed sessions", onPhone: true, steps: openNotes },
  { name: "notes-view-only", query: "?follow=view_only&scene=still", heading: "Followed sessions", onPhone: true, steps: openNotes },
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
