// Exports from afar: what will be in the file is seen before it is written, and it comes as a download.

import { readFile } from "node:fs/promises";

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import type { Visitor } from "./stage/browser";
import { type Laboratory, Stage } from "./stage/stage";
import { until } from "./stage/waiting";

const FILES = 5;

let stage: Stage;
let lab: Laboratory;

beforeAll(async () => {
  stage = await Stage.set();
  lab = await stage.laboratory("Titration", FILES, FILES);
});
afterEach(({ task }) => stage.visitorsLeave(task));
afterAll(() => stage.end());

async function openExport(ada: Visitor) {
  await ada.follows(lab.agent.userId);
  await ada.looksAt("Titration");
  await ada.sees(FILES);
  await ada.page.getByRole("button", { name: "Export", exact: true }).click();
  return ada.page.getByRole("dialog");
}

test("trends: the first rows are those of the file that comes", async () => {
  const ada = await stage.visitor();
  const dialog = await openExport(ada);
  await dialog.getByLabel("Trends (CSV)").check();
  const preview = dialog.getByRole("region", { name: "Preview" });
  await preview.getByRole("columnheader", { name: "kdm", exact: true }).waitFor();
  const headings = await preview.getByRole("columnheader").allTextContents();
  const shown = await preview.getByRole("row").nth(1).getByRole("cell").allTextContents();
  expect(await ada.faults()).toEqual([]);
  await ada.shows("exporting-trends");
  const download = ada.page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Export" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("Titration.csv");
  await dialog.getByText("Handed to the browser as").waitFor();
  const [names = [], first = [], ...others] = (await readFile(await file.path(), "utf8")).trimEnd().split("\r\n").map((line) => line.split(","));
  expect(others).toHaveLength(2 * FILES - 1);
  for (const [k, heading] of headings.entries()) {
    const [there, here] = [first[names.indexOf(heading)] ?? "absent", shown[k] ?? "absent"];
    if (/^-?[\d.]/.test(there)) expect(Number(here), heading).toBe(Number(there));
  }
});

test("a selection of the tidy table has its rows in the preview and in the file, and nothing else", async () => {
  const ada = await stage.visitor();
  const dialog = await openExport(ada);
  await dialog.getByLabel("E2", { exact: true }).check();
  await dialog.getByLabel("Index from").fill("4");
  const preview = dialog.getByRole("region", { name: "Preview" });
  await until("the rows of the selection are shown", async () => (await preview.getByRole("row").count()) === 5);
  const download = ada.page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Export" }).click();
  const lines = (await readFile(await (await download).path(), "utf8")).trimEnd().split("\r\n");
  expect(lines).toHaveLength(5);
  expect(await preview.getByRole("columnheader").allTextContents()).toEqual(lines[0]?.split(","));
});

test("a figure comes as it was asked for, from the menu of its plot", async () => {
  const ada = await stage.visitor();
  await ada.follows(lab.agent.userId);
  await ada.looksAt("Titration");
  await ada.sees(FILES);
  await ada.page.getByRole("slider", { name: /^KDM/ }).click({ button: "right" });
  await ada.page.getByRole("menuitem", { name: "Save figure…" }).click();
  const dialog = ada.page.getByRole("dialog");
  expect(await dialog.getByLabel("Shows").inputValue()).toBe("trends");
  expect(await dialog.getByLabel("Numbers").inputValue()).toBe("kdm");
  await dialog.getByLabel("Title").fill("Run 7");
  expect(await ada.faults()).toEqual([]);
  await ada.shows("exporting-figure");
  const download = ada.page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Export" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("Titration.svg");
  const svg = await readFile(await file.path(), "utf8");
  expect(svg).toContain("<svg");
  expect(svg).toContain("Run 7");
});
