/** The value axis of one plot, or of several that share it so that they can be compared. */

import { visible } from "./decimate";
import { autoscale, kept, panned, type Range, union, zoomed } from "./range";
import { scaleFor, type Unit, type UnitScale, unitScale } from "./si";
import { linearTicks, type Ticks } from "./ticks";
import { GrowingExtent, type Trace, valueExtent } from "./trace";

/** Range, unit prefix and ticks of a value axis. */
export class ValueAxis {
  readonly #extent = new GrowingExtent();
  #auto: Range | null = null;
  #fixed: Range | null = null;
  #scale: UnitScale | undefined;
  /** What has to be in view beside the traces' values. */
  alsoHolds: Range | null = null;

  constructor(readonly unit: Unit) {}

  /** Whether the user chose the range. */
  get isFixed(): boolean {
    return this.#fixed !== null;
  }

  /** Unit with prefix that the axis is read in. */
  get scale(): UnitScale {
    return this.#scale ?? unitScale(this.unit, 0);
  }

  /** Range of x over all rows of these traces. */
  xExtent(traces: readonly Trace[]): Range | null {
    return this.#extent.of(traces).x;
  }

  /** The range to show for these traces; `within`, where the view is zoomed, leaves the rest out of account. */
  range(traces: readonly Trace[], within: Range | null): Range {
    const data = union(within ? extentWithin(traces, within) : this.#extent.of(traces).y, this.alsoHolds);
    this.#auto = autoscale(this.#auto, data);
    const shown = this.#fixed ?? this.#auto;
    this.#scale = scaleFor(this.unit, Math.max(Math.abs(shown.min), Math.abs(shown.max)), this.#scale);
    return shown;
  }

  ticks(range: Range, wanted: number): Ticks {
    // A chart may draw its axes anew before it is asked for its range, as when another axis takes its place.
    this.#scale ??= scaleFor(this.unit, Math.max(Math.abs(range.min), Math.abs(range.max)));
    return linearTicks(range.min, range.max, wanted, this.scale);
  }

  zoom(about: number, factor: number): void {
    this.#fix((shown) => zoomed(shown, about, factor));
  }

  pan(by: number): void {
    this.#fix((shown) => panned(shown, by));
  }

  show(range: Range): void {
    this.#fix(() => range);
  }

  /** Back to the automatic range. */
  reset(): void {
    this.#fixed = null;
  }

  /** Makes the automatic range anew: other data than before stands on the axis. */
  restart(): void {
    this.#auto = null;
  }

  #fix(change: (shown: Range) => Range): void {
    const limits = this.#auto;
    if (!limits) return;
    this.#fixed = kept(change(this.#fixed ?? limits), limits, (limits.max - limits.min) / 1e4);
  }
}

function extentWithin(traces: readonly Trace[], within: Range): Range | null {
  let all: Range | null = null;
  for (const trace of traces) {
    const [from, to] = visible(trace, within.min, within.max);
    all = union(all, valueExtent(trace, from, to));
  }
  return all;
}
