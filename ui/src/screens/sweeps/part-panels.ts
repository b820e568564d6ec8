/** Which plots the trends of a technique are shown in, and the traces of each. */

import { electrodeColour, type Scheme } from "../../design/colours";
import type { Unit } from "../../plot/si";
import { ValueAxis } from "../../plot/value-axis";
import type { Series, SeriesColumn } from "../../session/series";
import { MeanTrace, SourceTrace, type AlongRows, type IndexedTrace, type TraceIdentity } from "../swv/series-trace";
import { electrodeLabel, type Display } from "../swv/trend-panels";
import type { PartColumn } from "./part";
import { type MeasuredNumbers, PartRows } from "./part-rows";

/** A line that each electrode has in a plot. */
export interface Lane {
  key: string;
  /** What it is of, beside the electrode; empty where nothing needs to be said. */
  label: string;
  column: SeriesColumn | MeasuredNumbers;
  part: number;
  /** Where there is one electrode only; null: that of the electrode. */
  colour: string | null;
  /** Where there are several, and electrodes have the colours. */
  dash: readonly number[];
}

/** A quantity with its plot. */
export interface PartQuantity {
  key: string;
  /** The button that shows it or puts it away, which several can share. */
  button: { key: string; word: string; title: string };
  title: string;
  unit: Unit;
  /** Heading of copied data, in SI base units. */
  heading: string;
  lanes: readonly Lane[];
}

export interface PartPanel {
  key: string;
  quantity: PartQuantity;
  title: string;
  note: string | undefined;
  values: ValueAxis;
  traces: IndexedTrace[];
  faults: IndexedTrace[];
  /** Traces of all panels with this quantity. */
  scaled: IndexedTrace[];
}

export interface PartChoice {
  /** Shown electrodes; null is the averaged trace. */
  electrodes: readonly (number | null)[];
  quantities: readonly PartQuantity[];
  partColumn: PartColumn;
  display: Display;
  along: AlongRows;
  scheme: Scheme;
}

/** What a trace is of, with the part of the file. */
export interface PartIdentity extends TraceIdentity {
  part: number | null;
}

interface SeriesHolder {
  series(electrode: number | null, frequency_hz: number | null): Series | undefined;
}

/** The plots for a choice, from top to bottom. */
export function partPanels(store: SeriesHolder, choice: PartChoice): PartPanel[] {
  return choice.quantities.flatMap((quantity): PartPanel[] => {
    const values = new ValueAxis(quantity.unit);
    const common = { quantity, title: quantity.title, values, faults: faultTraces(store, quantity, choice) };
    if (choice.display !== "separate") {
      const make = choice.display === "mean" && choice.electrodes.length > 1 ? meanTraces : ownTraces;
      const traces = make(store, quantity, choice);
      return [{ ...common, key: quantity.key, note: undefined, traces, scaled: traces }];
    }
    const panels = choice.electrodes.map((electrode) => ({
      ...common,
      key: `${quantity.key} ${String(electrode)}`,
      note: electrodeLabel(electrode),
      traces: ownTraces(store, quantity, { ...choice, electrodes: [electrode] }),
    }));
    const scaled = panels.flatMap((panel) => panel.traces);
    return panels.map((panel) => ({ ...panel, scaled }));
  });
}

function rowsOf(store: SeriesHolder, electrode: number | null, { part, column }: Lane, { partColumn }: PartChoice): PartRows {
  return new PartRows(() => store.series(electrode, null), partColumn, part, column);
}

function ownTraces(store: SeriesHolder, quantity: PartQuantity, choice: PartChoice): IndexedTrace[] {
  const isOne = choice.electrodes.length === 1;
  return choice.electrodes.flatMap((electrode) =>
    quantity.lanes.map((lane) => {
      const of: PartIdentity = {
        key: `${String(electrode)}/${lane.key}`,
        label: lane.label ? `${electrodeLabel(electrode)} · ${lane.label}` : electrodeLabel(electrode),
        colour: isOne && lane.colour ? lane.colour : electrodeColour(electrode, choice.scheme),
        dash: isOne && lane.colour ? [] : lane.dash,
        electrode,
        frequency_hz: null,
        hasSweeps: true,
        part: lane.part,
      };
      return new SourceTrace(of, choice.along, rowsOf(store, electrode, lane, choice));
    }),
  );
}

function meanTraces(store: SeriesHolder, quantity: PartQuantity, choice: PartChoice): IndexedTrace[] {
  return quantity.lanes.map((lane) => {
    const of: PartIdentity = {
      key: `mean/${lane.key}`,
      label: `Mean of ${choice.electrodes.length}${lane.label ? ` · ${lane.label}` : ""}`,
      colour: lane.colour ?? electrodeColour(null, choice.scheme),
      dash: [],
      electrode: null,
      frequency_hz: null,
      hasSweeps: false,
      part: lane.part,
    };
    const rows = choice.electrodes.map((electrode) => rowsOf(store, electrode, lane, choice));
    return new MeanTrace(of, choice.along, rows);
  });
}

/** Files that could not be used have no electrode: their places are marked in every plot. */
function faultTraces(store: SeriesHolder, quantity: PartQuantity, choice: PartChoice): IndexedTrace[] {
  const lane = quantity.lanes[0];
  if (!lane || choice.electrodes.includes(null)) return [];
  const of: PartIdentity = {
    key: "file",
    label: "File",
    colour: electrodeColour(null, choice.scheme),
    dash: [],
    electrode: null,
    frequency_hz: null,
    hasSweeps: false,
    part: null,
  };
  return [new SourceTrace(of, choice.along, rowsOf(store, null, lane, choice))];
}
