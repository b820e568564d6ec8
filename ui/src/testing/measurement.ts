import type { Measurement } from "../protocol/Measurement";

/** A good measurement, changed as a test needs it. */
export function measurement(change: Partial<Measurement> = {}): Measurement {
  const { index = 1, frequency_hz = 15 } = change;
  return {
    measurement: 1,
    session: "s",
    revision: 1,
    file: `SWV_${String(frequency_hz)}Hz_${String(index)}.txt`,
    file_revision: 1,
    electrode: 1,
    frequency_hz,
    index,
    time: "2025-06-12T10:00:00Z",
    time_source: "modified",
    method: "tangent",
    status: "ok",
    reason: null,
    message: null,
    peak_current_a: 1e-7,
    peak_potential_v: -0.26,
    baseline_current_a: 2e-8,
    area_va: 1e-8,
    charge_c: null,
    fwhm_v: 0.1,
    snr: 50,
    polarity: "up",
    quality: "pass",
    excluded: false,
    ...change,
  };
}
