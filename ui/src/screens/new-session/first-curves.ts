/** What is drawn of a file before a session begins, by the columns that the engine gives for its technique. */

import type { ColumnTable } from "../../platform/columns";
import { quantity } from "../../plot/si";
import type { Trace } from "../../plot/trace";
import type { CaNumbers } from "../../protocol/CaNumbers";
import type { CvNumbers } from "../../protocol/CvNumbers";
import type { Measurement } from "../../protocol/Measurement";

/** What the columns are of. */
export type Kind = "sweep" | "cycles" | "decay";

export function kindOf(table: ColumnTable): Kind {
  if (table.names.includes("time_s")) return "decay";
  return table.names.includes("segment") ? "cycles" : "sweep";
}

const FORWARD = "var(--accent)";

/** Runs of rows in which a column stays the same. */
function runs(of: ArrayLike<number>): [number, number][] {
  const found: [number, number][] = [];
  for (let k = 0, from = 0; k < of.length; k += 1) {
    if (k + 1 < of.length && of[k + 1] === of[k]) continue;
    found.push([from, k + 1]);
    from = k + 1;
  }
  return found;
}

function line(key: string, label: string, x: Float64Array, y: Float64Array, epoch: number, more: Partial<Trace>): Trace {
  return {
    key, label, x, y, epoch,
    look: "plain line",
    colour: FORWARD,
    dash: [],
    length: x.length,
    step: x.length > 1 ? ((x[x.length - 1] as number) - (x[0] as number)) / (x.length - 1) : 1,
    widestStep: Infinity,
    gaps: [],
    excluded: [],
    excludedValue: () => Number.NaN,
    ...more,
  };
}

/** Rows of a column in ascending order of another. */
function taken(columns: readonly Float64Array[], from: number, to: number): Float64Array[] {
  const x = columns[0] as Float64Array;
  const order = Array.from({ length: to - from }, (_, k) => from + k).sort((a, b) => (x[a] as number) - (x[b] as number));
  return columns.map((column) => Float64Array.from(order, (k) => column[k] as number));
}

/** The segments of a cyclic voltammogram: each is a line of its own, because the curve folds back. Reverse ones are dashed. */
export function cycleTraces(table: ColumnTable, epoch: number): Trace[] {
  const potential_v = table.column("potential_v");
  return runs(table.column("segment")).flatMap(([from, to], k) => {
    const isReverse = k % 2 === 1;
    const [x, current, baseline] = taken([potential_v, table.column("raw_a"), table.column("baseline_a")], from, to) as [
      Float64Array, Float64Array, Float64Array,
    ];
    const name = `${isReverse ? "Reverse" : "Forward"}, segment ${k + 1}`;
    return [
      line(`baseline ${k}`, `Baseline ${k + 1}`, x, baseline, epoch, { colour: "var(--plot-baseline)", dash: [5, 3] }),
      line(`segment ${k}`, name, x, current, epoch, isReverse ? { dash: [2, 2] } : {}),
    ];
  });
}

/** The measured steps of a chronoamperogram with their fits. */
export function decayTraces(table: ColumnTable, epoch: number): Trace[] {
  const time_s = table.column("time_s");
  return runs(table.column("step")).flatMap(([from, to], k) => {
    const [x, current, fitted] = taken([time_s, table.column("raw_a"), table.column("fitted_a")], from, to) as [
      Float64Array, Float64Array, Float64Array,
    ];
    return [
      line(`raw ${k}`, `Step ${k + 1}`, x, current, epoch, { look: "dots", colour: "var(--plot-raw)" }),
      line(`fit ${k}`, `Fit ${k + 1}`, x, fitted, epoch, {}),
    ];
  });
}

/** The analysis in one sentence. What only one technique has stands beside the rest. */
export function analysisWords(kind: Kind, measurement: Measurement & Partial<CvNumbers & CaNumbers>): string {
  const at = `${quantity(measurement.peak_current_a, "A")} at ${quantity(measurement.peak_potential_v, "V")}`;
  if (kind === "sweep") return `Peak ${at}, width ${quantity(measurement.fwhm_v, "V")}`;
  if (kind === "cycles") {
    const separation = measurement.peak_separation_v ?? null;
    return `First peak ${at}${separation === null ? "" : `, peaks ${quantity(separation, "V")} apart`}`;
  }
  const second = measurement.tau2_s ?? null;
  return `Time constant ${quantity(measurement.tau1_s, "s")}${second === null ? "" : ` and ${quantity(second, "s")}`}`;
}
