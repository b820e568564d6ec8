import { describe, expect, it } from "vitest";
import { BREAK, decimate, Kept, lowerBound, upperBound, visible, type Points } from "./decimate";

function keep(points: Points, columns: number, widestStep = Infinity): number[] {
  const kept = new Kept();
  const min = points.x[0] as number;
  const max = points.x[points.length - 1] as number;
  decimate(points, 0, points.length, { min, max: max > min ? max : min + 1, columns, widestStep }, kept);
  return [...kept.at.slice(0, kept.length)];
}

function series(y: number[]): Points {
  return { x: y.map((_, k) => k), y, length: y.length };
}

describe("decimation", () => {
  it("keeps every point where there is room", () => {
    expect(keep(series([5, 1, 4, 2]), 100)).toEqual([0, 1, 2, 3]);
  });

  it("keeps a single spike among many points", () => {
    const y = new Array<number>(10_000).fill(1);
    y[7777] = 50;
    y[1234] = -50;
    const kept = keep(series(y), 100);
    expect(kept).toContain(7777);
    expect(kept).toContain(1234);
    expect(kept.length).toBeLessThanOrEqual(404);
  });

  it("leaves gaps as gaps, however narrow", () => {
    const y = new Array<number>(1000).fill(1);
    y[500] = Number.NaN;
    const kept = keep(series(y), 10);
    const at = kept.indexOf(BREAK);
    expect(kept[at - 1]).toBe(499);
    expect(kept[at + 1]).toBe(501);
    expect(keep(series([Number.NaN, Number.NaN, 1, Number.NaN, Number.NaN, 2, Number.NaN]), 10)).toEqual([2, BREAK, 5, BREAK]);
  });

  it("interrupts the line where an index is missing", () => {
    expect(keep({ x: [1, 2, 5, 6], y: [1, 1, 1, 1], length: 4 }, 100, 1.5)).toEqual([0, 1, BREAK, 2, 3]);
  });

  it("copes with nothing, one point, and only missing ones", () => {
    expect(keep(series([]), 10)).toEqual([]);
    expect(keep(series([3]), 10)).toEqual([0]);
    expect(keep(series([Number.NaN, Number.NaN]), 10)).toEqual([]);
  });

  it("follows a line that folds back", () => {
    const points = { x: [0, 1, 2, 1, 0], y: [0, 1, 2, 3, 4], length: 5 };
    const kept = new Kept();
    decimate(points, 0, 5, { min: 0, max: 2, columns: 100, widestStep: Infinity }, kept);
    expect([...kept.at.slice(0, kept.length)]).toEqual([0, 1, 2, 3, 4]);
  });

  it("keeps the first, last, lowest and highest of every column, in order, each once", () => {
    let seed = 11;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    for (let n = 0; n < 60; n++) {
      const length = 1 + Math.floor(random() * 3000);
      const columns = 1 + Math.floor(random() * 200);
      const y = Array.from({ length }, () => (random() < 0.02 ? Number.NaN : random()));
      const points = series(y);
      const kept = keep(points, columns);
      const real = kept.filter((k) => k !== BREAK);
      let wrong = real.filter((k, i) => (i > 0 && k <= (real[i - 1] as number)) || !Number.isFinite(y[k])).length;
      const keptSet = new Set(real);
      // Whatever is not kept lies, within its column, between kept neighbours in time and in value.
      const perUnit = columns / Math.max(1, length - 1);
      const span = new Map<number, [number, number]>();
      for (const k of real) {
        const c = Math.floor(k * perUnit);
        const v = y[k] as number;
        const s = span.get(c) ?? [v, v];
        span.set(c, [Math.min(s[0], v), Math.max(s[1], v)]);
      }
      y.forEach((v, k) => {
        if (!Number.isFinite(v) || keptSet.has(k)) return;
        const s = span.get(Math.floor(k * perUnit));
        if (s === undefined || v < s[0] || v > s[1]) wrong++;
      });
      // A line never bridges a missing value.
      let previous = -1;
      let broken = true;
      for (const k of kept) {
        if (k === BREAK) broken = true;
        else {
          if (!broken) for (let i = previous; i <= k; i++) if (!Number.isFinite(y[i])) wrong++;
          previous = k;
          broken = false;
        }
      }
      expect(wrong).toBe(0);
    }
  });
});

describe("what is in view", () => {
  it("takes in one neighbour on each side", () => {
    const points = series([0, 1, 2, 3, 4, 5]);
    expect(visible(points, 2, 3)).toEqual([1, 5]);
    expect(visible(points, -5, 50)).toEqual([0, 6]);
    expect(visible(points, 2.2, 2.4)).toEqual([2, 4]);
  });

  it("finds positions in ascending values", () => {
    expect(lowerBound([1, 3, 3, 5], 4, 3)).toBe(1);
    expect(upperBound([1, 3, 3, 5], 4, 3)).toBe(3);
    expect(lowerBound([], 0, 3)).toBe(0);
  });
});
