import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { tableOf, type ColumnTable } from "../../platform/columns";
import type { Platform } from "../../platform/platform";
import type { ColumnQuery } from "../../protocol/ColumnQuery";
import type { Measurement } from "../../protocol/Measurement";
import { SweepFeed } from "./sweep-feed.svelte";

const numbers = { peak_potential_v: -0.26, peak_current_a: 1e-7, baseline_current_a: 2e-7 };

function sweepOf(measurement: number): ColumnTable {
  const columns = { potential_v: [0], raw_a: [1], smoothed_a: [1], baseline_a: [Number.NaN] };
  const about = { ...numbers, measurement } as Measurement;
  return tableOf(columns, { measurement: about, stored: about });
}

/** A host whose answers come when the test says so. */
function host() {
  const asked: number[] = [];
  const answers: ((table: ColumnTable | null) => void)[] = [];
  const columns = (query: ColumnQuery): Promise<ColumnTable> => {
    if (query.query !== "sweep") throw new Error("only sweeps are asked for");
    asked.push(query.measurement);
    return new Promise((resolve, reject) => {
      answers.push((table) => {
        if (table) resolve(table);
        else reject({ code: "no_sweep", message: "This file gave no sweep.", hint: "" });
      });
    });
  };
  return { asked, answers, platform: { columns } as unknown as Platform };
}

const settled = () => vi.advanceTimersByTimeAsync(0);

describe("the sweep feed", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("asks for one sweep at a time, at most ten a second, and the newest wish wins", async () => {
    const { asked, answers, platform } = host();
    const feed = new SweepFeed(platform);
    for (let id = 1; id <= 5; id++) feed.want(id, null, 1);
    expect(asked).toEqual([1]);
    answers[0]?.(sweepOf(1));
    await settled();
    expect(feed.shown?.measurement.measurement).toBe(1);
    expect(asked).toEqual([1]);
    await vi.advanceTimersByTimeAsync(100);
    expect(asked).toEqual([1, 5]);
  });

  it("keeps the last sweep until the next is there, and asks again only for what changed", async () => {
    const { asked, answers, platform } = host();
    const feed = new SweepFeed(platform);
    feed.want(1, null, 1);
    answers[0]?.(sweepOf(1));
    await vi.advanceTimersByTimeAsync(100);
    feed.want(1, null, 1);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toEqual([1]);
    feed.want(1, null, 2);
    await settled();
    expect(asked).toEqual([1, 1]);
    expect(feed.shown).not.toBeNull();
  });

  it("says why there is no sweep, and forgets it with the next one", async () => {
    const { answers, platform } = host();
    const feed = new SweepFeed(platform);
    feed.want(1, null, 1);
    answers[0]?.(null);
    await vi.advanceTimersByTimeAsync(100);
    expect(feed.refusal?.code).toBe("no_sweep");
    feed.want(2, null, 1);
    await settled();
    answers[1]?.(sweepOf(2));
    await settled();
    expect(feed.refusal).toBeNull();
    expect(feed.shown?.peak).toEqual({ potential_v: -0.26, height_a: 1e-7, baseline_a: 2e-7 });
    feed.want(null, null, 0);
    expect(feed.shown).toBeNull();
  });
});
