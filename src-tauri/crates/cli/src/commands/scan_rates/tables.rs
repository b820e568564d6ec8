//! The study for people: a table of lines, then what follows from each.

use protocol::study::{RateLine, RateStudy, Regime, ScanRates};

use crate::commands::word;
use crate::table::{Align, text as table};

/// Lines, and what they say.
pub fn text(study: &ScanRates) -> String {
    let header = [
        ("ELECTRODE", Align::Left),
        ("PROCESS", Align::Left),
        ("PEAKS", Align::Right),
        ("RATES", Align::Right),
        ("SLOPE v", Align::Right),
        ("R²", Align::Right),
        ("SLOPE √v", Align::Right),
        ("R²", Align::Right),
        ("SLOPE log-log", Align::Right),
        ("GROWS WITH", Align::Left),
    ];
    let rows: Vec<Vec<String>> = study.studies.iter().map(row).collect();
    let mut shown = table(&header, &rows);
    for line in study.studies.iter().flat_map(conclusions) {
        shown.push_str(&line);
        shown.push('\n');
    }
    shown
}

fn row(study: &RateStudy) -> Vec<String> {
    let r_squared = |line: Option<RateLine>| {
        let value = line.and_then(|line| line.r_squared);
        value.map_or("-".to_owned(), |value| format!("{value:.5}"))
    };
    let slope = |line: Option<RateLine>| line.map_or("-".to_owned(), |line| with_error(line.slope, line.slope_error));
    let grows = match (study.better, study.clear) {
        (Some(Regime::Surface), Some(true)) => "v",
        (Some(Regime::Diffusion), Some(true)) => "√v",
        (Some(Regime::Surface), _) => "v rather than √v, not clearly",
        (Some(Regime::Diffusion), _) => "√v rather than v, not clearly",
        (None, _) => study.reason.as_deref().unwrap_or("-"),
    };
    vec![
        electrode(study),
        word(&study.process),
        study.peaks.to_string(),
        study.rates.to_string(),
        slope(study.against_rate),
        r_squared(study.against_rate),
        slope(study.against_root),
        r_squared(study.against_root),
        study.log_log.map_or("-".to_owned(), |line| match line.slope_error {
            Some(error) => format!("{:.4} ± {error:.4}", line.slope),
            None => format!("{:.4}", line.slope),
        }),
        grows.to_owned(),
    ]
}

fn conclusions(study: &RateStudy) -> Vec<String> {
    let who = format!("electrode {}, {}", electrode(study), word(&study.process));
    let mut lines = Vec::new();
    if let Some(message) = &study.message {
        lines.push(format!("{who}: {message}"));
        return lines;
    }
    let mut say = |name: &str, unit: &str, value: Option<f64>, error: Option<f64>, reason: &Option<String>| {
        lines.push(match (value, reason) {
            (Some(value), _) => format!("{who}: {name} {} {unit}", with_error(value, error)),
            (None, Some(reason)) => format!("{who}: no {name} ({reason})"),
            (None, None) => return,
        });
    };
    say(
        "diffusion coefficient",
        "m²/s",
        study.diffusion_coefficient_m2_s,
        study.diffusion_coefficient_error_m2_s,
        &study.diffusion_coefficient_reason,
    );
    say(
        "surface coverage",
        "mol/m²",
        study.surface_coverage_mol_m2,
        study.surface_coverage_error_mol_m2,
        &study.surface_coverage_reason,
    );
    lines
}

fn electrode(study: &RateStudy) -> String {
    study
        .electrode
        .map_or("averaged".to_owned(), |electrode| electrode.to_string())
}

fn with_error(value: f64, error: Option<f64>) -> String {
    match error {
        Some(error) => format!("{value:.4e} ± {error:.1e}"),
        None => format!("{value:.4e}"),
    }
}
