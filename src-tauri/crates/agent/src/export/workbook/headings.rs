//! What the columns of the workbook are called: a name for people with its unit.

/// Heading of a field of the measurement object or of a trend.
pub fn heading(field: &str) -> &str {
    HEADINGS
        .iter()
        .find(|(name, _)| *name == field)
        .map_or(field, |(_, heading)| heading)
}

const HEADINGS: [(&str, &str); 95] = [
    ("measurement", "Measurement"),
    ("session", "Session"),
    ("revision", "Settings revision"),
    ("file", "File"),
    ("file_revision", "File revision"),
    ("electrode", "Electrode"),
    ("frequency_hz", "Frequency (Hz)"),
    ("index", "Index"),
    ("time", "Time (UTC)"),
    ("time_source", "Time from"),
    ("method", "Method"),
    ("status", "Status"),
    ("reason", "Reason"),
    ("message", "Message"),
    ("peak_current_a", "Peak current (A)"),
    ("peak_potential_v", "Peak potential (V)"),
    ("baseline_current_a", "Baseline current (A)"),
    ("area_va", "Area (V·A)"),
    ("charge_c", "Charge (C)"),
    ("fwhm_v", "Width at half height (V)"),
    ("snr", "Signal to noise"),
    ("polarity", "Polarity"),
    ("quality", "Quality"),
    ("excluded", "Excluded"),
    ("marked_by_hand", "Marked by hand"),
    ("peak", "Peak"),
    ("peak_current_error_a", "Standard error of the peak current (A)"),
    ("peak_potential_error_v", "Standard error of the peak potential (V)"),
    ("direction", "Direction"),
    ("segment", "Segment"),
    ("cycle", "Cycle"),
    ("process", "Process"),
    ("peak_separation_v", "Peak separation (V)"),
    ("half_wave_potential_v", "Half-wave potential (V)"),
    ("half_peak_potential_v", "Half-peak potential (V)"),
    ("peak_width_v", "Peak width (V)"),
    ("peak_ratio", "Peak ratio (anodic/cathodic)"),
    ("surface_coverage_mol_m2", "Surface coverage (mol/m²)"),
    ("hysteresis_va", "Hysteresis (V·A)"),
    ("scan_rate_v_s", "Scan rate (V/s)"),
    ("probes", "Probes (V:A)"),
    ("model", "Model"),
    ("tau1_s", "Time constant τ1 (s)"),
    ("tau2_s", "Time constant τ2 (s)"),
    ("amplitude1_a", "Amplitude 1 (A)"),
    ("amplitude2_a", "Amplitude 2 (A)"),
    ("offset_a", "Offset (A)"),
    ("tau1_error_s", "Standard error of τ1 (s)"),
    ("tau2_error_s", "Standard error of τ2 (s)"),
    ("half_life1_s", "Half-life 1 (s)"),
    ("half_life2_s", "Half-life 2 (s)"),
    ("r_squared", "R²"),
    ("cottrell_slope_a_sqrt_s", "Cottrell slope (A·√s)"),
    ("cottrell_r_squared", "R² of the Cottrell line"),
    ("step", "Step"),
    ("repeats", "Steps measured as one"),
    ("step_potential_v", "Potential of the step (V)"),
    ("step_start_s", "Begin of the step (s, clock of the file)"),
    ("amplitude1_error_a", "Standard error of amplitude 1 (A)"),
    ("amplitude2_error_a", "Standard error of amplitude 2 (A)"),
    ("offset_error_a", "Standard error of the offset (A)"),
    ("half_life1_error_s", "Standard error of half-life 1 (s)"),
    ("half_life2_error_s", "Standard error of half-life 2 (s)"),
    ("fit_start_s", "Begin of the fit (s after the step)"),
    ("fit_end_s", "End of the fit (s after the step)"),
    ("fit_points", "Points fitted"),
    ("residual_deviation_a", "Standard deviation of the residuals (A)"),
    ("residual_correlation", "Correlation of neighbouring residuals"),
    (
        "cottrell_slope_error_a_sqrt_s",
        "Standard error of the Cottrell slope (A·√s)",
    ),
    ("cottrell_intercept_a", "Intercept of the Cottrell line (A)"),
    ("cottrell_start_s", "Begin of the Cottrell region (s after the step)"),
    ("cottrell_end_s", "End of the Cottrell region (s after the step)"),
    ("diffusion_m2_s", "Diffusion coefficient (m²/s)"),
    (
        "diffusion_error_m2_s",
        "Standard error of the diffusion coefficient (m²/s)",
    ),
    ("x", "Position on the axis"),
    ("normalized_low", "Normalised, low frequency"),
    ("normalized_high", "Normalised, high frequency"),
    ("ratio", "Ratio (high/low)"),
    ("kdm", "KDM (%)"),
    ("drift_corrected", "Drift-corrected"),
    ("concentration_m", "Concentration (mol/L)"),
    ("concentration_low_m", "Concentration, lower end (mol/L)"),
    ("concentration_high_m", "Concentration, upper end (mol/L)"),
    ("out_of_range", "Out of range"),
    ("range_flag", "How out of range"),
    ("outlier", "Outlier"),
    ("outlier_deviations", "Outlier by (deviations)"),
    ("time_not_later", "Not later than the scan before"),
    ("replicates", "Replicates"),
    ("normalized_low_sd", "SD, normalised, low frequency"),
    ("normalized_high_sd", "SD, normalised, high frequency"),
    ("ratio_sd", "SD, ratio"),
    ("kdm_sd", "SD, KDM (%)"),
    ("kdm_se", "SE, KDM (%)"),
    ("drift_corrected_sd", "SD, drift-corrected"),
];

#[cfg(test)]
mod tests {
    use protocol::settings::{PeakMethod, Settings, Technique};

    use super::*;

    #[test]
    fn every_column_has_a_heading_of_its_own() {
        let mut settings = Settings::default();
        settings.peak.method = PeakMethod::Gaussian;
        for technique in [Technique::Swv, Technique::FrequencyMap, Technique::Cv, Technique::Ca] {
            settings.technique = technique;
            let columns = crate::export::csv_columns(&settings);
            let mut headings: Vec<_> = columns.iter().map(|column| heading(column)).collect();
            assert!(columns.iter().zip(&headings).all(|(column, heading)| column != heading));
            headings.sort_unstable();
            headings.dedup();
            assert_eq!(headings.len(), columns.len());
        }
        let mut of_trends = crate::analysis::TREND_FIELDS
            .iter()
            .chain(&crate::export::trends::SPREAD_FIELDS);
        assert!(of_trends.all(|field| heading(field) != *field));
    }
}
