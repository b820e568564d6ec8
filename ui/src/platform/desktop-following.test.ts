import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { Event } from "../protocol/Event";
import { desktopElsewhere, type Told } from "./desktop-following";
import type { FollowedAgent } from "./platform";

interface Call {
  command: string;
  args: Record<string, unknown>;
}

const FOLLOWED = "f0110000-0000-4000-8000-000000000001";
const AGENT = "a9e00000-0000-4000-8000-000000000001";
const SESSION = "5e551000-0000-4000-8000-000000000001";
const CODE = "04003kq8yv5hsneztwrtf1k0czbd7rjbbxq5qvcnrkvfsye30a7r39abc21zxjg";
const RELAY = "https://relay.example.org";
const ABOUT = { followed: FOLLOWED, name: "Room 214", access: "view_only", relay: RELAY };

let calls: Call[];
let answers: Record<string, unknown>;

beforeEach(() => {
  calls = [];
  answers = { follow_code: ABOUT, follow_remembered: { ...ABOUT, access: "user_id" } };
  mockIPC((command, args) => {
    const name = command.replace("plugin:sacmes|", "");
    calls.push({ command: name, args: args as Record<string, unknown> });
    return answers[name] ?? null;
  });
});
afterEach(() => clearMocks());

const called = (command: string): Record<string, unknown>[] =>
  calls.filter((call) => call.command === command).map(({ args }) => args);

async function followed(): Promise<FollowedAgent & { send: (...batch: Told[]) => void }> {
  const agent = await desktopElsewhere().follow(CODE, RELAY, "Room 214");
  const channel = called("followed_subscribe").at(-1)?.channel as { id: number };
  let index = 0;
  const send = (...message: Told[]): void => {
    const { runCallback } = (globalThis as unknown as { __TAURI_INTERNALS__: { runCallback(id: number, data: unknown): void } })
      .__TAURI_INTERNALS__;
    runCallback(channel.id, { index, message });
    index += 1;
  };
  return { ...agent, send };
}

const live: Told = { told: "state", state: { state: "live", viewers: 2 } };
const viewers = (count: number): Event => ({ event: "viewers", count });

test("the code goes to the host once; from then on the agent is named by an id", async () => {
  const { platform, remember } = await followed();
  await platform.query({ query: "sessions" });
  await platform.command({ command: "pause_session", session: SESSION });
  await platform.chooseDestination("run.csv");
  await remember("Room 214", false);
  platform.following.close();
  const elsewhere = desktopElsewhere();
  await elsewhere.remembered();
  await elsewhere.forget(AGENT);
  expect(called("follow_code")).toEqual([{ code: CODE, relay: RELAY, name: "Room 214" }]);
  expect(called("followed_query")).toEqual([{ followed: FOLLOWED, query: { query: "sessions" } }]);
  expect(called("followed_command")).toMatchObject([{ followed: FOLLOWED, command: { command: "pause_session", session: SESSION } }]);
  expect(called("followed_destination")).toEqual([{ followed: FOLLOWED, suggestedName: "run.csv" }]);
  expect(called("followed_remember")).toEqual([{ followed: FOLLOWED, name: "Room 214", inFile: false }]);
  expect(called("followed_end")).toEqual([{ followed: FOLLOWED }]);
  expect(called("agents_forget")).toEqual([{ agent: AGENT }]);
  const others = calls.filter(({ command }) => command !== "follow_code");
  expect(JSON.stringify(others)).not.toContain(CODE);
  expect(calls.every(({ command }) => !command.startsWith("engine_"))).toBe(true);
});

test("a view-only code cannot control, a User ID can, and neither has this computer's folders or identity there", async () => {
  const { platform } = await followed();
  expect(platform.capabilities.control.can).toBe(false);
  expect(platform.following).toMatchObject({ code: "view_only", relay: RELAY, inWindow: { name: "Room 214" } });
  const owner = await desktopElsewhere().followRemembered(AGENT);
  expect(called("follow_remembered")).toEqual([{ agent: AGENT }]);
  expect(owner.platform.capabilities.control.can).toBe(true);
  for (const capability of ["folders", "identity", "sharing"] as const) {
    expect(owner.platform.capabilities[capability].can).toBe(false);
  }
  await expect(owner.platform.identity.status()).rejects.toMatchObject({ code: "not_here" });
  expect(owner.platform.elsewhere).toBeUndefined();
});

test("events come in order, each batch is confirmed, and nothing is asked before the agent has answered", async () => {
  const { platform, send } = await followed();
  const told: unknown[] = [];
  let isConnected = false;
  const subscribed = platform
    .subscribe(
      (events) => told.push(...events),
      () => told.push("anew"),
    )
    .then((unsubscribe) => {
      isConnected = true;
      return unsubscribe;
    });
  send({ told: "state", state: { state: "connecting" } });
  await Promise.resolve();
  expect(isConnected).toBe(false);
  send(live, { told: "events", events: [viewers(1), viewers(2)] }, { told: "anew" });
  send({ told: "events", events: [viewers(3)] });
  const unsubscribe = await subscribed;
  expect(told).toEqual([viewers(1), viewers(2), "anew", viewers(3)]);
  expect(called("followed_received")).toHaveLength(3);
  unsubscribe();
  send({ told: "events", events: [viewers(4)] });
  expect(told).toHaveLength(4);
});

test.each<[Told, object]>([
  [{ told: "state", state: { state: "live", viewers: null } }, { state: "live", viewers: null }],
  [{ told: "state", state: { state: "absent", last_seen_ms: 5_500 } }, { state: "absent", lastSeen_s: 5 }],
  [{ told: "state", state: { state: "absent", last_seen_ms: null } }, { state: "absent", lastSeen_s: null }],
  [{ told: "state", state: { state: "silent", since_ms: 7 } }, { state: "silent", since: new Date(7) }],
  [
    { told: "state", state: { state: "unreachable", since_ms: 7, sends_altered: true, refusal: null } },
    { state: "unreachable", since: new Date(7), sendsAltered: true },
  ],
])("%o is shown as the page of followers shows it", async (told, shown) => {
  const { platform, send } = await followed();
  const watcher = vi.fn();
  platform.following.watch(watcher);
  send(told);
  expect(platform.following.state).toEqual(shown);
  expect(watcher).toHaveBeenCalledOnce();
});

test("when the host ends following by itself, the window hears of it", async () => {
  const { platform, send } = await followed();
  send({ told: "ended" });
  await expect(platform.following.inWindow?.ended).resolves.toBeUndefined();
});

test("a refused code is a refusal, and nothing is followed", async () => {
  const refusal = { code: "not_a_code", message: "This is not a valid code.", hint: "Copy it again." };
  answers.follow_code = Promise.reject(refusal);
  await expect(desktopElsewhere().follow("hello", "", "")).rejects.toEqual(refusal);
  expect(called("followed_subscribe")).toEqual([]);
});
