/** What figures there are, and what can be said of each. */

import type { FigureFormat } from "../../protocol/FigureFormat";
import type { FigureKind } from "../../protocol/FigureKind";
import type { FigureMean } from "../../protocol/FigureMean";
import type { FigureQuantity } from "../../protocol/FigureQuantity";
import type { FigureRequest } from "../../protocol/FigureRequest";
import type { MeasurementId } from "../../protocol/MeasurementId";
import type { Selection } from "../../protocol/Selection";
import type { SessionId } from "../../protocol/SessionId";
import type { Technique } from "../../protocol/Technique";

export const KIND_WORDS: Record<FigureKind, string> = {
  trends: "Trends",
  sweep: "Sweeps, newest of each frequency",
  frequency_map: "Frequency map",
  comparison: "Comparison of two frequency maps",
  calibration: "Titration with its binding curve",
  cv: "Cyclic voltammogram",
  ca: "Current decay with its fit",
};

const KINDS: Record<Technique, readonly FigureKind[]> = {
  swv: ["trends", "sweep", "calibration", "frequency_map", "comparison"],
  frequency_map: ["frequency_map", "comparison", "sweep", "trends"],
  cv: ["cv", "trends"],
  ca: ["ca"],
};

export const kindsOf = (technique: Technique): readonly FigureKind[] => KINDS[technique];

export const QUANTITY_WORDS: Record<FigureQuantity, string> = {
  kdm: "KDM",
  ratio: "Ratio",
  normalized_low: "Normalised, low frequency",
  normalized_high: "Normalised, high frequency",
  drift_corrected: "Corrected for drift",
  concentration: "Concentration",
  peak_current: "Peak current",
  peak_potential: "Peak potential",
  area: "Peak area",
  gain: "Gain (relative change)",
  difference: "Difference",
};

/** Numbers that a kind of figure can show; none where there is nothing to choose. */
export function quantitiesOf(kind: FigureKind, technique: Technique): readonly FigureQuantity[] {
  if (kind === "comparison") return ["gain", "ratio", "difference"];
  if (kind !== "trends") return [];
  if (technique === "cv") return ["peak_current", "peak_potential"];
  return ["kdm", "ratio", "normalized_low", "normalized_high", "drift_corrected", "concentration", "peak_current", "peak_potential", "area"];
}

/** Kinds that can show a mean over the electrodes. */
export const hasMean = (kind: FigureKind): boolean => ["trends", "frequency_map", "comparison"].includes(kind);
/** Kinds with a potential axis. */
export const hasPotential = (kind: FigureKind): boolean => kind === "sweep" || kind === "cv";

export const WIDTHS = [
  { value: "85", label: "One column, 85 mm" },
  { value: "120", label: "One and a half, 120 mm" },
  { value: "178", label: "Two columns, 178 mm" },
] as const;

export const FORMATS: readonly { value: FigureFormat; label: string }[] = [
  { value: "svg", label: "SVG, to be edited" },
  { value: "pdf", label: "PDF, for papers" },
  { value: "png", label: "PNG, for slides" },
];

/** A figure that was asked for somewhere, such as in a plot's menu. */
export interface FigureWish {
  kind: FigureKind;
  quantity?: FigureQuantity;
  measurements?: readonly MeasurementId[];
}

/** What was typed and chosen for a figure. */
export interface FigureChoice {
  kind: FigureKind;
  format: FigureFormat;
  width: string;
  dpi: string;
  title: string;
  reverse_potential: boolean;
  quantity: FigureQuantity | null;
  mean: FigureMean;
  compared_with: SessionId | null;
  measurements: readonly MeasurementId[];
}

export function firstChoice(technique: Technique, isReversed: boolean, wish: FigureWish | null): FigureChoice {
  return {
    kind: wish?.kind ?? kindsOf(technique)[0] ?? "trends",
    format: "svg",
    width: "85",
    dpi: "300",
    title: "",
    reverse_potential: isReversed,
    quantity: wish?.quantity ?? null,
    mean: "off",
    compared_with: null,
    measurements: wish?.measurements ?? [],
  };
}

const LONGEST_TITLE = 200;

/** The request, or what is wrong with it. */
export function readFigure(choice: FigureChoice, selection: Selection): { value: FigureRequest } | { error: string } {
  const { kind, format, title, quantity, mean, compared_with, reverse_potential, measurements } = choice;
  const width_mm = Number(choice.width.trim().replace(",", "."));
  if (!(width_mm >= 50 && width_mm <= 300)) return { error: "A figure is 50 to 300 mm wide." };
  const dpi = Number(choice.dpi.trim());
  if (format === "png" && !(Number.isInteger(dpi) && dpi >= 72 && dpi <= 1200)) return { error: "A PNG has 72 to 1200 dots per inch." };
  if ([...title.trim()].length > LONGEST_TITLE) return { error: `A title has at most ${LONGEST_TITLE} characters.` };
  if (kind === "comparison" && compared_with === null) return { error: "Choose the session with the other frequency map." };
  return {
    value: {
      kind,
      format,
      width_mm,
      dpi: format === "png" ? dpi : 300,
      title: title.trim(),
      reverse_potential: hasPotential(kind) && reverse_potential,
      selection,
      measurements: kind === "sweep" || kind === "cv" || kind === "ca" ? [...measurements] : [],
      quantity: kind === "trends" || kind === "comparison" ? quantity : null,
      mean: hasMean(kind) ? mean : "off",
      compared_with: kind === "comparison" ? compared_with : null,
    },
  };
}
