import type { ScanRates } from "../../protocol/ScanRates";
import type { RatePeak } from "../../protocol/RatePeak";
import type { Settings } from "../../protocol/Settings";
import type { AnyMeasurement } from "../../session/series";
import { DemoPartSession, type DemoPart } from "./parts";
import { RandomStream } from "./random";

const CYCLES = 3;
const START_V = 0;
const TURN_V = -0.5;
const STEP_V = 0.0025;
const POINTS = Math.round((START_V - TURN_V) / STEP_V);
/** The scan rates that files use in turn, V/s. */
const RATES = [0.1, 0.05, 0.2, 0.4];
const CAPACITANCE_A_PER_V_S = 2.2e-7;
const NOISE_A = 2.5e-10;
/** RT/nF of one electron at 25 °C. */
const THERMAL_V = 0.02569;

interface Curve {
  potential_v: number[];
  raw_a: number[];
  clean_a: number[];
}

/** Voltammograms of a couple on the surface that is lost slowly; forward goes down in potential and reduces. */
export class DemoCvSession extends DemoPartSession {
  protected readonly handle = "CV";
  readonly #curves = new Map<number, Curve>();

  protected partsOf({ cv }: Settings): number[] {
    const all = Array.from({ length: 2 * CYCLES }, (_, k) => k + 1);
    if (cv.forward_segment === 0 && cv.reverse_segment === 0) return all;
    const forward = cv.forward_segment || cv.reverse_segment - 1;
    const reverse = cv.reverse_segment || cv.forward_segment + 1;
    return all.filter((part) => part === forward || part === reverse);
  }

  protected measure(place: DemoPart, settings: Settings): Partial<AnyMeasurement> {
    const { file, electrode, part } = place;
    const truth = this.#truth(place);
    const isForward = part % 2 === 1;
    const curve = this.#curve(place);
    const own: Partial<AnyMeasurement> = {
      direction: isForward ? "forward" : "reverse", segment: part, cycle: Math.ceil(part / 2), scan_rate_v_s: truth.rate,
      probes: settings.cv.probes_v.map((potential_v) => ({ potential_v, current_a: at(curve, potential_v) })),
    };
    const missing = {
      process: null, peak_separation_v: null, half_wave_potential_v: null, half_peak_potential_v: null, peak_width_v: null, peak_ratio: null,
      surface_coverage_mol_m2: null, hysteresis_va: null,
    };
    if ((file + electrode) % 31 === 12 && isForward) {
      return {
        ...own, ...missing, status: "warning", reason: "no_peak", quality: "fail",
        message: "No peak stands out from the noise in this segment.",
      };
    }
    const [height, other] = [truth.height * (1 + 0.004 * this.deviation(3, file, electrode, part)), truth.height];
    const separation = truth.anodic_v - truth.cathodic_v + 0.0004 * this.deviation(4, file, electrode, part);
    const area_va = height * 4 * THERMAL_V;
    return {
      ...own,
      process: isForward ? "cathodic" : "anodic",
      peak_current_a: isForward ? -height : height,
      peak_potential_v: isForward ? truth.cathodic_v : truth.anodic_v,
      baseline_current_a: (isForward ? -1 : 1) * CAPACITANCE_A_PER_V_S * truth.rate,
      area_va: isForward ? -area_va : area_va,
      charge_c: (isForward ? -area_va : area_va) / truth.rate,
      fwhm_v: 0.0906,
      snr: height / NOISE_A,
      polarity: isForward ? "down" : "up",
      peak_separation_v: separation,
      half_wave_potential_v: (truth.anodic_v + truth.cathodic_v) / 2,
      half_peak_potential_v: (isForward ? truth.cathodic_v : truth.anodic_v) + (isForward ? 0.045 : -0.045),
      peak_width_v: 0.0906,
      peak_ratio: height / other,
      surface_coverage_mol_m2: settings.cv.area_m2 > 0 ? area_va / truth.rate / 96485 / settings.cv.area_m2 : null,
      hysteresis_va: -2 * CAPACITANCE_A_PER_V_S * truth.rate * 0.5,
    };
  }

  protected curves(place: Omit<DemoPart, "part">, settings: Settings) {
    const columns: Record<string, number[]> = { potential_v: [], raw_a: [], smoothed_a: [], baseline_a: [], segment: [] };
    for (const part of this.partsOf(settings)) {
      const { potential_v, raw_a, clean_a } = this.#curve({ ...place, part });
      const { rate, cathodic_v, anodic_v } = this.#truth({ ...place, part });
      const sign = part % 2 === 1 ? -1 : 1;
      const peak_v = part % 2 === 1 ? cathodic_v : anodic_v;
      potential_v.forEach((potential, k) => {
        columns.potential_v?.push(potential);
        columns.raw_a?.push(raw_a[k] ?? Number.NaN);
        columns.smoothed_a?.push(clean_a[k] ?? Number.NaN);
        columns.baseline_a?.push(Math.abs(potential - peak_v) < 0.15 ? sign * CAPACITANCE_A_PER_V_S * rate : Number.NaN);
        columns.segment?.push(part);
      });
    }
    const segments = Array.from({ length: 2 * CYCLES }, (_, k) => ({ segment: k + 1, cycle: Math.ceil((k + 1) / 2) }));
    return { columns, about: { segments } };
  }

  /** Peaks of the first electrode's first cycles, as a study gives them. */
  scanRates(): ScanRates {
    const peaks: RatePeak[] = [];
    for (let file = 0; file < Math.min(this.filesDone, 12); file += 1) {
      for (const m of this.measurements(file) as AnyMeasurement[]) {
        if (m.cycle !== 1 || m.process == null || m.peak_current_a === null || m.scan_rate_v_s == null) continue;
        peaks.push({
          source: this.name, file: m.file, electrode: m.electrode, segment: m.segment ?? 1, cycle: 1, process: m.process,
          scan_rate_v_s: m.scan_rate_v_s, peak_current_a: m.peak_current_a, peak_potential_v: m.peak_potential_v,
        });
      }
    }
    const electrodes = [...new Set(peaks.map(({ electrode }) => electrode))];
    const studies = electrodes.flatMap((electrode) =>
      (["anodic", "cathodic"] as const).map((process): ScanRates["studies"][number] => {
        const own = peaks.filter((peak) => peak.electrode === electrode && peak.process === process);
        const sign = process === "anodic" ? 1 : -1;
        const line = (slope: number, intercept: number, r_squared: number) => ({ slope, slope_error: Math.abs(slope) * 0.004, intercept, intercept_error: 1e-10, r_squared });
        const slope = (own[0]?.peak_current_a ?? 0) / (own[0]?.scan_rate_v_s ?? 1);
        return {
          electrode, process, peaks: own.length, rates: RATES.length, against_rate: line(slope, 0, 0.9997), against_root: line(slope * 0.75, -slope * 0.12, 0.968),
          log_log: line(0.996, Math.log10(Math.abs(slope)), 0.9996), better: "surface", clear: true, reason: null, message: null,
          diffusion_coefficient_m2_s: null, diffusion_coefficient_error_m2_s: null, diffusion_coefficient_reason: "surface_bound",
          surface_coverage_mol_m2: sign * slope === 0 ? null : 2.1e-8, surface_coverage_error_mol_m2: 9e-11, surface_coverage_reason: null,
        };
      }),
    );
    return { peaks, studies, left_out: [] };
  }

  #truth({ file, electrode, part }: DemoPart): { height: number; anodic_v: number; cathodic_v: number; rate: number } {
    const rate = RATES[file % (this.experiment.seed % 2 === 0 ? RATES.length : 1)] ?? 0.1;
    const lost = 0.72 + 0.28 * Math.exp(-file / 60);
    const height = 2.9e-7 * rate * (1 + 0.12 * electrode) * lost * (1.1 - 0.07 * Math.ceil(part / 2));
    const middle_v = -0.263 - 0.0015 * electrode + 0.004 * (1 - Math.exp(-file / 40)) + 0.0003 * this.deviation(1, file, electrode);
    const half_v = 0.004 + 0.02 * rate + 0.0004 * this.deviation(2, file, electrode);
    return { height, anodic_v: middle_v + half_v, cathodic_v: middle_v - half_v, rate };
  }

  #curve(place: DemoPart): Curve {
    const { file, electrode, part } = place;
    const key = (file * 20 + electrode) * 20 + part;
    const known = this.#curves.get(key);
    if (known) return known;
    const truth = this.#truth(place);
    const isForward = part % 2 === 1;
    const sign = isForward ? -1 : 1;
    const noise = new RandomStream(this.experiment.seed, 9, file, electrode, part);
    const potential_v = Array.from({ length: POINTS }, (_, k) => (isForward ? START_V - k * STEP_V : TURN_V + k * STEP_V));
    const clean_a = potential_v.map((potential, k) => {
      const x = (potential - (isForward ? truth.cathodic_v : truth.anodic_v)) / (2 * THERMAL_V);
      const charging = 1 - 2 * Math.exp(-k / 4);
      return sign * (truth.height / Math.cosh(x) ** 2 + CAPACITANCE_A_PER_V_S * truth.rate * charging);
    });
    const curve = { potential_v, clean_a, raw_a: clean_a.map((value) => value + NOISE_A * noise.normal()) };
    this.#curves.set(key, curve);
    return curve;
  }
}

function at({ potential_v, raw_a }: Curve, wanted: number): number | null {
  const k = potential_v.findIndex((potential, n) => n > 0 && (wanted - potential) * (wanted - (potential_v[n - 1] ?? 0)) <= 0);
  return k < 0 ? null : (raw_a[k] ?? null);
}
