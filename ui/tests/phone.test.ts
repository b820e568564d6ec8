// A colleague opens the view-only link on a phone.

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import type { Visitor } from "./stage/browser";
import { type Laboratory, Stage } from "./stage/stage";

const PHONE = { width: 390, height: 844, isPhone: true };
const VIEW_ONLY = "This is a view-only code: it lets you look, and only the holder of the User ID can change something.";

let stage: Stage;
let lab: Laboratory;

beforeAll(async () => {
  stage = await Stage.set();
  lab = await stage.laboratory("Titration of ATP in undiluted serum, chip 12", 12, 6);
});
afterEach(({ task }) => stage.visitorsLeave(task));
afterAll(() => stage.end());

/** A page that is wider than the screen has to be pushed about. */
async function fits({ page }: Visitor): Promise<void> {
  const found = await page.evaluate((width) => {
    /** Whether what sticks out of this can be reached without pushing the page. */
    const scrolls = (element: Element | null): boolean =>
      element !== null && (getComputedStyle(element).overflowX !== "visible" || scrolls(element.parentElement));
    const out = [...document.querySelectorAll("body *")].filter(
      (element) => element.getBoundingClientRect().right > width + 1 && !scrolls(element.parentElement),
    );
    return { widths: [document.scrollingElement?.scrollWidth, innerWidth], out: out.map((element) => element.outerHTML.slice(0, 120)) };
  }, PHONE.width);
  expect(found).toEqual({ widths: [PHONE.width, PHONE.width], out: [] });
}

test.each(["light", "dark"] as const)("points are seen, in %s, and nothing has to be pushed aside", async (colours) => {
  const ben = await stage.visitor({ ...PHONE, colours });
  await ben.opens(lab.agent.viewOnlyCode);
  await ben.page.getByRole("heading", { name: "Followed sessions" }).waitFor();
  await fits(ben);
  await ben.looksAt(lab.agent.name);
  await ben.sees(6);
  await fits(ben);
  await ben.shows(`phone-${colours}`);
  expect(await ben.faults()).toEqual([]);
  await ben.page.getByRole("button", { name: "Show the list of sessions" }).tap();
  await ben.reads(VIEW_ONLY);
  await fits(ben);
  await ben.shows(`phone-list-${colours}`);
  expect(await ben.faults()).toEqual([]);
});

test("points arrive", async () => {
  const ben = await stage.visitor(PHONE);
  await ben.opens(lab.agent.viewOnlyCode);
  await ben.looksAt(lab.agent.name);
  await ben.sees(6);
  await lab.instrument.save(7, 8);
  await ben.sees(8);
  await ben.hasPointsOf(lab.agent);
});

test("whatever steers says to a finger why it cannot", async () => {
  const ben = await stage.visitor(PHONE);
  await ben.opens(lab.agent.viewOnlyCode);
  await ben.looksAt(lab.agent.name);
  await ben.sees(6);
  const note = ben.page.getByRole("status").filter({ hasText: VIEW_ONLY });
  for (const name of ["Pause", "Stop", "Export", "Delete the session", "Marker", "Exclude", lab.agent.name]) {
    await ben.page.getByRole("button", { name, exact: true }).first().tap({ force: true });
    await note.waitFor();
    const box = await note.boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= PHONE.width && box.y >= 0 && box.y + box.height <= PHONE.height).toBe(true);
    if (name === "Pause") await ben.shows("phone-reason");
    // A touch anywhere else puts it away.
    await ben.page.getByText("Newest sweeps").tap();
    await note.waitFor({ state: "detached" });
  }
  expect(await lab.agent.state()).toBe("running");
});

test("settings, files, markers and revisions can be looked at", async () => {
  const ben = await stage.visitor(PHONE);
  await ben.opens(lab.agent.viewOnlyCode);
  await ben.looksAt(lab.agent.name);
  await ben.page.getByRole("button", { name: "Show settings, files and markers" }).tap();
  await ben.page.getByRole("tabpanel").getByText(VIEW_ONLY).waitFor();
  for (const tab of ["Settings", "Files", "Markers", "Revisions"]) {
    await ben.page.getByRole("tab", { name: tab }).tap();
    await fits(ben);
    await ben.shows(`phone-${tab.toLowerCase()}`);
    expect(await ben.faults()).toEqual([]);
  }
});
