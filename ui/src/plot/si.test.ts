import { describe, expect, it } from "vitest";
import { duration, fixed, frequency, quantity, scaleFor, significant, unitScale } from "./si";

describe("SI prefixes", () => {
  it("are chosen by the largest value", () => {
    expect(scaleFor("A", 2.3e-7).text).toBe("nA");
    expect(scaleFor("A", 1e-6).text).toBe("µA");
    expect(scaleFor("A", 9.99e-10).text).toBe("pA");
    expect(scaleFor("A", 1e-9).text).toBe("nA");
  });

  it("keep potentials in V and mV", () => {
    expect(scaleFor("V", 0.31).text).toBe("mV");
    expect(scaleFor("V", 1.2).text).toBe("V");
    expect(scaleFor("V", 2e-7).text).toBe("mV");
  });

  it("do not flicker at a boundary", () => {
    const nano = scaleFor("A", 9e-7);
    expect(scaleFor("A", 1.01e-6, nano).text).toBe("nA");
    expect(scaleFor("A", 2.5e-6, nano).text).toBe("µA");
    const micro = scaleFor("A", 2.5e-6, nano);
    expect(scaleFor("A", 8e-7, micro).text).toBe("µA");
  });

  it("stay as they were when there is nothing to show", () => {
    expect(scaleFor("A", 0, unitScale("A", -9)).text).toBe("nA");
    expect(scaleFor("A", Number.NaN).text).toBe("A");
  });
});

describe("numbers", () => {
  it("have a real minus and no negative zero", () => {
    expect(fixed(-1.25, 1)).toBe("\u22121.3");
    expect(fixed(-0.001, 1)).toBe("0.0");
  });

  it("have significant digits", () => {
    expect(significant(232.44, 4)).toBe("232.4");
    expect(significant(0.012345, 3)).toBe("0.0123");
    expect(significant(12345, 3)).toBe("12345");
    expect(significant(0, 3)).toBe("0");
  });

  it("become quantities, or a dash", () => {
    expect(quantity(-2.324e-7, "A")).toBe("\u2212232.4\u202fnA");
    expect(quantity(0.318, "V", 3)).toBe("318\u202fmV");
    expect(quantity(null, "A")).toBe("–");
    expect(quantity(Number.NaN, "A")).toBe("–");
    expect(quantity(104.25, "%")).toBe("104.3 %");
  });

  it("name frequencies and durations", () => {
    expect(frequency(15)).toBe("15\u202fHz");
    expect(frequency(12_500)).toBe("12.5\u202fkHz");
    expect(frequency(0.5)).toBe("0.5\u202fHz");
    expect(duration(3.21)).toBe("3.2\u202fs");
    expect(duration(200)).toBe("3\u202fmin 20\u202fs");
    expect(duration(7500)).toBe("2\u202fh 05\u202fmin");
    expect(duration(100_000)).toBe("1\u202fd 3\u202fh");
  });
});
