import { describe, expect, it } from "vitest";

import { tableOf } from "../../platform/columns";
import { voltammogramPicture } from "../../plot/voltammogram";
import { currentAt, segmentsIn } from "./segments";

function table(numbers: readonly number[]) {
  const down = [0, -0.1, -0.2];
  const potential_v = numbers.flatMap((number) => (number % 2 === 1 ? down : [...down].reverse()));
  const raw_a = potential_v.map((_, k) => k * 1e-9);
  return tableOf(
    { potential_v, raw_a, smoothed_a: raw_a, baseline_a: raw_a.map(() => Number.NaN), segment: numbers.flatMap((n) => [n, n, n]) },
    { segments: [1, 2, 3, 4].map((segment) => ({ segment, cycle: Math.ceil(segment / 2) })) },
  );
}

describe("segments in columns", () => {
  it("are cut, named by cycle, and told apart by direction", () => {
    expect(segmentsIn(table([1, 2, 3])).map(({ number, cycle, direction }) => [number, cycle, direction])).toEqual([
      [1, 1, "forward"],
      [2, 1, "reverse"],
      [3, 2, "forward"],
    ]);
  });

  it("keep their direction where only the way back is there", () => {
    expect(segmentsIn(table([4])).map(({ direction }) => direction)).toEqual(["reverse"]);
  });

  it("are read between two points, and nowhere else", () => {
    const [first] = segmentsIn(table([1]));
    if (!first) throw new Error("there is a segment");
    expect(currentAt(first, -0.05)).toBeCloseTo(0.5e-9, 15);
    expect(currentAt(first, 0.1)).toBeNull();
  });
});

describe("the picture of a voltammogram that folds back", () => {
  const picture = voltammogramPicture(segmentsIn(table([1, 2, 3, 4])), { focused: [3, 4], peaks: [], half_wave_v: null, scheme: "light", epoch: 1 });

  it("has ascending potentials in every trace, so that no line joins two segments", () => {
    for (const { x, length } of picture.traces) {
      for (let k = 1; k < length; k += 1) expect(x[k]).toBeGreaterThan(x[k - 1] as number);
    }
  });

  it("draws what is not looked at faded, the older the fainter, and reads out only what is", () => {
    const faded = picture.traces.filter(({ colour }) => /^#.{8}$/.test(colour)).map(({ colour }) => Number.parseInt(colour.slice(7), 16));
    expect(faded).toHaveLength(2);
    expect(faded[0]).toBeLessThan(faded[1] as number);
    expect(picture.read.map(({ label }) => label)).toEqual(["Segment 3, forward", "Segment 4, reverse"]);
  });
});
