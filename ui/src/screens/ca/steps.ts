import type { ColumnTable } from "../../platform/columns";
import type { DrawnStep } from "../../plot/decay";

/** What the engine says of a step. */
export interface StepAbout {
  step: number;
  /** When it was made, on the file's own clock. */
  start_s: number;
  /** The potential that it leads to; null where the file does not tell. */
  potential_v: number | null;
}

/** The steps in the columns of a chronoamperogram. */
export function stepsIn(table: ColumnTable): DrawnStep[] {
  if (!table.names.includes("step")) return [];
  const number = table.column("step");
  const columns = [table.column("time_s"), table.column("raw_a"), table.column("fitted_a"), table.column("residual_a")] as const;
  const steps: DrawnStep[] = [];
  for (let from = 0; from < table.rows; ) {
    let to = from + 1;
    while (to < table.rows && number[to] === number[from]) to += 1;
    const [time_s, raw_a, fitted_a, residual_a] = columns.map((column) => column.subarray(from, to)) as unknown as typeof columns;
    steps.push({ number: number[from] ?? 0, time_s, raw_a, fitted_a, residual_a });
    from = to;
  }
  return steps;
}

/** What the engine says of the steps of these columns. */
export function aboutSteps(table: ColumnTable): StepAbout[] {
  return (table.about as { steps?: StepAbout[] } | null)?.steps ?? [];
}
