/** What of sessions can be compared: the numbers that each technique has trends of. */

import type { Unit } from "../../plot/si";
import type { Technique } from "../../protocol/Technique";
import type { TrendQuantity } from "../swv/trend-panels";

/** A column of the engine's series, of the rows that it is read from. */
export interface ColumnChoice {
  column: string;
  /** Only of peaks of this process: 0 anodic, 1 cathodic. */
  process?: 0 | 1;
}

/** One quantity, and where its numbers come from. */
export interface Quantity {
  key: string;
  /** On its button. */
  word: string;
  /** Above its plot. */
  title: string;
  unit: Unit;
  /** Of copied data, in SI base units. */
  heading: string;
  /** Whether its plot is put away until it is asked for. */
  isAside?: boolean;
  of: { trend: TrendQuantity | "area" | "concentration" } | ColumnChoice;
}

const swv: readonly Quantity[] = [
  { key: "peak", word: "Current", title: "Peak current", unit: "A", heading: "Peak current (A)", of: { trend: "peak" } },
  { key: "area", word: "Area", title: "Peak area", unit: "VA", heading: "Peak area (V·A)", isAside: true, of: { trend: "area" } },
  { key: "normalised", word: "Normalised", title: "Normalised", unit: "", heading: "Normalised", of: { trend: "normalised" } },
  { key: "ratio", word: "Ratio", title: "Ratio, high over low frequency", unit: "", heading: "Ratio", isAside: true, of: { trend: "ratio" } },
  { key: "kdm", word: "KDM", title: "KDM", unit: "%", heading: "KDM (%)", of: { trend: "kdm" } },
  {
    key: "concentration", word: "Concentration", title: "Concentration", unit: "M", heading: "Concentration (mol/L)", isAside: true,
    of: { trend: "concentration" },
  },
  {
    key: "potential", word: "Potential", title: "Peak potential", unit: "V", heading: "Peak potential (V)", isAside: true,
    of: { trend: "potential" },
  },
];

const cv: readonly Quantity[] = [
  { key: "anodic", word: "Anodic", title: "Anodic peak current", unit: "A", heading: "Anodic peak current (A)", of: { column: "peak_current_a", process: 0 } },
  { key: "cathodic", word: "Cathodic", title: "Cathodic peak current", unit: "A", heading: "Cathodic peak current (A)", of: { column: "peak_current_a", process: 1 } },
  { key: "separation", word: "Separation", title: "Peak separation", unit: "V", heading: "Peak separation (V)", of: { column: "peak_separation_v" } },
  { key: "half-wave", word: "Half-wave", title: "Half-wave potential", unit: "V", heading: "Half-wave potential (V)", of: { column: "half_wave_potential_v" } },
  { key: "anodic-potential", word: "Anodic potential", title: "Anodic peak potential", unit: "V", heading: "Anodic peak potential (V)", isAside: true, of: { column: "peak_potential_v", process: 0 } },
  { key: "cathodic-potential", word: "Cathodic potential", title: "Cathodic peak potential", unit: "V", heading: "Cathodic peak potential (V)", isAside: true, of: { column: "peak_potential_v", process: 1 } },
  { key: "charge", word: "Charge", title: "Charge", unit: "C", heading: "Charge (C)", isAside: true, of: { column: "charge_c" } },
  { key: "peak-ratio", word: "Peak ratio", title: "Ratio of the peak currents", unit: "", heading: "Peak ratio", isAside: true, of: { column: "peak_ratio" } },
];

const ca: readonly Quantity[] = [
  { key: "tau1", word: "Lifetime", title: "Lifetime τ₁", unit: "s", heading: "Lifetime 1 (s)", of: { column: "tau1_s" } },
  { key: "tau2", word: "Second lifetime", title: "Lifetime τ₂", unit: "s", heading: "Lifetime 2 (s)", isAside: true, of: { column: "tau2_s" } },
  { key: "amplitude1", word: "Amplitude", title: "Amplitude A₁", unit: "A", heading: "Amplitude 1 (A)", of: { column: "amplitude1_a" } },
  { key: "amplitude2", word: "Second amplitude", title: "Amplitude A₂", unit: "A", heading: "Amplitude 2 (A)", isAside: true, of: { column: "amplitude2_a" } },
  { key: "offset", word: "Offset", title: "Offset", unit: "A", heading: "Offset (A)", isAside: true, of: { column: "offset_a" } },
  { key: "half-life", word: "Half-life", title: "Half-life", unit: "s", heading: "Half-life (s)", isAside: true, of: { column: "half_life1_s" } },
  { key: "fit", word: "R²", title: "R² of the fit", unit: "", heading: "R²", of: { column: "r_squared" } },
];

const BY_TECHNIQUE: Partial<Record<Technique, readonly Quantity[]>> = { swv, cv, ca };

/** Techniques whose sessions are compared on this screen. */
export function isComparable(technique: Technique): boolean {
  return technique in BY_TECHNIQUE;
}

/** The quantities of a technique, in the order of their plots. */
export function quantitiesOfTechnique(technique: Technique): readonly Quantity[] {
  return BY_TECHNIQUE[technique] ?? [];
}

/** The column that tells rows of one file apart, and what it is called: cycles of voltammograms, steps of decays. */
export function partsOf(technique: Technique): { column: string; word: string } | null {
  if (technique === "cv") return { column: "cycle", word: "Cycle" };
  return technique === "ca" ? { column: "step", word: "Step" } : null;
}
