/** The axes that data runs along: file numbers, time, potential, and frequency. */

import { EDGE_SHARE, type Range, runAhead } from "./range";
import { duration, frequency, quantity, scaleFor, type UnitScale, unitScale } from "./si";
import { linearTicks, logTicks, timeTicks, timeUnit } from "./ticks";
import type { AlongAxis } from "./trace-figure";

const PLAIN = unitScale("", 0);

/** A range with a little room at both ends, so that dots there are whole. */
function edged({ min, max }: Range): Range {
  const edge = (max - min) * EDGE_SHARE;
  return { min: min - edge, max: max + edge };
}

const largest = (range: Range): number => Math.max(Math.abs(range.min), Math.abs(range.max));

/**
 * File numbers. `last`, where it is known, is the number of the last file there will be; `elapsed_s` tells when a file was
 * measured.
 */
export function indexAxis(last?: number, elapsed_s?: (index: number) => number): AlongAxis {
  let first = -Infinity;
  return {
    title: () => "File number",
    // No number stands where there is no file.
    ticks: (range, wanted) => linearTicks(Math.max(range.min, first), range.max, wanted, PLAIN, true),
    range: (current, data) => {
      if (data) first = data.min;
      return runAhead(current, data, 10, last);
    },
    leastSpan: 2,
    reversed: false,
    reads: (x) => `file ${Number(x.toFixed(2))}${elapsed_s ? `, ${duration(elapsed_s(x))}` : ""}`,
  };
}

/** Seconds since the beginning; `indexNear` tells which file was measured then. */
export function timeAxis(indexNear?: (elapsed_s: number) => number): AlongAxis {
  return {
    title: (range) => `Time, ${timeUnit(largest(range)).text}`,
    ticks: (range, wanted) => timeTicks(range.min, range.max, wanted),
    range: (current, data) => runAhead(current, data, 60),
    leastSpan: 1,
    reversed: false,
    reads: (x) => `${duration(x)}${indexNear ? `, file ${indexNear(x)}` : ""}`,
  };
}

/** Potentials in volt: the whole sweep, edge to edge. */
export function potentialAxis(reversed: boolean): AlongAxis {
  let scale: UnitScale | undefined;
  const scaled = (range: Range) => (scale = scaleFor("V", largest(range), scale));
  return {
    title: (range) => `Potential, ${scaled(range).text}`,
    ticks: (range, wanted) => linearTicks(range.min, range.max, wanted, scaled(range)),
    range: (current, data) => (data && data.max > data.min ? edged(data) : (current ?? { min: -0.5, max: 0 })),
    leastSpan: 0.004,
    reversed,
    reads: (x) => quantity(x, "V", 4),
  };
}

/** Room beyond the lowest and the highest frequency, and half the width of an axis with only one, in decades. */
const FREQUENCY_EDGE = 0.04;
const ONE_FREQUENCY = 0.2;

/** Frequencies, logarithmic: a place on this axis is the decadic logarithm of a frequency in Hz. */
export function frequencyAxis(): AlongAxis {
  const HERTZ = unitScale("Hz", 0);
  return {
    title: () => "Frequency, Hz",
    ticks: (range, wanted) => {
      const { at, text } = logTicks(10 ** range.min, 10 ** range.max, wanted, HERTZ);
      return { at: at.map(Math.log10), text };
    },
    range: (current, data) => {
      if (!data) return current ?? { min: 0, max: 3 };
      const edge = data.max > data.min ? FREQUENCY_EDGE : ONE_FREQUENCY;
      return { min: data.min - edge, max: data.max + edge };
    },
    leastSpan: 0.05,
    reversed: false,
    reads: (x) => frequency(10 ** x),
    last: "At the highest",
  };
}
