import { describe, expect, it } from "vitest";
import { Series, type SeriesRow } from "../../session/series";
import { defaultSettings } from "../../settings/defaults";
import { quantitiesOf } from "./choices.svelte";
import { electrodeStates } from "./electrode-state";
import { Explainer } from "./explain";
import { indexTimes } from "./index-times";
import { placeOf, shownPosition } from "./selection";
import { dashOf, refreshPanels, trendPanels, type TrendChoice } from "./trend-panels";
import { unchanged } from "./unchanged";

function row(measurement: number, index: number, more: Partial<SeriesRow> = {}): SeriesRow {
  return {
    measurement, index, time_s: 1000 + index * 20, status: 0, peak_current_a: index * 1e-8, peak_potential_v: -0.3,
    baseline_current_a: 0, area_va: index * 1e-9, fwhm_v: 0.1, snr: 50, quality: 0, excluded: 0, duplicate: 0, revision: 1, ...more,
  };
}

function session() {
  const all: Series[] = [];
  const add = (electrode: number | null, frequency_hz: number, ...rows: SeriesRow[]) => {
    const series = new Series(electrode, frequency_hz);
    rows.forEach((r) => series.put(r));
    all.push(series);
  };
  add(1, 15, row(11, 1), row(12, 2), row(13, 3));
  add(2, 15, row(21, 1), row(22, 2, { peak_current_a: Number.NaN, status: 1 }), row(23, 3, { excluded: 1 }));
  add(1, 200, row(31, 1), row(32, 2), row(33, 3, { quality: 2 }));
  add(null, 200, row(43, 4, { status: 2, peak_current_a: Number.NaN }));
  const series = (electrode: number | null, frequency_hz: number | null) =>
    all.find((s) => s.electrode === electrode && s.frequency_hz === frequency_hz);
  return { all, series, trend: () => undefined };
}

const choice: TrendChoice = {
  electrodes: [1, 2],
  frequencies_hz: [15, 200],
  allFrequencies_hz: [15, 200],
  quantities: ["peak"],
  display: "overlaid",
  along: { kind: "index" },
  settings: defaultSettings(),
  scheme: "light",
};

describe("trend panels", () => {
  it("overlay electrodes: colours for electrodes, dashes for frequencies", () => {
    const [panel] = trendPanels(session(), choice);
    expect(panel?.traces.map((t) => t.label)).toEqual(["E1 · 15\u202fHz", "E1 · 200\u202fHz", "E2 · 15\u202fHz", "E2 · 200\u202fHz"]);
    const [slow, fast, other] = panel?.traces ?? [];
    expect(slow?.colour).toBe(fast?.colour);
    expect(slow?.colour).not.toBe(other?.colour);
    expect(fast?.dash).toEqual([]);
    expect(slow?.dash).not.toEqual([]);
    expect(dashOf(15, [15, 60, 200])).not.toEqual(dashOf(60, [15, 60, 200]));
  });

  it("give frequencies the colours where there is one electrode", () => {
    const [panel] = trendPanels(session(), { ...choice, electrodes: [1] });
    expect(new Set(panel?.traces.map((t) => t.colour)).size).toBe(2);
    expect(panel?.traces.every((t) => t.dash.length === 0)).toBe(true);
  });

  it("give each electrode a panel with the same axis", () => {
    const panels = trendPanels(session(), { ...choice, display: "separate" });
    expect(panels.map((p) => p.note)).toEqual(["E1", "E2"]);
    expect(panels[0]?.values).toBe(panels[1]?.values);
    expect(panels[0]?.scaled).toHaveLength(4);
  });

  it("mark files that could not be used, whichever electrodes are shown", () => {
    const panels = trendPanels(session(), choice);
    refreshPanels(panels, null);
    const fault = panels[0]?.faults.find((t) => t.of.frequency_hz === 200);
    expect(fault?.gaps.map((k) => fault.indexAt(k))).toEqual([4]);
  });

  it("plot areas instead of heights where the settings say so", () => {
    const settings = defaultSettings();
    settings.peak.quantity = "area";
    const panels = trendPanels(session(), { ...choice, settings });
    refreshPanels(panels, null);
    expect(panels[0]?.title).toBe("Peak area");
    expect(panels[0]?.values.unit).toBe("VA");
    expect(panels[0]?.traces[0]?.y[2]).toBeCloseTo(3e-9, 15);
  });

  it("leave out what cannot be computed", () => {
    expect(quantitiesOf([], true, 2)).toEqual(["peak", "normalised", "ratio", "kdm", "potential"]);
    expect(quantitiesOf(["potential"], false, 1)).toEqual(["peak"]);
  });
});

describe("finding measurements", () => {
  it("goes from id to place, and from place to row", () => {
    const { all, series } = session();
    expect(placeOf(all, 32)).toEqual({ electrode: 1, frequency_hz: 200, index: 2 });
    expect(placeOf(all, 999)).toBeNull();
    expect(shownPosition(series(1, 15), null, null)).toBe(2);
    expect(shownPosition(series(1, 15), null, 2)).toBe(1);
    expect(shownPosition(series(1, 15), 2, null)).toBe(1);
    expect(shownPosition(series(1, 15), 9, null)).toBe(-1);
    expect(shownPosition(undefined, null, null)).toBe(-1);
  });

  it("tells which electrodes are in trouble now", () => {
    const { series } = session();
    expect(electrodeStates({ series }, [1, 2], [15, 200])).toEqual(
      new Map([[1, "newest sweep: poor quality at 200\u202fHz"]]),
    );
  });

  it("knows when files were measured, and which file was measured when", () => {
    const times = indexTimes(session().all, 20);
    expect(times.origin_s).toBe(1020);
    expect(times.at(2)).toBe(20);
    expect(times.at(2.5)).toBe(30);
    expect(times.at(5)).toBe(80);
    expect(times.indexNear(29)).toBe(2);
    expect(indexTimes([], 20).at(3)).toBe(40);
  });
});

describe("explanations", () => {
  const { series } = session();
  const asked: number[] = [];
  const platform = {
    query: async ({ measurement }: { measurement: number }) => {
      asked.push(measurement);
      return { answer: "measurement", measurement: { file: "a.txt", message: "No peak stands out." } };
    },
  };
  const explainer = new Explainer({ platform: platform as never, series });

  it("give the engine's reason, and ask for it once", async () => {
    const text = "E2 · 15\u202fHz, file 2 (a.txt): No peak stands out.";
    expect(await explainer.measured(2, 15, 2)).toBe(text);
    expect(await explainer.measured(2, 15, 2)).toBe(text);
    expect(asked).toEqual([22]);
  });

  it("tell exclusion, whole files and absent files apart", async () => {
    expect(await explainer.measured(2, 15, 3)).toBe("E2 · 15\u202fHz, file 3: excluded by you.");
    expect(await explainer.measured(1, 200, 4)).toBe("200\u202fHz, file 4 (a.txt): No peak stands out.");
    expect(await explainer.measured(1, 200, 9)).toBe("E1 · 200\u202fHz, file 9: there is no such file.");
  });

  it("find what a trend lacks: a frequency, or the reference", async () => {
    expect(await explainer.trend(2, [15], 2, 1)).toContain("E2 · 15\u202fHz, file 2");
    expect(await explainer.trend(1, [15, 200], 2, 8)).toBe("The reference has no number. E1 · 15\u202fHz, file 8: there is no such file.");
  });
});

describe("lists that are computed again", () => {
  it("keep their identity while their members are the same", () => {
    const same = unchanged<number>();
    const first = same([1, 2]);
    expect(same([1, 2])).toBe(first);
    expect(same([1, 3])).not.toBe(first);
  });
});
