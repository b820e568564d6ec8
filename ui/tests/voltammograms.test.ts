// Cyclic voltammetry and chronoamperometry, live through a relay: what is chosen, dragged and typed is the engine's to measure.

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { quantity } from "../src/plot/si";
import type { Visitor } from "./stage/browser";
import { type Laboratory, Stage } from "./stage/stage";
import { until } from "./stage/waiting";

let stage: Stage;
let cv: Laboratory;
let ca: Laboratory;

beforeAll(async () => {
  stage = await Stage.set();
  cv = await stage.laboratory("Gold", 8, 3, {
    filesPerIndex: 1,
    options: ["--technique", "cv", "--electrodes", "2", "--handle", "CV"],
    settings: 'technique = "cv"\n',
  });
  ca = await stage.laboratory("Kinetics", 6, 4, {
    filesPerIndex: 1,
    options: ["--technique", "ca", "--electrodes", "2", "--handle", "CA"],
    settings: 'technique = "ca"\n',
  });
});
afterEach(({ task }) => stage.visitorsLeave(task));
afterAll(() => stage.end());

/** Waits until the plot whose name begins so reaches a file. */
async function reaches({ page }: Visitor, plot: string, index: number): Promise<void> {
  const slider = page.getByRole("slider", { name: new RegExp(`^${plot}: `) });
  await until(`${plot} up to file ${index}`, async () => {
    const label = (await slider.getAttribute("aria-label")) ?? "";
    return Number(/ up to file (\d+)/.exec(label)?.[1]) >= index;
  });
}

interface Probed {
  electrode: number;
  index: number;
  segment: number;
  revision: number;
  probes: { potential_v: number; current_a: number | null }[];
}

/** What the agent keeps of the probes of one segment. */
async function kept(lab: Laboratory, index: number, segment: number): Promise<Probed> {
  const results = (await lab.agent.results()) as unknown as Probed[];
  const found = results.find((each) => each.electrode === 1 && each.index === index && each.segment === segment);
  if (!found) throw new Error(`the agent keeps no segment ${segment} of file ${index}`);
  return found;
}

/** Waits until the table of probes reads what the agent keeps, at another potential than before; returns that potential. */
async function readsAsKept({ page }: Visitor, index: number, segments: readonly [number, number], revision: number): Promise<number> {
  const row = page.getByRole("region", { name: "Probes" }).getByRole("row").nth(1);
  let potential_v = Number.NaN;
  await until(`revision ${revision} is read at the probe`, async () => {
    const all = await Promise.all(segments.map((segment) => kept(cv, index, segment)));
    if (all.some((each) => each.revision !== revision)) return false;
    potential_v = all[0]?.probes[0]?.potential_v ?? Number.NaN;
    const texts = await row.getByRole("cell").allTextContents();
    const typed = Number(await row.getByRole("textbox").inputValue());
    return typed === potential_v && all.every((each, k) => texts[k + 1]?.trim() === quantity(each.probes[0]?.current_a, "A", 4));
  });
  return potential_v;
}

test("voltammograms come live; a probe that is moved is measured everywhere, and who only looks is told why it stays", async () => {
  const ada = await stage.visitor();
  await ada.follows(cv.agent.userId);
  await ada.looksAt("Gold");
  await reaches(ada, "Peak current, forward", 3);
  await cv.instrument.save(4, 4);
  await reaches(ada, "Peak current, forward", 4);
  await reaches(ada, "Half-wave potential", 4);
  const { page } = ada;
  const card = page.getByRole("article", { name: "Voltammogram of E1" });
  await card.getByText("CV_4.txt").waitFor();
  await card.getByRole("group", { name: "Cycle" }).getByRole("button", { name: "2" }).click();
  await card.getByText(/Forward, segment 3/).waitFor();
  await card.getByRole("button", { name: "Add probe" }).click();
  const added_v = await readsAsKept(ada, 4, [3, 4], 2);

  const probe = card.getByRole("slider", { name: "Probe 1" });
  const box = await probe.boundingBox();
  if (!box) throw new Error("the probe is not in the plot");
  const from = { x: box.x + box.width / 2, y: box.y + 30 };
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 40, from.y, { steps: 4 });
  await card.getByText("Preview").waitFor();
  await page.mouse.up();
  const dragged_v = await readsAsKept(ada, 4, [3, 4], 3);
  expect(dragged_v).toBeGreaterThan(added_v + 0.02);

  await probe.focus();
  await page.keyboard.press("ArrowLeft");
  const left_v = await readsAsKept(ada, 4, [3, 4], 4);
  expect(left_v).toBeCloseTo(dragged_v - 0.001, 9);
  await card.getByText("CV_4.txt · rev. 4").waitFor();
  await ada.shows("voltammogram");
  expect(await ada.faults()).toEqual([]);

  const ben = await stage.visitor();
  await ben.opens(cv.agent.viewOnlyCode);
  await ben.looksAt("Gold");
  const locked = ben.page.getByRole("slider", { name: "Probe 1" });
  await locked.waitFor();
  expect(await locked.getAttribute("aria-disabled")).toBe("true");
  expect(await locked.getAttribute("title")).toMatch(/view-only/);
  await locked.focus();
  await ben.page.keyboard.press("ArrowRight");
  expect(await locked.getAttribute("aria-valuenow")).toBe(String(left_v));
  expect(cv.agent.events.filter(({ event }) => event === "settings_revised")).toHaveLength(3);
});

test("one segment is chosen for all files, and the other cycles stay in sight", async () => {
  const ada = await stage.visitor();
  await ada.follows(cv.agent.userId);
  await ada.looksAt("Gold");
  const card = ada.page.getByRole("article", { name: "Voltammogram of E1" });
  await card.getByText(/Forward, segment 1/).waitFor();
  await card.getByLabel("Forward segment").selectOption("3");
  await card.getByText(/Forward, segment 3/).waitFor();
  await cv.agent.records("the new measurements", ({ event, revision }) => event === "recomputed" && Number(revision) >= 5);
  const segments = ((await cv.agent.results()) as unknown as Probed[]).map(({ segment }) => segment);
  expect(new Set(segments)).toEqual(new Set([3, 4]));
  // What is not measured can still be chosen.
  expect(await card.getByLabel("Forward segment").getByRole("option").allTextContents()).toContain("1 (cycle 1)");
  await card.getByLabel("Forward segment").selectOption("0");
  await card.getByText(/Forward, segment 1/).waitFor();
});

test("a decay is shown with its fit; another model is measured for all files", async () => {
  const ada = await stage.visitor();
  await ada.follows(ca.agent.userId);
  await ada.looksAt("Kinetics");
  await reaches(ada, "Lifetime τ", 4);
  const card = ada.page.getByRole("article", { name: "Decay of E1" });
  await card.getByRole("slider", { name: /^Residual: / }).waitFor();
  await card.getByLabel("Model").selectOption("bi");
  await reaches(ada, "Lifetime τ₂", 4);
  await ca.instrument.save(5, 5);
  await reaches(ada, "Lifetime τ₂", 5);
  const [newest] = ((await ca.agent.results()) as unknown as { electrode: number; index: number; tau2_s: number }[]).filter(
    ({ electrode, index }) => electrode === 1 && index === 5,
  );
  await card.getByText(quantity(newest?.tau2_s, "s", 4)).first().waitFor();
  await card.getByRole("button", { name: "Log–log" }).click();
  await card.getByRole("slider", { name: /^Decay, magnitude / }).waitFor();
  await ada.shows("decay");
  expect(await ada.faults()).toEqual([]);
});
