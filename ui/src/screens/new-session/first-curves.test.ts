import { expect, test } from "vitest";

import { tableOf } from "../../platform/columns";
import { cycleTraces, decayTraces, kindOf } from "./first-curves";

test("a voltammogram that folds back becomes a line for each segment, every one in ascending potential", () => {
  const table = tableOf(
    { potential_v: [0, 1, 2, 2, 1, 0], raw_a: [1, 2, 3, -3, -2, -1], baseline_a: [0, 0, 0, 0, 0, 0], segment: [1, 1, 1, 2, 2, 2] },
    null,
  );
  expect(kindOf(table)).toBe("cycles");
  const lines = cycleTraces(table, 1).filter(({ key }) => key.startsWith("segment"));
  expect(lines.map(({ label }) => label)).toEqual(["Forward, segment 1", "Reverse, segment 2"]);
  expect(lines.map(({ x }) => [...(x as Float64Array)])).toEqual([[0, 1, 2], [0, 1, 2]]);
  expect([...(lines[1]?.y as Float64Array)]).toEqual([-1, -2, -3]);
});

test("each step of a decay has its points and its fit", () => {
  const table = tableOf(
    { time_s: [0.1, 0.2, 0.1, 0.2], raw_a: [4, 3, 2, 1], fitted_a: [Number.NaN, 3, 2, 1], residual_a: [0, 0, 0, 0], step: [1, 1, 2, 2] },
    null,
  );
  expect(kindOf(table)).toBe("decay");
  expect(decayTraces(table, 1).map(({ label, length }) => [label, length])).toEqual([
    ["Step 1", 2], ["Fit 1", 2], ["Step 2", 2], ["Fit 2", 2],
  ]);
});
