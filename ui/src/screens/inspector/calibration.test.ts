import { describe, expect, it } from "vitest";

import type { CalibrationSettings } from "../../protocol/CalibrationSettings";
import type { Marker } from "../../protocol/Marker";
import type { SessionCalibration } from "../../protocol/SessionCalibration";
import { curveOf, keptCurves, stepOf, stepsOfMarkers, typed, valueAt } from "./calibration";

const FITTED = {
  electrode: 2, response: "kdm_difference", drift_corrected: false, y_min: 100, y_max: 150, k_m: 3e-6, hill: 1, lowest_m: 0, highest_m: 3e-5,
  covariance: [[1]], residual_deviation: 0.5, degrees_of_freedom: 4,
} as unknown as SessionCalibration;

describe("calibration", () => {
  it("is at the blank without target, half way at K, and near saturation far above", () => {
    const curve = { y_min: 100, y_max: 150, k_m: 3e-6, hill: 2 };
    expect(valueAt(curve, 0)).toBe(100);
    expect(valueAt(curve, 3e-6)).toBeCloseTo(125);
    expect(valueAt(curve, 3)).toBeCloseTo(150);
  });

  it("keeps fitted curves as settings, and nothing where none was fitted", () => {
    expect(curveOf(FITTED)).toMatchObject({ electrode: 2, k_m: 3e-6, degrees_of_freedom: 4 });
    expect(curveOf({ ...FITTED, k_m: null })).toBeNull();
    const settings = { source: "markers", curves: [] } as unknown as CalibrationSettings;
    expect(keptCurves(settings, [FITTED])).toMatchObject({ source: "curves", curves: [{ electrode: 2 }] });
    expect(keptCurves(settings, [{ ...FITTED, y_max: null }])).toBeNull();
  });

  it("makes steps of markers, each up to the next", () => {
    const marker = (index: number, concentration_m?: number): Marker => ({
      id: String(index), kind: "injection", index, label: "", ...(concentration_m === undefined ? {} : { concentration_m }),
    });
    expect(stepsOfMarkers([marker(1, 0), marker(10.5, 1e-6), marker(20)], 99)).toEqual([
      { concentration_m: 0, first_index: 1, last_index: 10 },
      { concentration_m: 1e-6, first_index: 11, last_index: 19 },
    ]);
  });

  it("reads typed steps, and says what is wrong with them", () => {
    expect(stepOf({ concentration: "2,5", first: "1", last: "9" })).toEqual({ concentration_m: 2.5e-6, first_index: 1, last_index: 9 });
    expect(stepOf({ concentration: "", first: "1", last: "9" })).toMatch(/in µM/);
    expect(stepOf({ concentration: "1", first: "1.5", last: "9" })).toMatch(/whole numbers/);
    expect(stepOf({ concentration: "1", first: "9", last: "1" })).toMatch(/not before/);
    expect(typed({ concentration_m: 3e-6, first_index: 4, last_index: 5 })).toEqual({ concentration: "3", first: "4", last: "5" });
  });
});
