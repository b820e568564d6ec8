//! The parameters in the head of a report of cyclic voltammograms.

use std::io::Write;

use protocol::measurement::Measurement;
use protocol::settings::{CvMethod, FilterMode, MassTransport, Quantity, Settings};

use super::form::Report;
use crate::export::voltammograms::Voltammograms;

/// How the voltammograms were measured.
///
/// # Errors
/// What the destination reports.
pub fn write<W: Write>(
    out: &mut Report<'_, W>,
    settings: &Settings,
    measurements: &[Measurement],
    all: &Voltammograms<'_>,
) -> std::io::Result<()> {
    let (cv, smoothing) = (&settings.cv, &settings.smoothing);
    let mut rates: Vec<f64> = measurements
        .iter()
        .filter_map(|m| m.cv.as_ref()?.scan_rate_v_s)
        .collect();
    rates.sort_by(f64::total_cmp);
    rates.dedup();
    let rates: Vec<String> = rates.iter().map(f64::to_string).collect();
    let own = cv.method == CvMethod::Tangent;
    let (window, degree) = match smoothing.savgol {
        FilterMode::Manual => (smoothing.savgol_window.to_string(), smoothing.savgol_degree.to_string()),
        FilterMode::Auto if own => ("Auto".to_owned(), "Auto".to_owned()),
        FilterMode::Auto => ("Auto (20% of data length)".to_owned(), "Auto (2)".to_owned()),
        FilterMode::Off => ("N/A".to_owned(), "N/A".to_owned()),
    };
    let probes: Vec<String> = cv.probes_v.iter().map(|v| format!("{v} V")).collect();
    let or = |values: &[String], none: &str| {
        if values.is_empty() {
            none.to_owned()
        } else {
            values.join(", ")
        }
    };
    out.line("# Analysis Parameters")?;
    out.cells(["Scan Rate (V/s):", &or(&rates, "N/A")])?;
    out.cells([
        "Mass Transport:",
        match cv.mass_transport {
            MassTransport::Surface => "surface",
            MassTransport::Solution => "solution",
        },
    ])?;
    out.cells([
        "Analysis Type:",
        match settings.peak.quantity {
            Quantity::Height => "Peak Height Extraction",
            Quantity::Area => "Area Under the Curve",
        },
    ])?;
    out.cells([
        "SG Filter Mode:",
        match smoothing.savgol {
            FilterMode::Auto => "auto",
            FilterMode::Manual => "manual",
            FilterMode::Off => "disabled",
        },
    ])?;
    out.cells(["SG Window:", &window])?;
    out.cells(["SG Degree:", &degree])?;
    out.cells(["Probe Voltages:", &or(&probes, "None")])?;
    if all.others > 0 {
        // The predecessor measured no more than two.
        out.cells(["Segments Not Shown:", &all.others.to_string()])?;
    }
    Ok(())
}
