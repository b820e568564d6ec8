// A browser remembers codes on request only, and forgets them.

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { type Laboratory, Stage } from "./stage/stage";

let stage: Stage;
let lab: Laboratory;

beforeAll(async () => {
  stage = await Stage.set();
  lab = await stage.laboratory("Titration", 2, 2);
});
afterEach(({ task }) => stage.visitorsLeave(task));
afterAll(() => stage.end());

test("without a request nothing is kept longer than the tab", async () => {
  const ada = await stage.visitor();
  await ada.follows(lab.agent.userId);
  await ada.looksAt("Titration");
  expect((await ada.kept()).browser).toEqual({});
  await ada.page.getByRole("button", { name: "Follow another" }).click();
  await ada.page.getByRole("heading", { name: "Follow an experiment" }).waitFor();
  expect(await ada.kept()).toEqual({ browser: {}, tab: {}, cookies: "" });
});

test("on request it is remembered under a name, followed with a click, and forgotten", async () => {
  const ada = await stage.visitor();
  await ada.opens();
  await ada.page.getByLabel("Remember this code in this browser").check();
  await ada.page.getByLabel("Name").fill("Room 214");
  await ada.pastes(lab.agent.viewOnlyCode);
  await ada.looksAt("Titration");
  const { browser } = await ada.kept();
  expect(JSON.parse(browser["sacmes.agents"] ?? "")).toEqual([{ name: "Room 214", code: lab.agent.viewOnlyCode }]);

  // Another tab, another day.
  await ada.page.evaluate(() => sessionStorage.clear());
  await ada.opens();
  await ada.page.getByRole("button", { name: "Follow Room 214" }).click();
  await ada.looksAt("Titration");
  await ada.page.getByRole("button", { name: "Follow another" }).click();
  await ada.shows("remembered");
  expect(await ada.faults()).toEqual([]);
  await ada.page.getByRole("button", { name: "Forget Room 214" }).click();
  await ada.page.getByText("Room 214").waitFor({ state: "detached" });
  expect(await ada.kept()).toEqual({ browser: {}, tab: {}, cookies: "" });
  await ada.page.reload();
  await ada.page.getByRole("heading", { name: "Follow an experiment" }).waitFor();
  expect(await ada.page.getByText("Room 214").count()).toBe(0);
});

test("whoever came with a link can have it remembered too", async () => {
  const ada = await stage.visitor();
  await ada.opens(lab.agent.viewOnlyCode);
  await ada.page.getByRole("button", { name: "Remember in this browser…" }).click();
  const dialog = ada.page.getByRole("dialog", { name: "Remember in this browser?" });
  await dialog.getByLabel("Name").fill("Room 7");
  expect(await ada.faults()).toEqual([]);
  expect((await ada.kept()).browser).toEqual({});
  await dialog.getByRole("button", { name: "Remember" }).click();
  await ada.page.getByRole("button", { name: "Follow another" }).click();
  await ada.page.getByRole("button", { name: "Follow Room 7" }).click();
  await ada.looksAt("Titration");
  await ada.shows("remembered-link");
  await ada.page.getByRole("button", { name: "Forget Room 7" }).click();
  expect((await ada.kept()).browser).toEqual({});
});
