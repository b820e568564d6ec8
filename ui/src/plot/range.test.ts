import { describe, expect, it } from "vitest";
import { autoscale, extent, kept, panned, runAhead, sameRange, union, zoomed, type Range } from "./range";

describe("automatic range of values", () => {
  it("holds the data with some room and round edges", () => {
    const range = autoscale(null, { min: 1.03e-7, max: 2.48e-7 });
    expect(range.min).toBeLessThan(1.03e-7);
    expect(range.max).toBeGreaterThan(2.48e-7);
    expect((range.max * 1e9) % 10).toBeCloseTo(0, 6);
  });

  it("stays while the data fits", () => {
    const range = autoscale(null, { min: 0, max: 10 });
    expect(autoscale(range, { min: 1, max: 9 })).toBe(range);
    expect(autoscale(range, { min: 4, max: 9 })).toBe(range);
  });

  it("moves only the side that was crossed, and further than needed", () => {
    const range = autoscale(null, { min: 0, max: 10 });
    const grown = autoscale(range, { min: 0, max: 11.2 });
    expect(grown.min).toBe(range.min);
    expect(grown.max).toBeGreaterThan(13);
    expect(autoscale(grown, { min: 0, max: 13 })).toBe(grown);
  });

  it("closes in when the data has become small", () => {
    const range = autoscale(null, { min: 0, max: 100 });
    const closer = autoscale(range, { min: 10, max: 20 });
    expect(closer.max).toBeLessThan(25);
  });

  it("has an extent for one value, for zeros, and without data", () => {
    const one = autoscale(null, { min: 2e-7, max: 2e-7 });
    expect(one.min).toBeLessThan(2e-7);
    expect(one.max).toBeGreaterThan(2e-7);
    const zeros = autoscale(null, { min: 0, max: 0 });
    expect(zeros.max).toBeGreaterThan(zeros.min);
    expect(autoscale(null, null)).toEqual({ min: 0, max: 1 });
  });

  it("changes rarely while a noisy signal grows to a hundred times its size", () => {
    let seed = 3;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    let range: Range | null = null;
    let data: Range | null = null;
    let changes = 0;
    let outside = 0;
    for (let k = 1; k <= 5000; k++) {
      const value = 1e-9 * (1 + (k / 50) * (1 + 0.1 * random()));
      data = union(data, { min: value, max: value });
      const next = autoscale(range, data);
      if (!sameRange(next, range)) changes++;
      range = next;
      if (data && (range.min > data.min || range.max < data.max)) outside++;
    }
    expect(outside).toBe(0);
    expect(changes).toBeLessThan(40);
  });
});

describe("range of a growing series", () => {
  it("starts at the first value and runs ahead in few steps, always well filled", () => {
    let range: Range | null = null;
    let changes = 0;
    let wrong = 0;
    for (let k = 1; k <= 2000; k++) {
      const next = runAhead(range, { min: 1, max: k }, 10);
      if (!sameRange(next, range)) changes++;
      range = next;
      if (range.min > 1 || range.min < 1 - 0.02 * (range.max - 1) || range.max < k) wrong++;
      if (k > 40 && (k - 1) / (range.max - range.min) < 0.8) wrong++;
    }
    expect(wrong).toBe(0);
    expect(changes).toBeLessThan(70);
  });

  it("ends where the series is known to end", () => {
    expect(runAhead(null, { min: 1, max: 96 }, 10, 100).max).toBeCloseTo(100.99, 9);
    expect(runAhead(null, { min: 1, max: 104 }, 10, 100).max).toBeCloseTo(105.03, 9);
  });

  it("starts anew when the data begins elsewhere or became short", () => {
    const range = runAhead(null, { min: 1, max: 1000 }, 10);
    expect(runAhead(range, { min: 1, max: 20 }, 10).max).toBeLessThan(30);
    expect(runAhead(range, { min: 500, max: 1000 }, 10).min).toBeGreaterThan(490);
  });
});

describe("zooming and panning", () => {
  it("keeps the point under the pointer where it is", () => {
    const range = zoomed({ min: 0, max: 10 }, 2, 0.5);
    expect(range).toEqual({ min: 1, max: 6 });
    expect(panned(range, 1)).toEqual({ min: 2, max: 7 });
  });

  it("never loses the data nor becomes absurdly narrow or wide", () => {
    const limits = { min: 0, max: 100 };
    expect(kept({ min: 500, max: 600 }, limits, 1).min).toBeLessThan(100);
    expect(kept({ min: -600, max: -500 }, limits, 1).max).toBeGreaterThan(0);
    const narrow = kept({ min: 50, max: 50 }, limits, 1);
    expect(narrow.max - narrow.min).toBe(1);
    const wide = kept({ min: -1e6, max: 1e6 }, limits, 1);
    expect(wide.max - wide.min).toBe(200);
  });
});

describe("extent", () => {
  it("skips what is missing", () => {
    expect(extent([Number.NaN, 3, -1, Number.NaN, Infinity])).toEqual({ min: -1, max: 3 });
    expect(extent([Number.NaN])).toBeNull();
    expect(extent([])).toBeNull();
    expect(extent([5, 1, 9], 1, 2)).toEqual({ min: 1, max: 1 });
  });
});
