import { expect, test } from "vitest";

import { tableOf } from "../platform/columns";
import { TREND_COLUMNS, TrendStore } from "./trend-store";

function answer(...rows: [electrode: number, index: number, kdm: number][]) {
  const columns: Record<string, number[]> = { electrode: rows.map(([electrode]) => electrode) };
  for (const name of TREND_COLUMNS) columns[name] = rows.map(([, index, kdm]) => (name === "index" ? index : kdm));
  return tableOf(columns, null);
}

const kdm = (store: TrendStore, electrode: number) => [...(store.get(electrode)?.column("kdm") ?? [])];

test("an answer for a range replaces that range of every electrode", () => {
  const store = new TrendStore();
  store.take(null, answer([1, 1, 10], [1, 2, 20], [1, 3, 30], [2, 1, 1], [2, 2, 2]));
  store.take({ first: 2, last: 4 }, answer([1, 2, 21], [1, 3, 31], [1, 4, 41]));
  expect(kdm(store, 1)).toEqual([10, 21, 31, 41]);
  expect(kdm(store, 2)).toEqual([1]);
});

test("a range in the middle may grow, and what follows moves with it", () => {
  const store = new TrendStore();
  store.take(null, answer([1, 1, 1], [1, 9, 9]));
  store.take({ first: 2, last: 4 }, answer([1, 4, 4], [1, 3, 3]));
  expect([...(store.get(1)?.column("index") ?? [])]).toEqual([1, 3, 4, 9]);
  expect(kdm(store, 1)).toEqual([1, 3, 4, 9]);
  expect(store.get(1)?.positionOf(4)).toBe(2);
  expect(store.get(1)?.positionOf(5)).toBe(-1);
});

test("an answer for everything forgets what was there", () => {
  const store = new TrendStore();
  store.take(null, answer([1, 1, 1], [2, 1, 1]));
  store.take(null, answer([2, 5, 5]));
  expect(store.get(1)).toBeUndefined();
  expect(kdm(store, 2)).toEqual([5]);
});
