import type { CaNumbers } from "../../protocol/CaNumbers";
import type { CvNumbers } from "../../protocol/CvNumbers";
import type { Measurement } from "../../protocol/Measurement";
import type { ColumnTable } from "../columns";
import { tableOf } from "../columns";

/** A cyclic voltammogram of a bound couple, both segments one after the other, with their baselines. */
export function demoCycle(base: Measurement): ColumnTable {
  const columns: Record<string, number[]> = { potential_v: [], raw_a: [], smoothed_a: [], baseline_a: [], segment: [] };
  for (const segment of [1, 2]) {
    for (let k = 0; k <= 200; k += 1) {
      const potential_v = segment === 1 ? -0.5 + 0.0025 * k : -0.0025 * k;
      const sign = segment === 1 ? 1 : -1;
      const center_v = segment === 1 ? -0.245 : -0.265;
      const peak_a = 4.2e-7 / Math.cosh((potential_v - center_v) * 19.5) ** 2;
      const charging_a = sign * (1.1e-7 + 4e-8 * (potential_v + 0.25)) * (1 - Math.exp(-k / 3));
      const current_a = charging_a + sign * peak_a;
      columns.potential_v?.push(potential_v);
      columns.raw_a?.push(current_a);
      columns.smoothed_a?.push(current_a);
      columns.baseline_a?.push(Math.abs(potential_v - center_v) < 0.16 ? charging_a : Number.NaN);
      columns.segment?.push(segment);
    }
  }
  const measurement: Measurement & Partial<CvNumbers> = {
    ...base, method: "tangent", status: "ok", reason: null, message: null, electrode: 1, frequency_hz: null,
    peak_current_a: 4.2e-7, peak_potential_v: -0.245, peak_separation_v: 0.02,
  };
  return tableOf(columns, { measurement, electrode: 1 });
}

/** A decay after a potential step, with its fit. */
export function demoDecay(base: Measurement): ColumnTable {
  const columns: Record<string, number[]> = { time_s: [], raw_a: [], fitted_a: [], residual_a: [], step: [] };
  for (let k = 1; k <= 400; k += 1) {
    const time_s = k * 0.0005;
    const fitted_a = 1.6e-6 * Math.exp(-time_s / 0.031) + 2e-8;
    const residual_a = 9e-9 * Math.sin(k * 12.9898) * Math.sin(k * 4.1414);
    columns.time_s?.push(time_s);
    columns.raw_a?.push(fitted_a + residual_a + (k < 6 ? 1.5e-6 * Math.exp(-k / 2) : 0));
    columns.fitted_a?.push(k < 6 ? Number.NaN : fitted_a);
    columns.residual_a?.push(k < 6 ? Number.NaN : residual_a);
    columns.step?.push(1);
  }
  const measurement: Measurement & Partial<CaNumbers> = {
    ...base, method: "mono", status: "ok", reason: null, message: null, electrode: 1, frequency_hz: null,
    peak_current_a: null, peak_potential_v: null, tau1_s: 0.031,
  };
  return tableOf(columns, { measurement, electrode: 1 });
}
