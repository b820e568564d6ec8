/** How good the measurements of a session are, electrode by electrode. */

import type { Series } from "../../session/series";
import { statusOf } from "../../session/series";

/** Points of one kind, such as "without a peak". */
export interface Group {
  /** What they have in common, as a stable code: the status, or one of the kinds below. */
  kind: "ok" | "warning" | "failed" | "excluded" | "marked" | "outlier";
  /** Ids of their measurements, by index. */
  measurements: number[];
}

/** One electrode at one frequency. */
export interface SeriesQuality {
  electrode: number | null;
  frequency_hz: number | null;
  total: number;
  groups: Group[];
  /** Median of the signal to noise ratio; null without any. */
  snr: number | null;
  /** Change of the peak's potential over all files, by a line through the medians of the first and the last tenth, V; null where there is too little. */
  drift_v: number | null;
}

/** Fewest numbers from which a drift is told. */
const LEAST_FOR_DRIFT = 20;
/** What stands out, as the settings of trends say. */
export interface OutlierRule {
  /** Numbers that each one is compared with, itself among them. */
  window: number;
  /** Scaled deviations from their median. */
  threshold: number;
}

/** From the median absolute deviation to the standard deviation of normal numbers. */
const TO_DEVIATION = 1.4826;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [a, b] = [sorted[middle - 1] ?? Number.NaN, sorted[middle] ?? Number.NaN];
  return sorted.length % 2 === 1 ? b : (a + b) / 2;
}

/** Positions of numbers that stand far out of those around them. */
export function outliers(values: readonly number[], { window, threshold }: OutlierRule): number[] {
  const found: number[] = [];
  const beside = window >> 1;
  for (let k = 0; k < values.length; k++) {
    const around = values.slice(Math.max(0, k - beside), k + beside + 1);
    if (around.length <= beside) continue;
    const middle = median(around);
    const deviation = TO_DEVIATION * median(around.map((value) => Math.abs(value - middle)));
    if (deviation > 0 && Math.abs((values[k] as number) - middle) > threshold * deviation) found.push(k);
  }
  return found;
}

/** What there is to say of one series. `rule` is null where nothing is looked for that stands out. */
export function qualityOf(series: Series, rule: OutlierRule | null): SeriesQuality {
  const column = (name: Parameters<Series["column"]>[0]) => series.column(name);
  const [ids, status, snr, excluded, marked] = [column("measurement"), column("status"), column("snr"), column("excluded"), column("marked")];
  const [height_a, potential_v, duplicate] = [column("peak_current_a"), column("peak_potential_v"), column("duplicate")];
  const groups: Record<Group["kind"], number[]> = { ok: [], warning: [], failed: [], excluded: [], marked: [], outlier: [] };
  const usable: number[] = [];
  for (let k = 0; k < series.length; k++) {
    const id = ids[k] as number;
    groups[statusOf(status[k] as number)].push(id);
    if (excluded[k] === 1) groups.excluded.push(id);
    if ((marked[k] as number) > 0) groups.marked.push(id);
    if (excluded[k] !== 1 && duplicate[k] !== 1 && Number.isFinite(height_a[k])) usable.push(k);
  }
  if (rule) {
    for (const k of outliers(usable.map((row) => height_a[row] as number), rule)) groups.outlier.push(ids[usable[k] as number] as number);
  }
  const finite = (values: Float64Array) => usable.map((row) => values[row] as number).filter(Number.isFinite);
  const ratios = finite(snr);
  const potentials = finite(potential_v);
  const tenth = Math.max(1, Math.floor(potentials.length / 10));
  return {
    electrode: series.electrode,
    frequency_hz: series.frequency_hz,
    total: series.length,
    groups: (Object.keys(groups) as Group["kind"][])
      .map((kind) => ({ kind, measurements: groups[kind] }))
      .filter(({ measurements }) => measurements.length > 0),
    snr: ratios.length > 0 ? median(ratios) : null,
    drift_v: potentials.length < LEAST_FOR_DRIFT ? null : median(potentials.slice(-tenth)) - median(potentials.slice(0, tenth)),
  };
}
