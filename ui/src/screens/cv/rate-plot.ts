/** Peak currents against the scan rate, as a plot. */

import { electrodeColour, type Scheme } from "../../design/colours";
import { decadeAxis, DecadeValues, plainAxis } from "../../plot/decades";
import type { Trace } from "../../plot/trace";
import type { AlongAxis, PlotContent } from "../../plot/trace-figure";
import { ValueAxis } from "../../plot/value-axis";
import type { RateLine } from "../../protocol/RateLine";
import type { RatePeak } from "../../protocol/RatePeak";
import type { RateStudy } from "../../protocol/RateStudy";

/** What stands along the plot. */
export type RateView = "rate" | "root" | "log";

export const RATE_VIEWS: readonly { key: RateView; word: string }[] = [
  { key: "rate", word: "i against v" },
  { key: "root", word: "i against √v" },
  { key: "log", word: "log i against log v" },
];

export const RATE_HEADINGS: Record<RateView, string> = {
  rate: "Scan rate (V/s)",
  root: "Root of the scan rate (√(V/s))",
  log: "Scan rate (V/s)",
};

function axisOf(view: RateView): AlongAxis {
  if (view === "log") return decadeAxis("Scan rate", "V/s");
  return view === "rate" ? plainAxis("Scan rate", "V/s") : plainAxis("√ scan rate", "√(V/s)");
}

/** The peaks of a study with the line through them. */
export function ratePlot(study: RateStudy, all: readonly RatePeak[], view: RateView, scheme: Scheme, epoch: number): PlotContent {
  const peaks = all
    .filter(({ electrode, process }) => electrode === study.electrode && process === study.process)
    .sort((a, b) => a.scan_rate_v_s - b.scan_rate_v_s);
  const along = (rate: number): number => (view === "rate" ? rate : view === "root" ? Math.sqrt(rate) : Math.log10(rate));
  const value = (current: number): number => (view === "log" ? Math.log10(Math.abs(current)) : current);
  const colour = electrodeColour(study.electrode, scheme);
  const x = Float64Array.from(peaks, ({ scan_rate_v_s }) => along(scan_rate_v_s));
  const points: Trace = {
    ...empty(epoch), key: "peaks", label: "Peak current", colour, x,
    y: Float64Array.from(peaks, ({ peak_current_a }) => value(peak_current_a)),
    length: peaks.length,
    // No line joins them: each is a measurement of its own.
    widestStep: -1,
    told: (row) => peaks[row]?.peak_current_a ?? Number.NaN,
  };
  const fit = view === "rate" ? study.against_rate : view === "root" ? study.against_root : study.log_log;
  const traces = fit && x.length > 0 ? [lineOf(fit, x, view, epoch), points] : [points];
  return {
    traces, read: [points], faults: [], scaled: traces, markers: [], hasLabels: false, picked: null, hasHighlight: false,
    axis: axisOf(view), values: view === "log" ? new DecadeValues("A") : new ValueAxis("A"),
  };
}

function lineOf({ slope, intercept }: RateLine, x: Float64Array, view: RateView, epoch: number): Trace {
  const ends = [x[0] ?? 0, x[x.length - 1] ?? 0];
  const y = ends.map((at) => intercept + slope * at);
  return {
    ...empty(epoch), key: "line", label: "Line", look: "plain line", colour: "var(--plot-baseline)",
    x: ends, y, length: 2, told: (row) => (view === "log" ? 10 ** (y[row] ?? Number.NaN) : (y[row] ?? Number.NaN)),
  };
}

const empty = (epoch: number): Omit<Trace, "key" | "label" | "colour" | "x" | "y" | "length"> => ({
  dash: [], epoch, step: Infinity, widestStep: Infinity, gaps: [], excluded: [], excludedValue: () => Number.NaN,
});
