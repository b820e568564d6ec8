// How the page looks and sounds, in windows of several sizes: axe finds no fault, nothing has to be pushed aside, and pictures
// are left in test-output/ for whoever judges.

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { type Laboratory, Stage } from "./stage/stage";

let stage: Stage;
let lab: Laboratory;

beforeAll(async () => {
  stage = await Stage.set();
  lab = await stage.laboratory("Titration", 12, 9);
});
afterEach(({ task }) => stage.visitorsLeave(task));
afterAll(() => stage.end());

test.each([
  { width: 1440, height: 900, colours: "light" },
  { width: 1440, height: 900, colours: "dark" },
  { width: 900, height: 600, colours: "light" },
] as const)("$width x $height, $colours", async (looks) => {
  const ada = await stage.visitor(looks);
  const { page } = ada;
  const name = `${looks.width}-${looks.colours}`;
  const isWell = async (screen: string): Promise<void> => {
    await ada.shows(`looks-${screen}-${name}`);
    expect(await ada.faults()).toEqual([]);
    expect(await page.evaluate(() => document.scrollingElement?.scrollWidth)).toBe(looks.width);
  };
  await ada.opens();
  await page.getByRole("heading", { name: "Follow an experiment" }).waitFor();
  await isWell("code");
  await ada.pastes(lab.agent.userId);
  await page.getByRole("table").getByRole("button", { name: "Titration" }).waitFor();
  await isWell("overview");
  await ada.looksAt("Titration");
  await ada.sees(9);
  const inspector = page.getByRole("button", { name: "Show settings, files and markers" });
  if (await inspector.isVisible()) {
    await isWell("session");
    await inspector.click();
  }
  for (const tab of ["Settings", "Files", "Markers", "Revisions"]) {
    await page.getByRole("tab", { name: tab }).click();
    await isWell(tab.toLowerCase());
  }
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByRole("dialog").waitFor();
  await isWell("export");
});
