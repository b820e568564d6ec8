/** Where the zero of each session lies, so that several can stand in one plot. */

import { indexAxis, timeAxis } from "../../plot/along-axes";
import { runAhead, type Range } from "../../plot/range";
import { duration } from "../../plot/si";
import { timeUnit } from "../../plot/ticks";
import type { AlongAxis } from "../../plot/trace-figure";
import type { Marker } from "../../protocol/Marker";
import type { MarkerId } from "../../protocol/MarkerId";
import type { AlongRows } from "../swv/series-trace";
import type { IndexTimes } from "../time-bar/index-times";

/** By file number, by the time since each began, or from a marker of each, in time or in files. */
export type Alignment = "index" | "time" | "marker-time" | "marker-index";

export const ALIGNMENTS: readonly { value: Alignment; label: string }[] = [
  { value: "index", label: "by file number" },
  { value: "time", label: "by time since the start" },
  { value: "marker-time", label: "from a marker, in time" },
  { value: "marker-index", label: "from a marker, in files" },
];

export const isByMarker = (alignment: Alignment): boolean => alignment === "marker-time" || alignment === "marker-index";

/** The marker that is meant: the chosen one while it is there, else the first injection, else the first of all. */
export function markerOf(markers: readonly Marker[], chosen: MarkerId | null): Marker | null {
  return (
    markers.find(({ id }) => id === chosen) ?? markers.find(({ kind }) => kind === "injection") ?? markers[0] ?? null
  );
}

/** What of a session decides where its zero lies: its beginning, and its marker with the time from the beginning to it. */
export interface Zero {
  origin_s: number;
  marker: { index: number; elapsed_s: number } | null;
}

/** How a session's rows lie along the axis; null where it has no such zero. */
export function alongOf(alignment: Alignment, { origin_s, marker }: Zero): AlongRows | null {
  switch (alignment) {
    case "index":
      return { kind: "index" };
    case "time":
      return { kind: "time", origin_s };
    case "marker-index":
      return marker && { kind: "index", origin: marker.index };
    case "marker-time":
      return marker && { kind: "time", origin_s: origin_s + marker.elapsed_s };
  }
}

/** Where an index of a session stands on the axis. */
export function placeOn(along: AlongRows, times: IndexTimes, index: number): number {
  return along.kind === "index" ? index - (along.origin ?? 0) : times.origin_s + times.at(index) - along.origin_s;
}

const signed = (value: number): string => `${value < 0 ? "\u2212" : "+"}${Math.abs(Number(value.toFixed(2)))}`;
const largest = (range: Range): number => Math.max(Math.abs(range.min), Math.abs(range.max));

/** The axis that all sessions share. */
export function axisOf(alignment: Alignment): AlongAxis {
  switch (alignment) {
    case "index":
      return indexAxis();
    case "time":
      return { ...timeAxis(), title: (range) => `Time since the start, ${timeUnit(largest(range)).text}` };
    case "marker-time":
      return {
        ...timeAxis(),
        title: (range) => `Time from the marker, ${timeUnit(largest(range)).text}`,
        reads: (x) => (x < 0 ? `${duration(-x)} before the marker` : `${duration(x)} after the marker`),
      };
    case "marker-index":
      return {
        ...indexAxis(),
        title: () => "Files from the marker",
        range: (current, data) => runAhead(current, data, 10),
        reads: (x) => `${signed(x)} files from the marker`,
      };
  }
}

/** Heading of copied data. */
export function headingOf(alignment: Alignment): string {
  return { index: "File number", time: "Time (s)", "marker-time": "Time from the marker (s)", "marker-index": "Files from the marker" }[alignment];
}
