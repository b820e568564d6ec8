/** What is plotted of decays along a series. */

import { directionColour, type Scheme } from "../../design/colours";
import type { Unit } from "../../plot/si";
import type { CaModel } from "../../protocol/CaModel";
import type { SeriesColumn } from "../../session/series";
import type { PartQuantity } from "../sweeps/part-panels";

/** Plots that are put away until somebody asks for them. */
export const HIDDEN_AT_FIRST: readonly string[] = ["offset", "half_lives", "quality", "cottrell", "diffusion"];

/** The quantities of one step; `model` says whether there is a second exponential, which has plots of its own: it may be far slower. */
export function caQuantities(step: number, model: CaModel, scheme: Scheme): PartQuantity[] {
  const of = (button: PartQuantity["button"], unit: Unit, column: SeriesColumn, title = button.title, colour: string | null = null): PartQuantity => ({
    key: column,
    button,
    title,
    unit,
    heading: unit ? `${title} (${unit})` : title,
    lanes: [{ key: column, label: "", column, part: step, colour, dash: [] }],
  });
  const both = (key: string, word: string, title: string, unit: Unit, symbol: string, columns: readonly [SeriesColumn, SeriesColumn]): PartQuantity[] => {
    const button = { key, word, title };
    const [first, second] = columns;
    if (model === "mono") return [of(button, unit, first, `${title} ${symbol}`)];
    return [
      of(button, unit, first, `${title} ${symbol}₁`, directionColour("forward", scheme)),
      of(button, unit, second, `${title} ${symbol}₂`, directionColour("reverse", scheme)),
    ];
  };
  return [
    ...both("lifetimes", "Lifetimes", "Lifetime", "s", "τ", ["tau1_s", "tau2_s"]),
    ...both("amplitudes", "Amplitudes", "Amplitude", "A", "A", ["amplitude1_a", "amplitude2_a"]),
    of({ key: "offset", word: "Offset", title: "Offset" }, "A", "offset_a"),
    ...both("half_lives", "Half-lives", "Half-life", "s", "t", ["half_life1_s", "half_life2_s"]),
    of({ key: "quality", word: "R²", title: "R² of the fit" }, "", "r_squared"),
    of({ key: "cottrell", word: "Cottrell", title: "Cottrell slope" }, "A√s", "cottrell_slope_a_sqrt_s"),
    of({ key: "diffusion", word: "D", title: "Diffusion coefficient" }, "m²/s", "diffusion_m2_s"),
  ];
}
