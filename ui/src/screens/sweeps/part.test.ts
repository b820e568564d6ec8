import { describe, expect, it } from "vitest";

import { Series, type SeriesRow } from "../../session/series";
import type { Measurement } from "../../protocol/Measurement";
import { PartExplainer } from "./part-explain";
import { partOf, rowOfPart, rowsAt, shownIndex } from "./part";
import { PartRows } from "./part-rows";

const OWN = ["segment", "half_wave_potential_v"] as const;

function row(change: Partial<SeriesRow>): SeriesRow {
  return {
    measurement: 1, index: 1, time_s: 0, status: 0, peak_current_a: 1e-8, peak_potential_v: -0.2, baseline_current_a: 0, area_va: 0,
    fwhm_v: 0.09, snr: 10, quality: 0, excluded: 0, revision: 1, duplicate: 0, marked: 0, ...change,
  };
}

function series(rows: Partial<SeriesRow>[]): Series {
  const made = new Series(1, null, OWN);
  for (const each of rows) made.put(row(each));
  return made;
}

describe("parts of files", () => {
  const three = series([
    { measurement: 1, index: 1, segment: 1, peak_current_a: 1 },
    { measurement: 2, index: 1, segment: 2, peak_current_a: 2 },
    { measurement: 3, index: 2, status: 2, peak_current_a: Number.NaN },
    { measurement: 4, index: 3, segment: 1, peak_current_a: 3 },
    { measurement: 5, index: 3, segment: 2, peak_current_a: 4, excluded: 1 },
  ]);

  it("are found by file and number; a file that could not be used stands for all of its parts", () => {
    expect(rowsAt(three, 1).map((each) => partOf(each, "segment"))).toEqual([1, 2]);
    expect(rowOfPart(three, "segment", 2, 3)?.measurement).toBe(5);
    expect(rowOfPart(three, "segment", 2, 2)?.measurement).toBe(3);
    expect(rowOfPart(three, "segment", 3, 1)).toBeNull();
    expect(rowOfPart(three, "segment", 1, 9)).toBeNull();
  });

  it("are shown of the newest file that could be used, up to where the time bar stands", () => {
    expect(shownIndex(three, null, null)).toBe(3);
    expect(shownIndex(three, null, 2)).toBe(1);
    expect(shownIndex(three, 2, null)).toBe(2);
    expect(shownIndex(series([]), null, null)).toBeNull();
  });

  it("give rows of one number each, with a gap for what could not be used", () => {
    const rows = new PartRows(() => three, "segment", 2, "peak_current_a");
    rows.refresh();
    expect(Array.from({ length: rows.length }, (_, k) => rows.index(k))).toEqual([1, 2, 3]);
    expect(Array.from({ length: rows.length }, (_, k) => rows.value(k))).toEqual([2, Number.NaN, Number.NaN]);
    expect(rows.excludedValue(2)).toBe(4);
  });

  it("take over added rows without looking at the others again", () => {
    const growing = series([{ measurement: 1, index: 1, segment: 1 }]);
    const rows = new PartRows(() => growing, "segment", 1, "half_wave_potential_v");
    rows.refresh();
    const { epoch } = rows;
    growing.put(row({ measurement: 2, index: 2, segment: 1, half_wave_potential_v: -0.26 }));
    rows.refresh();
    expect(rows.epoch).toBe(epoch);
    expect(rows.value(1)).toBe(-0.26);
    expect(rows.value(0)).toBeNaN();
  });

  it("tell why a number is missing, with file and place", async () => {
    const asked: unknown[] = [];
    const platform = {
      query: async (query: unknown) => {
        asked.push(query);
        return { measurement: { file: "CV_2.txt", message: "The file has a header and no data." } as Measurement };
      },
    } as never;
    const explainer = new PartExplainer({ platform, series: (electrode) => (electrode === 1 ? three : undefined) }, "segment");
    expect(await explainer.explain({ electrode: 1, index: 2, part: 1 })).toBe("E1, file 2, segment 1 (CV_2.txt): The file has a header and no data.");
    await explainer.explain({ electrode: 1, index: 2, part: 2 });
    expect(asked).toHaveLength(1);
    expect(await explainer.explain({ electrode: 1, index: 3, part: 2 })).toMatch(/excluded by you/);
    expect(await explainer.explain({ electrode: 1, index: 3, part: 7 })).toMatch(/there is no such segment/);
  });

  it("have no column that the engine did not send", () => {
    expect(three.column("tau1_s")).toHaveLength(0);
  });
});
