import { expect, test } from "vitest";

import { measurement } from "../testing/measurement";
import { rowOf, Series } from "./series";

const row = (index: number | null, id: number, peak_current_a = index ?? 0) =>
  rowOf(measurement({ index, measurement: id, peak_current_a }));

function seriesOf(...places: [index: number | null, id: number][]): Series {
  const series = new Series(1, 15);
  for (const [index, id] of places) series.put(row(index, id));
  return series;
}

test("rows that come in any order are read by index, those without one last", () => {
  const series = seriesOf([5, 50], [1, 10], [null, 99], [3, 30], [2, 20], [4, 40]);
  expect([...series.column("index")]).toEqual([1, 2, 3, 4, 5, Number.NaN]);
  expect([...series.column("measurement")]).toEqual([10, 20, 30, 40, 50, 99]);
});

test("late rows merge whatever was read in between", () => {
  const series = seriesOf([10, 1]);
  for (let k = 2; k <= 200; k += 1) {
    series.put(row(((k * 7919) % 1009) + 11, k));
    if (k % 17 === 0) expect(series.length).toBe(k);
  }
  const index = [...series.column("index")];
  expect(index).toEqual([...index].sort((a, b) => a - b));
  expect(new Set(series.column("measurement")).size).toBe(200);
});

test("a row with a known id replaces that row, also while it waits", () => {
  const series = seriesOf([1, 10], [2, 20], [3, 30]);
  series.put(row(2, 20, 7));
  series.put(row(2, 20, 8));
  expect(series.length).toBe(3);
  expect(series.row(1)?.peak_current_a).toBe(8);
});

test("missing numbers are NaN, never 0", () => {
  const series = new Series(1, 15);
  series.put(rowOf(measurement({ peak_current_a: null, time: null, quality: null })));
  expect(series.row(0)).toMatchObject({ peak_current_a: Number.NaN, time_s: Number.NaN, quality: Number.NaN });
});

test("removed rows are gone and their places are closed", () => {
  const series = seriesOf([1, 10], [2, 20], [3, 30], [4, 40]);
  series.remove(20);
  series.remove(40);
  expect([...series.column("measurement")]).toEqual([10, 30]);
});

test("a row that was removed and comes again is there", () => {
  const series = seriesOf([1, 10], [2, 20]);
  series.remove(10);
  series.put(row(1, 10));
  expect([...series.column("measurement")]).toEqual([10, 20]);
});

test("positions are found by index", () => {
  const series = seriesOf([2, 20], [4, 40], [4, 41], [8, 80]);
  expect(series.positionAtLeast(3)).toBe(1);
  expect(series.positionOf(3)).toBe(-1);
  expect(series.positionOf(8)).toBe(3);
  expect(series.idsAt(4)).toEqual([40, 41]);
});

test("of several files with one index the one that counts in trends is found", () => {
  const series = seriesOf([4, 40]);
  series.put(rowOf(measurement({ index: 4, measurement: 41, reason: "duplicate_index" })));
  expect(series.positionOf(4)).toBe(0);
});
