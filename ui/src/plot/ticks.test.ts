import { describe, expect, it } from "vitest";
import { unitScale } from "./si";
import { linearTicks, logTicks, niceStep, timeTicks, timeUnit } from "./ticks";

const plain = unitScale("", 0);

describe("linear ticks", () => {
  it("are round in the shown unit, with just the decimals needed", () => {
    const ticks = linearTicks(1.02e-7, 2.48e-7, 4, unitScale("A", -9));
    expect(ticks.text).toEqual(["150", "200"]);
    expect(linearTicks(0.71, 1.24, 1, plain).text).toEqual(["0.8", "1.0", "1.2"]);
    const fine = linearTicks(0.2981, 0.3012, 4, unitScale("V", -3));
    expect(fine.text).toEqual(["299", "300", "301"]);
    expect(fine.at[0]).toBeCloseTo(0.299, 12);
    expect(linearTicks(0, 1, 5, plain).text).toEqual(["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
  });

  it("are whole where asked", () => {
    expect(linearTicks(1, 3, 8, plain, true).text).toEqual(["1", "2", "3"]);
  });

  it("survive an axis without extent", () => {
    expect(linearTicks(2e-7, 2e-7, 5, unitScale("A", -9)).at).toEqual([2e-7]);
  });

  it("lie inside the axis and are evenly spaced, whatever the axis", () => {
    let seed = 7;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    for (let n = 0; n < 500; n++) {
      const min = (random() - 0.5) * 10 ** (random() * 12 - 9);
      const max = min + 10 ** (random() * 12 - 9);
      const { at, text } = linearTicks(min, max, 3 + random() * 8, plain);
      expect(at.length).toBe(text.length);
      const slack = (max - min) * 1e-6;
      for (const v of at) expect(v >= min - slack && v <= max + slack).toBe(true);
      expect(new Set(text).size).toBe(text.length);
    }
  });

  it("step by 1, 2 or 5", () => {
    expect([0.9, 1, 1.1, 2.1, 5.1, 30].map(niceStep)).toEqual([1, 1, 2, 5, 10, 50]);
  });
});

describe("time ticks", () => {
  it("are round in the unit that the axis is read in", () => {
    expect(timeUnit(100).text).toBe("s");
    expect(timeUnit(3600).text).toBe("min");
    expect(timeTicks(0, 3600, 5).text).toEqual(["0", "15", "30", "45", "60"]);
    expect(timeTicks(0, 12 * 3600, 6).text).toEqual(["0", "2", "4", "6", "8", "10", "12"]);
    expect(timeTicks(0, 5 * 3600, 8).text).toEqual(["0", "1", "2", "3", "4", "5"]);
  });
});

describe("logarithmic ticks", () => {
  it("name decades and mark what is between", () => {
    const { at, text } = logTicks(1, 1000, 6, unitScale("Hz", 0));
    expect(text.filter((t) => t !== "")).toEqual(["1", "10", "100", "1000"]);
    expect(at).toContain(50);
  });

  it("name 1, 2 and 5 of each decade where there is room", () => {
    const { text } = logTicks(5, 600, 6, unitScale("Hz", 0));
    expect(text.filter((t) => t !== "")).toEqual(["5", "10", "20", "50", "100", "200", "500"]);
  });

  it("name 1, 2 and 5 below two decades", () => {
    expect(logTicks(10, 500, 6, unitScale("Hz", 0)).text.filter((t) => t !== "")).toEqual(["10", "20", "50", "100", "200", "500"]);
  });

  it("are linear below a factor of five, and nothing at or below zero", () => {
    expect(logTicks(100, 200, 4, unitScale("Hz", 0)).text).toEqual(["100", "150", "200"]);
    expect(logTicks(0, 10, 4, plain).at).toEqual([]);
  });
});
