import { describe, expect, it } from "vitest";

import { frequencyAxis } from "../../plot/along-axes";
import { tracesTabbed } from "../../plot/take-away";
import type { MapChanges } from "../../protocol/MapChanges";
import type { MapPoint } from "../../protocol/MapPoint";
import type { MeanAndSpread } from "../../protocol/MeanAndSpread";
import type { NamedMap } from "../../protocol/NamedMap";
import { changeCurve, changeReason, electrodesIn, frequenciesIn, mapCurve, meanCurve } from "./curves";

const spread = (mean: number | null, sd: number | null = null): MeanAndSpread => ({ count: mean === null ? 0 : 2, mean, sd, se: null, interval_95: null });

function point(frequency_hz: number, current: number | null, reason: string | null = null, electrode = 1): MapPoint {
  const charge_c = current === null ? null : current / frequency_hz;
  return {
    frequency_hz, electrode, peak_current_a: current, charge_c, peak_potential_v: -0.3, repeats: 1, peak_current_sd_a: null, reason,
  };
}

const MAP: NamedMap = {
  name: "run", session: "s", index: 1, complete: false,
  points: [point(10, 1e-6), point(100, null, "no_peak"), point(200, null, "not_measured")],
  means: [10, 100, 200].map((frequency_hz) => ({
    frequency_hz, peak_current_a: spread(frequency_hz === 100 ? null : 2e-6, 1e-7), charge_c: spread(2e-7), peak_potential_v: spread(-0.3),
  })),
};
const LOOK = { key: "k", label: "E1", colour: "#000" };
const ALL_HZ = [10, 100, 200, 500];

describe("curves of a map", () => {
  it("stand at the logarithm of the frequency, and are copied with the frequency itself", () => {
    const curve = mapCurve(MAP, 1, "charge", ALL_HZ, LOOK, false, 1);
    expect(Array.from(curve.x as Float64Array).slice(0, 2)).toEqual([1, 2]);
    expect(curve.y[0]).toBeCloseTo(1e-7, 12);
    expect(tracesTabbed("Frequency (Hz)", "Charge (C)", [curve]).split("\n").slice(0, 2)).toEqual(["Frequency (Hz)\tCharge (C) E1", "10\t1e-7"]);
  });

  it("mark missing numbers with their reason, but not what may still come or belongs to no map", () => {
    const growing = mapCurve(MAP, 1, "current", ALL_HZ, LOOK, true, 1);
    expect([growing.gaps, growing.reasonAt(1)]).toEqual([[1], "no_peak"]);
    expect(Number.isNaN(growing.y[1])).toBe(true);
    const over = mapCurve(MAP, 1, "current", ALL_HZ, LOOK, false, 1);
    expect([over.gaps, over.reasonAt(2), over.reasonAt(3)]).toEqual([[1, 2], "not_measured", null]);
  });

  it("ring points that were excluded, at what was measured there", () => {
    const map: NamedMap = { ...MAP, points: [point(10, 1e-6), point(100, null, "excluded")] };
    const at = () => ({ peak_current_a: 5e-6, peak_potential_v: -0.3 });
    const curve = mapCurve(map, 1, "charge", ALL_HZ, LOOK, false, 1, at);
    expect([curve.excluded, curve.excludedValue(1), curve.gaps]).toEqual([[1], 5e-6 / 100, []]);
    expect(Number.isNaN(curve.y[1])).toBe(true);
    expect(mapCurve(map, 1, "charge", ALL_HZ, LOOK, false, 1).gaps).toEqual([1]);
  });

  it("have the engine's mean and standard deviation", () => {
    const mean = meanCurve(MAP, "current", ALL_HZ, LOOK, 1);
    expect([mean.y[0], mean.spread?.[0], mean.electrode]).toEqual([2e-6, 1e-7, undefined]);
    expect([Number.isNaN(mean.y[1]), Number.isNaN(mean.y[3])]).toEqual([true, true]);
  });

  it("are of the electrodes and frequencies that there are", () => {
    expect(electrodesIn([MAP, { ...MAP, points: [point(10, 1, null, 3)] }])).toEqual([1, 3]);
    expect(frequenciesIn([MAP])).toEqual([10, 100, 200]);
  });
});

describe("curves of changes", () => {
  const none = { difference_a: null, charge_difference_c: null, potential_shift_v: null, ratio: null, gain: null };
  const changes: MapChanges = {
    first: "a", map: "b", pair: null, pair_reason: null, pair_message: null,
    points: [
      { frequency_hz: 10, electrode: 1, difference_a: -2e-7, charge_difference_c: -2e-8, potential_shift_v: 0, ratio: 0.8, gain: -0.2, reason: null },
      { frequency_hz: 100, electrode: 1, ...none, reason: "missing_in_second" },
      { frequency_hz: 200, electrode: 1, ...none, reason: "missing_in_both" },
    ],
    means: [{
      frequency_hz: 10, difference_a: spread(-2e-7), charge_difference_c: spread(-2e-8), potential_shift_v: spread(0), ratio: spread(0.8),
      gain: spread(-0.2, 0.01),
    }],
  };

  it("give the gain in per cent, the mean's with its spread", () => {
    expect(changeCurve(changes, 1, "gain", ALL_HZ, LOOK, 1).y[0]).toBe(-20);
    const mean = changeCurve(changes, undefined, "gain", ALL_HZ, LOOK, 1);
    expect([mean.y[0], mean.spread?.[0]]).toEqual([-20, 1]);
    expect(changeCurve(changes, 1, "charge_difference", ALL_HZ, LOOK, 1).y[0]).toBe(-2e-8);
  });

  it("say what is missing", () => {
    const curve = changeCurve(changes, 1, "difference", ALL_HZ, LOOK, 1);
    expect(curve.gaps).toEqual([1]);
    expect(changeReason(curve.reasonAt(1))).toBe("This map has no number here.");
    expect(changeReason("something_new")).toBe("There is no number here.");
  });
});

describe("the axis of frequencies", () => {
  it("has its numbers at round frequencies and reads in hertz", () => {
    const axis = frequencyAxis();
    const range = axis.range(null, { min: 1, max: Math.log10(500) });
    expect(range.min).toBeLessThan(1);
    const { at, text } = axis.ticks(range, 6);
    expect(text.filter(Boolean)).toEqual(["10", "20", "50", "100", "200", "500"]);
    expect(10 ** (at[text.indexOf("200")] as number)).toBeCloseTo(200, 9);
    expect(axis.reads(Math.log10(15))).toBe("15\u202fHz");
  });

  it("has room around a single frequency", () => {
    const { min, max } = frequencyAxis().range(null, { min: 2, max: 2 });
    expect([min < 2, max > 2]).toEqual([true, true]);
  });
});
