//! Every report beside a sample of the predecessor's own, where the reference data lie next to the project's folder.
//!
//! Each line of the sample must be there, in order and to the letter. What may differ is what `docs/exports.md` lists: the
//! date, more lines in the head, `N/A` for the deviation of a single value, the electrode in a heading.

use std::path::Path;

use protocol::measurement::{Direction, Measurement};
use protocol::settings::{CvMethod, Settings, Technique};

use super::write;
use crate::export::series::tests::measurement;
use crate::export::voltammograms::tests::segment;

fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared/golden")
        .join(name);
    std::fs::read_to_string(path).unwrap()
}

fn ours(settings: &Settings, measurements: &[Measurement]) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes, None, settings, measurements).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Whether a line of ours says what a line of the sample says.
fn is_same(sample: &str, line: &str) -> bool {
    if sample.starts_with("# Export Date:") {
        return line.starts_with(&sample[..14]) && line.as_bytes()[14] == sample.as_bytes()[14];
    }
    if line == sample || (sample.starts_with("## ") && line.starts_with(&format!("{sample} - E"))) {
        return true;
    }
    let (wanted, found): (Vec<&str>, Vec<&str>) = (sample.split(',').collect(), line.split(',').collect());
    let zero = |cell: &str| cell.parse() == Ok(0.0_f64);
    wanted.len() == found.len()
        && wanted
            .iter()
            .zip(&found)
            .all(|(wanted, found)| wanted == found || (zero(wanted) && *found == "N/A"))
}

/// The sample's lines in ours, in order; between them only lines that begin with one of `more`.
#[track_caller]
fn assert_holds(sample: &str, line_end: &str, report: &str, more: &[&str]) {
    assert_eq!(report.contains("\r\n"), line_end == "\r\n");
    let mut lines = report.split(line_end);
    for wanted in sample.trim_end().split(line_end) {
        let found = lines
            .by_ref()
            .find(|line| is_same(wanted, line) || !more.iter().any(|m| line.starts_with(m)));
        assert!(
            found.is_some_and(|line| is_same(wanted, line)),
            "{wanted:?} is not {found:?} in\n{report}"
        );
    }
}

#[test]
fn the_series_is_the_predecessors() {
    let sample = sample("export_swv_all_electrodes.csv");
    let mut rows = Vec::new();
    for (electrode, low, high) in [
        (1, [5e-7, 4.9e-7, 4.8e-7], [6e-7, 6.1e-7, 6.2e-7]),
        (2, [5.5e-7, 5.4e-7, f64::NAN], [6.6e-7, 6.7e-7, f64::NAN]),
    ] {
        for index in 1..=3_u32 {
            for (hz, heights) in [(15.0, low), (200.0, high)] {
                let height = Some(heights[index as usize - 1]).filter(|height| height.is_finite());
                let mut row = measurement(electrode, hz, index, height);
                row.peak_potential_v = (electrode == 1 && hz == 15.0)
                    .then(|| [Some(-0.3), Some(-0.3012), None][index as usize - 1])
                    .flatten();
                rows.push(row);
            }
        }
    }
    let report = ours(&Settings::default(), &rows);
    // There a failed peak is 0 and counts, and the section on quality lists every file.
    let (blocks, _) = sample.split_once("# Summary Statistics").unwrap();
    let blocks = blocks
        .replace("3,6.200000e-07,N/A,0.000000e+00,N/A,", "3,6.200000e-07,N/A,N/A,N/A,")
        .replace("3,1.033333,0.000000,", "3,1.033333,N/A,");
    assert_holds(&blocks, "\r\n", &report, &[]);
    for line in [
        "Electrode,Avg_Peak_15Hz_A,Std_Peak_15Hz_A,Avg_Peak_200Hz_A",
        "E1,4.900000e-07,1.000000e-08,6.100000e-07",
    ] {
        assert!(sample.contains(line) && report.contains(line), "{report}");
    }
}

#[test]
fn the_groups_of_replicates_are_the_predecessors() {
    let sample = sample("export_viewer_grouped.csv");
    let mut settings = Settings::default();
    settings.trend.replicates = 2;
    settings.trend.low_offset = 0.01;
    settings.trend.low_slope = 0.002;
    let (low, high) = (
        [5e-7, 4.9e-7, f64::NAN, 4.7e-7, 4.6e-7, 4.5e-7],
        [6e-7, 6.1e-7, 6.2e-7, 6.3e-7, 6.4e-7, 6.5e-7],
    );
    let mut rows = Vec::new();
    for index in 1..=6_u32 {
        for (hz, heights) in [(15.0, low), (200.0, high)] {
            let height = Some(heights[index as usize - 1]).filter(|height| height.is_finite());
            rows.push(measurement(1, hz, index, height));
        }
    }
    // There the remainder of the groups, here the seventh scan, was dropped, and frequencies stand as they were typed.
    let sample = sample
        .replace("# Original Data Points: 7", "# Original Data Points: 6")
        .replace("200, 15", "15, 200");
    assert_holds(&sample, "\n", &ours(&settings, &rows), &["# Electrodes:"]);
}

fn map_rows(index: u32) -> Vec<Measurement> {
    let mut rows = vec![
        measurement(1, 10.0, index, Some(5e-7)),
        measurement(2, 10.0, index, Some(6e-7)),
        measurement(1, 100.0, index, Some(8e-7)),
    ];
    (rows[0].peak_potential_v, rows[1].peak_potential_v) = (Some(-0.3), Some(-0.31));
    rows
}

#[test]
fn the_frequency_map_is_the_predecessors() {
    let sample = sample("export_freqmap_all.csv");
    let settings = Settings {
        technique: Technique::FrequencyMap,
        ..Settings::default()
    };
    assert_holds(&sample, "\r\n", &ours(&settings, &map_rows(1)), &[]);
}

#[test]
fn held_maps_are_the_predecessors() {
    let sample = sample("export_viewer_hold.csv");
    let settings = Settings {
        technique: Technique::FrequencyMap,
        ..Settings::default()
    };
    let report = ours(&settings, &[map_rows(1), map_rows(2)].concat());
    let report = report.replace("Map #1", "Pre").replace("Map #2", "Post");
    // Its second map was averaged, and the averages were lost. Potentials, which it left out, follow each map.
    let (first, second) = sample.split_once("\n\n\n## Post").unwrap();
    assert_holds(first, "\n", &report, &[]);
    let (_, ours) = report.split_once("\n\n\n## Post").unwrap();
    let headings = |text: &str| -> Vec<String> {
        let kept = text
            .lines()
            .filter(|line| line.contains("## ") || line.is_empty() || line.starts_with(" - "));
        kept.map(str::to_owned).collect()
    };
    assert!(headings(ours).starts_with(&headings(second)), "{report}");
}

#[test]
fn cyclic_voltammetry_is_the_predecessors() {
    let sample = sample("export_cv_all_electrodes.csv");
    let mut settings = Settings {
        technique: Technique::Cv,
        ..Settings::default()
    };
    settings.cv.method = CvMethod::SacmesWeb;
    settings.cv.probes_v = vec![0.1, -0.1];
    let of = |index: u32, electrode: u32| {
        let sweep = |at, height: f64, charge: f64, probes: [f64; 2]| {
            let mut m = segment(Some(index), at, Some((0.02, height)), Some(0.04));
            (m.electrode, m.charge_c) = (Some(electrode), Some(charge));
            let cv = m.cv.as_mut().unwrap();
            let first = cv.probes[0];
            cv.probes = [(0.1, probes[0]), (-0.1, probes[1])]
                .map(|(potential_v, current)| protocol::measurement::Probe {
                    potential_v,
                    current_a: Some(current),
                })
                .to_vec();
            assert!(first.potential_v > 0.0);
            m
        };
        [
            sweep(
                (1, Direction::Forward),
                1.001_705_4e-6,
                1.614_738_2e-6,
                [4.880_373e-7, 2.461_348e-7],
            ),
            sweep(
                (2, Direction::Reverse),
                -9.514_602_8e-7,
                -1.258_036_1e-6,
                [-2.661_348e-7, -4.680_373e-7],
            ),
        ]
    };
    let rows = [of(1, 1), of(1, 2), of(2, 1)].concat();
    assert_holds(&sample, "\r\n", &ours(&settings, &rows), &[]);
}
