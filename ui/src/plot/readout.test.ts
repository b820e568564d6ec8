import { describe, expect, it } from "vitest";
import { indexAxis, potentialAxis, timeAxis } from "./along-axes";
import { readout, summary } from "./readout";
import { unitScale } from "./si";
import { trace } from "./trace-fixture";

const nano = unitScale("A", -9);

describe("the read-out", () => {
  const a = trace([1, 2, 3], [1e-7, Number.NaN, 3e-7], { key: "a", label: "E1" });
  const b = trace([1, 2], [5e-7, 6e-7], { key: "b", label: "Mean", spread: [1e-8, Number.NaN] });

  it("tells every value of a few traces, with its spread, and a dash where there is none", () => {
    expect(readout([a, b], 1, null, "A", nano).map((part) => part.text)).toEqual(["100.0\u202fnA", "500.0\u202fnA ± 10\u202fnA"]);
    expect(readout([a, b], 2, null, "A", nano).map((part) => part.text)).toEqual(["–", "600.0\u202fnA"]);
    expect(readout([a, b], 3, null, "A", nano).map((part) => part.text)).toEqual(["300.0\u202fnA", "–"]);
  });

  it("tells only the trace pointed at where there are many", () => {
    const many = Array.from({ length: 9 }, (_, k) => ({ ...a, key: String(k) }));
    expect(readout(many, 1, null, "A", nano)).toEqual([]);
    expect(readout(many, 1, many[3] ?? null, "A", nano).map((part) => part.key)).toEqual(["3"]);
  });

  it("is short where there is little room", () => {
    expect(readout([a, b], 2, null, "A", nano, true).map(({ label, text }) => label + text)).toEqual(["–", "600"]);
  });

  it("sums a plot up in a sentence", () => {
    const reads = indexAxis().reads;
    expect(summary("Peak current", [a, b], "A", nano, reads)).toBe(
      "Peak current: 2 traces up to file 3. Newest: E1 300.0\u202fnA, Mean 600.0\u202fnA. 1 point without a number.",
    );
    expect(summary("Peak current", [], "A", nano, reads)).toBe("Peak current: nothing to show yet.");
  });
});

describe("axes along the data", () => {
  it("name their unit and read places in words", () => {
    expect(indexAxis(undefined, (index) => index * 20).reads(37)).toBe("file 37, 12\u202fmin 20\u202fs");
    expect(timeAxis(() => 37).reads(740)).toBe("12\u202fmin 20\u202fs, file 37");
    expect(timeAxis().title({ min: 0, max: 7200 })).toBe("Time, min");
    const potential = potentialAxis(true);
    expect(potential.title({ min: -0.5, max: 0 })).toBe("Potential, mV");
    expect(potential.ticks({ min: -0.5, max: 0 }, 3).text).toEqual(["\u2212400", "\u2212200", "0"]);
    expect(potential.reads(-0.262)).toBe("\u2212262.0\u202fmV");
  });

  it("show a sweep from edge to edge", () => {
    const range = potentialAxis(false).range(null, { min: -0.48, max: 0 });
    expect(range.min).toBeCloseTo(-0.4848, 12);
    expect(range.max).toBeCloseTo(0.0048, 12);
  });
});
