// Somebody watches a frequency map grow, holds it, compares the next one with it, and takes the proposed pair over.

import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import type { Result } from "./stage/agent";
import { MAPS } from "./stage/instrument";
import { sacmes } from "./stage/program";
import { type Laboratory, Stage } from "./stage/stage";

const FREQUENCIES_HZ = [10, 30, 100, 300];

let stage: Stage;
let lab: Laboratory;

beforeAll(async () => {
  stage = await Stage.set();
  lab = await stage.laboratory("Map", 2, 1, MAPS);
});
afterEach(({ task }) => stage.visitorsLeave(task));
afterAll(() => stage.end());

/** What a plot shows, as "Copy data" gives it: headings, then one line for each frequency. */
async function copied(page: Page, plot: RegExp): Promise<string[][]> {
  await page.getByRole("slider", { name: plot }).click({ button: "right" });
  await page.getByRole("menuitem", { name: "Copy data" }).click();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  return text.trimEnd().split("\n").map((line) => line.split("\t"));
}

const currentOf = (results: readonly Result[], index: number, electrode: number, frequency_hz: number): number =>
  results.find((one) => one.index === index && one.electrode === electrode && one.frequency_hz === frequency_hz)?.peak_current_a ?? Number.NaN;

const strip = (page: Page) => page.getByRole("region", { name: "Frequencies of the map" });

test("a map that grows is seen live, held, compared with the next, and its pair goes into the settings", async () => {
  const ada = await stage.visitor();
  const { page } = ada;
  await ada.opens(lab.agent.viewOnlyCode);
  await ada.looksAt("Map");
  await strip(page).getByText("4 of 4 frequencies").waitFor();
  await page.getByRole("slider", { name: /^Charge: 3 traces/ }).waitFor();
  await page.getByRole("slider", { name: /^Current Map 1, smoothed: 6 traces/ }).waitFor();
  await ada.shows("frequency-map-first");
  expect(await ada.faults()).toEqual([]);

  await page.getByRole("button", { name: "Hold map…" }).click();
  const dialog = page.getByRole("dialog", { name: "Hold a map" });
  await dialog.getByLabel("Name").fill("Buffer");
  expect(await ada.faults()).toEqual([]);
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });

  // Frequency by frequency, not in their order.
  await lab.instrument.save(2, 2, 100);
  await strip(page).getByText(/1 of 4 frequencies, newest 100.Hz, 3 awaited/).waitFor();
  await page.getByRole("article", { name: "Sweep at 100 Hz" }).getByText(/CF_100Hz_2/).waitFor();
  for (const frequency_hz of [10, 300, 30]) await lab.instrument.save(2, 2, frequency_hz);
  await strip(page).getByText("4 of 4 frequencies").waitFor();
  await page.getByRole("heading", { name: "Map 2 of 2" }).waitFor();
  await page.getByRole("slider", { name: /^Charge: 3 traces up to 300/ }).waitFor();
  await lab.agent.hasMeasured(2);

  // To the last digit what the agent keeps.
  const results = await lab.agent.results();
  await expect.poll(async () => (await copied(page, /^Peak current: /)).slice(1).map((line) => line.slice(0, 3).map(Number)), { timeout: 60_000 }).toEqual(
    FREQUENCIES_HZ.map((hz) => [hz, currentOf(results, 2, 1, hz), currentOf(results, 2, 2, hz)]),
  );

  // A click on a frequency shows its sweep; going back shows the map before.
  await strip(page).getByRole("button", { name: /^30.Hz/ }).click();
  await page.getByRole("article", { name: "Sweep at 30 Hz" }).getByText(/CF_30Hz_2/).waitFor();
  await page.getByRole("button", { name: "One file back" }).click();
  await page.getByRole("article", { name: "Sweep at 30 Hz" }).getByText(/CF_30Hz_1/).waitFor();
  await page.getByRole("button", { name: "Live" }).click();

  await page.getByRole("button", { name: "Compare maps (1 held)" }).click();
  await page.getByRole("slider", { name: /^Gain mean of the electrodes, against Buffer: 1 trace/ }).waitFor();
  await page.getByLabel("Curves of").selectOption("E2");
  await page.getByRole("slider", { name: /^Gain E2, against Buffer: 1 trace/ }).waitFor();
  const gains = (await copied(page, /^Gain E2/)).slice(1).map((line) => line.map(Number));
  expect(gains.map(([hz]) => hz)).toEqual(FREQUENCIES_HZ);
  for (const [hz = 0, gain = 0] of gains) {
    expect(gain).toBeCloseTo(100 * (currentOf(results, 2, 2, hz) / currentOf(results, 1, 2, hz) - 1), 8);
  }
  await page.getByRole("slider", { name: /^Current: [24] traces/ }).waitFor();
  await ada.shows("frequency-map-compared");
  expect(await ada.faults()).toEqual([]);
  expect(await page.evaluate(() => document.scrollingElement?.scrollWidth)).toBe(1440);

  const taken = page.getByRole("article", { name: /^Proposed for KDM/ }).getByRole("button");
  expect(await taken.getAttribute("aria-disabled")).toBe("true");
  expect(await taken.getAttribute("title")).toMatch(/view-only/);

  // Who has the User ID takes the pair over; what the other holds is the other's own.
  const ben = await stage.visitor({ colours: "dark", width: 900, height: 600 });
  await ben.follows(lab.agent.userId);
  await ben.looksAt("Map");
  await ben.page.getByRole("button", { name: "Compare maps", exact: true }).click();
  await ben.page.getByRole("button", { name: "Hold map…" }).click();
  const other = ben.page.getByRole("dialog", { name: "Hold a map" });
  await other.getByLabel("Map", { exact: true }).selectOption({ label: "Map 1" });
  await other.getByLabel("Name").fill("Blank");
  await other.getByRole("button", { name: "Hold", exact: true }).click();
  const use = ben.page.getByRole("button", { name: "Use as high and low frequency" });
  await use.waitFor();
  await ben.shows("frequency-map-compared-900-dark");
  expect(await ben.faults()).toEqual([]);
  await use.click();
  const { settings } = await lab.agent.records("the pair", ({ event }) => event === "settings_revised");
  const { high_frequency_hz, low_frequency_hz } = (settings as { trend: { high_frequency_hz: number; low_frequency_hz: number } }).trend;
  expect(FREQUENCIES_HZ).toContain(high_frequency_hz);
  expect(FREQUENCIES_HZ).toContain(low_frequency_hz);
  expect(high_frequency_hz).not.toBe(low_frequency_hz);
  await ben.page.getByRole("button", { name: "In the settings" }).waitFor();
  await page.getByRole("button", { name: "In the settings" }).waitFor();
  await page.getByLabel("Name of the held map Buffer").waitFor();
});

test("files without a number are one map, as the predecessor named them", async () => {
  const own = await mkdtemp(join(tmpdir(), "sacmes-unnumbered-"));
  await sacmes("simulate", own, ...MAPS.options, "--files", "1", "--interval", "0", "--style", "burst");
  const plain = await stage.laboratory("Plain", 1, 0, MAPS);
  const save = (hz: number) => copyFile(join(own, `CF_${hz}Hz_1.txt`), join(plain.instrument.folder, `CF_${hz}Hz.txt`));
  const ada = await stage.visitor();
  const { page } = ada;
  await ada.follows(plain.agent.userId);
  await ada.looksAt("Plain");
  await page.getByRole("heading", { name: "Waiting for the first file" }).waitFor();
  await save(30);
  await page.getByRole("article", { name: "Sweep at 30 Hz" }).getByText(/CF_30Hz/).waitFor();
  await page.getByRole("heading", { name: "The map", exact: true }).waitFor();
  await save(300);
  await strip(page).getByText("2 of 2 frequencies").waitFor();
  await page.getByRole("slider", { name: /^Charge: 3 traces up to 300/ }).waitFor();
  // There is nothing to go back to.
  expect(await page.getByRole("group", { name: "Time" }).count()).toBe(0);
  await page.getByRole("article", { name: "Sweep at 300 Hz" }).getByRole("button", { name: "Exclude" }).click();
  await strip(page).getByText("2 of 2 frequencies, 1 with missing numbers").waitFor();
  expect(await ada.faults()).toEqual([]);
  await ada.shows("frequency-map-unnumbered");
  await rm(own, { recursive: true, force: true });
});
