import { describe, expect, it } from "vitest";

import { aboveBaseline, hasBaseline, overlayPicture } from "./overlay";

const NONE = Number.NaN;
const SWEEP = {
  columns: { potential_v: [-0.3, -0.2, -0.1], raw_a: [1, 5, 1], smoothed_a: [1, 4, 1], baseline_a: [NONE, 1, 1] },
  peak: { potential_v: -0.2, height_a: 3, baseline_a: 1 },
};
const curve = (key: string) => ({ key, label: `${key} Hz`, colour: "#123", sweep: SWEEP });

describe("sweeps over each other", () => {
  it("are smoothed curves; the chosen one has its points and its baseline too", () => {
    const { traces } = overlayPicture([curve("10"), curve("20")], "20", 1);
    expect(traces.map(({ key }) => key)).toEqual(["20 baseline", "20 raw", "10", "20"]);
    expect(traces.find(({ key }) => key === "10")).toMatchObject({ label: "10 Hz", colour: "#123" });
    expect(overlayPicture([curve("10")], null, 1).traces).toHaveLength(1);
  });

  it("stand on zero without their baseline, where it runs", () => {
    const level = aboveBaseline(SWEEP);
    expect(Array.from(level.columns.smoothed_a)).toEqual([NONE, 3, 0]);
    expect(level.peak).toEqual({ potential_v: -0.2, height_a: 3, baseline_a: 0 });
    expect(hasBaseline(SWEEP)).toBe(true);
    expect(hasBaseline({ ...SWEEP, columns: { ...SWEEP.columns, baseline_a: [NONE, NONE, NONE] } })).toBe(false);
  });
});
