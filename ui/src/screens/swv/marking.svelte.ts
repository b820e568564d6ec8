/** Marking points of one sweep by hand: what is tried out, until it is applied or given up. */

import { nearestStop, type PlotHandle } from "../../plot/handles";
import { ascending } from "../../plot/sweep";
import type { MarkedPoints } from "../../protocol/MarkedPoints";
import type { ShownSweep } from "./sweep-feed.svelte";

/** Data points that lie at least between the two ends of a baseline. */
const LEAST_BETWEEN = 2;

const NOTHING: MarkedPoints = { peak_potential_v: null, baseline_v: null };

/** A sweep's data points in ascending potential. */
export interface Stops {
  potential_v: Float64Array;
  current_a: Float64Array;
}

export function stopsOf({ columns }: ShownSweep): Stops {
  const order = ascending(columns.potential_v);
  const column = (values: ArrayLike<number>) => Float64Array.from(order, (k) => values[k] as number);
  return { potential_v: column(columns.potential_v), current_a: column(columns.smoothed_a) };
}

/** The places of the handles: those that are marked, else those that the method found. */
export interface Places {
  left: number;
  right: number;
  peak: number;
}

/** What is being marked in one sweep. */
export class Marking {
  /** What is tried out. */
  points: MarkedPoints = $state.raw(NOTHING);
  readonly #before: MarkedPoints;

  constructor(before: MarkedPoints | null) {
    this.#before = before ?? NOTHING;
    this.points = this.#before;
  }

  readonly isChanged: boolean = $derived.by(() => JSON.stringify(this.points) !== JSON.stringify(this.#before));

  get isNothing(): boolean {
    return this.points.peak_potential_v === null && this.points.baseline_v === null;
  }

  /** Moves a handle to a data point; the two ends of the baseline never meet. */
  move(key: string, x: number, { left, right }: Places, stops: ArrayLike<number>): void {
    const at = (k: number) => stops[Math.min(stops.length - 1, Math.max(0, k))] as number;
    const { points } = this;
    if (key === "left") {
      const most = at(nearestStop(stops, right) - LEAST_BETWEEN);
      this.points = { ...points, baseline_v: [Math.min(x, most), right] };
    } else if (key === "right") {
      const least = at(nearestStop(stops, left) + LEAST_BETWEEN);
      this.points = { ...points, baseline_v: [left, Math.max(x, least)] };
    } else {
      this.points = { ...points, peak_potential_v: x };
    }
  }

  /** Marks a part where it is now, or leaves it to the method. */
  take(part: "baseline" | "peak", isByHand: boolean, { left, right, peak }: Places): void {
    if (part === "peak") this.points = { ...this.points, peak_potential_v: isByHand ? peak : null };
    else this.points = { ...this.points, baseline_v: isByHand ? [left, right] : null };
  }
}

/** Where the handles stand; null without data. Where the method found nothing, they stand at the quarters of the sweep. */
export function placesOf({ peak_potential_v, baseline_v }: MarkedPoints, shown: ShownSweep, stops: ArrayLike<number>): Places | null {
  const { length } = stops;
  if (length < LEAST_BETWEEN + 1) return null;
  const at = (share: number) => stops[Math.round(share * (length - 1))] as number;
  const [left, right] = baseline_v ?? [shown.ends?.[0].potential_v ?? at(0.25), shown.ends?.[1].potential_v ?? at(0.75)];
  return {
    left: Math.min(left, right),
    right: Math.max(left, right),
    peak: peak_potential_v ?? shown.peak?.potential_v ?? at(0.5),
  };
}

/** The handles at these places, on the sweep. */
export function handlesAt(places: Places, { potential_v, current_a }: Stops): PlotHandle[] {
  const y = (x: number) => current_a[nearestStop(potential_v, x)] ?? Number.NaN;
  const handle = (key: keyof Places, label: string, shape: PlotHandle["shape"]): PlotHandle => ({
    key,
    label,
    x: places[key],
    y: y(places[key]),
    shape,
  });
  return [
    handle("left", "Lower end of the baseline", "end"),
    handle("right", "Upper end of the baseline", "end"),
    handle("peak", "Peak", "peak"),
  ];
}
