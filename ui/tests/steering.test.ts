// Somebody with the User ID steers the experiment, and the agent's record shows it.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { Instrument } from "./stage/instrument";
import { pointsIn } from "./stage/points";
import { type Laboratory, Stage } from "./stage/stage";

let stage: Stage;
let lab: Laboratory;

beforeAll(async () => {
  stage = await Stage.set();
  lab = await stage.laboratory("Titration", 12, 4);
});
afterEach(({ task }) => stage.visitorsLeave(task));
afterAll(() => stage.end());

test("paused and resumed: what came meanwhile is read afterwards", async () => {
  const ada = await stage.visitor();
  await ada.follows(lab.agent.userId);
  await ada.looksAt("Titration");
  await ada.sees(4);
  await ada.page.getByRole("button", { name: "Pause" }).click();
  await ada.page.getByRole("button", { name: "Resume" }).waitFor();
  expect(await lab.agent.state()).toBe("paused");
  await lab.instrument.save(5, 6);
  await ada.page.getByRole("button", { name: "Resume" }).click();
  await ada.page.getByRole("button", { name: "Pause" }).waitFor();
  await ada.sees(6);
  await lab.agent.records("running again", ({ event, state }) => event === "session_changed" && state === "running");
  const states = lab.agent.events.filter(({ event }) => event === "session_changed").map(({ state }) => state);
  expect(states.slice(states.indexOf("paused"))).toEqual(["paused", "running"]);
  await ada.hasPointsOf(lab.agent);
});

test("a marker stands in the record, and is seen by whoever else looks", async () => {
  const [ada, ben] = await Promise.all([stage.visitor(), stage.visitor()]);
  await ada.follows(lab.agent.userId);
  await ben.opens(lab.agent.viewOnlyCode);
  await Promise.all([ada.looksAt("Titration"), ben.looksAt("Titration")]);
  await ben.page.getByRole("tab", { name: "Markers" }).click();
  await ada.page.getByRole("button", { name: "Marker", exact: true }).click();
  const dialog = ada.page.getByRole("dialog", { name: "New marker" });
  await dialog.getByLabel("Text").fill("10 µM ATP");
  await dialog.getByLabel("At file").fill("3");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  const { marker } = await lab.agent.records("the marker", ({ event }) => event === "marker_changed");
  expect(marker).toMatchObject({ label: "10 µM ATP", index: 3, kind: "injection" });
  await ben.page.getByRole("tabpanel").getByText("10 µM ATP").waitFor();
});

test("changed settings measure everything anew, and both ends have the new numbers", async () => {
  const ada = await stage.visitor();
  await ada.follows(lab.agent.userId);
  await ada.looksAt("Titration");
  await ada.sees(6);
  const before = pointsIn(await ada.copiesPoints());
  await ada.page.getByLabel("Points dropped at each end").fill("12");
  await ada.page.getByRole("button", { name: "Apply" }).click();
  await ada.reads("Revision 2 is in force.");
  await lab.agent.records("the settings", ({ event, revision }) => event === "settings_revised" && revision === 2);
  await lab.agent.records("the new measurements", ({ event, revision }) => event === "recomputed" && revision === 2);
  await ada.hasPointsOf(lab.agent);
  const after = pointsIn(await ada.copiesPoints());
  expect([...after.values()]).not.toEqual([...before.values()]);
});

test("an export comes as a download, with progress, and is byte for byte what the agent would write there", async () => {
  const ada = await stage.visitor();
  await ada.follows(lab.agent.userId);
  await ada.looksAt("Titration");
  await ada.page.getByRole("button", { name: "Export", exact: true }).click();
  const dialog = ada.page.getByRole("dialog");
  await dialog.evaluate((element) => {
    const told: string[] = [];
    (globalThis as unknown as { told: string[] }).told = told;
    new MutationObserver(() => {
      const bar = element.querySelector("progress, [role=progressbar]");
      if (bar) told.push(bar.closest("[aria-live]")?.textContent ?? "");
    }).observe(element, { subtree: true, childList: true, attributes: true, characterData: true });
  });
  const download = ada.page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Export" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("Titration.csv");
  await dialog.getByText("Handed to the browser as").waitFor();
  const told = await ada.page.evaluate(() => (globalThis as unknown as { told: string[] }).told);
  expect(told.some((text) => text.includes("Downloading"))).toBe(true);
  const [here, there] = await Promise.all([readFile(await file.path()), lab.agent.exported()]);
  expect(here.equals(there)).toBe(true);
  expect(here.length).toBeGreaterThan(1000);
});

test("stopped, after being asked once more, and reopened", async () => {
  const ada = await stage.visitor();
  await ada.follows(lab.agent.userId);
  await ada.looksAt("Titration");
  await ada.page.getByRole("button", { name: "Stop", exact: true }).click();
  await ada.page.getByRole("dialog").getByRole("button", { name: "Stop the session" }).click();
  await ada.page.getByRole("button", { name: "Reopen" }).waitFor();
  expect(await lab.agent.state()).toBe("finished");
  await lab.agent.records("the end", ({ event }) => event === "session_ended");
  await ada.page.getByRole("button", { name: "Reopen" }).click();
  await ada.page.getByRole("button", { name: "Pause" }).waitFor();
  await lab.instrument.save(7, 8);
  await ada.sees(8);
});

test("all of it with the keyboard alone: paste, follow, choose a session, pause", async () => {
  const ada = await stage.visitor();
  const { page } = ada;
  await ada.opens();
  const tabTo = async (what: string, role: "textbox" | "button", name: string | RegExp): Promise<void> => {
    const wanted = page.getByRole(role, { name, exact: typeof name === "string" }).first();
    await wanted.waitFor();
    for (let presses = 0; presses < 80; presses++) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`${what} cannot be reached with Tab`);
  };
  await tabTo("the code's field", "textbox", "User ID or view-only code");
  await page.evaluate((code) => navigator.clipboard.writeText(code), lab.agent.userId);
  await page.keyboard.press("Control+V");
  await tabTo("Follow", "button", "Follow");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Followed sessions" }).waitFor();
  await tabTo("the session", "button", /^Titration/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Titration", level: 1 }).waitFor();
  await tabTo("the overview", "button", "Overview");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Followed sessions" }).waitFor();
  await tabTo("the session", "button", /^Titration/);
  await page.keyboard.press("Enter");
  await tabTo("Pause", "button", "Pause");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Resume" }).waitFor();
  expect(await lab.agent.state()).toBe("paused");
  // Whoever cannot see where the focus is can do nothing with it.
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Pause" }).waitFor();
});

test("a session is begun from afar: its folder there is named, looked into, and watched", async () => {
  const own = await mkdtemp(join(tmpdir(), "sacmes-"));
  const other = new Instrument(own, join(own, "second potentiostat"));
  await other.prepare(3);
  await other.save(1, 2);
  const ada = await stage.visitor();
  await ada.follows(lab.agent.userId);
  await ada.page.getByRole("button", { name: "Watch a folder" }).click();
  await ada.page.getByRole("button", { name: "Start", description: "Name a folder first." }).waitFor();
  await ada.page.getByLabel("Folder", { exact: true }).fill(join(own, "is not there"));
  await ada.reads(/is not there is not there\./);
  await ada.page.getByLabel("Folder", { exact: true }).fill(other.folder);
  await ada.page.getByRole("region", { name: "What was found" }).getByText(/4 files/).waitFor();
  await ada.shows("begin-there");
  await ada.page.getByLabel("Name", { exact: true }).fill("Second titration");
  await ada.page.getByRole("button", { name: "Start", exact: true }).click();
  await ada.page.getByRole("heading", { name: "Second titration", level: 1 }).waitFor();
  await other.save(3, 3);
  await ada.sees(3);
  expect(await lab.agent.state("Second titration")).toBe("running");
  await rm(own, { recursive: true });
});
