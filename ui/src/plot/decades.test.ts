import { describe, expect, it } from "vitest";

import { decadeAxis, DecadeValues, logarithms } from "./decades";
import { decayPicture } from "./decay";

describe("logarithmic axes", () => {
  it("have no place for zero, and one for the magnitude of the rest", () => {
    expect([...logarithms([100, -0.01, 0, Number.NaN])]).toEqual([2, -2, Number.NaN, Number.NaN]);
  });

  it("have their ticks at decades, in a prefix of the unit", () => {
    const axis = decadeAxis("Time", "s");
    const range = axis.range(null, { min: -4, max: -1 });
    expect(axis.title(range)).toBe("Time, ms");
    const { at, text } = axis.ticks(range, 6);
    expect(text.filter(Boolean)).toEqual(["0.1", "1", "10", "100"]);
    expect(at[text.indexOf("10")]).toBeCloseTo(-2, 12);
    expect(axis.reads(-3)).toBe("1.000\u202fms");
  });

  it("choose the prefix by the numbers, not by their logarithms", () => {
    const values = new DecadeValues("A");
    const picture = decayPicture(
      [{ number: 1, time_s: [0, 0.1, 1], raw_a: [1, 2e-6, -3e-7], fitted_a: [1, 2e-6, 3e-7], residual_a: [0, 0, 0] }], 1, "log_log", "#000000", 1,
    );
    values.range(picture.traces, null);
    expect(values.scale.text).toBe("µA");
  });
});

describe("a decay", () => {
  const step = { number: 2, time_s: [0, 0.001, 0.01], raw_a: [5e-6, -2e-6, 1e-6], fitted_a: [Number.NaN, 2e-6, 1e-6], residual_a: [Number.NaN, 0, 0] };

  it("leaves the moment of the step out of logarithms only", () => {
    expect(decayPicture([step], 2, "linear", "#000000", 1).read[0]?.length).toBe(3);
    const [measured] = decayPicture([step], 2, "log_log", "#000000", 1).read;
    expect(measured?.length).toBe(2);
    expect(measured?.told?.(0)).toBe(-2e-6);
  });

  it("has residuals where it was fitted, and the numbers themselves to copy", () => {
    const picture = decayPicture([step], 2, "log_time", "#000000", 1);
    expect(picture.residuals).toHaveLength(1);
    expect([...(picture.told[0]?.x as Float64Array)]).toEqual([0, 0.001, 0.01]);
    const unfitted = { ...step, fitted_a: [Number.NaN, Number.NaN, Number.NaN] };
    expect(decayPicture([unfitted], 2, "linear", "#000000", 1).residuals).toEqual([]);
  });
});
