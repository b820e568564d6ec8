/** Handles on a plot: places on its curves that a person moves from one data point to another. */

/** One handle. */
export interface PlotHandle {
  key: string;
  /** Its name: "Peak". */
  label: string;
  x: number;
  y: number;
  shape: "end" | "peak";
}

/** All handles of a plot, and where they may stand. */
export interface PlotHandles {
  list: readonly PlotHandle[];
  /** The data points, in ascending x. */
  stops: ArrayLike<number>;
  /** A handle was moved to a data point. */
  onmove(key: string, x: number): void;
}

/** Position of the stop that is nearest to x; -1 where there is none. */
export function nearestStop(stops: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = stops.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stops[middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return stops.length > 0 ? 0 : -1;
  if (low === stops.length) return low - 1;
  return x - (stops[low - 1] as number) <= (stops[low] as number) - x ? low - 1 : low;
}

/** The stop to which a key moves a handle from x; null where the key moves none. */
export function stopByKey(
  event: Pick<KeyboardEvent, "key" | "shiftKey">,
  stops: ArrayLike<number>,
  x: number,
  isReversed: boolean,
): number | null {
  const here = nearestStop(stops, x);
  if (here < 0) return null;
  const right = isReversed ? -1 : 1;
  const steps: Partial<Record<string, number>> = {
    ArrowRight: right,
    ArrowLeft: -right,
    Home: -stops.length * right,
    End: stops.length * right,
  };
  const step = steps[event.key];
  if (step === undefined) return null;
  const to = Math.min(stops.length - 1, Math.max(0, here + step * (event.shiftKey ? 10 : 1)));
  return stops[to] ?? null;
}
