import type { SessionCalibration } from "../../protocol/SessionCalibration";

/** The binding curve that the demo pretends to have fitted: enough to see every screen; the engine fits in Rust. */
const CURVE = { y_min: 100, y_max: 150, k_m: 8e-6, hill: 1 };

/** The concentration that belongs to a response; not a number beyond the curve. */
export function concentrationOf(kdm: number): number {
  const share = (kdm - CURVE.y_min) / (CURVE.y_max - CURVE.y_min);
  return share > 0 && share < 1 ? (CURVE.k_m * share) / (1 - share) : Number.NaN;
}

export function demoCalibration(electrode: number): SessionCalibration {
  const points = [0, 1e-6, 3e-6, 1e-5, 3e-5].map((concentration_m, k) => {
    const value = CURVE.y_min + ((CURVE.y_max - CURVE.y_min) * concentration_m) / (concentration_m + CURVE.k_m);
    return { electrode, concentration_m, value: value + 0.3 * Math.sin(5 * k + electrode), count: 56, deviation: 0.9, residual: 0.3 };
  });
  const { y_min, y_max, k_m, hill } = CURVE;
  return {
    electrode, pooled: false, response: "kdm_difference", drift_corrected: false, k_m, k_error_m: 3e-7, k_low_m: 7.3e-6, k_high_m: 8.8e-6,
    y_min, y_min_error: 0.2, y_min_low: 99.5, y_min_high: 100.4, y_max, y_max_error: 0.6, y_max_low: 148.6, y_max_high: 151.5,
    hill, hill_error: null, hill_low: null, hill_high: null, limit_of_detection_m: 4.6e-7, blank_deviation: 0.9, blank_source: "scans",
    limit_of_detection_reason: null, dynamic_range_low_m: k_m / 9, dynamic_range_high_m: 9 * k_m, r_squared: 0.9987, residual_deviation: 0.4,
    degrees_of_freedom: 2, confidence: 0.95, lowest_m: 0, highest_m: 3e-5, covariance: [], points, steps_without_value_m: [], reason: null,
    message: null,
  };
}
