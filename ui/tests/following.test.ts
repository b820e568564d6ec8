// Somebody opens the page, with a pasted code or with a link, and sees the experiment.

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { type Laboratory, Stage } from "./stage/stage";

let stage: Stage;
let lab: Laboratory;
let other: Laboratory;

beforeAll(async () => {
  stage = await Stage.set();
  [lab, other] = await Promise.all([stage.laboratory("Titration", 10, 5), stage.laboratory("Kanamycin", 8, 3)]);
});
afterEach(({ task }) => stage.visitorsLeave(task));
afterAll(() => stage.end());

test("the pasted User ID shows the session, and points that arrive while it is looked at", async () => {
  const ada = await stage.visitor();
  await ada.follows(lab.agent.userId);
  await ada.page.getByRole("heading", { name: "Followed sessions" }).waitFor();
  await ada.looksAt("Titration");
  await ada.sees(5);
  const instrument = lab.instrument.run(0.4);
  for (const index of [6, 8, 10]) await ada.sees(index);
  await instrument.ended();
  await lab.agent.hasMeasured(10);
  await ada.sees(10);
  await ada.hasPointsOf(lab.agent);
  await ada.isLive();
});

test("the code of a link leaves the address at once, is sent nowhere, and is kept in the tab only", async () => {
  const ada = await stage.visitor();
  // Looked at before anything else of the page runs.
  await ada.page.addInitScript(() => {
    const seen: string[] = [];
    (globalThis as unknown as { addresses: string[] }).addresses = seen;
    const { replaceState } = history;
    history.replaceState = function (...given): void {
      seen.push(`${document.readyState}, ${String(document.querySelector("#app")?.childElementCount ?? 0)} drawn`);
      replaceState.apply(this, given);
    };
  });
  await ada.opens(lab.agent.viewOnlyCode);
  await ada.page.getByRole("heading", { name: "Followed sessions" }).waitFor();
  expect(ada.page.url()).toBe(stage.wire.page);
  // Taken away once, before anything was drawn.
  expect(await ada.page.evaluate(() => (globalThis as unknown as { addresses: string[] }).addresses)).toEqual(["interactive, 0 drawn"]);
  await ada.looksAt("Titration");
  await ada.sees(lastSaved(await lab.agent.results()));
  await ada.page.reload();
  await ada.looksAt("Titration");
  await ada.sees(lastSaved(await lab.agent.results()));

  expect(await ada.kept()).toEqual({ browser: {}, tab: { "sacmes.code": lab.agent.viewOnlyCode }, cookies: "" });
  expectUnsent(ada.sent.join("\n"), lab.agent.viewOnlyCode);
  expectUnsent(Buffer.concat(stage.wire.sent).toString("latin1"), lab.agent.viewOnlyCode);
  // The check sees what was sent.
  expect(ada.sent.join("\n")).toContain("/v1/view");
  expect(Buffer.concat(stage.wire.sent).toString("latin1")).toContain("GET /v1/view");
});

test("neither is a User ID sent, in whatever form", async () => {
  const ada = await stage.visitor();
  await ada.follows(lab.agent.userId);
  await ada.looksAt("Titration");
  await ada.sees(lastSaved(await lab.agent.results()));
  expectUnsent(ada.sent.join("\n"), lab.agent.userId);
  expectUnsent(Buffer.concat(stage.wire.sent).toString("latin1"), lab.agent.userId);
});

test("a link that is opened in a tab that follows already is followed instead, and leaves the address too", async () => {
  const ada = await stage.visitor();
  await ada.opens(lab.agent.viewOnlyCode);
  await ada.looksAt("Titration");
  await ada.opens(other.agent.viewOnlyCode);
  await ada.looksAt("Kanamycin");
  expect(ada.page.url()).toBe(stage.wire.page);
});

test("a reload shows the complete record again", async () => {
  const ada = await stage.visitor();
  await ada.opens(lab.agent.viewOnlyCode);
  await ada.looksAt("Titration");
  const results = await lab.agent.results();
  await ada.sees(lastSaved(results));
  await ada.hasPointsOf(lab.agent);
  const before = await ada.copiesPoints();
  await ada.page.reload();
  await ada.looksAt("Titration");
  await ada.hasPointsOf(lab.agent);
  expect(await ada.copiesPoints()).toEqual(before);
});

test("two people with different codes see their own experiment only", async () => {
  const [ada, ben] = await Promise.all([stage.visitor(), stage.visitor()]);
  await Promise.all([ada.opens(lab.agent.viewOnlyCode), ben.opens(other.agent.viewOnlyCode)]);
  await Promise.all([ada.looksAt("Titration"), ben.looksAt("Kanamycin")]);
  await ben.sees(3);
  await other.instrument.save(4, 6);
  await ben.sees(6);
  await ben.hasPointsOf(other.agent);
  await ada.sees(lastSaved(await lab.agent.results()));
  for (const [visitor, foreign] of [[ada, "Kanamycin"], [ben, "Titration"]] as const) {
    expect(await visitor.page.getByText(foreign).count()).toBe(0);
  }
});

test("everybody is told how many look", async () => {
  const [ada, ben] = await Promise.all([stage.visitor(), stage.visitor()]);
  await ada.opens(other.agent.viewOnlyCode);
  await ada.reads("1 viewer");
  await ben.follows(other.agent.userId);
  await ada.reads("2 viewers");
  await ben.reads("2 viewers");
  await ben.page.close();
  await ada.reads("1 viewer");
});

function lastSaved(results: readonly { index: number }[]): number {
  return Math.max(...results.map(({ index }) => index));
}

/** Neither the code as it is written, nor without hyphens, nor in capitals, nor as bytes or their hexadecimal digits. */
function expectUnsent(sent: string, code: string): void {
  const bare = code.replaceAll("-", "");
  const forms = [code, code.toUpperCase(), bare, bare.toUpperCase(), encodeURIComponent(code)];
  if (bare.length === 32) forms.push(Buffer.from(bare, "hex").toString("latin1"), Buffer.from(bare, "hex").toString("base64"));
  for (const form of forms) expect(sent.includes(form)).toBe(false);
}
