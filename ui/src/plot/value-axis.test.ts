import { describe, expect, it } from "vitest";
import { trace } from "./trace-fixture";
import { ValueAxis } from "./value-axis";

describe("a value axis", () => {
  const line = trace([1, 2, 3, 4], [1e-7, 2e-7, 3e-7, 7e-7]);

  it("holds all of its traces, in a unit that fits", () => {
    const axis = new ValueAxis("A");
    const range = axis.range([line], null);
    expect(range.max).toBeGreaterThan(7e-7);
    expect(axis.scale.text).toBe("nA");
    expect(axis.ticks({ min: 0, max: 2e-7 }, 2).text).toEqual(["0", "100", "200"]);
  });

  it("looks only at what is in view", () => {
    const range = new ValueAxis("A").range([line], { min: 1, max: 2.5 });
    expect(range.max).toBeGreaterThan(3e-7);
    expect(range.max).toBeLessThan(5e-7);
  });

  it("keeps in view what is asked for beside the traces", () => {
    const axis = new ValueAxis("A");
    axis.alsoHolds = { min: 2e-6, max: 2e-6 };
    expect(axis.range([line], null).max).toBeGreaterThan(2e-6);
  });

  it("stays where the user put it until it is reset", () => {
    const axis = new ValueAxis("A");
    const automatic = axis.range([line], null);
    axis.zoom(5e-7, 0.5);
    const zoomed = axis.range([line], null);
    expect(zoomed.max - zoomed.min).toBeCloseTo((automatic.max - automatic.min) / 2, 12);
    axis.pan(1e-7);
    expect(axis.range([line], null).min).toBeCloseTo(zoomed.min + 1e-7, 12);
    expect(axis.isFixed).toBe(true);
    axis.reset();
    expect(axis.range([line], null)).toEqual(automatic);
  });

  it("gives ticks in the same unit also before it is asked for its range", () => {
    const axis = new ValueAxis("V");
    expect(axis.ticks({ min: -0.265, max: -0.26 }, 2).text.join(" ")).toMatch(/\u221226\d/);
    expect(axis.scale.text).toBe("mV");
  });
});
