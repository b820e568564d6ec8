import { describe, expect, it } from "vitest";
import { fileName, legendPlaces, tabbed, tracesTabbed } from "./take-away";
import { trace } from "./trace-fixture";

describe("copied data", () => {
  it("has headings, full precision and empty cells where nothing is", () => {
    const text = tabbed([
      { heading: "Potential (V)", values: [0, -0.004] },
      { heading: "Current (A)", values: [2.3456789012e-7] },
    ]);
    expect(text).toBe("Potential (V)\tCurrent (A)\n0\t2.3456789012e-7\n-0.004\t\n");
  });

  it("puts traces side by side by x, with their standard deviation where they have one", () => {
    const a = trace([1, 2], [5, Number.NaN], { label: "E1" });
    const b = trace([2, 3], [7, 8], { label: "Mean", spread: [0.5, Number.NaN] });
    expect(tracesTabbed("Index", "Peak current (A)", [a, b])).toBe(
      "Index\tPeak current (A) E1\tPeak current (A) Mean\tSD Mean\n1\t5\t\t\n2\t\t7\t0.5\n3\t\t8\t\n",
    );
  });
});

describe("saved pictures", () => {
  it("get a name that every file system takes", () => {
    expect(fileName("Run 1/2: E1 · 15 Hz?")).toBe("Run 1 2 E1 15 Hz.png");
    expect(fileName("///")).toBe("plot.png");
  });

  it("break their legend into lines", () => {
    expect(legendPlaces([50, 50, 50], 200)).toEqual([
      { line: 0, left: 0 },
      { line: 0, left: 88 },
      { line: 1, left: 0 },
    ]);
  });
});
