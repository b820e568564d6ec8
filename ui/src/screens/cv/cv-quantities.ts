/** What is plotted of voltammograms along a series. */

import { directionColour, type Scheme } from "../../design/colours";
import type { Direction } from "../../protocol/Direction";
import type { SeriesColumn } from "../../session/series";
import type { Lane, PartQuantity } from "../sweeps/part-panels";
import { quantity, type Unit } from "../../plot/si";
import type { MeasuredNumbers } from "../sweeps/part-rows";

/** The segments of the cycle whose trends are shown. */
export interface TrendSegments {
  segments: readonly { number: number; direction: Direction }[];
  probes_v: readonly number[];
  /** Currents at a probe. */
  currentsAt: (potential_v: number) => MeasuredNumbers;
}

/** Plots that are put away until somebody asks for them. */
export const HIDDEN_AT_FIRST: readonly string[] = ["potential", "charge", "ratio", "coverage", "probes"];

/**
 * The quantities of these segments. The two ways have plots of their own: their numbers have opposite signs, and no axis that holds
 * both would show how either changes. What belongs to a pair stands with both, and is taken from the way back, which closes it.
 */
export function cvQuantities({ segments, probes_v, currentsAt }: TrendSegments, scheme: Scheme): PartQuantity[] {
  const lane = (column: Lane["column"], part: number, direction: Direction | null): Lane => ({
    key: direction === null ? "pair" : `${direction} ${part}`,
    // The plot is named by the direction.
    label: "",
    column,
    part,
    colour: direction === null ? null : directionColour(direction, scheme),
    dash: [],
  });
  const of = (button: PartQuantity["button"], unit: Unit, lanes: Lane[], suffix = "", key = button.key, title = button.title + suffix): PartQuantity => {
    return { key, button, title, unit, heading: unit ? `${title} (${unit})` : title, lanes };
  };
  const each = (key: string, word: string, title: string, unit: Unit, column: SeriesColumn): PartQuantity[] =>
    segments.map(({ number, direction }) =>
      of({ key, word, title }, unit, [lane(column, number, direction)], `, ${direction}`, `${key} ${number}`),
    );
  const closing = segments.find(({ direction }) => direction === "reverse") ?? segments[0];
  const pair = (key: string, word: string, title: string, unit: Unit, column: SeriesColumn): PartQuantity[] =>
    closing ? [of({ key, word, title }, unit, [lane(column, closing.number, null)])] : [];
  return [
    ...each("current", "Current", "Peak current", "A", "peak_current_a"),
    ...each("potential", "Potential", "Peak potential", "V", "peak_potential_v"),
    ...pair("half_wave", "E½", "Half-wave potential", "V", "half_wave_potential_v"),
    ...pair("separation", "ΔEp", "Peak separation", "V", "peak_separation_v"),
    ...each("charge", "Charge", "Charge of the peak", "C", "charge_c"),
    ...pair("ratio", "Ratio", "Anodic / cathodic peak current", "", "peak_ratio"),
    ...probes_v.flatMap((probe_v, k) =>
      segments.map(({ number, direction }) =>
        of(
          { key: "probes", word: "Probes", title: "Current at the probes" },
          "A",
          [lane(currentsAt(probe_v), number, direction)],
          "",
          `probe ${k} ${number}`,
          `At ${quantity(probe_v, "V", 4)}, ${direction}`,
        ),
      ),
    ),
    ...each("coverage", "Coverage", "Surface coverage", "mol/m²", "surface_coverage_mol_m2"),
  ];
}
