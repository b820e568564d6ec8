import { expect, test, vi } from "vitest";

import type { News } from "../protocol/News";
import { type Bytes, hex } from "./bytes";
import { agent, follow, follower, isLive, meet, news, offsets, relay, states, timing, until, upTo, USER_ID, VIEW_ONLY } from "./testing/follow-stage";
import { ScriptedAgent } from "./testing/scripted-agent";
import { kindOf, ScriptedRelay } from "./testing/scripted-relay";

test("a viewer without control cannot order anything", async () => {
  await follow(VIEW_ONLY);
  await isLive();
  await expect(follower.requests.order({ command: "pause_all" })).rejects.toMatchObject({ code: "view_only" });
  expect(agent.ordered).toEqual([]);
});

test("the holder of the User ID follows a renewed view-only code; the holder of the old one is told", async () => {
  meet(await ScriptedAgent.create(2));
  await follow(VIEW_ONLY);
  await vi.waitFor(() => expect(follower.state).toMatchObject({ state: "refused", refusal: { code: "code_renewed" } }));
  expect(relay.dialled).toBe(1);
  await follow(USER_ID);
  await until(() => expect(follower.state.state).toBe("live"));
  await agent.commit(1);
  await vi.waitFor(() => expect(offsets()).toEqual([1]));
});

test("the holder of the User ID who is closed for a renewed code while following comes back to be told which, and not for ever", async () => {
  await follow(USER_ID);
  await isLive();
  relay.close(4504);
  await until(() => expect(relay.dialled).toBe(2));
  await until(() => expect(follower.state.state).toBe("live"));
  expect(states.map(({ state }) => state)).not.toContain("refused");
  relay.closesWith = 4504;
  relay.close(4504);
  await until(() => expect(follower.state).toMatchObject({ state: "refused", refusal: { code: "code_renewed" } }));
  expect(relay.dialled).toBe(4);
});

test.each([
  [4505, "user_id_retired"],
  [4501, "versions_differ"],
  [4500, "relay_refused"],
])("what the user has to decide is not tried again: close code %i", async (code, refusal) => {
  await follow();
  await isLive();
  relay.close(code);
  await vi.waitFor(() => expect(follower.state).toMatchObject({ state: "refused", refusal: { code: refusal } }));
  timing.pass(120_000);
  expect(relay.dialled).toBe(1);
});

test("an agent without a common version is refused, and both versions are named", async () => {
  agent.versions = { lowest: 2, highest: 3, program: "9.1.0" };
  await follow();
  await vi.waitFor(() => expect(follower.state.state).toBe("refused"));
  expect(follower.state).toMatchObject({ refusal: { message: expect.stringMatching(/0\.1\.0.*9\.1\.0/) } });
});

test("altered, forged and repeated frames change nothing; several make the connection anew, and it is said", async () => {
  await follow();
  await isLive();
  let kept: Bytes | null = null;
  relay.tamper = (frame) => {
    if (kindOf(frame) === "log") kept = frame;
    return frame;
  };
  await agent.commit(1);
  await vi.waitFor(() => expect(offsets()).toEqual([1]));
  const frame = kept as Bytes | null;
  if (!frame) throw new Error("there was a frame");
  relay.sendFrame(frame);
  relay.tamper = (log) => {
    const altered = log.slice();
    altered[60] = (altered[60] ?? 0) ^ 1;
    return altered;
  };
  for (let k = 0; k < 3; k += 1) {
    await agent.commit(1);
    await agent.sendStatus();
  }
  await until(() => expect(states).toContainEqual(expect.objectContaining({ state: "unreachable", sendsAltered: true })));
  relay.tamper = (log) => log;
  await until(() => expect(offsets()).toEqual(upTo(4)));
  await until(() => expect(follower.state.state).toBe("live"));
});

test("frames that the relay keeps in an altered form do not keep a viewer from the record: the agent is asked", async () => {
  await follow();
  await isLive();
  relay.tamper = (frame) => {
    if (kindOf(frame) !== "log") return frame;
    const altered = frame.slice();
    altered[60] = (altered[60] ?? 0) ^ 1;
    return altered;
  };
  for (let k = 0; k < 5; k += 1) await agent.commit(1);
  await until(() => expect(offsets()).toEqual(upTo(5)));
  await until(() => expect(follower.state.state).toBe("live"));
});

test("a relay that greets with another owner's key is not believed", async () => {
  const other = await ScriptedAgent.create();
  Object.assign(other, { owner: new Uint8Array(32).fill(3) });
  meet(agent, new ScriptedRelay(other));
  await follow();
  await vi.waitFor(() => expect(relay.received.length).toBe(1));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(follower.state.state).toBe("connecting");
  expect(other.opened).toBe(0);
});

test("a frame of an earlier visit or agent is not taken for news of this one", async () => {
  await follow();
  await isLive();
  let status: Bytes | null = null;
  relay.tamper = (frame) => {
    if (kindOf(frame) === "latest") status = frame;
    return frame;
  };
  await agent.sendStatus({ viewers: 7 });
  await vi.waitFor(() => expect(follower.state).toMatchObject({ viewers: 7 }));
  await agent.sendStatus({ viewers: 8 });
  await vi.waitFor(() => expect(follower.state).toMatchObject({ viewers: 8 }));
  agent.restart();
  await agent.sendStatus({ viewers: 9 });
  await until(() => expect(agent.opened).toBe(2));
  await agent.sendStatus({ viewers: 10 });
  await vi.waitFor(() => expect(follower.state).toMatchObject({ viewers: 10 }));
  const opened = agent.opened;
  relay.sendFrame(status ?? new Uint8Array());
  relay.sendFrame(status ?? new Uint8Array());
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(follower.state).toMatchObject({ viewers: 10 });
  expect(agent.opened).toBe(opened);
});

test("news are for the visit that they were told to", async () => {
  await follow();
  await isLive();
  const ready: News = { news: "ready", operation: "o", transfer: "t", name: "run.csv", bytes: 1, sha256: "00" };
  await agent.tell(relay.run, ready);
  await vi.waitFor(() => expect(news).toEqual([ready]));
  await agent.tell(new Uint8Array(16).fill(1), ready);
  await agent.sendStatus();
  await vi.waitFor(() => expect(follower.state).toMatchObject({ viewers: 1 }));
  expect(news.length).toBe(1);
  expect(hex(relay.run).length).toBe(32);
});
