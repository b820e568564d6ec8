// A real browser, and people who sit before it. Whatever a page complains of is kept, and fails the test at its end.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { expect } from "vitest";

import { faultsOf } from "./accessibility";
import type { Agent } from "./agent";
import { areSame, type Points, pointsIn, pointsOf } from "./points";
import { DEADLINE_MS, until } from "./waiting";
import type { Wire } from "./wire";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const ARGUMENTS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
  // A name that is not this computer's own, as on another computer of the network.
  "--host-resolver-rules=MAP lab.example 127.0.0.1",
  // A page that came from a folder may go to this computer, too.
  ...(process.env.SACMES_PAGE ? ["--disable-features=LocalNetworkAccessChecks"] : []),
];

/** A folder with the page, in place of the one that the program was built with: while only the page is worked on. */
const PAGE = process.env.SACMES_PAGE;

/** A network that is away is told in the console by the browser itself, whatever a page does. */
export const NETWORK_AWAY = /WebSocket connection to .* failed|net::ERR_/;

export interface Looks {
  width?: number;
  height?: number;
  isPhone?: boolean;
  colours?: "light" | "dark";
}

export class Chromium {
  private constructor(private readonly browser: Browser) {}

  static async launch(): Promise<Chromium> {
    if (!existsSync(CHROMIUM)) {
      throw new Error(`${CHROMIUM} is not there: install Chromium (apt-get install chromium), or name it in CHROMIUM`);
    }
    return new Chromium(await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS }));
  }

  async visitor(wire: Wire, { width = 1440, height = 900, isPhone = false, colours = "light" }: Looks): Promise<Visitor> {
    const context = await this.browser.newContext({
      viewport: { width, height },
      colorScheme: colours,
      locale: "en-GB",
      hasTouch: isPhone,
      isMobile: isPhone,
      acceptDownloads: true,
      permissions: ["clipboard-read", "clipboard-write"],
    });
    context.setDefaultTimeout(DEADLINE_MS);
    if (PAGE) await servePage(context, PAGE);
    return Visitor.sitDown(context, wire);
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

/** Under the headers of the relay, so that its policy holds. */
async function servePage(context: BrowserContext, folder: string): Promise<void> {
  await context.route(/\/(index\.html|[\w-]+\.js|assets\/.*)?$/, async (route) => {
    const url = new URL(route.request().url());
    const response = await route.fetch({ url: url.origin, timeout: DEADLINE_MS });
    const path = url.pathname === "/" ? "index.html" : url.pathname;
    const { "content-length": _length, "content-encoding": _encoding, "content-type": _type, ...headers } = response.headers();
    await route.fulfill({ path: join(folder, path), headers });
  });
}

export class Visitor {
  /** What a page complained of. */
  readonly complaints: string[] = [];
  /** Whatever left the browser, in clear: addresses, headers, bodies, frames. */
  readonly sent: string[] = [];
  /** What the browser may say by itself in this test. */
  expected: RegExp[] = [];

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
    private readonly wire: Wire,
  ) {}

  static async sitDown(context: BrowserContext, wire: Wire): Promise<Visitor> {
    const visitor = new Visitor(context, await context.newPage(), wire);
    visitor.#watch();
    return visitor;
  }

  #watch(): void {
    const { page } = this;
    const complain = (what: string): void => void this.complaints.push(what);
    // A policy that is broken is told in the console.
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complain(`console: ${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => complain(`error: ${error.stack ?? error.message}`));
    page.on("crash", () => complain("the page crashed"));
    page.on("request", (request) => {
      const headers = Object.entries(request.headers()).map(([name, value]) => `${name}: ${value}`);
      this.sent.push(request.url(), ...headers, request.postData() ?? "");
    });
    page.on("websocket", (socket) => {
      this.sent.push(socket.url());
      socket.on("framesent", ({ payload }) => this.sent.push(typeof payload === "string" ? payload : payload.toString("latin1")));
    });
  }

  /** Opens the page; with a code, the link with it. */
  async opens(code = ""): Promise<void> {
    await this.page.goto(this.wire.page + (code === "" ? "" : `#${code}`));
  }

  /** Opens the page, pastes a code and asks to follow. */
  async follows(code: string): Promise<void> {
    await this.opens();
    await this.pastes(code);
  }

  async pastes(code: string): Promise<void> {
    await this.page.getByLabel("User ID or view-only code").fill(code);
    await this.page.getByRole("button", { name: "Follow", exact: true }).click();
  }

  /** Chooses a session in the overview. */
  async looksAt(session: string): Promise<void> {
    await this.page.getByRole("table").getByRole("button", { name: session }).click();
    await this.page.getByRole("heading", { name: session, level: 1 }).waitFor();
  }

  /** Waits until the trends reach a file. */
  async sees(index: number): Promise<void> {
    const plot = this.page.getByRole("slider", { name: /^Peak current: / });
    await until(`trends up to file ${index}`, async () => {
      const summary = (await plot.getAttribute("aria-label")) ?? "";
      return Number(/ up to file (\d+)/.exec(summary)?.[1]) >= index;
    });
  }

  /** Waits until what is on screen is what the agent has. */
  async isLive(): Promise<void> {
    await this.page.getByRole("region", { name: "Followed agent" }).getByRole("status").filter({ hasText: /^\s*Live/ }).waitFor();
  }

  /** Waits until this is said on the page. */
  async reads(words: string | RegExp): Promise<void> {
    await this.page.getByText(words).first().waitFor();
  }

  /** All points of the plot of peak currents, as "Copy data" gives them: heading, then one line for each file. */
  async copiesPoints(): Promise<string[][]> {
    const { page } = this;
    await page.getByRole("slider", { name: /^Peak current/ }).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Copy data" }).click();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    return text.trimEnd().split("\n").map((line) => line.split("\t"));
  }

  /** Waits until the plot has the points that the agent keeps, and no others. */
  async hasPointsOf(agent: Agent): Promise<void> {
    const kept = pointsOf(await agent.results());
    let shown: Points = new Map();
    try {
      await until("the agent's points are shown", async () => areSame((shown = pointsIn(await this.copiesPoints())), kept));
    } catch (thrown) {
      // Says which differ.
      expect(new Map([...shown].sort())).toEqual(new Map([...kept].sort()));
      throw thrown;
    }
  }

  /** What the page keeps, and where. */
  kept(): Promise<{ browser: Record<string, string>; tab: Record<string, string>; cookies: string }> {
    return this.page.evaluate(() => ({
      browser: { ...localStorage },
      tab: { ...sessionStorage },
      cookies: document.cookie,
    }));
  }

  /** What a checker of accessibility finds fault with. */
  faults(): Promise<string[]> {
    return faultsOf(this.page);
  }

  /** A picture for whoever judges how it looks, into test-output/. */
  async shows(name: string): Promise<void> {
    await this.page.screenshot({ path: new URL(`../../../test-output/browser-${name}.png`, import.meta.url).pathname });
  }

  async leave(): Promise<void> {
    await this.context.close();
    const bad = this.complaints.filter((complaint) => !this.expected.some((words) => words.test(complaint)));
    if (bad.length > 0) throw new Error(`the page complained:\n${bad.join("\n")}`);
  }
}
