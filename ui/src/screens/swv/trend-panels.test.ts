import { describe, expect, it } from "vitest";
import { tableOf } from "../../platform/columns";
import { Series, type SeriesRow } from "../../session/series";
import { TREND_COLUMNS, TrendStore } from "../../session/trend-store";
import { defaultSettings } from "../../settings/defaults";
import { quantitiesOf } from "./choices.svelte";
import { electrodeStates } from "./electrode-state";
import { emptinessOf } from "./emptiness";
import { Explainer } from "./explain";
import { indexTimes } from "../time-bar/index-times";
import { placeOf, shownPosition } from "./selection";
import { dashOf, refreshPanels, trendPanels, type TrendChoice } from "./trend-panels";
import { unchanged } from "./unchanged";

function row(measurement: number, index: number, more: Partial<SeriesRow> = {}): SeriesRow {
  return {
    measurement, index, time_s: 1000 + index * 20, status: 0, peak_current_a: index * 1e-8, peak_potential_v: -0.3,
    baseline_current_a: 0, area_va: index * 1e-9, fwhm_v: 0.1, snr: 50, quality: 0, excluded: 0, duplicate: 0,
    marked: 0, revision: 1, ...more,
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
  return { all, series, trend: () => undefined, newestInTrends: () => Infinity };
}

const choice: TrendChoice = {
  electrodes: [1, 2],
  allElectrodes: [1, 2],
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
    expect(quantitiesOf(["kdm", "ratio"], true, 2, true)).toEqual(["peak", "normalised", "concentration", "potential"]);
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

describe("trends of two frequencies", () => {
  /** Currents of one electrode by index; NaN: measured without a peak; null: not there. */
  function store(low: readonly (number | null)[], high: readonly (number | null)[], kdm: readonly number[], other: number[] = []) {
    const at = (electrode: number, hz: number, values: readonly (number | null)[]) => {
      const series = new Series(electrode, hz);
      values.forEach((peak_current_a, k) => peak_current_a !== null && series.put(row(hz * 1000 + k, k + 1, { peak_current_a })));
      return series;
    };
    const all = new Map([["1 15", at(1, 15, low)], ["1 200", at(1, 200, high)], ["2 15", at(2, 15, other)], ["2 200", at(2, 200, other)]]);
    const trends = new TrendStore();
    const columns: Record<string, number[]> = { electrode: kdm.map(() => 1) };
    for (const name of TREND_COLUMNS) columns[name] = kdm.map((value, k) => (name === "index" ? k + 1 : value));
    trends.take(null, tableOf(columns, null));
    return {
      series: (electrode: number | null, hz: number | null) => all.get(`${String(electrode)} ${String(hz)}`),
      trend: (electrode: number | null) => trends.get(electrode),
      newestInTrends: (electrode: number | null, hz: number | null) =>
        all.get(`${String(electrode)} ${String(hz)}`)?.newestIndex ?? -Infinity,
      trends,
    };
  }
  const kdm = (of: ReturnType<typeof store>) => {
    const panels = trendPanels(of, { ...choice, electrodes: [1], quantities: ["kdm"] });
    refreshPanels(panels, null);
    const [trace] = panels[0]?.traces ?? [];
    return { panels, trace, indices: trace?.gaps.map((gap) => trace.indexAt(gap)) };
  };
  const none = Number.NaN;

  it("have gaps up to the newest file of both, also at the end", () => {
    expect(kdm(store([1, 1, none, none], [1, 1, 1, 1], [100, 100, none, none])).indices).toEqual([3, 4]);
  });

  it("have no gap where the other frequency is still on its way", () => {
    expect(kdm(store([1, 1, 1], [1, 1], [100, 100, none])).indices).toEqual([]);
    expect(kdm(store([1, 1, 1], [], [none, none, none])).indices).toEqual([]);
  });

  it("have gaps everywhere, and say that they have no number, where the reference has none", () => {
    const { trace, indices } = kdm(store([none, 1, 1], [1, 1, 1], [none, none, none]));
    expect(indices).toEqual([1, 2, 3]);
    expect(trace?.hasNumbers).toBe(false);
  });

  it("have gaps for an electrode that stopped while others went on", () => {
    const dead = [1, null, null, null];
    expect(kdm(store(dead, dead, [100, none, none, none], [1, 1, 1, 1])).indices).toEqual([2, 3]);
  });

  it("take in a number that comes late for a row that was a gap", () => {
    const of = store([1, none, 1], [1, 1, 1], [100, none, none]);
    const { panels, trace } = kdm(of);
    const columns: Record<string, number[]> = { electrode: [1] };
    for (const name of TREND_COLUMNS) columns[name] = [name === "index" ? 3 : 90];
    of.trends.take({ first: 3, last: 3 }, tableOf(columns, null));
    refreshPanels(panels, null);
    expect(Array.from(trace?.y ?? []).slice(0, trace?.length)).toEqual([100, Number.NaN, 90]);
    expect(trace?.gaps).toEqual([1]);
  });
});

describe("a session without anything to plot", () => {
  const of = (electrode: number | null, frequency_hz: number | null, ...rows: SeriesRow[]) => {
    const series = new Series(electrode, frequency_hz);
    rows.forEach((r) => series.put(r));
    return series;
  };
  const failed = of(null, 15, row(1, 1, { status: 2, peak_current_a: Number.NaN }));

  it("is told from one whose files all failed, and from one that has something", () => {
    expect(emptinessOf([])).toBe("nothing_came");
    expect(emptinessOf([of(1, 15), failed])).toBe("nothing_usable");
    expect(emptinessOf([failed, of(1, 15, row(2, 1, { status: 1, peak_current_a: Number.NaN }))])).toBeNull();
  });

  it("is told from measurements that have no place in the plots", () => {
    expect(emptinessOf([failed, of(1, null, row(2, 1))])).toBe("no_frequency");
    expect(emptinessOf([of(1, 15, row(2, Number.NaN))])).toBe("no_index");
    expect(emptinessOf([of(1, null, row(2, 1)), of(1, 15, row(3, 1))])).toBeNull();
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

  it("take index 0 for a reference, and a negative one for none", async () => {
    expect(await explainer.trend(1, [15], 2, 0)).toContain("The reference has no number. E1 · 15\u202fHz, file 0");
    expect(await explainer.trend(1, [15], 2, -1)).toContain("cannot be computed");
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
