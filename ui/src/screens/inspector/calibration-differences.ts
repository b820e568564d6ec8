/** What is not as it was in a calibration, in words: it has a panel of its own, and no fields among the settings. */

import type { CalibrationSettings } from "../../protocol/CalibrationSettings";
import { significant } from "../../plot/si";
import { counted } from "../../words";
import { CALIBRATION_SOURCES, micromolarText } from "./calibration";
import type { Changed } from "./differences";

type Words = (calibration: CalibrationSettings) => string;

const TOLD: readonly [string, Words][] = [
  ["Where the curve comes from", ({ source }) => CALIBRATION_SOURCES.find(([known]) => known === source)?.[1] ?? source],
  ["Hill coefficient", ({ hill, hill_coefficient }) => (hill === "fitted" ? "fitted" : significant(hill_coefficient, 3))],
  ["One curve for all electrodes", ({ pooled }) => (pooled ? "yes" : "no")],
  ["Points of a step", ({ values }) => (values === "mean" ? "their mean" : "each")],
  ["Weights", ({ weighting }) => weighting.replaceAll("_", " ")],
  ["Intervals", ({ confidence }) => `${significant(confidence * 100, 3)} %`],
  ["Files left out after an addition", ({ settling }) => String(settling)],
  ["Steps", ({ steps }) => steps.map(({ concentration_m, first_index, last_index }) => `${micromolarText(concentration_m)} µM in files ${first_index} to ${last_index}`).join(", ") || "none"],
];

/** A line for each part that differs. */
export function calibrationChanged(before: CalibrationSettings, after: CalibrationSettings): Changed[] {
  const changed = TOLD.map(([name, words]) => ({ name: `Calibration / ${name}`, from: words(before), to: words(after) })).filter(({ from, to }) => from !== to);
  if (JSON.stringify(before.curves) !== JSON.stringify(after.curves)) {
    changed.push({ name: "Calibration / Kept curves", from: counted(before.curves.length, "curve"), to: counted(after.curves.length, "other curve") });
  }
  return changed;
}
