import { describe, expect, it } from "vitest";
import { handlesAt, Marking, placesOf, stopsOf } from "./marking.svelte";
import type { ShownSweep } from "./sweep-feed.svelte";
import { measurement } from "../../testing/measurement";
import { nearestStop, stopByKey } from "../../plot/handles";

/** Eleven points from −0.5 V to 0 V, recorded from the positive end, with a peak at −0.25 V. */
function shown(change: Partial<ShownSweep> = {}): ShownSweep {
  const potential_v = Array.from({ length: 11 }, (_, k) => -0.05 * k);
  const smoothed_a = potential_v.map((v) => 5 - Math.abs(v + 0.25) * 20);
  return {
    measurement: measurement(),
    columns: { potential_v, raw_a: smoothed_a, smoothed_a, baseline_a: [] },
    peak: { potential_v: -0.25, height_a: 5, baseline_a: 0 },
    ends: [
      { potential_v: -0.45, current_a: 1 },
      { potential_v: -0.05, current_a: 1 },
    ],
    marked: null,
    isPreview: false,
    ...change,
  };
}

describe("marking by hand", () => {
  it("begins at what the method found, with nothing marked", () => {
    const sweep = shown();
    const { potential_v } = stopsOf(sweep);
    const marking = new Marking(null);
    expect(marking.isNothing).toBe(true);
    expect(marking.isChanged).toBe(false);
    expect(placesOf(marking.points, sweep, potential_v)).toEqual({ left: -0.45, right: -0.05, peak: -0.25 });
  });

  it("puts the handles on the sweep", () => {
    const sweep = shown();
    const stops = stopsOf(sweep);
    const places = placesOf({ peak_potential_v: null, baseline_v: null }, sweep, stops.potential_v);
    const [left, right, peak] = handlesAt(places as NonNullable<typeof places>, stops);
    expect(left?.y).toBeCloseTo(1);
    expect(right?.y).toBeCloseTo(1);
    expect(peak).toMatchObject({ key: "peak", label: "Peak", x: -0.25 });
    expect(peak?.y).toBeCloseTo(5);
  });

  it("marks the baseline as a whole when one end is moved, and the ends never meet", () => {
    const sweep = shown();
    const { potential_v } = stopsOf(sweep);
    const marking = new Marking(null);
    const places = () => placesOf(marking.points, sweep, potential_v) as { left: number; right: number; peak: number };
    marking.move("left", -0.4, places(), potential_v);
    expect(marking.points).toEqual({ peak_potential_v: null, baseline_v: [-0.4, -0.05] });
    expect(marking.isChanged).toBe(true);
    marking.move("left", 0, places(), potential_v);
    expect(places().left).toBeLessThan(places().right);
    marking.move("right", -0.5, places(), potential_v);
    expect(places().left).toBeLessThan(places().right);
  });

  it("leaves a part to the method again", () => {
    const sweep = shown();
    const { potential_v } = stopsOf(sweep);
    const marking = new Marking({ peak_potential_v: -0.3, baseline_v: [-0.4, -0.1] });
    const places = placesOf(marking.points, sweep, potential_v) as { left: number; right: number; peak: number };
    expect(places).toEqual({ left: -0.4, right: -0.1, peak: -0.3 });
    marking.take("peak", false, places);
    expect(marking.points).toEqual({ peak_potential_v: null, baseline_v: [-0.4, -0.1] });
    marking.take("baseline", false, places);
    expect(marking.isNothing).toBe(true);
  });

  it("has places for handles where nothing was found", () => {
    const sweep = shown({ peak: null, ends: null });
    const places = placesOf({ peak_potential_v: null, baseline_v: null }, sweep, stopsOf(sweep).potential_v);
    expect(places?.left).toBeLessThan(places?.peak ?? Number.NaN);
    expect(places?.peak).toBeLessThan(places?.right ?? Number.NaN);
  });
});

describe("handles", () => {
  const stops = [0, 1, 2, 4, 8];

  it("stand at the nearest data point", () => {
    expect(nearestStop(stops, -5)).toBe(0);
    expect(nearestStop(stops, 2.9)).toBe(2);
    expect(nearestStop(stops, 3.1)).toBe(3);
    expect(nearestStop(stops, 99)).toBe(4);
    expect(nearestStop([], 1)).toBe(-1);
  });

  it("move by one data point with the arrow keys, as they are seen", () => {
    const key = (name: string, isReversed = false, shiftKey = false) => stopByKey({ key: name, shiftKey }, stops, 2, isReversed);
    expect(key("ArrowRight")).toBe(4);
    expect(key("ArrowLeft")).toBe(1);
    expect(key("ArrowRight", true)).toBe(1);
    expect(key("ArrowRight", false, true)).toBe(8);
    expect(key("Home")).toBe(0);
    expect(key("End", true)).toBe(0);
    expect(key("a")).toBeNull();
  });
});
