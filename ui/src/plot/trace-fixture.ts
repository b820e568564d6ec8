import type { Trace } from "./trace";

/** A trace for tests: gaps are where y is not a number and nothing is excluded. */
export function trace(x: number[], y: number[], more: Partial<Trace> = {}): Trace {
  const gaps = y.flatMap((v, k) => (Number.isNaN(v) && !more.excluded?.includes(k) ? [k] : []));
  return {
    key: "1/15",
    label: "E1",
    colour: "#000",
    dash: [],
    x,
    y,
    length: x.length,
    epoch: 0,
    step: 1,
    widestStep: 1.5,
    gaps,
    excluded: [],
    excludedValue: () => Number.NaN,
    ...more,
  };
}
