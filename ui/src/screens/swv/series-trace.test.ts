import { describe, expect, it } from "vitest";
import { tableOf } from "../../platform/columns";
import { Series, type SeriesRow } from "../../session/series";
import { TrendStore } from "../../session/trend-store";
import { NormalisedRows, SeriesRows, TrendRows } from "./row-source";
import { MeanTrace, SourceTrace, type AlongRows, type TraceIdentity } from "./series-trace";

const of: TraceIdentity = {
  key: "1/15",
  label: "E1 · 15 Hz",
  colour: "#000",
  dash: [],
  electrode: 1,
  frequency_hz: 15,
  hasSweeps: true,
};
const byIndex: AlongRows = { kind: "index" };

let nextId = 1;
function row(index: number, peak: number, more: Partial<SeriesRow> = {}): SeriesRow {
  return {
    measurement: nextId++,
    index,
    time_s: 1000 + index * 20,
    status: 0,
    peak_current_a: peak,
    peak_potential_v: -0.3,
    baseline_current_a: 0,
    area_va: 0,
    fwhm_v: 0.1,
    snr: 50,
    quality: 0,
    excluded: 0,
    duplicate: 0,
    marked: 0,
    revision: 1,
    ...more,
  };
}

function seriesOf(...rows: SeriesRow[]): Series {
  const series = new Series(1, 15);
  rows.forEach((r) => series.put(r));
  return series;
}

const peaks = (series: Series) => new SeriesRows(() => series, "peak_current_a");
const values = (trace: { y: ArrayLike<number>; length: number }) => Array.from(trace.y).slice(0, trace.length);
const places = (trace: { x: ArrayLike<number>; length: number }) => Array.from(trace.x).slice(0, trace.length);

describe("the trace of a series", () => {
  it("grows with its rows without starting anew", () => {
    const series = seriesOf(row(1, 10), row(2, 11));
    const trace = new SourceTrace(of, byIndex, peaks(series));
    trace.refresh(null);
    const epoch = trace.epoch;
    series.put(row(3, 12));
    trace.refresh(null);
    expect(values(trace)).toEqual([10, 11, 12]);
    expect(trace.epoch).toBe(epoch);
    expect(trace.widestStep).toBe(1.5);
  });

  it("starts anew after a late file, an exclusion, and a reload", () => {
    let series = seriesOf(row(1, 10), row(3, 12));
    const trace = new SourceTrace(of, byIndex, new SeriesRows(() => series, "peak_current_a"));
    const epochs: number[] = [];
    const refresh = () => {
      trace.refresh(null);
      epochs.push(trace.epoch);
    };
    refresh();
    series.put(row(2, 11));
    refresh();
    series.mark("excluded", new Set([series.row(1)?.measurement ?? 0]), 1);
    refresh();
    series = seriesOf(row(1, 99));
    refresh();
    expect(new Set(epochs).size).toBe(4);
    expect(values(trace)).toEqual([99]);
  });

  it("lists missing numbers as gaps, and excluded points with their value, apart from the line", () => {
    const trace = new SourceTrace(
      of,
      byIndex,
      peaks(seriesOf(row(1, 10), row(2, Number.NaN, { status: 2 }), row(3, 500, { excluded: 1 }), row(4, 11))),
    );
    trace.refresh(null);
    expect(values(trace)).toEqual([10, Number.NaN, Number.NaN, 11]);
    expect(trace.gaps).toEqual([1]);
    expect(trace.excluded).toEqual([2]);
    expect(trace.excludedValue(2)).toBe(500);
  });

  it("ends where the time bar stands, and goes on from there", () => {
    const trace = new SourceTrace(of, byIndex, peaks(seriesOf(row(1, 1), row(2, 2), row(3, 3))));
    trace.refresh(2);
    expect(values(trace)).toEqual([1, 2]);
    trace.refresh(null);
    expect(values(trace)).toEqual([1, 2, 3]);
  });

  it("leaves out files without an index, and follows steps above one", () => {
    const trace = new SourceTrace(of, byIndex, peaks(seriesOf(row(10, 1), row(20, 2), row(Number.NaN, 3))));
    trace.refresh(null);
    expect(places(trace)).toEqual([10, 20]);
    expect(trace.widestStep).toBe(15);
  });

  it("leaves a second file with the same index out of the line", () => {
    const trace = new SourceTrace(of, byIndex, peaks(seriesOf(row(1, 1), row(2, 2), row(2, 9, { duplicate: 1 }), row(3, 3))));
    trace.refresh(null);
    expect(values(trace)).toEqual([1, 2, 3]);
  });

  it("stands in order of time also where a clock was set back", () => {
    const series = seriesOf(row(1, 1, { time_s: 500 }), row(2, 2, { time_s: 520 }), row(3, 3, { time_s: 400 }));
    const trace = new SourceTrace(of, { kind: "time", origin_s: 400 }, peaks(series));
    trace.refresh(null);
    expect(places(trace)).toEqual([0, 100, 120]);
    expect(values(trace)).toEqual([3, 1, 2]);
    expect(trace.indexAt(0)).toBe(3);
  });
});

function trendTable(rows: [number, number, number][]) {
  return tableOf(
    {
      electrode: rows.map(() => 1),
      index: rows.map((r) => r[0]),
      x: rows.map((r) => r[0]),
      normalized_low: rows.map((r) => r[1]),
      normalized_high: rows.map((r) => r[2]),
      ratio: rows.map((r) => r[2] / r[1]),
      kdm: rows.map((r) => (r[2] - r[1] + 1) * 100),
      concentration_m: rows.map(() => Number.NaN),
    },
    null,
  );
}

describe("the trace of a trend", () => {
  it("waits for the other frequency at its end and does not start anew when that arrives", () => {
    const store = new TrendStore();
    store.take(null, trendTable([[1, 1, 1], [2, 0.9, Number.NaN]]));
    const newest = { low: 2, high: 1 };
    const both = () => Math.min(newest.low, newest.high);
    const kdm = new SourceTrace(of, byIndex, new TrendRows(() => store.get(1), "kdm", () => Number.NaN, both));
    const low = new SourceTrace(of, byIndex, new TrendRows(() => store.get(1), "normalized_low", () => Number.NaN, () => newest.low));
    kdm.refresh(null);
    low.refresh(null);
    expect(values(kdm)).toEqual([100]);
    expect(kdm.gaps).toEqual([]);
    const epochs = [kdm.epoch, low.epoch];
    store.take({ first: 2, last: 3 }, trendTable([[2, 0.9, 1.1], [3, 0.8, Number.NaN]]));
    Object.assign(newest, { low: 3, high: 2 });
    kdm.refresh(null);
    low.refresh(null);
    expect(values(kdm).map((v) => Math.round(v))).toEqual([100, 120]);
    expect(values(low)).toEqual([1, 0.9, 0.8]);
    expect([kdm.epoch, low.epoch]).toEqual(epochs);
  });

  it("starts anew when an earlier number changed", () => {
    const store = new TrendStore();
    store.take(null, trendTable([[1, 1, 1], [2, 0.9, 1.1], [3, 0.8, 1.2]]));
    const trace = new SourceTrace(of, byIndex, new TrendRows(() => store.get(1), "kdm", () => Number.NaN, () => 3));
    trace.refresh(null);
    const epoch = trace.epoch;
    store.take({ first: 2, last: 2 }, trendTable([[2, 0.9, Number.NaN]]));
    trace.refresh(null);
    expect(trace.epoch).not.toBe(epoch);
    expect(trace.gaps).toEqual([1]);
    store.take({ first: 2, last: 2 }, trendTable([]));
    trace.refresh(null);
    expect(places(trace)).toEqual([1, 3]);
  });
});

describe("a normalised middle frequency", () => {
  it("is the quotient by the reference, and nothing without one", () => {
    const series = seriesOf(row(2, 12), row(3, 18));
    const trace = new SourceTrace(of, byIndex, new NormalisedRows(peaks(series), 1));
    trace.refresh(null);
    expect(values(trace)).toEqual([Number.NaN, Number.NaN]);
    series.put(row(1, 6));
    trace.refresh(null);
    expect(values(trace)).toEqual([1, 2, 3]);
  });
});

describe("the mean over electrodes", () => {
  it("has a sample standard deviation, one number no band, and none a gap", () => {
    const a = seriesOf(row(1, 10), row(2, 20), row(3, Number.NaN));
    const b = seriesOf(row(1, 14), row(2, Number.NaN), row(3, Number.NaN));
    const trace = new MeanTrace(of, byIndex, [peaks(a), peaks(b)]);
    trace.refresh(null);
    expect(values(trace)).toEqual([12, 20, Number.NaN]);
    expect(trace.spread[0]).toBeCloseTo(Math.sqrt(8), 12);
    expect(trace.spread[1]).toBeNaN();
    expect(trace.gaps).toEqual([2]);
  });

  it("takes in what arrives, electrode by electrode", () => {
    const a = seriesOf(row(1, 10));
    const b = seriesOf(row(1, 14));
    const trace = new MeanTrace(of, byIndex, [peaks(a), peaks(b)]);
    trace.refresh(null);
    a.put(row(2, 30));
    trace.refresh(null);
    expect(values(trace)).toEqual([12, 30]);
    b.put(row(2, 32));
    trace.refresh(null);
    expect(values(trace)).toEqual([12, 31]);
    a.mark("excluded", new Set([a.row(0)?.measurement ?? 0]), 1);
    trace.refresh(null);
    expect(values(trace)).toEqual([14, 31]);
  });

  it("takes in what arrives in time, without placing all of it anew, also where a clock was set back", () => {
    const at = (index: number, time_s: number) => ({ ...row(index, index), time_s });
    const series = new Series(1, 15);
    for (let index = 1; index <= 5; index++) series.put(at(index, 100 + index * 20));
    let placed = 0;
    const source = peaks(series);
    const { time_s } = source;
    source.time_s = (k) => {
      placed++;
      return time_s.call(source, k);
    };
    const trace = new MeanTrace(of, { kind: "time", origin_s: 100 }, [source]);
    trace.refresh(null);
    expect(placed).toBe(5);
    series.put(at(6, 220));
    trace.refresh(null);
    expect(placed).toBe(6);
    expect(places(trace)).toEqual([20, 40, 60, 80, 100, 120]);
    series.put(at(7, 130));
    trace.refresh(null);
    series.put(at(8, 260));
    trace.refresh(null);
    expect(places(trace)).toEqual([20, 30, 40, 60, 80, 100, 120, 160]);
    expect(values(trace)).toEqual([1, 7, 2, 3, 4, 5, 6, 8]);
  });

  it("equals a mean computed at once, whatever the order of arrival", () => {
    let seed = 5;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const all = [0, 1, 2].map(() => new Series(1, 15));
    const live = new MeanTrace(of, byIndex, all.map(peaks));
    for (let k = 0; k < 300; k++) {
      const series = all[Math.floor(random() * 3)];
      series?.put(row(1 + Math.floor(random() * 60) + Math.floor(k / 4), random() < 0.1 ? Number.NaN : random()));
      if (random() < 0.5) live.refresh(null);
    }
    live.refresh(null);
    const once = new MeanTrace(of, byIndex, all.map(peaks));
    once.refresh(null);
    expect(places(live)).toEqual(places(once));
    expect(values(live)).toEqual(values(once));
    expect(live.gaps).toEqual(once.gaps);
  });
});
