import { expect, test, vi } from "vitest";

import { agent, anew, events, follow, follower, isLive, offsets, relay, timing, until, upTo, VIEW_ONLY } from "./testing/follow-stage";
import { SESSION } from "./testing/scripted-agent";
import { kindOf } from "./testing/scripted-relay";

test("a viewer that comes late starts where the agent is and hears every further entry once, in order", async () => {
  await agent.commit(3);
  await follow();
  await isLive();
  for (let k = 0; k < 5; k += 1) await agent.commit(2);
  await vi.waitFor(() => expect(offsets()).toEqual(upTo(13).slice(3)));
  expect(anew).toBe(0);
});

test("a view-only code follows as well", async () => {
  await follow(VIEW_ONLY);
  await isLive();
  await agent.commit(1);
  await vi.waitFor(() => expect(offsets()).toEqual([1]));
});

test("after a lost connection the record goes on without a gap and without a repetition", async () => {
  await follow();
  await isLive();
  await agent.commit(2);
  await vi.waitFor(() => expect(offsets()).toEqual([1, 2]));
  relay.isThere = false;
  relay.close(1006);
  await vi.waitFor(() => expect(follower.state.state).toBe("unreachable"));
  await agent.commit(3);
  relay.isThere = true;
  await until(() => expect(follower.state.state).toBe("live"));
  await agent.commit(1);
  await vi.waitFor(() => expect(offsets()).toEqual(upTo(6)));
  expect(anew).toBe(0);
});

test("what a relay lost with its memory comes from the agent", async () => {
  await follow();
  await isLive();
  await agent.commit(2);
  await vi.waitFor(() => expect(offsets()).toEqual([1, 2]));
  relay.close(4000);
  await agent.commit(250);
  relay.loseMemory();
  await agent.commit(1);
  await until(() => expect(offsets()).toEqual(upTo(253)));
  expect(agent.asked.filter(({ ask }) => ask === "history").length).toBe(3);
  expect(anew).toBe(0);
});

test("a frame that was lost on the way is sent again by the relay, without the agent", async () => {
  await follow();
  await isLive();
  await agent.commit(1);
  await vi.waitFor(() => expect(offsets()).toEqual([1]));
  relay.tamper = () => null;
  await agent.commit(2);
  await vi.waitFor(() => expect(agent.head).toBe(3));
  await new Promise((resolve) => setTimeout(resolve, 0));
  relay.tamper = (frame) => frame;
  await agent.commit(1);
  await until(() => expect(offsets()).toEqual(upTo(4)));
  expect(relay.received.filter(({ message }) => message === "resume").length).toBe(1);
  expect(agent.asked.filter(({ ask }) => ask === "history")).toEqual([]);
});

test("a lost last frame shows by the head in the next status", async () => {
  await follow();
  await isLive();
  relay.losing = 1;
  await agent.commit(2);
  await agent.sendStatus();
  await until(() => expect(offsets()).toEqual([1, 2]));
});

test("a restored backup makes the viewer ask for everything anew", async () => {
  await follow();
  await isLive();
  await agent.commit(5);
  await vi.waitFor(() => expect(offsets()).toEqual(upTo(5)));
  agent.entries = agent.entries.slice(0, 2);
  agent.restart();
  agent.epoch = new Uint8Array(16).fill(9);
  relay.loseMemory();
  relay.close(4000);
  await until(() => expect(anew).toBeGreaterThan(0));
  await until(() => expect(follower.state.state).toBe("live"));
  events.length = 0;
  await agent.commit(1);
  await vi.waitFor(() => expect(offsets()).toEqual([3]));
});

test("an agent that was started again is visited anew, and the record goes on", async () => {
  await follow();
  await isLive();
  await agent.commit(2);
  await agent.sendStatus();
  await vi.waitFor(() => expect(offsets()).toEqual([1, 2]));
  agent.restart();
  await agent.commit(2);
  await agent.sendStatus();
  await until(() => expect(agent.opened).toBe(2));
  await vi.waitFor(() => expect(offsets()).toEqual(upTo(4)));
  expect(await ask()).toEqual({ reply: "refused", refusal: { code: "x", message: "x", hint: "" } });
});

test("where a session was deleted the log begins anew under a visit that goes on, and nothing is lost or told twice", async () => {
  await follow();
  await isLive();
  await agent.commit(2);
  await vi.waitFor(() => expect(offsets()).toEqual([1, 2]));
  relay.beginAnew();
  await agent.commit(2);
  await vi.waitFor(() => expect(offsets()).toEqual(upTo(4)));
  expect(agent.opened).toBe(1);
  expect(anew).toBe(0);
});

test("where the log begins in another life of the record, the agent is visited anew on the same connection", async () => {
  await follow();
  await isLive();
  await agent.commit(2);
  await vi.waitFor(() => expect(offsets()).toEqual([1, 2]));
  agent.epoch = new Uint8Array(16).fill(7);
  relay.beginAnew();
  await until(() => expect(agent.opened).toBe(2));
  await agent.commit(1);
  await vi.waitFor(() => expect(offsets()).toEqual(upTo(3)));
  expect(relay.dialled).toBe(1);
  expect(anew).toBe(1);
});

test("the last status of an earlier run of the agent, which the relay has kept, does not end a new visit", async () => {
  await agent.sendStatus({ viewers: 5 });
  agent.restart();
  await follow();
  await isLive();
  relay.close(1006);
  await until(() => expect(agent.opened).toBe(2));
  await until(() => expect(follower.state.state).toBe("live"));
  timing.pass(4000);
  await agent.commit(1);
  await vi.waitFor(() => expect(offsets()).toEqual([1]));
  expect(agent.opened).toBe(2);
  expect(follower.state).toEqual({ state: "live", viewers: null });
});

test("after very much that was missed everything is asked for anew instead of repeated", async () => {
  await follow();
  await isLive();
  await agent.commit(1);
  await vi.waitFor(() => expect(offsets()).toEqual([1]));
  relay.close(1006);
  await agent.commit(6000);
  await until(() => expect(anew).toBe(1));
  await agent.commit(1);
  await vi.waitFor(() => expect(offsets()).toEqual([1, 6002]));
});

test("without an agent it is said since when, and its coming makes the page live", async () => {
  relay.isAgentThere = false;
  relay.lastSeen_s = 1_796_025_600;
  await follow();
  await vi.waitFor(() => expect(follower.state).toEqual({ state: "absent", lastSeen_s: 1_796_025_600 }));
  relay.agentCame();
  await until(() => expect(follower.state.state).toBe("live"));
  relay.agentLeft(1_796_025_700);
  await vi.waitFor(() => expect(follower.state).toEqual({ state: "absent", lastSeen_s: 1_796_025_700 }));
  // A frame that finds nobody is answered without a time.
  relay.isAgentThere = false;
  for (const { listener } of relay.viewers) listener.received(Uint8Array.from([3, 0]));
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(follower.state).toEqual({ state: "absent", lastSeen_s: 1_796_025_700 });
});

test("without news it is said since when, and in the end the connection is made anew", async () => {
  await follow();
  await isLive();
  const since = timing.date();
  timing.pass(16_000);
  expect(follower.state).toEqual({ state: "silent", since });
  await agent.sendStatus();
  await isLive();
  timing.pass(15_000);
  expect(follower.state.state).toBe("silent");
  timing.pass(30_000);
  expect(follower.state.state).toBe("unreachable");
  await until(() => expect(relay.dialled).toBe(2));
  await until(() => expect(follower.state.state).toBe("live"));
});

test("a page that slept calls the relay at once when it is looked at again", async () => {
  await follow();
  await isLive();
  follower.hurry();
  expect(relay.dialled).toBe(1);
  timing.pass(20_000);
  follower.hurry();
  await vi.waitFor(() => expect(relay.dialled).toBe(2));
  await isLive();
});

test("a relay that is away is called ever more rarely, at least twice a minute", async () => {
  relay.isThere = false;
  await follow();
  await vi.waitFor(() => expect(follower.state.state).toBe("unreachable"));
  const since = follower.state;
  const called: number[] = [];
  for (let k = 0; k < 9; k += 1) {
    const before = relay.dialled;
    timing.passToNext();
    await vi.waitFor(() => expect(relay.dialled).toBe(before + 1));
    called.push(timing.now_ms());
    await vi.waitFor(() => expect(follower.state.state).toBe("unreachable"));
  }
  const waits = called.map((at, k) => at - (called[k - 1] ?? 0));
  expect(waits[1]).toBeLessThan(1000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
  expect(waits.at(-1)).toBeGreaterThan(29_000);
  expect(follower.state).toEqual(since);
  relay.isThere = true;
  follower.hurry();
  await isLive();
});

test("viewers, trouble and deleted sessions are told once each", async () => {
  await follow();
  await isLive();
  agent.deleted = [SESSION];
  agent.viewers = 3;
  await agent.sendStatus({ trouble: { code: "disk_full", message: "The disk is full." } });
  await agent.sendStatus({ trouble: { code: "disk_full", message: "The disk is full." } });
  await agent.sendStatus();
  await vi.waitFor(() =>
    expect(events.filter((event) => event.event !== "agent_status")).toEqual([
      { event: "viewers", count: 3 },
      { event: "store_trouble", code: "disk_full", message: "The disk is full." },
      { event: "session_deleted", session: SESSION },
      { event: "store_trouble", code: "", message: "" },
    ]),
  );
  expect(follower.state).toEqual({ state: "live", viewers: 3 });
});

async function ask(): Promise<unknown> {
  agent.answer = () => ({ reply: { reply: "refused", refusal: { code: "x", message: "x", hint: "" } } });
  const answer = await follower.requests.ask({ ask: "query", query: { query: "sessions" } });
  return answer.form === "reply" ? answer.reply : answer;
}

test("an answer of many parts comes whole, under credit", async () => {
  await follow();
  await isLive();
  const columns = Uint8Array.from({ length: 1_500_000 }, (_, k) => k % 251);
  agent.answer = () => ({ columns });
  const answer = await follower.requests.ask({ ask: "columns", query: { query: "trends", session: SESSION, first_index: 0, last_index: 0 } });
  if (answer.form !== "columns") throw new Error("these are columns");
  expect(answer.bytes.length).toBe(columns.length);
  expect(answer.bytes.every((byte, k) => byte === k % 251)).toBe(true);
  expect(agent.asked.filter((asked) => asked.ask === "credit").length).toBe(5);
});

test("a part that the relay swallows is noticed, and the answer is asked for again", async () => {
  await follow();
  await isLive();
  const columns = Uint8Array.from({ length: 600_000 }, (_, k) => k % 251);
  agent.answer = () => ({ columns });
  agent.losesPart = 1;
  const asked = follower.requests.ask({ ask: "columns", query: { query: "trends", session: SESSION, first_index: 0, last_index: 0 } });
  await until(() => expect(agent.opened).toBe(2));
  const answer = await asked;
  if (answer.form !== "columns") throw new Error("these are columns");
  expect(answer.bytes.length).toBe(columns.length);
  expect(answer.bytes.every((byte, k) => byte === k % 251)).toBe(true);
});

test("four long answers at once share the credit of their visit", async () => {
  await follow();
  await isLive();
  const columns = Uint8Array.from({ length: 600_000 }, (_, k) => k % 251);
  agent.answer = () => ({ columns });
  const query = { ask: "columns", query: { query: "trends", session: SESSION, first_index: 0, last_index: 0 } } as const;
  const answers = await Promise.all(Array.from({ length: 4 }, () => follower.requests.ask(query)));
  expect(answers.every((answer) => answer.form === "columns" && answer.bytes.length === columns.length)).toBe(true);
});

test("no more than four questions are open at once, and all are answered", async () => {
  await follow();
  await isLive();
  agent.answer = () => null;
  const answers = Array.from({ length: 7 }, () => follower.requests.ask({ ask: "query", query: { query: "stats" } }));
  await vi.waitFor(() => expect(agent.asked.length).toBe(4));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(agent.asked.length).toBe(4);
  agent.answer = () => ({ reply: { reply: "entries", entries: [], through: 0 } });
  relay.close(1006);
  await until(() => expect(agent.asked.length).toBe(11));
  expect((await Promise.all(answers)).length).toBe(7);
});

test("a question is asked again after a lost connection; without one it is refused with the reason", async () => {
  await follow();
  await isLive();
  const answer = follower.requests.ask({ ask: "query", query: { query: "stats" } });
  await vi.waitFor(() => expect(agent.asked.length).toBe(1));
  agent.answer = () => ({ reply: { reply: "entries", entries: [], through: 0 } });
  relay.isThere = false;
  relay.close(1006);
  await vi.waitFor(() => expect(follower.state.state).toBe("unreachable"));
  relay.isThere = true;
  await until(() => expect(agent.asked.length).toBe(2));
  await answer;

  relay.isThere = false;
  relay.close(1006);
  await vi.waitFor(() => expect(follower.state.state).toBe("unreachable"));
  const refused = expect(follower.requests.ask({ ask: "query", query: { query: "stats" } })).rejects.toMatchObject({
    code: "relay_unreachable",
    message: expect.stringContaining("The relay is unreachable since"),
  });
  await until(() => expect(timing.now_ms()).toBeGreaterThan(40_000));
  await refused;
  relay.isThere = true;
  await until(() => expect(follower.state.state).toBe("live"));
  // What was refused is wanted still.
  expect(anew).toBe(1);
});

test("an agent that knows nothing of the visit any more is visited anew", async () => {
  await follow();
  await isLive();
  const answer = follower.requests.ask({ ask: "query", query: { query: "stats" } });
  await vi.waitFor(() => expect(agent.asked.length).toBe(1));
  agent.answer = () => ({ reply: { reply: "entries", entries: [], through: 0 } });
  for (let k = 0; k < 6; k += 1) {
    timing.pass(5000);
    await agent.sendStatus();
    await vi.waitFor(() => expect(follower.state.state).toBe("live"));
  }
  await answer;
  expect(agent.opened).toBe(2);
});

test("a command carries an id and the newest tick, and a repeat keeps the id", async () => {
  await follow();
  await isLive();
  await agent.sendStatus();
  await vi.waitFor(() => expect(follower.state).toMatchObject({ viewers: 1 }));
  await follower.requests.order({ command: "pause_all" });
  expect(agent.ordered[0]).toMatchObject({ tick_ms: agent.tick_ms, command: { command: "pause_all" } });

  const receive = agent.receive.bind(agent);
  // The order arrives, its outcome does not.
  relay.tamper = (frame) => (kindOf(frame) === "direct" ? null : frame);
  const outcome = follower.requests.order({ command: "pause_all" });
  await vi.waitFor(() => expect(agent.ordered.length).toBe(2));
  agent.receive = receive;
  relay.tamper = (frame) => frame;
  relay.close(1006);
  await until(() => expect(agent.ordered.length).toBe(3));
  await outcome;
  expect(agent.ordered[2]?.id).toBe(agent.ordered[1]?.id);
  expect(agent.ordered[1]?.id).not.toBe(agent.ordered[0]?.id);
});

test("a command whose outcome is lost for good is told as such, and is not repeated later", async () => {
  await follow();
  await isLive();
  relay.tamper = (frame) => (kindOf(frame) === "direct" ? null : frame);
  const outcome = expect(follower.requests.order({ command: "pause_all" })).rejects.toMatchObject({ code: "outcome_unknown" });
  await vi.waitFor(() => expect(agent.ordered.length).toBe(1));
  relay.isThere = false;
  relay.close(1006);
  await until(() => expect(timing.now_ms()).toBeGreaterThan(31_000));
  await outcome;
  relay.isThere = true;
  relay.tamper = (frame) => frame;
  await until(() => expect(follower.state.state).toBe("live"));
  expect(agent.ordered.length).toBe(1);
});
