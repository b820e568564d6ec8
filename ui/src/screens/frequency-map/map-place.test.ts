import { describe, expect, it } from "vitest";

import { rowOf, Series } from "../../session/series";
import { measurement } from "../../testing/measurement";
import { shownPosition } from "../swv/selection";
import { distinctFrequencies, indicesOf, isSameFrequency, mapWord, rowIn, shownIndex } from "./map-place";

function series(frequency_hz: number, indices: readonly (number | null)[], electrode: number | null = 1): Series {
  const made = new Series(electrode, frequency_hz);
  indices.forEach((index, k) => made.put(rowOf(measurement({ measurement: 10 + k, index, frequency_hz, electrode }))));
  return made;
}

describe("which map is shown", () => {
  it("is the newest, or the newest up to where the viewer stands", () => {
    const indices = indicesOf([series(10, [1, 2]), series(20, [1, 2, 5])]);
    expect(indices).toEqual([1, 2, 5]);
    expect(shownIndex(indices, null)).toBe(5);
    expect(shownIndex(indices, 4)).toBe(2);
    expect(shownIndex(indices, 0)).toBe(1);
    expect(shownIndex([], null)).toBeNull();
  });

  it("is one map where files state no number, and comes before numbered ones", () => {
    expect(indicesOf([series(10, [null]), series(20, [3])])).toEqual([null, 3]);
    expect(shownIndex([null], null)).toBeNull();
    expect(shownIndex([null, 3], 2)).toBeNull();
    expect([mapWord(3), mapWord(null)]).toEqual(["Map 3", "Map without a number"]);
  });

  it("has no place for files that could not be used", () => {
    expect(indicesOf([series(10, [7], null)])).toEqual([]);
  });
});

describe("the measurement of a map", () => {
  it("is the one with its index, or the last without one", () => {
    const own = series(10, [1, null, 2, null]);
    expect(rowIn(own, 2)?.measurement).toBe(12);
    expect(rowIn(own, null)?.measurement).toBe(13);
    expect(rowIn(own, 9)).toBeNull();
    expect(rowIn(series(10, [1]), null)).toBeNull();
    expect(rowIn(undefined, 1)).toBeNull();
    // The card of a sweep finds the same one.
    expect(shownPosition(own, Number.NaN, null)).toBe(3);
    expect(shownPosition(series(10, [1]), Number.NaN, null)).toBe(-1);
  });
});

describe("frequencies", () => {
  it("that names round are one, as in the engine", () => {
    expect(isSameFrequency(15, 15.001)).toBe(true);
    expect(isSameFrequency(15, 15.01)).toBe(false);
    expect(distinctFrequencies([200, 15.0001, 15, 0, -1])).toEqual([15, 200]);
  });
});
