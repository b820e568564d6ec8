import type { Settings } from "../protocol/Settings";

/** The settings of an empty `settings.toml`; the engine's own defaults, restated because they are part of its contract. */
export function defaultSettings(): Settings {
  return {
    technique: "swv",
    files: { handle: "", pattern: "auto", extension: "", frequencies_hz: [], first_index: 0, last_index: 0 },
    columns: {
      potential: null,
      current: null,
      spacing: null,
      delimiter: null,
      decimal: null,
      potential_unit: null,
      current_unit: null,
    },
    electrodes: { selected: [], average: false },
    smoothing: {
      hampel: "off",
      hampel_window: 5,
      hampel_threshold: 3,
      savgol: "auto",
      savgol_window: 15,
      savgol_degree: 2,
      savgol_window_mv: 5,
    },
    peak: { method: "tangent", quantity: "height", polarity: "auto", range_v: [], trim_points: 0, polynomial_degree: 15, peaks: 0 },
    trend: {
      x: "index",
      times: "auto",
      sampling_interval_s: 20,
      normalize_to: 1,
      normalization: "point",
      normalize_range: [],
      normalize_baseline: "linear",
      kdm: "difference",
      high_frequency_hz: 0,
      low_frequency_hz: 0,
      low_offset: 0,
      low_slope: 0,
      replicates: 1,
      peak: 1,
      response: "auto",
      drift: "off",
      drift_range: [],
      drift_mode: "auto",
      outliers: true,
      outlier_window: 11,
      outlier_threshold: 4,
    },
    calibration: {
      source: "off",
      hill: "fixed",
      hill_coefficient: 1,
      pooled: false,
      values: "mean",
      weighting: "equal",
      confidence: 0.95,
      settling: 0,
      steps: [],
      curves: [],
    },
    cv: {
      scan_rate_v_s: 0,
      mass_transport: "surface",
      method: "tangent",
      forward_segment: 0,
      reverse_segment: 0,
      range_v: [],
      probes_v: [],
      convention: "auto",
      electrons: 1,
      area_m2: 0,
    },
    ca: {
      model: "mono",
      fit_range_s: [],
      step: 0,
      merge_repeats: false,
      cottrell: true,
      cottrell_range_s: [],
      electrons: 1,
      area_m2: 0,
      concentration_mol_m3: 0,
    },
  };
}

/** A copy that can be changed. */
export function copySettings(settings: Settings): Settings {
  return JSON.parse(JSON.stringify(settings)) as Settings;
}
