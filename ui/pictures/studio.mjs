// The demo build under the content security policy of the desktop or, for followers, of the relay, in headless Chromium, at one
// fixed moment of one fixed time zone: what is taken twice is the same.

import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { chromium } from "playwright-core";

const UI = fileURLToPath(new URL("../", import.meta.url));
const BUILT = fileURLToPath(new URL("../../test-output/ui-demo/", import.meta.url));
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'";
/** That of the relay, which serves the page to followers. */
const RELAY_POLICY = "default-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const MOMENT = new Date("2026-06-17T09:40:00Z");
/** A page that has not come to rest by then never will. */
const MOST_LOOKS = 40;

export const SIZES = {
  large: { width: 1440, height: 900 },
  small: { width: 900, height: 600 },
  /** Somebody who follows from elsewhere may have no more than this. */
  phone: { width: 390, height: 844 },
};

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {keyof typeof SIZES} Size */
/** @typedef {"light" | "dark"} Scheme */
/**
 * @typedef {object} Picture
 * @property {string} name
 * @property {string} query What the demo host shows at the start.
 * @property {string} [heading] What stands on the page once it is there.
 * @property {boolean} [onPhone] Whether it is also looked at on a phone.
 * @property {boolean} [moves] Whether what it shows goes on by itself, so that no two pictures are the same.
 * @property {(page: Page) => Promise<void>} [steps]
 */

export class Studio {
  /**
   * @param {import("node:http").Server} server
   * @param {string} origin
   * @param {import("playwright-core").Browser} browser
   */
  constructor(server, origin, browser) {
    this.server = server;
    this.origin = origin;
    this.browser = browser;
  }

  /** `fonts`: those of this computer, for people, or the project's own one, so that pictures can be compared on any. @param {"system" | "own"} [fonts] */
  static async open(fonts = "system") {
    await build();
    const { server, origin } = await serve();
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      ...(fonts === "own" ? { env: { ...process.env, FONTCONFIG_FILE: await ownFonts() } } : {}),
      args: ["--headless", "--no-sandbox", "--disable-gpu", "--font-render-hinting=none"],
    });
    return new Studio(server, origin, browser);
  }

  /**
   * Takes a picture once the page is at rest; any error on the page or violation of its policy is thrown.
   * @param {Picture} picture @param {Size} size @param {Scheme} colorScheme
   * @returns {Promise<Buffer>} PNG
   */
  take(picture, size, colorScheme) {
    return this.look(picture, size, colorScheme, (page) => atRest(page, picture.moves ?? false));
  }

  /**
   * What a look at the state of a picture finds; any error on the page or violation of its policy is thrown.
   * @template T
   * @param {Picture} picture @param {Size} size @param {Scheme} colorScheme
   * @param {(page: Page) => Promise<T>} find
   * @param {number} [text] Size of texts, of the usual one.
   * @returns {Promise<T>}
   */
  async look({ query, steps, heading = "New session" }, size, colorScheme, find, text = 1) {
    const context = await this.browser.newContext({ viewport: SIZES[size], colorScheme, locale: "en-GB", timezoneId: "UTC" });
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    /** @type {string[]} */
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    try {
      if (text !== 1) await setTextSize(page, text);
      await page.clock.setFixedTime(MOMENT);
      await page.goto(`${this.origin}/${query}`);
      await page.getByRole("heading", { name: heading }).first().waitFor();
      if (steps) await steps(page);
      const found = await find(page);
      if (errors.length > 0) throw new Error(errors.join("\n"));
      return found;
    } finally {
      await context.close();
    }
  }

  async close() {
    await this.browser.close();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/**
 * The first picture that is followed by two like it.
 * @param {Page} page @param {boolean} moves
 */
export async function atRest(page, moves) {
  /** @type {Buffer} */
  let last = Buffer.alloc(0);
  let alike = 0;
  for (let look = 0; look < MOST_LOOKS; look++) {
    const now = await page.screenshot({ animations: "disabled" });
    alike = now.equals(last) ? alike + 1 : 0;
    last = now;
    if (alike === 2 || (moves && look === 8)) return now;
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
  }
  throw new Error("the page never comes to rest");
}

/**
 * As in the settings of the browser, so that also what depends on the width of the window knows.
 * @param {Page} page @param {number} text
 */
async function setTextSize(page, text) {
  const session = await page.context().newCDPSession(page);
  await session.send("Page.enable");
  await session.send("Page.setFontSizes", { fontSizes: { standard: 16 * text, fixed: 13 * text } });
}

/** A configuration of fonts that knows no font but that of the figures. */
async function ownFonts() {
  const file = fileURLToPath(new URL("../../test-output/fonts.conf", import.meta.url));
  const fonts = fileURLToPath(new URL("../../src-tauri/crates/figure/fonts/", import.meta.url));
  await mkdir(fileURLToPath(new URL("./", pathToFileURL(file))), { recursive: true });
  await writeFile(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${fonts}</dir><cachedir>${file}.cache</cachedir></fontconfig>`,
  );
  return file;
}

/** In a process of its own: where tests are run, much is built otherwise. */
async function build() {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== "NODE_ENV" && !name.startsWith("VITEST")));
  await promisify(execFile)(process.execPath, ["node_modules/vite/bin/vite.js", "build", "--mode", "demo", "--logLevel", "warn"], { cwd: UI, env });
}

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
