import { describe, expect, it } from "vitest";

import type { Measurement } from "../../protocol/Measurement";
import { SeriesStore } from "../../session/series-store";
import { measurement } from "../../testing/measurement";
import { progressOf, progressWords, stateWords } from "./progress";

let ids = 0;

/** A file of two electrodes. */
function file(frequency_hz: number, changes: Partial<Measurement>[] = [{}, {}]): Measurement[] {
  return changes.map((change, k) => measurement({ measurement: ++ids, electrode: k + 1, frequency_hz, index: 1, ...change }));
}

function store(...files: Measurement[][]) {
  const series = new SeriesStore();
  for (const one of files) series.measured(one);
  return { series: (electrode: number | null, hz: number | null) => series.get(electrode, hz) };
}

const none = { peak_current_a: null, status: "warning", reason: "no_peak" } as const;

describe("progress over the frequencies", () => {
  it("tells what is done, what is awaited, and which is newest, in whatever order they are measured", () => {
    const all = progressOf(store(file(200), file(20)), [1, 2], [20, 60, 200], 1, true);
    expect(all.map(({ state }) => state)).toEqual(["done", "awaited", "done"]);
    expect(all.map(({ isNewest }) => isNewest)).toEqual([true, false, false]);
    expect(progressWords(all)).toBe("2 of 3 frequencies, newest 20\u202fHz, 1 awaited");
  });

  it("awaits nothing in a map that is over", () => {
    const all = progressOf(store(file(20)), [1, 2], [20, 60], 1, false);
    expect(all.map(({ state }) => state)).toEqual(["done", "absent"]);
    expect(progressWords(all)).toBe("1 of 2 frequencies, newest 20\u202fHz, 1 not measured");
  });

  it("counts numbers, not files: excluded points and sweeps without a peak have none", () => {
    const session = store(file(20, [{}, none]), file(60, [none, { excluded: true }]));
    const all = progressOf(session, [1, 2], [20, 60], 1, true);
    expect(all.map(({ state, numbers }) => [state, numbers])).toEqual([["partly", 1], ["no_number", 0]]);
    expect(stateWords(all[0] as (typeof all)[0])).toBe("a number from 1 of 2 electrodes");
    expect(progressWords(all)).toBe("2 of 2 frequencies, 2 with missing numbers");
  });

  it("tells a file that could not be used from one that did not come", () => {
    const broken = [measurement({ measurement: ++ids, electrode: null, frequency_hz: 60, index: 1, status: "failed", peak_current_a: null })];
    const all = progressOf(store(file(20), broken), [1, 2], [20, 60], 1, true);
    expect(all[1]?.state).toBe("unusable");
    expect(progressWords(all)).toBe("1 of 2 frequencies, newest 20\u202fHz, 1 not usable");
  });
});
