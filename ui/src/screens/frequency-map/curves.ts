/** Curves against the frequency: from the engine's maps and changes to traces. */

import { electrodeColour, type Scheme } from "../../design/colours";
import type { Unit } from "../../plot/si";
import type { Trace } from "../../plot/trace";
import type { ChangePoint } from "../../protocol/ChangePoint";
import type { ChangeMean } from "../../protocol/ChangeMean";
import type { MapChanges } from "../../protocol/MapChanges";
import type { MapMean } from "../../protocol/MapMean";
import type { MapPoint } from "../../protocol/MapPoint";
import type { MeanAndSpread } from "../../protocol/MeanAndSpread";
import type { NamedMap } from "../../protocol/NamedMap";
import { isSameFrequency } from "./map-place";

/** What of a map is plotted. */
export type MapQuantity = "current" | "charge" | "potential";
/** What of a comparison is plotted. */
export type ChangeQuantity = "difference" | "charge_difference" | "gain";

/** Words, unit and heading of copied data. */
export interface QuantityWords {
  title: string;
  unit: Unit;
  heading: string;
}

export const MAP_WORDS: Record<MapQuantity, QuantityWords> = {
  current: { title: "Peak current", unit: "A", heading: "Peak current (A)" },
  charge: { title: "Charge", unit: "C", heading: "Charge per cycle (C)" },
  potential: { title: "Peak potential", unit: "V", heading: "Peak potential (V)" },
};

export const CHANGE_WORDS: Record<ChangeQuantity, QuantityWords> = {
  difference: { title: "Difference", unit: "A", heading: "Difference of peak currents (A)" },
  charge_difference: { title: "Difference", unit: "C", heading: "Difference of charges (C)" },
  gain: { title: "Gain", unit: "%", heading: "Gain (%)" },
};

/** A curve, and what its points are of. */
export interface Curve extends Trace {
  /** Null: the averaged trace; undefined: the mean over electrodes. */
  readonly electrode: number | null | undefined;
  readonly frequencies_hz: readonly number[];
  /** Why a row has no number, as a code. */
  reasonAt(row: number): string | null;
}

/** One number with its reason. */
interface Cell {
  value: number | null;
  spread?: number | null;
  reason: string | null;
  /** Whether a missing number is worth a mark. */
  isGap: boolean;
  /** The number of a point that was excluded by the user, where there is one. */
  excluded?: number | null;
}

/** How a curve looks. */
export interface CurveLook {
  key: string;
  label: string;
  colour: string;
  dash?: readonly number[];
}

/** Dash patterns of several maps in one plot, so that not only colour tells them apart. */
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [8, 3, 2, 3], [12, 4]];

/** How the map at this place of a list looks wherever it is drawn. */
export function mapLook(k: number, scheme: Scheme): { colour: string; dash: readonly number[] } {
  return { colour: electrodeColour(k + 1, scheme), dash: DASHES[k % DASHES.length] ?? [] };
}

/** The curve through cells at ascending frequencies; all curves of a plot have the same ones, so that they are read together. */
function curve(
  { key, label, colour, dash = [] }: CurveLook,
  electrode: number | null | undefined,
  frequencies_hz: readonly number[],
  cellAt: (frequency_hz: number) => Cell | null,
  epoch: number,
): Curve {
  const cells = frequencies_hz.map(cellAt);
  const x = Float64Array.from(frequencies_hz, Math.log10);
  const length = x.length;
  const spread = cells.some((cell) => cell?.spread != null) ? Float64Array.from(cells, (cell) => cell?.spread ?? Number.NaN) : undefined;
  return {
    key,
    label,
    colour,
    dash,
    electrode,
    frequencies_hz,
    x,
    copiedX: frequencies_hz,
    y: Float64Array.from(cells, (cell) => cell?.value ?? Number.NaN),
    length,
    epoch,
    step: length > 1 ? ((x[length - 1] as number) - (x[0] as number)) / (length - 1) : 1,
    widestStep: Infinity,
    ...(spread ? { spread } : {}),
    gaps: cells.flatMap((cell, row) => (cell?.isGap ? [row] : [])),
    excluded: cells.flatMap((cell, row) => (cell?.excluded != null ? [row] : [])),
    excludedValue: (row) => cells[row]?.excluded ?? Number.NaN,
    reasonAt: (row) => cells[row]?.reason ?? null,
  };
}

const NOT_MEASURED = "not_measured";
const EXCLUDED = "excluded";

/** What an excluded point measured: the engine's maps have no number there. */
export type ExcludedAt = (electrode: number | null, frequency_hz: number) => { peak_current_a: number; peak_potential_v: number } | null;

function ofExcluded(found: ReturnType<ExcludedAt>, frequency_hz: number, quantity: MapQuantity): number | null {
  if (!found || !Number.isFinite(found.peak_current_a)) return null;
  if (quantity === "potential") return found.peak_potential_v;
  return quantity === "current" ? found.peak_current_a : found.peak_current_a / frequency_hz;
}

function find<T extends { frequency_hz: number }>(all: readonly T[], frequency_hz: number): T | null {
  return all.find((one) => isSameFrequency(one.frequency_hz, frequency_hz)) ?? null;
}

function ofPoint(point: MapPoint, quantity: MapQuantity): number | null {
  return quantity === "current" ? point.peak_current_a : quantity === "charge" ? point.charge_c : point.peak_potential_v;
}

function ofMean(mean: MapMean, quantity: MapQuantity): MeanAndSpread {
  return quantity === "current" ? mean.peak_current_a : quantity === "charge" ? mean.charge_c : mean.peak_potential_v;
}

/** One electrode of a map. `isGrowing`: what was not measured may still come, and is no gap. */
export function mapCurve(
  map: NamedMap,
  electrode: number | null,
  quantity: MapQuantity,
  frequencies_hz: readonly number[],
  look: CurveLook,
  isGrowing: boolean,
  epoch: number,
  excludedAt: ExcludedAt = () => null,
): Curve {
  const own = map.points.filter((point) => point.electrode === electrode);
  return curve(
    look,
    electrode,
    frequencies_hz,
    (hz) => {
      const point = find(own, hz);
      if (!point) return null;
      const value = ofPoint(point, quantity);
      const spread = quantity === "current" ? point.peak_current_sd_a : null;
      const excluded = point.reason === EXCLUDED ? ofExcluded(excludedAt(electrode, hz), hz, quantity) : null;
      const isGap = value === null && excluded === null && !(isGrowing && point.reason === NOT_MEASURED);
      return { value, spread, reason: point.reason, isGap, excluded };
    },
    epoch,
  );
}

/** The mean of a map over its electrodes, with its standard deviation. */
export function meanCurve(
  map: NamedMap,
  quantity: MapQuantity,
  frequencies_hz: readonly number[],
  look: CurveLook,
  epoch: number,
): Curve {
  return curve(
    look,
    undefined,
    frequencies_hz,
    (hz) => {
      const found = find(map.means, hz);
      if (!found) return null;
      const { mean, sd } = ofMean(found, quantity);
      return { value: mean, spread: sd, reason: null, isGap: false };
    },
    epoch,
  );
}

function ofChange(point: ChangePoint, quantity: ChangeQuantity): number | null {
  if (quantity === "gain") return point.gain === null ? null : point.gain * 100;
  return quantity === "difference" ? point.difference_a : point.charge_difference_c;
}

function ofChangeMean(mean: ChangeMean, quantity: ChangeQuantity): MeanAndSpread {
  return quantity === "gain" ? mean.gain : quantity === "difference" ? mean.difference_a : mean.charge_difference_c;
}

/** A map against the first one, at one electrode, or (undefined) as the mean over electrodes. */
export function changeCurve(
  changes: MapChanges,
  electrode: number | null | undefined,
  quantity: ChangeQuantity,
  frequencies_hz: readonly number[],
  look: CurveLook,
  epoch: number,
): Curve {
  const own = electrode === undefined ? [] : changes.points.filter((point) => point.electrode === electrode);
  const factor = quantity === "gain" ? 100 : 1;
  return curve(
    look,
    electrode,
    frequencies_hz,
    (hz) => {
      if (electrode === undefined) {
        const found = find(changes.means, hz);
        if (!found) return null;
        const { mean, sd } = ofChangeMean(found, quantity);
        return { value: mean === null ? null : mean * factor, spread: sd === null ? null : sd * factor, reason: null, isGap: false };
      }
      const point = find(own, hz);
      if (!point) return null;
      const value = ofChange(point, quantity);
      // What neither map has is no gap of the comparison.
      return { value, reason: point.reason, isGap: value === null && point.reason !== "missing_in_both" };
    },
    epoch,
  );
}

const CHANGE_REASONS: Record<string, string> = {
  missing_in_first: "The first map has no number here.",
  missing_in_second: "This map has no number here.",
  missing_in_both: "Neither map has a number here.",
  first_is_zero: "The first map's current is zero here, so that there is no ratio.",
  opposite_polarity: "The peaks of the two maps point in opposite directions here, so that there is no ratio.",
};

/** Why a change has no number, in words. */
export function changeReason(code: string | null): string {
  return (code !== null && CHANGE_REASONS[code]) || "There is no number here.";
}

/** Electrodes that have measurements in a map, ascending; null is the averaged trace. */
export function electrodesIn(maps: readonly NamedMap[]): (number | null)[] {
  const all = new Set(maps.flatMap((map) => map.points.map((point) => point.electrode)));
  return [...all].sort((a, b) => (a ?? 0) - (b ?? 0));
}

/** All frequencies of these maps, ascending. */
export function frequenciesIn(maps: readonly NamedMap[]): number[] {
  return maps.flatMap((map) => map.means.map((mean) => mean.frequency_hz));
}
