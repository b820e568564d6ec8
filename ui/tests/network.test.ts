// The network, the relay and the agent come and go: the page says so in words, and has everything in the end.

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import { NETWORK_AWAY, type Visitor } from "./stage/browser";
import { type Laboratory, Stage } from "./stage/stage";

let stage: Stage;
let lab: Laboratory;
let ada: Visitor;
/** The newest index that was saved. */
let saved = 3;

beforeAll(async () => {
  stage = await Stage.set();
  lab = await stage.laboratory("Titration", 40, saved);
});
beforeEach(async () => {
  ada = await stage.visitor();
  ada.expected = [NETWORK_AWAY];
  await ada.opens(lab.agent.viewOnlyCode);
  await ada.looksAt("Titration");
  await ada.sees(saved);
});
afterEach(({ task }) => stage.visitorsLeave(task));
afterAll(() => stage.end());

async function saveMore(indices: number): Promise<void> {
  await lab.instrument.save(saved + 1, saved + indices);
  saved += indices;
  await lab.agent.hasMeasured(saved);
}

/** Everything is there: each point once, in order, as the agent has it; and nothing is said to be wrong. */
async function hasEverything(): Promise<void> {
  await ada.sees(saved);
  await ada.isLive();
  await ada.page.getByText(/unreachable|No news|No agent/).first().waitFor({ state: "detached" });
  await ada.hasPointsOf(lab.agent);
}

test("the network is cut: since when is said, what is on screen stays, and what was missed comes", async () => {
  const before = new Date(Date.now() - 1000);
  stage.wire.cut();
  const banner = ada.page.getByText(/^The relay is unreachable since \d\d:\d\d:\d\d\./);
  await banner.waitFor();
  const [, time = ""] = /since (\d\d:\d\d:\d\d)/.exec((await banner.textContent()) ?? "") ?? [];
  const told = new Date(`${new Date().toDateString()} ${time}`);
  expect(told.getTime()).toBeGreaterThanOrEqual(before.getTime());
  expect(told.getTime()).toBeLessThanOrEqual(Date.now());
  await ada.sees(saved);
  await saveMore(4);
  stage.wire.mend();
  await hasEverything();
});

test("the browser itself is offline", async () => {
  await ada.page.context().setOffline(true);
  stage.wire.cut();
  await ada.reads(/^The relay is unreachable since/);
  await saveMore(2);
  stage.wire.mend();
  await ada.page.context().setOffline(false);
  await hasEverything();
});

test("the cable is pulled, which nobody is told: no news is said after a while", async () => {
  stage.wire.die();
  await saveMore(2);
  await ada.reads(/^No news since \d\d:\d\d:\d\d\./);
  stage.wire.mend();
  await hasEverything();
});

test("the relay is killed and started again", async () => {
  await stage.relay.kill();
  await ada.reads(/^The relay is unreachable since/);
  await saveMore(2);
  await stage.relay.revive();
  await hasEverything();
  await saveMore(1);
  await hasEverything();
});

test("the agent is killed and started again: it was last seen a moment ago, and goes on where it was", async () => {
  await lab.agent.kill();
  await ada.reads(/^No agent is online for this code\. The relay saw it last on \d+ \w+ \d{4}, \d\d:\d\d\./);
  await ada.sees(saved);
  await lab.instrument.save(saved + 1, saved + 2);
  saved += 2;
  await lab.agent.again();
  await hasEverything();
});

test("the network goes for a moment again and again while points arrive", async () => {
  for (let round = 0; round < 5; round++) {
    const saving = saveMore(1);
    stage.wire.cut();
    await saving;
    stage.wire.mend();
  }
  await hasEverything();
});
