//! A plain table with a header that states quantities, electrodes and units.

use super::super::cyclic::CyclicFile;
use super::super::file::ScanFile;
use super::super::step::StepFile;
use super::decimals::decimals;
use std::fmt::Write;

/// `Potential (V),Current E1 (A),Current E2 (A),...`, then one row per point: the difference current of each electrode.
pub(in super::super) fn square_wave(file: &ScanFile<'_>) -> String {
    let program = &file.settings.program;
    let potential_v = file.scans.first().map_or(&[][..], |scan| &scan.potential_v);
    let currents: Vec<(u8, &[f64])> = file
        .scans
        .iter()
        .map(|scan| (scan.electrode, &scan.difference_a[..]))
        .collect();
    let decimals = decimals(&[program.increment_v, program.initial_potential_v]);
    table("Potential (V)", potential_v, decimals, &currents)
}

/// Cyclic voltammetry: a line with the scan rate, without which no study of rates can use the file; then potential and the current of each
/// electrode, the cycles one below the other.
pub(in super::super) fn cyclic(file: &CyclicFile<'_>) -> String {
    let program = file.program;
    let potential_v = file.scans.first().map_or(&[][..], |scan| &scan.potential_v);
    let currents: Vec<(u8, &[f64])> = file
        .scans
        .iter()
        .map(|scan| (scan.electrode, &scan.current_a[..]))
        .collect();
    let decimals = decimals(&[program.step_v, program.initial_potential_v, program.first_vertex_v]);
    let table = table("Potential (V)", potential_v, decimals, &currents);
    format!("# Scan rate (V/s) = {}\n{table}", file.scan_rate_v_s)
}

/// Chronoamperometry: time, then the current of each electrode.
pub(in super::super) fn step(file: &StepFile<'_>) -> String {
    let time_s = file.scans.first().map_or(&[][..], |scan| &scan.time_s);
    let currents: Vec<(u8, &[f64])> = file
        .scans
        .iter()
        .map(|scan| (scan.electrode, &scan.current_a[..]))
        .collect();
    table(
        "Time (s)",
        time_s,
        decimals(&[file.settings.program.sample_interval_s]),
        &currents,
    )
}

/// The first column with a number of decimals, then the currents of the electrodes with seven significant digits.
fn table(first: &str, values: &[f64], decimals: usize, currents: &[(u8, &[f64])]) -> String {
    let mut text = String::with_capacity((values.len() + 1) * (10 + 16 * currents.len()));
    text.push_str(first);
    for (electrode, _) in currents {
        // Writing into a String cannot fail.
        let _ = write!(text, ",Current E{electrode} (A)");
    }
    text.push('\n');
    for (k, value) in values.iter().enumerate() {
        let _ = write!(text, "{value:.decimals$}");
        for (_, current_a) in currents {
            let _ = write!(text, ",{:.6e}", current_a[k]);
        }
        text.push('\n');
    }
    text
}
