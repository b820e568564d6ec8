//! Synthetic scans: one peak at -0.26 V on a sloping background.

use std::fmt::Write;
use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Where the peak is, V.
pub const PEAK_V: f64 = -0.26;

fn potential_v(k: usize) -> f64 {
    -0.002 * (k + 1) as f64
}

fn current_a(potential_v: f64, height_a: f64) -> f64 {
    let u = (potential_v - PEAK_V) / 0.04;
    2e-7 - 1e-7 * potential_v + height_a * (-0.5 * u * u).exp()
}

/// Potentials and currents of a scan of 250 points, one column of currents per height.
pub fn rows(heights_a: &[f64]) -> impl Iterator<Item = (f64, Vec<f64>)> {
    (0..250).map(move |k| {
        let potential = potential_v(k);
        (
            potential,
            heights_a.iter().map(|height| current_a(potential, *height)).collect(),
        )
    })
}

/// A comma-separated table with a header, one electrode per height.
pub fn table(heights_a: &[f64]) -> String {
    let mut text = "Potential (V)".to_owned();
    for electrode in 1..=heights_a.len() {
        write!(text, ",Current {electrode} (A)").unwrap();
    }
    text.push('\n');
    for (potential, currents) in rows(heights_a) {
        write!(text, "{potential:.3}").unwrap();
        for current in currents {
            write!(text, ",{current:e}").unwrap();
        }
        text.push('\n');
    }
    text
}

/// Puts a file into a folder that was written an hour ago: nobody waits for more of it.
pub fn put_old(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    let an_hour_ago = SystemTime::now() - Duration::from_hours(1);
    File::options()
        .append(true)
        .open(&path)
        .unwrap()
        .set_modified(an_hour_ago)
        .unwrap();
}
