/** Every number of a measurement, named, for the inspector: also those that no plot shows. */

import { quantity, significant, type Unit } from "../../plot/si";
import type { AnyMeasurement } from "../../session/series";

export interface PointNumber {
  name: string;
  /** With its unit, and its standard error where it has one. */
  text: string;
}

type NumberKey = { [Key in keyof AnyMeasurement]-?: NonNullable<AnyMeasurement[Key]> extends number ? Key : never }[keyof AnyMeasurement];

/** Key, name, unit, and the key of its standard error. What a technique does not have is left out; what was not found is a dash. */
const NUMBERS: readonly (readonly [NumberKey, string, Unit, NumberKey?])[] = [
  ["peak_current_a", "Peak current", "A", "peak_current_error_a"],
  ["peak_potential_v", "Peak potential", "V", "peak_potential_error_v"],
  ["baseline_current_a", "Baseline under it", "A"],
  ["area_va", "Area", "VA"],
  ["charge_c", "Charge", "C"],
  ["fwhm_v", "Width at half height", "V"],
  ["half_wave_potential_v", "Half-wave potential", "V"],
  ["peak_separation_v", "Peak separation", "V"],
  ["half_peak_potential_v", "Half-peak potential", "V"],
  ["peak_width_v", "Peak to half peak", "V"],
  ["peak_ratio", "Ratio of the peaks", ""],
  ["surface_coverage_mol_m2", "Surface coverage", "mol/m²"],
  ["hysteresis_va", "Hysteresis", "VA"],
  ["scan_rate_v_s", "Scan rate", "V/s"],
  ["tau1_s", "Lifetime τ₁", "s", "tau1_error_s"],
  ["tau2_s", "Lifetime τ₂", "s", "tau2_error_s"],
  ["half_life1_s", "Half-life 1", "s", "half_life1_error_s"],
  ["half_life2_s", "Half-life 2", "s", "half_life2_error_s"],
  ["amplitude1_a", "Amplitude A₁", "A", "amplitude1_error_a"],
  ["amplitude2_a", "Amplitude A₂", "A", "amplitude2_error_a"],
  ["offset_a", "Offset", "A", "offset_error_a"],
  ["r_squared", "R² of the fit", ""],
  ["residual_deviation_a", "Residuals, SD", "A"],
  ["residual_correlation", "Residuals, correlation", ""],
  ["fit_start_s", "Fitted from", "s"],
  ["fit_end_s", "Fitted to", "s"],
  ["step_potential_v", "Potential of the step", "V"],
  ["step_start_s", "Step began at", "s"],
  ["cottrell_slope_a_sqrt_s", "Cottrell slope", "A√s", "cottrell_slope_error_a_sqrt_s"],
  ["diffusion_m2_s", "Diffusion coefficient", "m²/s", "diffusion_error_m2_s"],
  ["snr", "Signal to noise", ""],
];

const PEAK_KEYS: readonly NumberKey[] = ["peak_current_a", "peak_potential_v", "baseline_current_a", "area_va", "charge_c", "fwhm_v"];

export function pointNumbers(measurement: AnyMeasurement): PointNumber[] {
  const isDecay = measurement.tau1_s !== undefined;
  return NUMBERS.filter(([key]) => measurement[key] !== undefined && !(isDecay && PEAK_KEYS.includes(key))).map(([key, name, unit, errorKey]) => {
    const value = measurement[key] ?? null;
    const error = errorKey === undefined ? null : (measurement[errorKey] ?? null);
    const text = unit === "" ? (value === null ? "–" : significant(value, 4)) : quantity(value, unit, 4);
    return { name, text: value === null || error === null ? text : `${text} ± ${quantity(error, unit, 2)}` };
  });
}

/** What came before them: which part of the file, and which of several peaks. */
export function partWords({ segment, cycle, direction, process, step, peak }: AnyMeasurement): string {
  return [
    segment == null ? "" : `segment ${segment}`,
    cycle == null ? "" : `cycle ${cycle}`,
    direction ?? "",
    process ?? "",
    step == null ? "" : `step ${step}`,
    peak === undefined ? "" : `peak ${peak} of 2`,
  ].filter(Boolean).join(", ");
}
