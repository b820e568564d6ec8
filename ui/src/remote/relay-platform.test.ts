import { afterEach, expect, test, vi } from "vitest";

import type { Following, Platform } from "../platform/platform";
import type { Event } from "../protocol/Event";
import { EventHub } from "../session/event-hub";
import { SessionView } from "../session/session-view.svelte";
import { hex, sha256, utf8 } from "./bytes";
import { readCode } from "./codes";
import { relayPlatform } from "./relay-platform";
import { type FollowedDemo, followedDemo } from "./testing/followed-demo";
import type { ScriptedAgent } from "./testing/scripted-agent";
import { ManualTiming } from "./testing/timing";
import { vectors } from "./testing/vectors";

const USER_ID = vectors.codes.user_id;
const VIEW_ONLY = vectors.codes.generations[0]?.code ?? "";

let timing: ManualTiming;
let agent: ScriptedAgent;
let statusAt_ms = 0;
let platform: Platform & { following: Following };
let saved: { blob: Blob; name: string }[];

async function follow(followed: FollowedDemo, text = USER_ID): Promise<void> {
  timing = new ManualTiming();
  agent = followed.agent;
  statusAt_ms = 0;
  saved = [];
  const keep = (blob: Blob, name: string): void => void saved.push({ blob, name });
  platform = relayPlatform(await readCode(text), "https://relay.example.org", { dial: followed.relay.dial, timing, keep });
}
afterEach(() => platform.following.close());

/**
 * Lets the follower's time pass until something is so: little at a time, since sealing and answering take real time, and with a
 * status of the agent every few seconds, as a real one sends it.
 */
async function until(check: () => void | Promise<void>): Promise<void> {
  const pass = async (): Promise<void> => {
    timing.pass(30);
    if (timing.now_ms() - statusAt_ms >= 5000) {
      statusAt_ms = timing.now_ms();
      await agent.sendStatus();
    }
    await check();
  };
  await vi.waitFor(pass, { interval: 5, timeout: 50_000 });
}

const isLive = (): Promise<void> => until(() => expect(platform.following.state.state).toBe("live"));

test("queries, columns and commands reach the agent, and its refusals come back as they are", async () => {
  const followed = await followedDemo("still");
  await follow(followed);
  const { sessions } = await platform.query({ query: "sessions" });
  expect(sessions).toEqual((await followed.demo.query({ query: "sessions" })).sessions);
  const session = sessions[0]?.session ?? "";
  const [mine, theirs] = [
    await platform.columns({ query: "series", session, after: 0 }),
    await followed.demo.columns({ query: "series", session, after: 0 }),
  ];
  expect(mine.names).toEqual(theirs.names);
  expect([...mine.column("peak_current_a")]).toEqual([...theirs.column("peak_current_a")]);
  await platform.command({ command: "rename_session", session, name: "Renamed from afar" });
  expect((await followed.demo.query({ query: "session", session })).detail.summary.name).toBe("Renamed from afar");
  await expect(platform.query({ query: "session", session: "none" })).rejects.toMatchObject({ code: "no_such_session" });
  await expect(platform.columns({ query: "sweep", measurement: -1, settings: null })).rejects.toMatchObject({ code: "no_sweep" });
});

test("with a view-only code controls are off with the reason, and a command is refused here already", async () => {
  const followed = await followedDemo("still");
  await follow(followed, VIEW_ONLY);
  expect(platform.capabilities.control).toEqual({ can: false, reason: expect.stringContaining("view-only code") });
  await expect(platform.command({ command: "pause_all" })).rejects.toMatchObject({ code: "view_only" });
  expect(followed.agent.ordered).toEqual([]);
});

/** What a viewer shows of the running session, once it is paused, is what the engine has. */
async function showsAll(followed: FollowedDemo, view: SessionView): Promise<void> {
  await followed.demo.command({ command: "pause_session", session: view.id });
  const table = await followed.demo.columns({ query: "series", session: view.id, after: 0 });
  await until(() => {
    expect(view.summary?.state).toBe("paused");
    const shown = [...view.allSeries()].reduce((sum, series) => sum + series.length, 0);
    expect(shown).toBe(table.rows);
    const ids = new Set([...view.allSeries()].flatMap((series) => [...series.column("measurement")]));
    expect(ids.size).toBe(table.rows);
  });
}

async function watching(followed: FollowedDemo): Promise<SessionView> {
  await follow(followed);
  const hub = new EventHub();
  const connected = hub.connect(platform);
  await isLive();
  await connected;
  const { sessions } = await platform.query({ query: "sessions" });
  const running = sessions.find(({ state }) => state === "running")?.session ?? "";
  const view = new SessionView(platform, hub, running);
  await until(() => expect(view.phase).toBe("ready"));
  const before = view.newestIndex ?? 0;
  await until(() => expect(view.newestIndex ?? 0).toBeGreaterThan(before));
  return view;
}

test("late join and reload: the complete record is on screen", async () => {
  const followed = await followedDemo("live");
  const view = await watching(followed);
  const again = new SessionView(platform, new EventHub(), view.id);
  await showsAll(followed, view);
  again.close();
  view.close();
});

test("a lost network: the complete record is on screen again", async () => {
  const followed = await followedDemo("live");
  const view = await watching(followed);
  followed.relay.isThere = false;
  followed.relay.close(1006);
  const before = followed.agent.head;
  await vi.waitFor(() => expect(followed.agent.head).toBeGreaterThan(before + 5));
  followed.relay.isThere = true;
  await isLive();
  await showsAll(followed, view);
  view.close();
});

test("a relay that was started again and has forgotten everything: the complete record is on screen again", async () => {
  const followed = await followedDemo("live");
  const view = await watching(followed);
  followed.relay.close(4000);
  const before = followed.agent.head;
  await vi.waitFor(() => expect(followed.agent.head).toBeGreaterThan(before + 5));
  followed.relay.loseMemory();
  await isLive();
  await showsAll(followed, view);
  view.close();
});

test("an agent that was started again, with another life of its record: everything is asked for anew", async () => {
  const followed = await followedDemo("live");
  const view = await watching(followed);
  followed.agent.restart();
  followed.agent.epoch = new Uint8Array(16).fill(5);
  followed.relay.loseMemory();
  followed.relay.close(4000);
  await isLive();
  await showsAll(followed, view);
  view.close();
});

const CONTENT = utf8("time,current\n".repeat(40_000));

/** An agent that makes a file of every export, when it is told to. */
async function exporting(content = CONTENT, told = content): Promise<{ followed: FollowedDemo; ready: () => Promise<void>; events: Event[] }> {
  const followed = await followedDemo("still");
  await follow(followed);
  const { relay } = followed;
  const answer = agent.answer;
  agent.answer = (ask) => (ask.ask === "transfer" ? { bytes: content.slice(ask.from) } : answer(ask));
  agent.outcome = () => ({ reply: "outcome", outcome: { outcome: "accepted", operation: "op" } });
  const events: Event[] = [];
  const subscribed = platform.subscribe((batch) => events.push(...batch));
  await isLive();
  await subscribed;
  const progress = { event: "progress", operation: "op", session: "s", label: "Export", done: 2, total: 2 } as const;
  const ready = async (): Promise<void> => {
    await agent.tell(relay.run, { news: "progress", event: { ...progress, outcome: { outcome: "done" } } });
    await agent.tell(relay.run, {
      news: "ready", operation: "op", transfer: "t", name: "../../etc/run.csv", bytes: content.length, sha256: hex(await sha256(told)),
    });
  };
  return { followed, ready, events };
}

const EXPORT = {
  command: "export", session: "s", layout: "csv", destination: "/home/ada/run.csv",
  selection: { electrodes: [], frequencies_hz: [], first_index: null, last_index: null },
} as unknown as Parameters<Platform["command"]>[0];

const outcomes = (events: Event[]): unknown[] =>
  events.flatMap((event) => (event.event === "progress" && event.outcome ? [event.outcome] : []));

test("an export arrives as a download, checked, under a name without a path, and is done only then", async () => {
  const { followed, ready, events } = await exporting();
  expect(await platform.chooseDestination("a/b:c.csv")).toBe("bc.csv");
  expect(await platform.command(EXPORT)).toEqual({ outcome: "accepted", operation: "op" });
  expect(followed.agent.ordered[0]?.command).toMatchObject({ destination: "run.csv" });
  await ready();
  await vi.waitFor(() => expect(outcomes(events)).toEqual([{ outcome: "done" }]));
  expect(saved.length).toBe(1);
  expect(saved[0]?.blob.size).toBe(CONTENT.length);
  const done = events.flatMap((event) => (event.event === "progress" && event.label.startsWith("Downloading") ? [event.done] : []));
  expect(done.length).toBeGreaterThan(2);
  expect(done.at(-1)).toBe(CONTENT.length);
});

test("a download that is interrupted goes on where it was, and is whole", async () => {
  const { followed, ready, events } = await exporting();
  await platform.command(EXPORT);
  let left = 3;
  followed.relay.tamper = (frame) => {
    // Three frames come, then the network is gone.
    if (left === 0) return null;
    left -= 1;
    return frame;
  };
  await ready();
  await vi.waitFor(() => expect(left).toBe(0));
  await vi.waitFor(() => expect(events.some((event) => event.event === "progress" && event.done > 2)).toBe(true));
  followed.relay.tamper = (frame) => frame;
  followed.relay.close(1006);
  await until(() => expect(outcomes(events)).toEqual([{ outcome: "done" }]));
  const from = followed.agent.asked.flatMap((ask) => (ask.ask === "transfer" ? [ask.from] : []));
  expect(from.length).toBe(2);
  expect(from[1]).toBeGreaterThan(0);
  expect(saved[0]?.blob.size).toBe(CONTENT.length);
});

test("a file with other bytes than announced is not saved", async () => {
  const { ready, events } = await exporting(CONTENT, utf8("something else"));
  await platform.command(EXPORT);
  await ready();
  await vi.waitFor(() => expect(outcomes(events)).toMatchObject([{ outcome: "failed", refusal: { code: "transfer_damaged" } }]));
  expect(saved).toEqual([]);
});

test("a file beyond what a page can hold is refused before anything is fetched", async () => {
  const { followed, events } = await exporting();
  await platform.command(EXPORT);
  const { relay } = followed;
  await agent.tell(relay.run, {
    news: "ready", operation: "op", transfer: "t", name: "run.csv", bytes: 300 * 1024 * 1024, sha256: "00",
  });
  await vi.waitFor(() => expect(outcomes(events)).toMatchObject([{ outcome: "failed", refusal: { code: "too_large_for_browser" } }]));
  expect(agent.asked.some(({ ask }) => ask === "transfer")).toBe(false);
});

test("a download can be cancelled, and an export whose file never comes is told", async () => {
  const { followed, ready, events } = await exporting(utf8("x".repeat(2_000_000)));
  await platform.command(EXPORT);
  followed.relay.tamper = (frame) => {
    if (frame.length > 100_000) void platform.command({ command: "cancel", operation: "op" });
    return frame;
  };
  await ready();
  await vi.waitFor(() => expect(outcomes(events)).toEqual([{ outcome: "cancelled" }]));
  followed.relay.tamper = (frame) => frame;
  expect(saved).toEqual([]);

  events.length = 0;
  await platform.command(EXPORT);
  await followed.agent.tell(followed.relay.run, {
    news: "progress",
    event: { event: "progress", operation: "op", session: "s", label: "Export", done: 2, total: 2, outcome: { outcome: "done" } },
  });
  await vi.waitFor(() => expect(events.length).toBe(1));
  await until(() => expect(outcomes(events)).toMatchObject([{ outcome: "failed", refusal: { code: "export_not_offered" } }]));
});

test("an export that the connection was lost of is told as such", async () => {
  const { followed, events } = await exporting();
  await platform.command(EXPORT);
  followed.relay.close(1006);
  await until(() => expect(outcomes(events)).toMatchObject([{ outcome: "failed", refusal: { code: "export_lost" } }]));
});

test("what is only there on the computer that records is refused with the reason", async () => {
  const followed = await followedDemo("still");
  await follow(followed);
  for (const refused of [platform.chooseFolder(), platform.identity.status(), platform.sharing.status(), platform.reveal("/")]) {
    await expect(refused).rejects.toMatchObject({ code: "not_here", message: expect.stringContaining("computer that records") });
  }
  expect(await platform.appInfo()).toMatchObject({ version: "0.1.0", desktop: false });
});
