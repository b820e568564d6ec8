//! `tangent` against the peaks that the CHI instrument software printed into its own files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and print what they compare"
)]

mod evidence;

use voltammetry::swv::{self, SwvSettings};

/// Channels whose sweeps show no visible noise: there both programs must see the same chord.
const CLEAN: [(&str, u32); 2] = [("chi/ideation_swv/F=5, M2.txt", 4), ("chi/ideation_swv/F=5, M4.txt", 4)];

#[test]
fn heights_agree_with_those_the_instrument_printed() {
    let Some(table) = evidence::text("data/chi_reference_peaks.tsv") else {
        return;
    };
    let mut deviations = Vec::new();
    println!(
        "{:<62} {:>3} {:>11} {:>11} {:>7} {:>7} {:>8} {:>7} {:>7}",
        "file", "ch", "CHI ip/A", "ours/A", "dev/%", "Ep CHI", "Ep ours", "SNR", "reason"
    );
    for row in table.lines().skip(1) {
        let fields: Vec<&str> = row.split('\t').collect();
        let [file, technique, _, channel, kind, potential, height, _] = fields[..] else {
            panic!("row {row}")
        };
        if technique != "Square Wave Voltammetry" || kind != "Difference" {
            continue;
        }
        let channel: u32 = channel.parse().unwrap();
        let expected: f64 = height.parse().unwrap();
        let text = evidence::text(&format!("data/{file}")).expect("the file beside its table");
        let sweep = evidence::chi_columns::difference(&text, channel);
        let found = swv::analyze(&sweep, &SwvSettings::default());
        let height = found.peak_current_a.expect("a peak in each of these sweeps");
        let deviation = 100.0 * (height / expected - 1.0);
        println!(
            "{file:<62} {channel:>3} {expected:>11.3e} {height:>11.3e} {deviation:>7.2} {potential:>7} {:>8.4} {:>7.0} {:>7}",
            found.peak_potential_v.unwrap(),
            found.snr.unwrap(),
            found.reason.map_or("-", |reason| reason.code())
        );
        if CLEAN.contains(&(file, channel)) {
            assert!(deviation.abs() <= 0.3, "{file} channel {channel}: {deviation} %");
        }
        deviations.push(deviation.abs());
    }
    deviations.sort_by(f64::total_cmp);
    assert_eq!(deviations.len(), 12);
    let median = f64::midpoint(deviations[5], deviations[6]);
    let within = deviations.iter().filter(|deviation| **deviation <= 8.0).count();
    println!("median deviation {median:.2} %, {within} of 12 within 8 %");
    assert!(median <= 3.0);
    assert!(within * 10 >= 12 * 9);
}
