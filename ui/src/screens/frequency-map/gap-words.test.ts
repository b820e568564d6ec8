import { describe, expect, it } from "vitest";

import type { Platform } from "../../platform/platform";
import type { Measurement } from "../../protocol/Measurement";
import { SeriesStore } from "../../session/series-store";
import { measurement } from "../../testing/measurement";
import { gapWords, placeWords } from "./gap-words";

function session(...measurements: Measurement[]) {
  const store = new SeriesStore();
  for (const one of measurements) store.measured([one]);
  const query = (asked: { measurement: number }) =>
    Promise.resolve({ measurement: measurements.find((one) => one.measurement === asked.measurement) });
  return {
    platform: { query } as unknown as Platform,
    series: (electrode: number | null, hz: number | null) => store.get(electrode, hz),
  };
}

const FLAT = measurement({ measurement: 1, peak_current_a: null, status: "warning", reason: "no_peak", message: "No peak stands out." });

describe("a gap in a map", () => {
  it("names the place, the file and its reason", async () => {
    expect(await gapWords(session(FLAT), 1, 15, 1)).toBe("E1 · 15\u202fHz, map 1 (SWV_15Hz_1.txt): No peak stands out.");
  });

  it("is told from what was excluded, and from what was not measured", async () => {
    expect(await gapWords(session({ ...FLAT, excluded: true }), 1, 15, 1)).toBe("E1 · 15\u202fHz, map 1: excluded by you.");
    expect(await gapWords(session(FLAT), 2, 15, 1)).toBe("E2 · 15\u202fHz, map 1: not measured.");
    expect(placeWords(undefined, 15, null)).toBe("Mean · 15\u202fHz");
  });

  it("of an electrode may lie at a file that gave nothing at all", async () => {
    const broken = measurement({ measurement: 4, electrode: null, status: "failed", message: "The file is cut.", file: "cut.txt", peak_current_a: null });
    expect(await gapWords(session(broken), 3, 15, 1)).toBe("E3 · 15\u202fHz, map 1 (cut.txt): The file is cut.");
  });
});
