import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe finds fault with on a page, in words; empty where nothing is wrong. With names of rules: by these alone. */
export async function faultsOf(page: Page, rules: string[] = []): Promise<string[]> {
  // Evaluated by the debugger, which no policy of the page forbids.
  await page.evaluate(await readFile(AXE, "utf8"));
  const { violations } = await page.evaluate(
    (only) => (globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(only.length > 0 ? { runOnly: only } : {}),
    rules,
  );
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ""}`).join(" | ")}`);
}
