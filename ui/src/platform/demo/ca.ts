import type { Settings } from "../../protocol/Settings";
import type { AnyMeasurement } from "../../session/series";
import { DemoPartSession, type DemoPart } from "./parts";
import { RandomStream } from "./random";

const STEPS = 2;
const POINTS = 600;
const STEP_S = 0.0002;
const OFFSET_A = 2.4e-8;
const NOISE_A = 1.2e-8;

/** Decays of a reporter after the charging of the double layer; it slows down as target binds. */
export class DemoCaSession extends DemoPartSession {
  protected readonly handle = "CA";

  protected partsOf({ ca }: Settings): number[] {
    return ca.step > 0 ? [ca.step] : Array.from({ length: STEPS }, (_, k) => k + 1);
  }

  protected measure(place: DemoPart, { ca }: Settings): Partial<AnyMeasurement> {
    const { file, electrode, part } = place;
    const { amplitudes, taus } = this.#truth(place);
    const [from = STEP_S, to = POINTS * STEP_S] = ca.fit_range_s;
    const points = Math.round((Math.min(to, POINTS * STEP_S) - Math.max(from, STEP_S)) / STEP_S) + 1;
    const isTwo = ca.model === "bi";
    const own: Partial<AnyMeasurement> = {
      tau1_s: null, tau2_s: null, amplitude1_a: null, amplitude2_a: null, offset_a: null, tau1_error_s: null, tau2_error_s: null,
      half_life1_s: null, half_life2_s: null, r_squared: null, cottrell_slope_a_sqrt_s: null, cottrell_r_squared: null, step: part,
      repeats: 1, step_potential_v: part === 1 ? -0.4 : -0.2, step_start_s: (part - 1) * 0.12, amplitude1_error_a: null, amplitude2_error_a: null,
      offset_error_a: null, half_life1_error_s: null, half_life2_error_s: null, fit_start_s: null, fit_end_s: null, fit_points: null,
      residual_deviation_a: null, residual_correlation: null, cottrell_slope_error_a_sqrt_s: null, cottrell_intercept_a: null,
      cottrell_start_s: null, cottrell_end_s: null, diffusion_m2_s: null, diffusion_error_m2_s: null,
    };
    if (points < 7) {
      return { ...own, status: "failed", reason: "too_few_points", quality: "fail", message: "The fitted range has too few points; seven are needed for two exponentials." };
    }
    if ((file + electrode) % 29 === 11) {
      return {
        ...own, status: "warning", reason: "one_exponential_suffices", quality: "fail",
        message: "One exponential describes this decay as well as two; choose the model with one.",
      };
    }
    const [fast, slow] = taus.map((tau, k) => tau * (1 + 0.006 * this.deviation(5, file, electrode, part, k))) as [number, number];
    const half = (tau: number): number => tau * Math.LN2;
    const common = {
      ...own, fit_start_s: Math.max(from, STEP_S), fit_end_s: Math.min(to, POINTS * STEP_S), fit_points: points, offset_a: OFFSET_A,
      offset_error_a: 6e-10, snr: (amplitudes[0] + amplitudes[1]) / NOISE_A,
    };
    if (!isTwo) {
      return {
        ...common, status: "warning", reason: "residuals_correlated", quality: "warning",
        message: "The residuals follow a curve instead of scattering, and the standard errors are too small; begin the fit range after the charging, or choose the model with two exponentials.",
        tau1_s: slow, tau1_error_s: slow * 0.02, amplitude1_a: amplitudes[1], amplitude1_error_a: amplitudes[1] * 0.02, half_life1_s: half(slow),
        half_life1_error_s: half(slow) * 0.02, r_squared: 0.956, residual_deviation_a: 1.1e-7, residual_correlation: 0.94,
      };
    }
    return {
      ...common, tau1_s: fast, tau2_s: slow, tau1_error_s: fast * 0.006, tau2_error_s: slow * 0.008, amplitude1_a: amplitudes[0], amplitude2_a: amplitudes[1],
      amplitude1_error_a: amplitudes[0] * 0.004, amplitude2_error_a: amplitudes[1] * 0.01, half_life1_s: half(fast), half_life2_s: half(slow),
      half_life1_error_s: half(fast) * 0.006, half_life2_error_s: half(slow) * 0.008, r_squared: 0.99972, residual_deviation_a: NOISE_A,
      residual_correlation: 0.02,
    };
  }

  protected curves(place: Omit<DemoPart, "part">, settings: Settings) {
    const columns: Record<string, number[]> = { time_s: [], raw_a: [], fitted_a: [], residual_a: [], step: [] };
    for (const part of this.partsOf(settings)) {
      const m = this.measure({ ...place, part }, settings);
      const { amplitudes, taus } = this.#truth({ ...place, part });
      const noise = new RandomStream(this.experiment.seed, 9, place.file, place.electrode, part);
      for (let k = 1; k <= POINTS; k += 1) {
        const time_s = k * STEP_S;
        const clean_a = OFFSET_A + amplitudes[0] * Math.exp(-time_s / taus[0]) + amplitudes[1] * Math.exp(-time_s / taus[1]);
        const raw_a = clean_a + NOISE_A * noise.normal();
        const isIn = m.tau1_s != null && time_s >= (m.fit_start_s ?? 0) - 1e-9 && time_s <= (m.fit_end_s ?? 0) + 1e-9;
        const fitted_a = !isIn ? Number.NaN : settings.ca.model === "bi" ? clean_a : OFFSET_A + (m.amplitude1_a ?? 0) * Math.exp(-time_s / (m.tau1_s ?? 1));
        columns.time_s?.push(time_s);
        columns.raw_a?.push(raw_a);
        columns.fitted_a?.push(fitted_a);
        columns.residual_a?.push(raw_a - fitted_a);
        columns.step?.push(part);
      }
    }
    const steps = this.partsOf(settings).map((step) => ({ step, start_s: (step - 1) * 0.12, potential_v: step === 1 ? -0.4 : -0.2 }));
    return { columns, about: { steps } };
  }

  #truth({ file, electrode, part }: DemoPart): { amplitudes: [number, number]; taus: [number, number] } {
    const bound = 1 / (1 + Math.exp(-(file - 25) / 6));
    const sign = part === 1 ? 1 : -1;
    return {
      amplitudes: [sign * 2.6e-6 * (1 + 0.1 * electrode), sign * 6.5e-7 * (1 + 0.1 * electrode) * (1 - 0.25 * bound)],
      taus: [0.0016 * (1 + 0.05 * electrode), 0.017 * (1 + 0.08 * electrode) * (1 + 0.7 * bound)],
    };
  }
}
