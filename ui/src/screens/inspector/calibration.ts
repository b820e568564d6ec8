/** Calibration curves: from what the engine fitted to what is drawn, kept and told. */

import type { CalibrationCurve } from "../../protocol/CalibrationCurve";
import type { CalibrationSettings } from "../../protocol/CalibrationSettings";
import type { CalibrationStep } from "../../protocol/CalibrationStep";
import type { Marker } from "../../protocol/Marker";
import type { SessionCalibration } from "../../protocol/SessionCalibration";

/** Where a calibration curve can come from. */
export const CALIBRATION_SOURCES: readonly [CalibrationSettings["source"], string][] = [
  ["off", "None"],
  ["markers", "Markers with a concentration"],
  ["steps", "Steps that are typed here"],
  ["curves", "Kept curves"],
];

/** Concentrations are typed and read in µM: so many make one mol/L. Dividing by a whole number gives the number that was typed, to the last digit. */
export const MICROMOLAR_IN_MOLAR = 1e6;

/** y_min + (y_max − y_min)·Cⁿ/(Cⁿ + Kⁿ). */
export function valueAt(curve: Pick<CalibrationCurve, "y_min" | "y_max" | "k_m" | "hill">, concentration_m: number): number {
  const { y_min, y_max, k_m, hill } = curve;
  if (concentration_m <= 0) return y_min;
  return y_min + (y_max - y_min) / (1 + (k_m / concentration_m) ** hill);
}

/** A fitted curve as settings keep it; null where there is none. */
export function curveOf(fitted: SessionCalibration): CalibrationCurve | null {
  const { electrode, response, drift_corrected, y_min, y_max, k_m, hill, lowest_m, highest_m, covariance } = fitted;
  if (y_min === null || y_max === null || k_m === null || hill === null || lowest_m === null || highest_m === null) return null;
  return {
    ...(electrode === null ? {} : { electrode }),
    ...(response === null ? {} : { response }),
    drift_corrected,
    y_min, y_max, k_m, hill, lowest_m, highest_m, covariance,
    residual_deviation: fitted.residual_deviation ?? 0,
    degrees_of_freedom: fitted.degrees_of_freedom ?? 0,
  };
}

/** Settings that go on with these curves instead of fitting them anew; null where there is no curve. */
export function keptCurves(settings: CalibrationSettings, fitted: readonly SessionCalibration[]): CalibrationSettings | null {
  const curves = fitted.map(curveOf).filter((curve) => curve !== null);
  return curves.length === 0 ? null : { ...settings, source: "curves", curves };
}

/** The steps that markers with concentrations stand for, as typed steps. */
export function stepsOfMarkers(markers: readonly Marker[], lastIndex: number): CalibrationStep[] {
  const starts = markers.filter(({ kind, concentration_m }) => kind === "injection" || concentration_m !== undefined);
  return starts.flatMap(({ index, concentration_m }, k) => {
    if (concentration_m === undefined) return [];
    const first_index = Math.max(1, Math.ceil(index));
    const next = starts[k + 1]?.index;
    const last_index = next === undefined ? lastIndex : Math.ceil(next) - 1;
    return last_index < first_index ? [] : [{ concentration_m, first_index, last_index }];
  });
}

/** A concentration as it is typed, in µM. */
export function micromolarText(concentration_m: number): string {
  return String(Number((concentration_m * MICROMOLAR_IN_MOLAR).toPrecision(12)));
}

/** A step as it is typed: texts, so that nothing is lost while it is not a number yet. */
export interface TypedStep {
  concentration: string;
  first: string;
  last: string;
}

export function typed({ concentration_m, first_index, last_index }: CalibrationStep): TypedStep {
  return {
    concentration: micromolarText(concentration_m),
    first: String(first_index),
    last: String(last_index),
  };
}

/** The step that was typed, or what is wrong with it. */
export function stepOf({ concentration, first, last }: TypedStep): CalibrationStep | string {
  const number = (text: string) => (text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", ".")));
  const micromolar = number(concentration);
  if (!(micromolar >= 0)) return "A concentration is a number from 0, in µM.";
  const [first_index, last_index] = [number(first), number(last)];
  if (!Number.isSafeInteger(first_index) || !Number.isSafeInteger(last_index) || first_index < 0) return "Files are counted in whole numbers.";
  if (last_index < first_index) return "The last file of a step is not before its first.";
  return { concentration_m: micromolar / MICROMOLAR_IN_MOLAR, first_index, last_index };
}
