import { describe, expect, it } from "vitest";
import { drawnValue, gapsNear, nearestPoint, nearestRow, nearestX, nextX } from "./pick";
import { placeLabels } from "./labels";
import { GrowingExtent, valueExtent } from "./trace";
import { trace } from "./trace-fixture";

const map = { x: (v: number) => v * 10, y: (v: number) => 100 - v * 10 };
const back = (px: number) => px / 10;

describe("picking", () => {
  const line = trace([1, 2, 3, 5], [1, 2, Number.NaN, 4]);

  it("finds the nearest row and x", () => {
    expect(nearestRow(line, 2.4)).toBe(1);
    expect(nearestRow(line, -9)).toBe(0);
    expect(nearestRow(line, 99)).toBe(3);
    expect(nearestRow(trace([], []), 1)).toBe(-1);
    expect(nearestX([line, trace([4], [0])], 4.2)).toBe(4);
    expect(nearestX([], 4.2)).toBeNull();
  });

  it("steps from point to point over all traces", () => {
    const other = trace([4], [0]);
    expect(nextX([line, other], 3, 1)).toBe(4);
    expect(nextX([line, other], 4, -1)).toBe(3);
    expect(nextX([line], 5, 1)).toBeNull();
    expect(nextX([line], 1, -1)).toBeNull();
  });

  it("picks the point under the pointer and nothing far away", () => {
    expect(nearestPoint([line], map, back, 21, 79, 12)?.row).toBe(1);
    expect(nearestPoint([line], map, back, 30, 50, 5)).toBeNull();
  });

  it("picks an excluded point at its own value", () => {
    const left = trace([1, 2], [1, Number.NaN], { excluded: [1], excludedValue: () => 7 });
    expect(drawnValue(left, 1)).toBe(7);
    expect(nearestPoint([left], map, back, 20, 30, 4)?.row).toBe(1);
  });

  it("finds the gaps near a column", () => {
    expect(gapsNear([line], map, 33, 5).map((g) => g.row)).toEqual([2]);
    expect(gapsNear([line], map, 80, 5)).toEqual([]);
  });
});

describe("extents", () => {
  it("grow with added rows and start anew with a new epoch", () => {
    const extents = new GrowingExtent();
    const line = trace([1, 2, 3, 4], [5, 1, 9, -3]);
    line.length = 2;
    expect(extents.of([line])).toEqual({ x: { min: 1, max: 2 }, y: { min: 1, max: 5 } });
    line.length = 4;
    expect(extents.of([line]).y).toEqual({ min: -3, max: 9 });
    line.length = 2;
    expect(extents.of([line]).y).toEqual({ min: 1, max: 5 });
    (line.y as number[])[0] = 2;
    line.epoch++;
    expect(extents.of([line]).y).toEqual({ min: 1, max: 2 });
    expect(extents.of([])).toEqual({ x: null, y: null });
  });

  it("take in the band and leave out gaps", () => {
    const line = trace([1, 2], [5, Number.NaN], { spread: [2, 100] });
    expect(valueExtent(line, 0, 2)).toEqual({ min: 3, max: 7 });
  });
});

describe("marker labels", () => {
  it("never cover each other and stay inside", () => {
    const places = placeLabels(
      [10, 20, 30, 190].map((at_px) => ({ at_px, width_px: 50 })),
      200,
      2,
    );
    expect(places[0]).toEqual({ left_px: 14, row: 0 });
    expect(places[1]?.row).toBe(1);
    expect(places[2]).toBeNull();
    expect(places[3]).toEqual({ left_px: 136, row: 0 });
  });
});
