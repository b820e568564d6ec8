/** What of the settings makes numbers of sessions mean different things. */

import { frequency } from "../../plot/si";
import type { Compared } from "./panels";
import { lowAndHigh } from "../swv/trend-panels";

/** A sentence for each such difference, for the quantities that are on screen. */
export function settingDifferences(all: readonly Compared[], shown: ReadonlySet<string>): string[] {
  const swv = all.filter(({ technique }) => technique === "swv");
  if (swv.length < 2) return [];
  const told: string[] = [];
  const tell = (what: string, value: (compared: Compared) => string): void => {
    const values = swv.map((compared) => [compared.tag, value(compared)] as const);
    if (new Set(values.map(([, text]) => text)).size < 2) return;
    told.push(`${what} differs: ${values.map(([tag, text]) => `${tag} ${text}`).join(", ")}.`);
  };
  const isNormalised = shown.has("normalised") || shown.has("ratio") || shown.has("kdm");
  if (isNormalised) tell("The reference", ({ settings }) => referenceWords(settings.trend));
  if (shown.has("kdm")) {
    tell("The definition of KDM", ({ settings }) => (settings.trend.kdm === "difference" ? "difference + 1" : "difference / average"));
  }
  if (shown.has("kdm") || shown.has("ratio")) {
    tell("The pair of frequencies", ({ settings, allFrequencies_hz }) => {
      const { low, high } = lowAndHigh(settings, allFrequencies_hz);
      return `${frequency(high)} / ${frequency(low)}`;
    });
  }
  if (shown.has("peak") || shown.has("normalised") || shown.has("potential") || shown.has("area")) {
    tell("The frequency", ({ frequency_hz }) => frequency(frequency_hz));
    tell("The method of the peak", ({ settings }) => settings.peak.method);
  }
  return told;
}

function referenceWords(trend: Compared["settings"]["trend"]): string {
  if (trend.normalize_to < 0) return "none";
  if (trend.normalization === "point") return `file ${trend.normalize_to}`;
  return `files ${trend.normalize_range.join(" to ")}`;
}
