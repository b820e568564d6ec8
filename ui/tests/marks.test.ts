// Points of a sweep that somebody marks by hand: with the mouse, with the keyboard, before the eyes of another, and undone.

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import type { Result } from "./stage/agent";
import type { Visitor } from "./stage/browser";
import { type Laboratory, Stage } from "./stage/stage";
import { until } from "./stage/waiting";

const FREQUENCY_HZ = 200;
const VIEW_ONLY = "This is a view-only code: it lets you look, and only the holder of the User ID can change something.";

let stage: Stage;
let lab: Laboratory;
/** What the method found in every sweep. */
let automatic: Result[];

beforeAll(async () => {
  stage = await Stage.set();
  lab = await stage.laboratory("Titration", 6, 4);
  automatic = await lab.agent.results();
});
afterEach(({ task }) => stage.visitorsLeave(task));
afterAll(() => stage.end());

const cardOf = ({ page }: Visitor) => page.getByRole("article", { name: `Sweep at ${FREQUENCY_HZ} Hz` });
const barOf = (visitor: Visitor) => cardOf(visitor).getByRole("group", { name: "Marking by hand" });
const listOf = ({ page }: Visitor) => page.getByRole("region", { name: "Marked by hand" }).getByRole("listitem");

/** Looks at the newest sweep of the first electrode, and at what is marked. */
async function looks(visitor: Visitor, code: string): Promise<void> {
  await visitor.opens(code);
  await visitor.looksAt("Titration");
  await visitor.sees(4);

  await visitor.page.getByRole("tab", { name: "Markers" }).click();
  await visitor.page.getByLabel("Electrode of the sweeps").selectOption("1");
}

async function begins(visitor: Visitor): Promise<void> {
  await cardOf(visitor).getByRole("button", { name: "Mark by hand" }).click();
  await barOf(visitor).waitFor();
  await cardOf(visitor).getByRole("slider", { name: "Peak", exact: true }).waitFor();
}

/** The one result that differs from what the method found; waits for it. */
async function changed(): Promise<Result> {
  return until("the agent keeps a point by hand", async () => {
    const now = await lab.agent.results();
    const other = now.filter((result, at) => JSON.stringify(result) !== JSON.stringify(automatic[at]));
    expect(other.length).toBeLessThanOrEqual(1);
    return other[0];
  });
}

async function isAsBefore(): Promise<void> {
  await until("the agent keeps what the method found, exactly", async () => JSON.stringify(await lab.agent.results()) === JSON.stringify(automatic));
}

test("the ends of the baseline are dragged with the mouse; another sees it at once, with who did it; undo restores it exactly", async () => {
  const [ada, ben] = await Promise.all([stage.visitor(), stage.visitor()]);
  await Promise.all([looks(ada, lab.agent.userId), looks(ben, lab.agent.viewOnlyCode)]);
  await begins(ada);
  const handle = cardOf(ada).getByRole("slider", { name: "Lower end of the baseline" });
  const before = await handle.getAttribute("aria-valuenow");
  await handle.scrollIntoViewIfNeeded();
  const box = await handle.boundingBox();
  if (!box) throw new Error("the handle is not drawn");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await ada.page.mouse.move(x, y);
  await ada.page.mouse.down();
  await ada.page.mouse.move(x + 40, y, { steps: 5 });
  await ada.page.mouse.up();
  expect(await handle.getAttribute("aria-valuenow")).not.toBe(before);
  await cardOf(ada).getByText("Preview").waitFor();
  await isAsBefore();
  await ada.shows("marks-preview");
  await barOf(ada).getByRole("button", { name: "Apply" }).click();
  await cardOf(ada).getByText("By hand", { exact: true }).waitFor();

  const marked = await changed();
  expect(marked).toMatchObject({ electrode: 1, frequency_hz: FREQUENCY_HZ, index: 4 });
  await cardOf(ben).getByText("By hand", { exact: true }).waitFor();
  await listOf(ben).filter({ hasText: /The baseline: .+ instead of .+, from afar, with the User ID/ }).waitFor();
  await ben.hasPointsOf(lab.agent);
  await ada.hasPointsOf(lab.agent);
  await ben.shows("marks-seen");

  await listOf(ada).getByRole("button", { name: /^Undo the mark of/ }).click();
  await isAsBefore();
  await Promise.all([ada, ben].map((visitor) => cardOf(visitor).getByText("By hand", { exact: true }).waitFor({ state: "detached" })));
  await ben.hasPointsOf(lab.agent);
  await listOf(ben).waitFor({ state: "detached" });
});

test("the peak is marked with the keyboard alone, and taken back where it was marked", async () => {
  const ada = await stage.visitor();
  await looks(ada, lab.agent.userId);
  const { page } = ada;
  await cardOf(ada).getByRole("button", { name: "Mark by hand" }).focus();
  await page.keyboard.press("Enter");
  const peak = cardOf(ada).getByRole("slider", { name: "Peak", exact: true });
  await peak.waitFor();
  await tabsTo(ada, peak);
  const before = Number(await peak.getAttribute("aria-valuenow"));
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  const after = Number(await peak.getAttribute("aria-valuenow"));
  expect(after).toBeGreaterThan(before);
  await tabsTo(ada, barOf(ada).getByRole("button", { name: "Apply" }));
  await page.keyboard.press("Enter");
  await cardOf(ada).getByText("By hand", { exact: true }).waitFor();
  const marked = (await changed()) as Result & { peak_potential_v: number };
  expect(marked.peak_potential_v).toBeCloseTo(after, 9);

  await tabsTo(ada, cardOf(ada).getByRole("button", { name: "Mark by hand" }));
  await page.keyboard.press("Enter");
  await barOf(ada).waitFor();
  await tabsTo(ada, barOf(ada).getByRole("button", { name: "Remove mark" }));
  await page.keyboard.press("Enter");
  await isAsBefore();
  await barOf(ada).waitFor({ state: "detached" });
});

test("whoever can only look sees the pencil, and why it marks nothing", async () => {
  const ben = await stage.visitor();
  await looks(ben, lab.agent.viewOnlyCode);
  const pencil = cardOf(ben).getByRole("button", { name: "Mark by hand" });
  expect(await pencil.getAttribute("aria-disabled")).toBe("true");
  expect(await pencil.getAttribute("title")).toBe(VIEW_ONLY);
  await pencil.click({ force: true });
  await ben.page.getByRole("status").filter({ hasText: VIEW_ONLY }).first().waitFor();
  expect(await barOf(ben).count()).toBe(0);
  await isAsBefore();
});

/** Moves the focus with Tab alone, forwards or backwards, whichever finds it. */
async function tabsTo({ page }: Visitor, wanted: ReturnType<Visitor["page"]["locator"]>): Promise<void> {
  for (let presses = 0; presses < 300; presses++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${String(wanted)} cannot be reached with Tab`);
}
