import type { ColumnTable } from "../platform/columns";
import type { Measurement } from "../protocol/Measurement";
import { rowOf, Series } from "./series";

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

/** All series of a session, by electrode and frequency. */
export class SeriesStore {
  #series = new Map<string, Series>();

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

  /** Takes the engine's columns in place of everything that was here. */
  load(table: ColumnTable): void {
    this.#series.clear();
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

  /** Takes the measurements of one file, as an event brings them. */
  measured(measurements: readonly Measurement[]): Applied {
    const mustReload = measurements.some((m) => m.file_revision > 1) && !this.#removeEarlier(measurements);
    let range: IndexRange | null = null;
    for (const measurement of measurements) {
      this.#at(measurement.electrode, measurement.frequency_hz).put(rowOf(measurement));
      if (measurement.index !== null) range = widened(range, measurement.index);
    }
    return { range, mustReload };
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
      series = new Series(electrode, frequency_hz);
      this.#series.set(key, series);
    }
    return series;
  }

  /**
   * Removes what an earlier content of the same file gave. Measurements do not keep their file name here, so this is done only
   * where index, frequency and electrodes leave no doubt which ones those are.
   */
  #removeEarlier(measurements: readonly Measurement[]): boolean {
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
