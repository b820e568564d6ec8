/** Plots of several sessions: one for each quantity, with the lines of all of them. */

import { electrodeColour, type Scheme } from "../../design/colours";
import { ValueAxis } from "../../plot/value-axis";
import { frequency } from "../../plot/si";
import type { ColumnTable } from "../../platform/columns";
import type { Settings } from "../../protocol/Settings";
import type { Technique } from "../../protocol/Technique";
import { type RowSource, TrendRows } from "../swv/row-source";
import { type AlongRows, type IndexedTrace, MeanTrace, SourceTrace, type TraceIdentity } from "../swv/series-trace";
import { electrodeLabel, lowAndHigh, type RowStore, settledIndex, sources } from "../swv/trend-panels";
import { ColumnRows } from "./column-rows";
import { partsOf, type Quantity } from "./quantities";

/** One session, as it is compared. */
export interface Compared {
  session: string;
  /** "S2", on the page. */
  tag: string;
  /** Its name, where lines leave the page. */
  name: string;
  /** Its place among the compared ones, which decides its line. */
  rank: number;
  technique: Technique;
  store: RowStore;
  /** Columns of its series, of techniques that are not read from the store. */
  table: () => ColumnTable | null;
  settings: Settings;
  /** Shown electrodes; null is the averaged trace. */
  electrodes: readonly (number | null)[];
  allElectrodes: readonly (number | null)[];
  /** Whether the shown electrodes are one line: their mean. */
  isMean: boolean;
  /** The frequency of what one frequency has. */
  frequency_hz: number | null;
  allFrequencies_hz: readonly number[];
  /** Cycle or step; null: the first with a number. */
  part: number | null;
  /** Where it lies along the axis; null: nowhere. */
  along: AlongRows | null;
}

/** A line of a session. */
export interface ComparedTrace extends IndexedTrace {
  readonly session: string;
  readonly name: string;
}

export interface ComparePanel {
  quantity: Quantity;
  values: ValueAxis;
  traces: ComparedTrace[];
}

/** Dash patterns of sessions: full first; beyond them they begin anew, so the tag always stands beside the line. */
const DASHES: readonly (readonly number[])[] = [[], [8, 3], [2, 3], [10, 3, 2, 3], [5, 2], [12, 3, 2, 3, 2, 3]];

export const dashOfSession = (rank: number): readonly number[] => DASHES[rank % DASHES.length] ?? [];

/** Whether sessions have the colours: each is one line. Else electrodes have them, as everywhere. */
export function hasSessionColours(all: readonly Compared[]): boolean {
  return all.every(({ isMean, electrodes }) => isMean || electrodes.length <= 1);
}

export const colourOfSession = (rank: number, scheme: Scheme): string => electrodeColour(rank + 1, scheme);

/** The plots. `axes` keeps the value axes, so that they stay while lines come and go. */
export function comparePanels(
  all: readonly Compared[],
  quantities: readonly Quantity[],
  scheme: Scheme,
  axes: Map<string, ValueAxis>,
): ComparePanel[] {
  const bySession = hasSessionColours(all);
  return quantities.map((quantity) => {
    let values = axes.get(quantity.key);
    if (!values) axes.set(quantity.key, (values = new ValueAxis(quantity.unit)));
    return { quantity, values, traces: all.flatMap((compared) => tracesOf(compared, quantity, scheme, bySession)) };
  });
}

/** Takes in what has changed. */
export function refreshCompared(panels: readonly ComparePanel[]): void {
  for (const { traces } of panels) for (const trace of traces) trace.refresh(null);
}

function tracesOf(compared: Compared, quantity: Quantity, scheme: Scheme, bySession: boolean): ComparedTrace[] {
  const { along } = compared;
  if (!along) return [];
  const rows = compared.electrodes.flatMap((electrode) => {
    const source = sourceOf(compared, quantity, electrode);
    return source ? [{ electrode, ...source }] : [];
  });
  if (rows.length === 0) return [];
  const identity = (electrode: number | null, line: string, of_hz: number | null): TraceIdentity => ({
    key: `${compared.session}/${line}`,
    label: `${compared.tag} · ${line}`,
    colour: bySession ? colourOfSession(compared.rank, scheme) : electrodeColour(electrode, scheme),
    dash: dashOfSession(compared.rank),
    electrode,
    frequency_hz: of_hz,
    hasSweeps: line !== MEAN,
  });
  const named = (trace: IndexedTrace, line: string, of_hz: number | null): ComparedTrace =>
    Object.assign(trace, {
      session: compared.session,
      name: [compared.name, line, isOfFrequency(quantity) && of_hz !== null ? frequency(of_hz) : ""].filter(Boolean).join(" · "),
    });
  const [first] = rows;
  if (compared.isMean && rows.length > 1 && first) {
    const line = `mean of ${rows.length}`;
    const trace = new MeanTrace({ ...identity(null, MEAN, first.of_hz), label: `${compared.tag} · ${line}` }, along, rows.map(({ source }) => source));
    return [named(trace, line, first.of_hz)];
  }
  return rows.map(({ electrode, source, of_hz }) => {
    const line = electrodeLabel(electrode);
    return named(new SourceTrace(identity(electrode, line, of_hz), along, source), line, of_hz);
  });
}

const MEAN = "mean";

/** Whether a quantity is of one frequency, which the viewer chooses. */
export function isOfFrequency({ of }: Quantity): boolean {
  return "trend" in of && ["peak", "area", "potential", "normalised"].includes(of.trend);
}

function sourceOf(compared: Compared, { of }: Quantity, electrode: number | null): { source: RowSource; of_hz: number | null } | null {
  const { store, settings, technique, allFrequencies_hz, allElectrodes, frequency_hz } = compared;
  if (!("trend" in of)) {
    const parts = partsOf(technique);
    const part = parts && { column: parts.column, value: compared.part };
    return { source: new ColumnRows(compared.table, of, { electrode, part }), of_hz: null };
  }
  if (of.trend === "concentration") {
    const { low, high } = lowAndHigh(settings, allFrequencies_hz);
    const settled = (): number => settledIndex(store, electrode, [low, high], allElectrodes);
    return { source: new TrendRows(() => store.trend(electrode), "concentration_m", timesOf(store, electrode, [low, high]), settled), of_hz: high };
  }
  // Height and area are quantities of their own here, whichever of them the session's settings take for the peak.
  const quantity = of.trend === "area" ? "peak" : of.trend;
  const own: Settings =
    quantity === "peak" ? { ...settings, peak: { ...settings.peak, quantity: of.trend === "area" ? "area" : "height" } } : settings;
  const [found] = sources(store, quantity, electrode, {
    electrodes: [electrode],
    allElectrodes,
    frequencies_hz: frequency_hz === null ? [] : [frequency_hz],
    allFrequencies_hz,
    quantities: [],
    display: "overlaid",
    along: { kind: "index" },
    settings: own,
    scheme: "light",
  });
  return found ? { source: found.rows, of_hz: found.frequency_hz } : null;
}

/** When the file with an index was measured, at the first of these frequencies that has it. */
function timesOf(store: RowStore, electrode: number | null, frequencies_hz: readonly (number | null)[]): (index: number) => number {
  return (index) => {
    for (const frequency_hz of frequencies_hz) {
      const series = store.series(electrode, frequency_hz);
      const position = series?.positionOf(index) ?? -1;
      if (position >= 0) return series?.column("time_s")[position] ?? Number.NaN;
    }
    return Number.NaN;
  };
}
