/** Which plots the trends are shown in, and the traces of each. */

import { electrodeColour, frequencyColour, type Scheme } from "../../design/colours";
import { frequency } from "../../plot/si";
import type { Unit } from "../../plot/si";
import { ValueAxis } from "../../plot/value-axis";
import type { Settings } from "../../protocol/Settings";
import type { Series } from "../../session/series";
import type { Trend, TrendColumn } from "../../session/trend-store";
import { NormalisedRows, SeriesRows, TrendRows, type MeasuredColumn, type RowSource } from "./row-source";
import { MeanTrace, SourceTrace, type AlongRows, type IndexedTrace, type TraceIdentity } from "./series-trace";

/** What can stand on the value axis of a trend. */
export const QUANTITIES = ["peak", "normalised", "ratio", "kdm", "corrected", "concentration", "potential"] as const;
export type TrendQuantity = (typeof QUANTITIES)[number];

/** How electrodes share plots. */
export type Display = "overlaid" | "separate" | "mean";

/** Where rows come from: the session, or a test. */
export interface RowStore {
  series(electrode: number | null, frequency_hz: number | null): Series | undefined;
  trend(electrode: number | null): Trend | undefined;
  /** The newest index of a series that these trends know of; -Infinity where there is none. */
  newestInTrends(electrode: number | null, frequency_hz: number | null): number;
}

/** What is to be plotted. */
export interface TrendChoice {
  /** Shown electrodes; null is the averaged trace. */
  electrodes: readonly (number | null)[];
  frequencies_hz: readonly number[];
  /** All electrodes of the session. */
  allElectrodes: readonly (number | null)[];
  /** All frequencies of the session, ascending: they decide dash patterns, and which is low and high. */
  allFrequencies_hz: readonly number[];
  quantities: readonly TrendQuantity[];
  display: Display;
  along: AlongRows;
  settings: Settings;
  scheme: Scheme;
}

/** One plot. */
export interface TrendPanel {
  key: string;
  quantity: TrendQuantity;
  title: string;
  note: string | undefined;
  heading: string;
  values: ValueAxis;
  traces: IndexedTrace[];
  faults: IndexedTrace[];
  /** Traces of all panels with this quantity. */
  scaled: IndexedTrace[];
}

/** Names and units of a quantity under these settings. */
export function quantityWords(
  quantity: TrendQuantity,
  settings: Settings,
  allFrequencies_hz: readonly number[],
): { title: string; unit: Unit; heading: string } {
  const isArea = settings.peak.quantity === "area";
  const { low, high } = lowAndHigh(settings, allFrequencies_hz);
  const pair = low !== null && high !== null ? ` ${frequency(high)} / ${frequency(low)}` : "";
  switch (quantity) {
    case "peak":
      return isArea
        ? { title: "Peak area", unit: "VA", heading: "Peak area (V·A)" }
        : { title: "Peak current", unit: "A", heading: "Peak current (A)" };
    case "normalised": {
      const title = isArea ? "Normalised peak area" : "Normalised peak current";
      return { title, unit: "", heading: title };
    }
    case "ratio":
      return { title: `Ratio${pair}`, unit: "", heading: "Ratio" };
    case "kdm":
      return { title: `KDM${pair}`, unit: "%", heading: "KDM (%)" };
    case "corrected":
      return correctedWords(settings, low !== high);
    case "concentration":
      return { title: "Concentration", unit: "M", heading: "Concentration (mol/L)" };
    case "potential":
      return { title: "Peak potential", unit: "V", heading: "Peak potential (V)" };
  }
}

/** What drift is taken out of, as the settings say. */
function correctedWords({ trend: { response } }: Settings, hasPair: boolean): { title: string; unit: Unit; heading: string } {
  const of = response === "auto" ? (hasPair ? "kdm" : "normalized_high") : response;
  const WORDS = {
    kdm: "KDM",
    ratio: "Ratio",
    normalized_low: "Normalised, low frequency",
    normalized_high: hasPair ? "Normalised, high frequency" : "Normalised",
  };
  const title = `${WORDS[of]}, corrected for drift`;
  return of === "kdm" ? { title, unit: "%", heading: `${title} (%)` } : { title, unit: "", heading: title };
}

/** The two frequencies that normalised values, ratio and KDM are made of. */
export function lowAndHigh(settings: Settings, all_hz: readonly number[]): { low: number | null; high: number | null } {
  const { low_frequency_hz, high_frequency_hz } = settings.trend;
  return {
    low: low_frequency_hz > 0 ? low_frequency_hz : (all_hz[0] ?? null),
    high: high_frequency_hz > 0 ? high_frequency_hz : (all_hz.at(-1) ?? null),
  };
}

/** "E3", or what stands for no electrode. */
export function electrodeLabel(electrode: number | null): string {
  return electrode === null ? "Average" : `E${electrode}`;
}

const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3]];

/** Where electrodes have the colours, frequencies have dash patterns: full for the highest, then shorter. */
export function dashOf(frequency_hz: number, allFrequencies_hz: readonly number[]): readonly number[] {
  const rank = allFrequencies_hz.length - 1 - allFrequencies_hz.indexOf(frequency_hz);
  return DASHES[rank % DASHES.length] ?? [];
}

/** The plots for a choice, from top to bottom. */
export function trendPanels(store: RowStore, choice: TrendChoice): TrendPanel[] {
  return choice.quantities.flatMap((quantity): TrendPanel[] => {
    const words = quantityWords(quantity, choice.settings, choice.allFrequencies_hz);
    const values = new ValueAxis(words.unit);
    const common = { quantity, title: words.title, heading: words.heading, values };
    const faults = quantity === "peak" || quantity === "potential" ? faultTraces(store, choice) : [];
    if (choice.display !== "separate") {
      const traces = choice.display === "mean" ? meanTraces(store, quantity, choice) : ownTraces(store, quantity, choice);
      return [{ ...common, key: quantity, note: undefined, traces, faults, scaled: traces }];
    }
    const panels = choice.electrodes.map((electrode) => ({
      ...common,
      key: `${quantity} ${String(electrode)}`,
      note: electrodeLabel(electrode),
      traces: ownTraces(store, quantity, { ...choice, electrodes: [electrode] }),
      faults,
    }));
    const scaled = panels.flatMap((panel) => panel.traces);
    return panels.map((panel) => ({ ...panel, scaled }));
  });
}

/** Takes in what has changed; `limit` is where the time bar stands. */
export function refreshPanels(panels: readonly Pick<TrendPanel, "traces" | "faults">[], limit: number | null): void {
  const done = new Set<IndexedTrace>();
  for (const panel of panels) {
    for (const trace of [...panel.traces, ...panel.faults]) {
      if (!done.has(trace)) trace.refresh(limit);
      done.add(trace);
    }
  }
}

interface SourceOf {
  frequency_hz: number;
  /** Its frequency in words; empty for what is made of two. */
  label: string;
  rows: RowSource;
}

/** Sources of one electrode for a quantity. */
export function sources(
  store: RowStore,
  quantity: TrendQuantity,
  electrode: number | null,
  choice: TrendChoice,
): SourceOf[] {
  const { settings, frequencies_hz, allFrequencies_hz } = choice;
  const { low, high } = lowAndHigh(settings, allFrequencies_hz);
  const measured = (frequency_hz: number, column: MeasuredColumn) =>
    new SeriesRows(() => store.series(electrode, frequency_hz), column);
  const trend = (column: TrendColumn, ...of_hz: (number | null)[]) =>
    new TrendRows(
      () => store.trend(electrode),
      column,
      timeOf,
      () => settledIndex(store, electrode, of_hz, choice.allElectrodes),
    );
  const peakColumn: MeasuredColumn = settings.peak.quantity === "area" ? "area_va" : "peak_current_a";
  switch (quantity) {
    case "peak":
    case "potential":
      return frequencies_hz.map((frequency_hz) => ({
        frequency_hz,
        label: frequency(frequency_hz),
        rows: measured(frequency_hz, quantity === "peak" ? peakColumn : "peak_potential_v"),
      }));
    case "normalised":
      return frequencies_hz.flatMap((frequency_hz): SourceOf[] => {
        const label = frequency(frequency_hz);
        if (frequency_hz === low) return [{ frequency_hz, label, rows: trend("normalized_low", low) }];
        if (frequency_hz === high) return [{ frequency_hz, label, rows: trend("normalized_high", high) }];
        // Groups of replicates and other references than one point are the engine's to make, and it makes them of the outer two
        // frequencies only.
        if (settings.trend.replicates > 1 || settings.trend.normalization !== "point") return [];
        return [{ frequency_hz, label, rows: new NormalisedRows(measured(frequency_hz, peakColumn), settings.trend.normalize_to) }];
      });
    case "ratio":
    case "kdm":
      return high === null ? [] : [{ frequency_hz: high, label: "", rows: trend(quantity, low, high) }];
    case "corrected":
      return high === null ? [] : [{ frequency_hz: high, label: "", rows: trend("drift_corrected", low, high) }];
    case "concentration":
      return high === null ? [] : [{ frequency_hz: high, label: "", rows: trend("concentration_m", low, high) }];
  }

  function timeOf(index: number): number {
    for (const frequency_hz of [low, high]) {
      const series = store.series(electrode, frequency_hz);
      const position = series?.positionOf(index) ?? -1;
      if (position >= 0) return series?.column("time_s")[position] ?? Number.NaN;
    }
    return Number.NaN;
  }
}

/**
 * The last index whose files at these frequencies have come, as far as one electrode is concerned; -Infinity where none has. An
 * electrode that is behind by one may be in a file that is on its way. When others have gone on without it, it is a gap.
 */
export function settledIndex(
  store: Pick<RowStore, "newestInTrends">,
  electrode: number | null,
  frequencies_hz: readonly (number | null)[],
  allElectrodes: readonly (number | null)[],
): number {
  return Math.min(
    ...frequencies_hz.map((frequency_hz) => {
      const own = Math.max(store.newestInTrends(electrode, frequency_hz), store.newestInTrends(null, frequency_hz));
      const others = Math.max(...allElectrodes.map((other) => store.newestInTrends(other, frequency_hz)));
      return Math.max(own, others - 1);
    }),
  );
}

function ownTraces(store: RowStore, quantity: TrendQuantity, choice: TrendChoice): IndexedTrace[] {
  const isOne = choice.electrodes.length === 1;
  return choice.electrodes.flatMap((electrode) =>
    sources(store, quantity, electrode, choice).map(({ frequency_hz, label, rows }) => {
      const hasFrequency = label !== "";
      const of: TraceIdentity = {
        key: `${String(electrode)}/${frequency_hz}`,
        label: hasFrequency ? `${electrodeLabel(electrode)} · ${label}` : electrodeLabel(electrode),
        // One electrode: frequencies have the colours. Several: electrodes have them, frequencies the dashes.
        colour: isOne && hasFrequency ? frequencyColour(frequency_hz, choice.scheme) : electrodeColour(electrode, choice.scheme),
        dash: isOne || !hasFrequency ? [] : dashOf(frequency_hz, choice.allFrequencies_hz),
        electrode,
        frequency_hz,
        hasSweeps: true,
      };
      return new SourceTrace(of, choice.along, rows);
    }),
  );
}

function meanTraces(store: RowStore, quantity: TrendQuantity, choice: TrendChoice): IndexedTrace[] {
  const byFrequency = new Map<number, { label: string; rows: RowSource[] }>();
  for (const electrode of choice.electrodes) {
    for (const { frequency_hz, label, rows } of sources(store, quantity, electrode, choice)) {
      const known = byFrequency.get(frequency_hz);
      if (known) known.rows.push(rows);
      else byFrequency.set(frequency_hz, { label, rows: [rows] });
    }
  }
  return [...byFrequency].map(([frequency_hz, { label, rows }]) => {
    const of: TraceIdentity = {
      key: `mean/${frequency_hz}`,
      label: `Mean of ${rows.length}${label ? ` · ${label}` : ""}`,
      colour: label ? frequencyColour(frequency_hz, choice.scheme) : electrodeColour(null, choice.scheme),
      dash: [],
      electrode: null,
      frequency_hz,
      hasSweeps: false,
    };
    return new MeanTrace(of, choice.along, rows);
  });
}

/** Files that could not be used have no electrode: their places are marked in every plot of measured values. */
function faultTraces(store: RowStore, choice: TrendChoice): IndexedTrace[] {
  if (choice.electrodes.includes(null)) return [];
  return choice.frequencies_hz.map((frequency_hz) => {
    const of: TraceIdentity = {
      key: `file/${frequency_hz}`,
      label: frequency(frequency_hz),
      colour: frequencyColour(frequency_hz, choice.scheme),
      dash: [],
      electrode: null,
      frequency_hz,
      hasSweeps: false,
    };
    return new SourceTrace(of, choice.along, new SeriesRows(() => store.series(null, frequency_hz), "peak_current_a"));
  });
}
