/** Logarithmic axes. What is drawn on them are decadic logarithms, so that zooming, panning and decimation stay as they are. */

import { EDGE_SHARE, type Range } from "./range";
import { quantity, scaleFor, type Unit, type UnitScale, unitScale } from "./si";
import { linearTicks, logTicks, type Ticks } from "./ticks";
import type { Trace } from "./trace";
import type { AlongAxis } from "./trace-figure";
import { ValueAxis } from "./value-axis";

/** Decadic logarithms of the magnitudes; none where there is no number, or zero. */
export function logarithms(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values, (value) => (value === 0 ? Number.NaN : Math.log10(Math.abs(value))));
}

function decadeTicks(range: Range, wanted: number, scale: UnitScale): Ticks {
  const { at, text } = logTicks(10 ** range.min, 10 ** range.max, wanted, scale);
  return { at: at.map(Math.log10), text };
}

/** An axis along data over the logarithm of a quantity. */
export function decadeAxis(name: string, unit: Unit): AlongAxis {
  let scale: UnitScale | undefined;
  const scaled = (range: Range) => (scale = scaleFor(unit, 10 ** range.max, scale));
  return {
    title: (range) => `${name}, ${scaled(range).text}`,
    ticks: (range, wanted) => decadeTicks(range, wanted, scaled(range)),
    range: (current, data) => {
      if (!data || !(data.max > data.min)) return current ?? { min: -3, max: 0 };
      const edge = (data.max - data.min) * EDGE_SHARE;
      return { min: data.min - edge, max: data.max + edge };
    },
    leastSpan: 0.05,
    reversed: false,
    reads: (x) => quantity(10 ** x, unit, 4),
  };
}

/** An axis along data over a quantity itself, edge to edge. */
export function plainAxis(name: string, unit: Unit): AlongAxis {
  let scale: UnitScale | undefined;
  const scaled = (range: Range) => (scale = scaleFor(unit, Math.max(Math.abs(range.min), Math.abs(range.max)), scale));
  return {
    title: (range) => `${name}, ${scaled(range).text}`,
    ticks: (range, wanted) => linearTicks(range.min, range.max, wanted, scaled(range)),
    range: (current, data) => {
      if (!data || !(data.max > data.min)) return current ?? { min: 0, max: 1 };
      const edge = (data.max - data.min) * EDGE_SHARE;
      return { min: data.min - edge, max: data.max + edge };
    },
    leastSpan: 1e-9,
    reversed: false,
    reads: (x) => quantity(x, unit, 4),
  };
}

/** A value axis on which logarithms of magnitudes stand. */
export class DecadeValues extends ValueAxis {
  #scaleOfNumbers: UnitScale | undefined;

  override get scale(): UnitScale {
    return this.#scaleOfNumbers ?? unitScale(this.unit, 0);
  }

  override range(traces: readonly Trace[], within: Range | null): Range {
    const shown = super.range(traces, within);
    this.#scaleOfNumbers = scaleFor(this.unit, 10 ** shown.max, this.#scaleOfNumbers);
    return shown;
  }

  override ticks(range: Range, wanted: number): Ticks {
    return decadeTicks(range, wanted, this.scale);
  }
}
