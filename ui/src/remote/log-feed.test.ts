import { expect, test, vi } from "vitest";

import type { RecordEntry } from "../protocol/RecordEntry";
import { type Bytes, integer, joined } from "./bytes";
import type { Opened } from "./direct";
import { jsonBytes } from "./json";
import { judge, LogFeed, type LogLink } from "./log-feed";
import { ManualTiming } from "./testing/timing";

const EPOCH = new Uint8Array(16).fill(1);
const RUN = new Uint8Array(16).fill(2);

test.each([
  [5, 1, 5, "known"],
  [5, 5, 6, "next"],
  [5, 6, 9, "next"],
  [5, 7, 9, "gap"],
  [0, 1, 1, "next"],
])("to somebody at %i a frame of %i to %i is %s", (mine, first, last, verdict) => {
  expect(judge(mine, first, last)).toBe(verdict);
});

function entry(offset: number): RecordEntry {
  return { session: "s", seq: offset, offset, at: "", event: "session_ended", reason: null };
}

/** A frame that says what it holds: nothing here is sealed. */
function frameOf(first: number, last: number): Bytes {
  return joined(integer(first, 8), integer(last, 8));
}

function entriesOf(first: number, last: number): RecordEntry[] {
  return Array.from({ length: last - first + 1 }, (_, k) => entry(first + k));
}

/** Numbers from 0 to 1 that are the same in every run. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const opened = (head: number, verdict: Opened["verdict"]): Opened => ({
  verdict, visit: RUN, epoch: EPOCH, run: RUN, head, tick_ms: 0, versions: { lowest: 1, highest: 1, program: "" },
});

test.each(Array.from({ length: 25 }, (_, k) => k + 1))(
  "whatever is lost, repeated or late, every entry is told once and in order (seed %i)",
  async (seed) => {
    const chance = chances(seed);
    const timing = new ManualTiming();
    const told: number[] = [];
    const anew = vi.fn();
    const feed = new LogFeed(timing, { entries: (entries) => told.push(...entries.map(({ offset }) => offset)), anew });
    let head = 0;
    const sent: [number, number][] = [];
    const link: LogLink = {
      open: async (_epoch, frame) => {
        // Opening takes its time, and others come meanwhile.
        for (let k = 0; k < chance() * 4; k += 1) await Promise.resolve();
        const view = new DataView(frame.buffer, frame.byteOffset);
        const [first, last] = [Number(view.getBigUint64(0)), Number(view.getBigUint64(8))];
        const plain = joined(integer(0, 1), integer(0, 1), jsonBytes(entriesOf(first, last)));
        return { header: { generation: 1, run: RUN, counter: 0, destination: { kind: "log", first, last } }, plain };
      },
      // Sends again what it has not lost.
      resume: ({ offset }) => {
        for (const [first, last] of sent) if (last > offset && chance() < 0.7) void feed.frame(first, last, frameOf(first, last));
      },
      history: async (after, through) => {
        if (chance() < 0.2) throw new Error("the visit is over");
        const last = Math.min(through, after + 1 + Math.floor(chance() * 5));
        return { entries: entriesOf(after + 1, last), through: last };
      },
      failed: (thrown) => {
        throw thrown;
      },
    };
    feed.joined(link, EPOCH, 1);
    await feed.opened(opened(0, "start_over"));
    const late: [number, number][] = [];
    for (let k = 0; k < 60; k += 1) {
      const count = 1 + Math.floor(chance() * 3);
      const frame: [number, number] = [head + 1, head + count];
      head += count;
      sent.push(frame);
      const fate = chance();
      if (fate < 0.2) continue;
      if (fate < 0.35) late.push(frame);
      else await feed.frame(...frame, frameOf(...frame));
      if (fate > 0.8) await feed.frame(...frame, frameOf(...frame));
      if (late.length > 0 && chance() < 0.3) {
        const [first, last] = late.shift() as [number, number];
        await feed.frame(first, last, frameOf(first, last));
      }
    }
    // Statuses go on to tell the head until nothing is missing.
    await vi.waitFor(
      () => {
        feed.head(head);
        timing.pass(2500);
        expect(told.length).toBe(head);
      },
      { interval: 1 },
    );
    expect(told).toEqual(Array.from({ length: head }, (_, k) => k + 1));
    expect(feed.position?.offset).toBe(head);
    expect(anew).not.toHaveBeenCalled();
  },
);

test("a window of many frames waits within its limit, and quickly", async () => {
  const feed = new LogFeed(new ManualTiming(), { entries: () => {}, anew: () => {} });
  const opens = vi.fn().mockRejectedValue(new Error("not asked for"));
  const link: LogLink = { open: opens, resume: () => {}, history: opens, failed: () => {} };
  feed.joined(link, EPOCH, 1);
  const frame = new Uint8Array(1000);
  for (let k = 1; k <= 20_000; k += 1) await feed.frame(k, k, frame);
  await feed.opened(opened(20_000, "start_over"));
  expect(opens).not.toHaveBeenCalled();
  expect(feed.position?.offset).toBe(20_000);
});

test("frames that come before the agent has answered wait, and those that it has told of already are left out", async () => {
  const told: number[] = [];
  const feed = new LogFeed(new ManualTiming(), { entries: (all) => told.push(...all.map(({ offset }) => offset)), anew: () => {} });
  const link: LogLink = {
    open: async (_epoch, frame) => {
      const [first, last] = [frame[7] ?? 0, frame[15] ?? 0];
      const plain = joined(integer(0, 1), integer(0, 1), jsonBytes(entriesOf(first, last)));
      return { header: { generation: 1, run: RUN, counter: 0, destination: { kind: "log", first, last } }, plain };
    },
    resume: () => {},
    history: () => Promise.reject(new Error("not asked for")),
    failed: () => {},
  };
  feed.joined(link, EPOCH, 1);
  for (const [first, last] of [[1, 2], [3, 4], [5, 6]] as const) await feed.frame(first, last, frameOf(first, last));
  expect(told).toEqual([]);
  await feed.opened(opened(3, "start_over"));
  expect(told).toEqual([4, 5, 6]);
});
