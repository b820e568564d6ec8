import { describe, expect, it } from "vitest";

import { tableOf } from "../../platform/columns";
import type { Marker } from "../../protocol/Marker";
import { Series, type SeriesRow } from "../../session/series";
import { TrendStore } from "../../session/trend-store";
import { defaultSettings } from "../../settings/defaults";
import { indexTimes } from "../time-bar/index-times";
import { alongOf, axisOf, markerOf, placeOn } from "./alignment";
import { ColumnRows, partValues } from "./column-rows";
import { cursorRows, newestPlace } from "./cursor-table";
import { settingDifferences } from "./differences";
import { type Compared, comparePanels, hasSessionColours, refreshCompared } from "./panels";
import { quantitiesOfTechnique } from "./quantities";

const BEGAN_S = 1_000_000;

function row(measurement: number, index: number, more: Partial<SeriesRow> = {}): SeriesRow {
  return {
    measurement, index, time_s: BEGAN_S + index * 20, status: 0, peak_current_a: index * 1e-8, peak_potential_v: -0.3,
    baseline_current_a: 0, area_va: index * 1e-9, fwhm_v: 0.1, snr: 50, quality: 0, excluded: 0, duplicate: 0, revision: 1, marked: 0, ...more,
  };
}

/** Two electrodes at two frequencies, with a gap and a calibrated trend. */
function compared(change: Partial<Compared> = {}, files = 5): Compared {
  const all = [1, 2].flatMap((electrode) =>
    [15, 200].map((frequency_hz) => {
      const series = new Series(electrode, frequency_hz);
      for (let index = 1; index <= files; index++) {
        const height = index * electrode * 1e-8;
        series.put(row(electrode * 1000 + frequency_hz * 10 + index, index, { peak_current_a: index === 3 ? Number.NaN : height }));
      }
      return series;
    }),
  );
  const trends = new TrendStore();
  const index = [1, 2, 3, 4, 5].slice(0, files);
  trends.take(null, tableOf({
    electrode: index.map(() => 1), index, x: index, normalized_low: index, normalized_high: index, ratio: index,
    kdm: index.map((at) => at * 10), concentration_m: index.map((at) => at * 1e-6),
  }, null));
  const session = change.session ?? "a";
  return {
    session, tag: "S1", name: "Run", rank: 0, technique: "swv", settings: defaultSettings(), electrodes: [1, 2], allElectrodes: [1, 2],
    isMean: false, frequency_hz: 200, allFrequencies_hz: [15, 200], part: null, along: { kind: "index" }, table: () => null,
    store: {
      series: (electrode, frequency_hz) => all.find((one) => one.electrode === electrode && one.frequency_hz === frequency_hz),
      trend: (electrode) => trends.get(electrode),
      newestInTrends: () => Infinity,
    },
    ...change,
  };
}

const quantity = (key: string) => quantitiesOfTechnique("swv").filter((one) => one.key === key);

function panel(all: readonly Compared[], key: string) {
  const [made] = comparePanels(all, quantity(key), "light", new Map());
  if (!made) throw new Error(`no plot of ${key}`);
  refreshCompared([made]);
  return made;
}

const points = (trace: { x: ArrayLike<number>; y: ArrayLike<number>; length: number }) =>
  Array.from({ length: trace.length }, (_, k) => [trace.x[k], trace.y[k]]);

const marker = (index: number, more: Partial<Marker> = {}): Marker => ({ id: `m${index}`, kind: "event", index, label: "", ...more });

describe("alignment", () => {
  const times = indexTimes([seriesOf([1, 2, 3, 4])], 20);

  it("has the chosen marker, else the first injection, else the first marker", () => {
    const all = [marker(1), marker(2, { kind: "injection" }), marker(3)];
    expect(markerOf(all, "m3")?.index).toBe(3);
    expect(markerOf(all, "gone")?.index).toBe(2);
    expect(markerOf([marker(4)], null)?.index).toBe(4);
    expect(markerOf([], null)).toBeNull();
  });

  it("puts the zero at the beginning or at a marker, and nowhere without one", () => {
    const zero = { origin_s: BEGAN_S + 20, marker: { index: 2.5, elapsed_s: 30 } };
    expect(alongOf("index", zero)).toEqual({ kind: "index" });
    expect(alongOf("time", zero)).toEqual({ kind: "time", origin_s: BEGAN_S + 20 });
    expect(alongOf("marker-time", zero)).toEqual({ kind: "time", origin_s: BEGAN_S + 50 });
    expect(alongOf("marker-index", zero)).toEqual({ kind: "index", origin: 2.5 });
    expect(alongOf("marker-time", { ...zero, marker: null })).toBeNull();
  });

  it("places markers of others on the axis", () => {
    expect(placeOn({ kind: "index", origin: 2 }, times, 5)).toBe(3);
    expect(placeOn({ kind: "time", origin_s: BEGAN_S + 20 }, times, 4)).toBe(60);
  });

  it("reads places before and after the marker", () => {
    expect(axisOf("marker-time").reads(-90)).toBe("1\u202fmin 30\u202fs before the marker");
    expect(axisOf("marker-index").reads(3)).toBe("+3 files from the marker");
  });
});

function seriesOf(indices: number[]): Series {
  const series = new Series(1, 15);
  indices.forEach((index) => series.put(row(index, index)));
  return series;
}

describe("plots of several sessions", () => {
  it("have a line for each electrode of each session, where their zero is", () => {
    const { traces } = panel([compared(), compared({ session: "b", tag: "S2", rank: 1, along: { kind: "index", origin: 2 } })], "peak");
    expect(traces.map(({ label }) => label)).toEqual(["S1 · E1", "S1 · E2", "S2 · E1", "S2 · E2"]);
    expect(traces.map(({ name }) => name)[0]).toBe("Run · E1 · 200\u202fHz");
    expect(points(traces[2]!)).toEqual([[-1, 1e-8], [0, 2e-8], [1, Number.NaN], [2, 4e-8], [3, 5e-8]]);
    expect(traces[2]?.gaps).toEqual([2]);
    expect(traces[0]?.dash).not.toEqual(traces[2]?.dash);
    expect(traces[0]?.colour).toBe(traces[2]?.colour);
  });

  it("give sessions the colours once each is one line", () => {
    const means = [compared({ isMean: true }), compared({ session: "b", rank: 1, isMean: true })];
    expect(hasSessionColours(means)).toBe(true);
    expect(hasSessionColours([compared()])).toBe(false);
    const { traces } = panel(means, "peak");
    expect(traces.map(({ label }) => label)).toEqual(["S1 · mean of 2", "S1 · mean of 2"]);
    expect(traces[0]?.colour).not.toBe(traces[1]?.colour);
    expect(traces[0]?.y[0]).toBeCloseTo(1.5e-8, 20);
    expect(traces[0]?.spread?.[0]).toBeCloseTo(Math.SQRT1_2 * 1e-8, 20);
  });

  it("show area and height whichever of them is the session's peak, and concentrations", () => {
    expect(points(panel([compared({ electrodes: [1] })], "area").traces[0]!)[1]).toEqual([2, 2e-9]);
    const concentration = panel([compared({ electrodes: [1] })], "concentration");
    expect(points(concentration.traces[0]!)[4]).toEqual([5, 5 * 1e-6]);
  });

  it("have no line of a session without a place on the axis", () => {
    expect(panel([compared({ along: null })], "peak").traces).toEqual([]);
  });

  it("keep the value axis while lines come and go", () => {
    const axes = new Map();
    const [one] = comparePanels([compared()], quantity("peak"), "light", axes);
    const [two] = comparePanels([compared(), compared({ session: "b" })], quantity("peak"), "light", axes);
    expect(two?.values).toBe(one?.values);
  });
});

describe("the values at the cursor", () => {
  it("are those of the nearest file, and none where a session has no file", () => {
    const all = [compared({ electrodes: [1] }), compared({ session: "b", tag: "S2", rank: 1, electrodes: [1] }, 3)];
    const panels = comparePanels(all, [...quantity("peak"), ...quantity("kdm")], "light", new Map());
    refreshCompared(panels);
    panels.forEach(({ values, traces }) => values.range(traces, null));
    expect(cursorRows(panels, 4.2)).toMatchObject([
      { label: "S1 · E1", index: 4, cells: ["40.00\u202fnA", "40.00 %"] },
      { label: "S2 · E1", index: null, cells: ["–", "–"] },
    ]);
    expect(cursorRows(panels, 3)[0]?.cells[0]).toBe("–");
    expect(cursorRows(panels, null).map(({ index }) => index)).toEqual([5, 3]);
    expect(newestPlace(panels)).toBe(5);
  });
});

describe("rows of files with several results", () => {
  const table = tableOf({
    electrode: [1, 1, 1, 1, 1, 2], index: [2, 2, 1, 1, 3, 1], time_s: [20, 20, 10, 10, 30, 10],
    peak_current_a: [2, 22, 1, -1, Number.NaN, 9], process: [0, 0, 0, 1, 0, 0], cycle: [1, 2, 1, 1, 1, 1], segment: [1, 3, 1, 2, 1, 1],
    excluded: [0, 0, 0, 0, 0, 1], duplicate: [0, 0, 0, 0, 0, 0],
  }, null);
  const rows = (process: 0 | 1, electrode: number, cycle: number | null) => {
    const made = new ColumnRows(() => table, { column: "peak_current_a", process }, { electrode, part: { column: "cycle", value: cycle } });
    made.refresh();
    return Array.from({ length: made.length }, (_, k) => [made.index(k), made.value(k)]);
  };

  it("are one for each index: the first with a number, or the chosen cycle", () => {
    expect(rows(0, 1, null)).toEqual([[1, 1], [2, 2], [3, Number.NaN]]);
    expect(rows(0, 1, 2)).toEqual([[1, Number.NaN], [2, 22], [3, Number.NaN]]);
    expect(rows(1, 1, null)).toEqual([[1, -1], [2, Number.NaN], [3, Number.NaN]]);
  });

  it("know what is left out, and what there is to choose from", () => {
    const made = new ColumnRows(() => table, { column: "peak_current_a", process: 0 }, { electrode: 2, part: null });
    made.refresh();
    expect([made.value(0), made.excludedValue(0)]).toEqual([Number.NaN, 9]);
    expect(partValues(table, "cycle")).toEqual([1, 2]);
    expect(partValues(table, "step")).toEqual([]);
  });
});

describe("differences of settings", () => {
  it("are told for the quantities that they matter to", () => {
    const other = compared({ session: "b", tag: "S2", frequency_hz: 15 });
    other.settings.trend.kdm = other.settings.trend.kdm === "difference" ? "difference_over_average" : "difference";
    expect(settingDifferences([compared(), other], new Set(["kdm"]))).toEqual([
      expect.stringMatching(/^The definition of KDM differs: S1 difference.*, S2 difference/),
    ]);
    expect(settingDifferences([compared(), other], new Set(["peak"]))).toEqual(["The frequency differs: S1 200\u202fHz, S2 15\u202fHz."]);
    expect(settingDifferences([compared(), compared()], new Set(["kdm", "peak"]))).toEqual([]);
  });
});
