import { describe, expect, it } from "vitest";
import { ascending, span, sweepPicture } from "./sweep";

describe("a sweep", () => {
  it("is put in ascending potential, whichever way it was recorded", () => {
    expect(ascending([0, -0.1, -0.2])).toEqual([2, 1, 0]);
    expect(ascending([-0.2, -0.1, 0])).toEqual([0, 1, 2]);
    expect(ascending([0, -0.2, -0.1])).toEqual([1, 2, 0]);
    expect(ascending([])).toEqual([]);
  });

  it("has a baseline from its first to its last number", () => {
    expect(span([Number.NaN, 1, Number.NaN, 2, Number.NaN])).toEqual([1, 3]);
    expect(span([Number.NaN])).toBeNull();
  });

  it("becomes traces that keep every number with its potential", () => {
    const { traces } = sweepPicture(
      { potential_v: [0, -0.1], raw_a: [1, 2], smoothed_a: [3, 4], baseline_a: [Number.NaN, 5] },
      null,
      "#123456",
      1,
    );
    const by = Object.fromEntries(traces.map((trace) => [trace.key, Array.from(trace.y)]));
    expect(Array.from(traces[0]?.x ?? [])).toEqual([-0.1, 0]);
    expect(by).toEqual({ raw: [2, 1], smoothed: [4, 3], baseline: [5, Number.NaN] });
  });
});
