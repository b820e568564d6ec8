import type { ColumnTable } from "../platform/columns";
import type { Measurement } from "../protocol/Measurement";
import { OWN_COLUMNS, type OwnColumn, rowOf, Series } from "./series";

/** Indices whose trends may have changed; null where all of them may. */
export interface IndexRange {
  first: number;
  last: number;
}

/** What applying live measurements did. */
export interface Applied {
  /** Null where a measurement has no index. */
  range: IndexRange | null;
  /** True where only the engine knows which earlier measurements were replaced: load the series anew. */
  mustReload: boolean;
}

/** Tells the newest index of a series at some moment; -Infinity where it had none. */
export type Newest = (electrode: number | null, frequency_hz: number | null) => number;

/** Where one measurement of a file stands. */
interface Given {
  id: number;
  electrode: number | null;
  frequency_hz: number | null;
  index: number | null;
}

/** All series of a session, by electrode and frequency. */
export class SeriesStore {
  #series = new Map<string, Series>();
  /** What each file gave last, as announced here: the engine's columns do not name files. */
  #given = new Map<string, Given[]>();
  /** Columns of the session's technique, as the engine's columns had them. */
  #own: readonly OwnColumn[] = [];

  /** All series; those of files that could not be used have no electrode. */
  all(): Iterable<Series> {
    return this.#series.values();
  }

  get(electrode: number | null, frequency_hz: number | null): Series | undefined {
    return this.#series.get(keyOf(electrode, frequency_hz));
  }

  /** Number of measurements. */
  get size(): number {
    let size = 0;
    for (const series of this.#series.values()) size += series.length;
    return size;
  }

  /** Electrodes and frequencies that have measurements, ascending. */
  places(): { electrodes: number[]; frequencies_hz: number[] } {
    const electrodes = new Set<number>();
    const frequencies = new Set<number>();
    for (const { electrode, frequency_hz } of this.#series.values()) {
      if (electrode !== null) electrodes.add(electrode);
      if (frequency_hz !== null) frequencies.add(frequency_hz);
    }
    const ascending = (a: number, b: number): number => a - b;
    return { electrodes: [...electrodes].sort(ascending), frequencies_hz: [...frequencies].sort(ascending) };
  }

  /** The newest index of every series, as it is now. */
  newest(): Newest {
    const newest = new Map<string, number>();
    for (const [key, series] of this.#series) newest.set(key, series.newestIndex);
    return (electrode, frequency_hz) => newest.get(keyOf(electrode, frequency_hz)) ?? Number.NEGATIVE_INFINITY;
  }

  /** Takes the engine's columns in place of everything that was here. */
  load(table: ColumnTable): void {
    this.#series.clear();
    this.#own = OWN_COLUMNS.filter((name) => table.names.includes(name));
    const electrodes = table.column("electrode");
    const frequencies = table.column("frequency_hz");
    const positions = new Map<Series, number[]>();
    let series: Series | undefined;
    for (let k = 0; k < table.rows; k += 1) {
      const [electrode, frequency_hz] = [orNull(electrodes[k]), orNull(frequencies[k])];
      if (!series || series.electrode !== electrode || series.frequency_hz !== frequency_hz) {
        series = this.#at(electrode, frequency_hz);
      }
      const own = positions.get(series);
      if (own) own.push(k);
      else positions.set(series, [k]);
    }
    for (const [found, own] of positions) found.fill((name) => table.column(name), own);
  }

  /** Whether measurements of this file were announced here. */
  has(file: string): boolean {
    return (this.#given.get(file)?.length ?? 0) > 0;
  }

  /** Takes the measurements of one file, as an event brings them, in place of all that it gave before. */
  measured(measurements: readonly Measurement[]): Applied {
    const [first] = measurements;
    if (!first) return { range: null, mustReload: false };
    const before = this.#given.get(first.file);
    const mustReload = !before && this.#maySupersedeLoaded(first) && !this.#removeLoaded(measurements);
    let range: IndexRange | null = null;
    const given: Given[] = [];
    const arriving = new Set<number | null>();
    for (const measurement of measurements) {
      const { measurement: id, electrode, frequency_hz, index } = measurement;
      this.#at(electrode, frequency_hz).put(rowOf(measurement));
      if (index !== null) range = widened(range, index);
      arriving.add(id);
      if (id !== null) given.push({ id, electrode, frequency_hz, index });
    }
    for (const { id, electrode, frequency_hz, index } of before ?? []) {
      if (arriving.has(id)) continue;
      this.get(electrode, frequency_hz)?.remove(id);
      if (index !== null) range = widened(range, index);
    }
    this.#given.set(first.file, given);
    return { range, mustReload };
  }

  /** Takes one measurement that changed on its own; returns the index touched. */
  remeasured(measurement: Measurement): IndexRange | null {
    const { electrode, frequency_hz, index } = measurement;
    this.#at(electrode, frequency_hz).put(rowOf(measurement));
    return index === null ? null : widened(null, index);
  }

  /** Marks measurements as left out or taken in; returns the indices touched. */
  exclude(ids: readonly number[], excluded: boolean): IndexRange | null {
    const wanted = new Set(ids);
    let range: IndexRange | null = null;
    for (const series of this.#series.values()) {
      for (const index of series.mark("excluded", wanted, excluded ? 1 : 0)) range = widened(range, index);
    }
    return range;
  }

  #at(electrode: number | null, frequency_hz: number | null): Series {
    const key = keyOf(electrode, frequency_hz);
    let series = this.#series.get(key);
    if (!series) {
      series = new Series(electrode, frequency_hz, this.#own);
      this.#series.set(key, series);
    }
    return series;
  }

  /**
   * Whether a file of which nothing was announced yet may stand among the loaded measurements: as an earlier content, or as the
   * failure of a file that could not be opened at first, which counts as the first content when it can.
   */
  #maySupersedeLoaded({ file_revision, frequency_hz, index, status }: Measurement): boolean {
    if (file_revision > 1) return true;
    // A failure that follows a failure keeps its id.
    if (status === "failed") return false;
    return [frequency_hz, null].some((of_hz) => this.get(null, of_hz)?.hasFailureAt(index) ?? false);
  }

  /**
   * Removes what an earlier content of the same file gave before the session was loaded. The loaded columns do not name files, so
   * this is done only where index, frequency and electrodes leave no doubt which ones those are.
   */
  #removeLoaded(measurements: readonly Measurement[]): boolean {
    const index = measurements[0]?.index ?? null;
    if (index === null) return false;
    const arriving = new Set(measurements.map((m) => m.measurement));
    const electrodes = new Set(measurements.map((m) => m.electrode));
    const frequency_hz = measurements[0]?.frequency_hz ?? null;
    const earlier: { series: Series; id: number }[] = [];
    for (const series of this.#series.values()) {
      if (series.frequency_hz !== frequency_hz && series.frequency_hz !== null) continue;
      const ids = series.idsAt(index).filter((id) => !arriving.has(id));
      // A failure without electrode may belong to another file, unless this file holds all electrodes.
      const isOneOfThese = electrodes.has(series.electrode) || (series.electrode === null && electrodes.size > 1);
      if (ids.length > 1 || (ids.length === 1 && !isOneOfThese)) return false;
      for (const id of ids) earlier.push({ series, id });
    }
    for (const { series, id } of earlier) series.remove(id);
    return earlier.length > 0;
  }
}

function keyOf(electrode: number | null, frequency_hz: number | null): string {
  return `${String(electrode)} ${String(frequency_hz)}`;
}

function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

/** The range with one more index in it. */
export function widened(range: IndexRange | null, index: number): IndexRange {
  if (!range) return { first: index, last: index };
  return { first: Math.min(range.first, index), last: Math.max(range.last, index) };
}
