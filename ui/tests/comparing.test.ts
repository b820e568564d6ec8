// Two experiments of one agent, compared by somebody who follows it: in the same plots, aligned in every way.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import type { Visitor } from "./stage/browser";
import { Instrument } from "./stage/instrument";
import { type Laboratory, Stage } from "./stage/stage";

let stage: Stage;
let lab: Laboratory;
let own: string;
let other: Instrument;

beforeAll(async () => {
  stage = await Stage.set();
  lab = await stage.laboratory("Titration", 12, 6);
  own = await mkdtemp(join(tmpdir(), "sacmes-"));
  other = new Instrument(own, join(own, "second potentiostat"));
  await other.prepare(9);
  await other.save(1, 5);
});
afterEach(({ task }) => stage.visitorsLeave(task));
afterAll(async () => {
  await stage.end();
  await rm(own, { recursive: true, force: true });
});

async function mark({ page }: Visitor, index: number): Promise<void> {
  await page.getByRole("button", { name: "Marker", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "New marker" });
  await dialog.getByLabel("Text").fill(`Injection at ${index}`);
  await dialog.getByLabel("At file").fill(String(index));
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
}

/** The plot of peak currents, as "Copy data" gives it. */
const lineNames = ([headings = []]: string[][]): string[] => headings.slice(1);
const places = ([, ...lines]: string[][]): number[] => lines.map(([x]) => Number(x));

async function compareBoth({ page }: Visitor): Promise<void> {
  await page.getByRole("navigation").getByRole("button", { name: "Compare", exact: true }).click();
  await page.getByRole("checkbox", { name: /^Titration/ }).check();
  const dialog = page.getByRole("dialog", { name: "Sessions to compare" });
  await dialog.getByRole("checkbox", { name: /^Second titration/ }).check();
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByRole("slider", { name: /^Peak current: 2 traces/ }).waitFor();
}

test("two sessions stand in one plot, by file, by time and from a marker of each, and go on growing", async () => {
  const ada = await stage.visitor();
  const { page } = ada;
  await ada.follows(lab.agent.userId);
  await page.getByRole("button", { name: "Watch a folder" }).click();
  await page.getByLabel("Folder", { exact: true }).fill(other.folder);
  await page.getByLabel("Name", { exact: true }).fill("Second titration");
  await page.getByRole("region", { name: "What was found" }).getByText(/10 files/).waitFor();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByRole("heading", { name: "Second titration", level: 1 }).waitFor();
  await ada.sees(5);
  await mark(ada, 2);
  await page.getByRole("navigation").getByRole("button", { name: /^Titration/ }).click();
  await page.getByRole("heading", { name: "Titration", level: 1 }).waitFor();
  await ada.sees(6);
  await mark(ada, 4);

  await compareBoth(ada);
  expect(await ada.faults()).toEqual([]);
  const table = page.getByRole("region", { name: "Values at the cursor" });
  await table.getByRole("row", { name: /S1 · mean of 2\s+6 / }).waitFor();
  await table.getByRole("row", { name: /S2 · mean of 2\s+5 / }).waitFor();

  // One electrode of the first: the very numbers that the agent keeps.
  await page.getByText("Mean ± SD of all 2 electrodes").first().click();
  await page.getByLabel("Mean ± SD as one line").first().uncheck();
  await page.getByRole("slider", { name: /^Peak current: 3 traces/ }).waitFor();
  const byFile = await ada.copiesPoints();
  expect(lineNames(byFile).slice(0, 2)).toEqual([expect.stringMatching(/Titration · E1 · 200\sHz$/), expect.stringMatching(/Titration · E2 · 200\sHz$/)]);
  const kept = (await lab.agent.results()).filter(({ electrode, frequency_hz }) => electrode === 1 && frequency_hz === 200);
  expect(byFile.slice(1).map(([file, current]) => [Number(file), Number(current)])).toEqual(kept.map((m) => [m.index, m.peak_current_a]));

  await page.getByLabel("Aligned").selectOption("from a marker, in files");
  await page.getByRole("slider", { name: /^Peak current: 3 traces up to \+3 files from the marker/ }).waitFor();
  const fromMarker = await ada.copiesPoints();
  // The marker of the first stands at file 4 of 6, that of the second at file 2 of 5.
  expect(places(fromMarker)).toEqual([-3, -2, -1, 0, 1, 2, 3]);
  expect(fromMarker[0]?.[0]).toBe("Files from the marker");
  expect(fromMarker.at(-1)?.[1]).toBe("");
  await page.getByLabel("Aligned").selectOption("from a marker, in time");
  await page.getByRole("slider", { name: /^Peak current: 3 traces up to .* after the marker/ }).waitFor();
  const inTime = places(await ada.copiesPoints());
  // The two frequencies of a file are saved one after the other.
  expect(inTime.some((x) => Math.abs(x) < 1)).toBe(true);
  expect(inTime).toEqual([...inTime].sort((a, b) => a - b));
  await page.getByLabel("Aligned").selectOption("by time since the start");
  await page.getByRole("slider", { name: /^Peak current: 3 traces up to (?!.*marker)/ }).waitFor();
  const sinceStart = places(await ada.copiesPoints());
  expect(sinceStart[0]).toBeGreaterThanOrEqual(0);
  expect(sinceStart[0]).toBeLessThan(1);

  await page.getByLabel("Aligned").selectOption("by file number");
  await lab.instrument.save(7, 8);
  await table.getByRole("row", { name: /S1 · E1\s+8 / }).waitFor();
  await page.getByRole("slider", { name: /^Peak current: / }).hover();
  await table.getByText(/^At file \d/).waitFor();
  await ada.shows("comparing");
});

test("whoever only looks compares as well; a session that is deleted says so and stays on screen", async () => {
  const [ada, ben] = await Promise.all([stage.visitor(), stage.visitor()]);
  await ben.opens(lab.agent.viewOnlyCode);
  await ben.page.getByRole("table").getByRole("button", { name: "Titration", exact: true }).click();
  await ben.page.getByRole("button", { name: "Compare with…" }).click();
  const dialog = ben.page.getByRole("dialog", { name: "Sessions to compare" });
  await dialog.getByRole("checkbox", { name: /^Second titration/ }).check();
  await dialog.getByRole("button", { name: "Done" }).click();
  await ben.page.getByRole("slider", { name: /^Peak current: 2 traces/ }).waitFor();
  await ada.follows(lab.agent.userId);
  await ada.looksAt("Second titration");
  await ada.page.getByRole("button", { name: "Delete the session" }).click();
  await ada.page.getByRole("dialog").getByRole("button", { name: "Delete the session" }).click();
  await ben.reads(/^This session was deleted by its owner\./);
  await ben.page.getByRole("slider", { name: /^Peak current: 2 traces/ }).waitFor();
  expect(await ben.faults()).toEqual([]);
});
