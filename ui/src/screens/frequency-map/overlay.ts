/** Many sweeps in one plot: the chosen one with all of its analysis, of the others the smoothed curve. */

import { paintTrace, type Easel } from "../../plot/paint";
import { sweepPicture, type SweepColumns, type SweepPeak, type SweepPicture } from "../../plot/sweep";
import type { Trace } from "../../plot/trace";
import type { OverlaySweep } from "./overlay-feed.svelte";

/** One sweep of an overlay. */
export interface OverlayCurve {
  key: string;
  /** "200 Hz", or the name of a map. */
  label: string;
  colour: string;
  dash?: readonly number[];
  sweep: OverlaySweep;
}

const EMPHASIS = 1.7;

/** A sweep without its baseline: only where the baseline runs. */
export function aboveBaseline({ columns, peak }: OverlaySweep): OverlaySweep {
  const { potential_v, raw_a, smoothed_a, baseline_a } = columns;
  const less = (values: ArrayLike<number>) => Float64Array.from(values, (value, k) => value - (baseline_a[k] as number));
  const level: SweepColumns = { potential_v, raw_a: less(raw_a), smoothed_a: less(smoothed_a), baseline_a: less(baseline_a) };
  const lifted: SweepPeak | null = peak && { ...peak, baseline_a: 0 };
  return { columns: level, peak: lifted };
}

/** Whether a sweep has a baseline to be taken off. */
export function hasBaseline({ columns }: OverlaySweep): boolean {
  return Array.from(columns.baseline_a).some(Number.isFinite);
}

/** What to draw; of the curve with the key `chosen`, all of it. */
export function overlayPicture(curves: readonly OverlayCurve[], chosen: string | null, epoch: number): SweepPicture {
  const traces: Trace[] = [];
  let details: SweepPicture | null = null;
  let emphasised: Trace | null = null;
  for (const { key, label, colour, dash = [], sweep } of curves) {
    const picture = sweepPicture(sweep.columns, sweep.peak, colour, epoch);
    const smoothed = picture.traces.find((trace) => trace.key === "smoothed");
    if (!smoothed || smoothed.length === 0) continue;
    const line: Trace = { ...smoothed, key, label, dash };
    traces.push(line);
    if (key !== chosen) continue;
    emphasised = line;
    details = picture;
  }
  // Its points and its baseline lie below all lines.
  if (details) {
    const around = details.traces.filter((trace) => trace.key !== "smoothed");
    traces.unshift(...around.map((trace) => ({ ...trace, key: `${chosen ?? ""} ${trace.key}` })));
  }
  return {
    traces,
    backdrop: (easel, theme) => details?.backdrop(easel, theme),
    foreground(easel: Easel, theme) {
      if (emphasised) paintTrace(emphasised, easel, EMPHASIS);
      details?.foreground(easel, theme);
    },
  };
}
