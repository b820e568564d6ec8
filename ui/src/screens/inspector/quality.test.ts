import { describe, expect, it } from "vitest";

import { rowOf, Series } from "../../session/series";
import { measurement } from "../../testing/measurement";
import { median, outliers, qualityOf } from "./quality";

/** The defaults of the engine. */
const RULE = { window: 11, threshold: 4 };

describe("quality", () => {
  it("has the median of odd and even counts", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it("finds what stands out of its neighbourhood, and no slope", () => {
    const line = Array.from({ length: 40 }, (_, k) => k + (k % 2) * 0.2);
    expect(outliers(line, RULE)).toEqual([]);
    line[17] = 90;
    expect(outliers(line, RULE)).toEqual([17]);
    expect(outliers(line, { ...RULE, threshold: 100 })).toEqual([]);
    line[17] = 18;
    expect(outliers(line, { ...RULE, threshold: 0.1 }).length).toBeGreaterThan(1);
  });

  it("counts by kind, with the points behind each count, and tells signal to noise and drift", () => {
    const series = new Series(1, 15);
    for (let index = 1; index <= 40; index++) {
      series.put(
        rowOf(
          measurement({
            measurement: index,
            index,
            peak_current_a: 1e-7 * (1 + 0.001 * (index % 3)),
            peak_potential_v: -0.26 - 0.0001 * index,
            snr: index,
            ...(index === 7 ? { status: "warning" as const, peak_current_a: null } : {}),
            ...(index === 9 ? { excluded: true } : {}),
            ...(index === 11 ? { marked_by_hand: "peak" as const } : {}),
            ...(index === 20 ? { peak_current_a: 5e-7 } : {}),
          }),
        ),
      );
    }
    const quality = qualityOf(series, RULE);
    const ids = Object.fromEntries(quality.groups.map(({ kind, measurements }) => [kind, measurements]));
    expect(quality.total).toBe(40);
    expect(ids.warning).toEqual([7]);
    expect(ids.excluded).toEqual([9]);
    expect(ids.marked).toEqual([11]);
    expect(ids.outlier).toEqual([20]);
    expect(ids.failed).toBeUndefined();
    expect(quality.snr).toBe(21.5);
    expect(quality.drift_v).toBeCloseTo(-0.0037, 5);
  });

  it("tells no drift of a few points", () => {
    const series = new Series(1, 15);
    series.put(rowOf(measurement()));
    expect(qualityOf(series, RULE).drift_v).toBeNull();
  });
});
