//! What can be asked for, and what every technique writes in every format.

use super::dta::{object, tables};
use crate::simulated::*;

fn run(technique: SimulatedTechnique, files: u32, electrodes: u8) -> Box<dyn Run + Send + Sync> {
    let settings = RunSettings {
        technique,
        electrodes,
        files,
        ..RunSettings::default()
    };
    settings.run().unwrap()
}

fn text(run: &dyn Run, index: u32, electrode: Option<u8>, format: FileFormat) -> String {
    let slot = Slot {
        index,
        frequency_hz: None,
        electrode,
    };
    let at = jiff::civil::date(2024, 5, 7).at(16, 5, 57, 0);
    let content = run.content(&slot, format, &Handle::default().name(&slot, format), at);
    content.unwrap().text().to_owned()
}

#[test]
fn every_technique_has_its_files() {
    let files = |technique, format| file_count(&*run(technique, 3, 2), format);
    assert_eq!(files(SimulatedTechnique::Swv, FileFormat::Csv), 6);
    assert_eq!(files(SimulatedTechnique::FrequencyMap, FileFormat::PstraceCsv), 3 * 16);
    assert_eq!(
        files(SimulatedTechnique::FrequencyMap, FileFormat::GamryDta),
        3 * 16 * 2
    );
    assert_eq!(files(SimulatedTechnique::Cv, FileFormat::ChiText), 3);
    assert_eq!(files(SimulatedTechnique::Ca, FileFormat::GamryDta), 6);
}

#[test]
fn settings_that_a_technique_does_not_have_are_refused() {
    let base = |technique| RunSettings {
        technique,
        ..RunSettings::default()
    };
    let foreign = [
        RunSettings {
            frequencies_hz: Some(vec![15.0]),
            ..base(SimulatedTechnique::Cv)
        },
        RunSettings {
            frequencies_hz: Some(vec![15.0]),
            ..base(SimulatedTechnique::Ca)
        },
        RunSettings {
            scan_rates_v_s: Some(vec![0.1]),
            ..base(SimulatedTechnique::Swv)
        },
        RunSettings {
            cycles: Some(2),
            ..base(SimulatedTechnique::FrequencyMap)
        },
        RunSettings {
            couple: Some(CoupleKind::Solution),
            ..base(SimulatedTechnique::Ca)
        },
    ];
    for settings in foreign {
        let error = settings.run().err().unwrap();
        assert_eq!(error.code(), "not_of_this_technique");
        assert!(
            !error.hint().is_empty() && error.to_string().contains(" has no "),
            "{error}"
        );
    }
}

#[test]
fn a_frequency_map_shows_where_the_signal_goes_on_and_off() {
    let experiment = Experiment::new(ExperimentSettings::frequency_maps(2)).unwrap();
    let gain = |frequency_hz| {
        let height = |index| experiment.sweep(1, frequency_hz, index).unwrap().truth.height_a;
        height(2) / height(1) - 1.0
    };
    let gains: Vec<f64> = MAP_FREQUENCIES_HZ.into_iter().map(gain).collect();
    assert!(gains[0] < -0.15, "signal-off at 10 Hz: {gains:?}");
    assert!(gains[15] > 0.3, "signal-on at 500 Hz: {gains:?}");
    let turns = gains
        .windows(2)
        .filter(|pair| pair[0].signum() != pair[1].signum())
        .count();
    assert_eq!(turns, 1, "one crossing between: {gains:?}");
}

#[test]
fn chi_text_of_cycles_states_segments_and_holds_them_all() {
    let text = text(&*run(SimulatedTechnique::Cv, 2, 2), 1, None, FileFormat::ChiText);
    for line in [
        "Cyclic Voltammetry",
        "Init E (V) = 0",
        "High E (V) = 0",
        "Low E (V) = -0.5",
        "Init P/N = N",
        "Scan Rate (V/s) = 0.1",
        "Segment = 6",
        "Sample Interval (V) = 0.001",
        "E2 Scan On",
        "Segment 6:",
        "Potential/V, i1/A, i2/A",
    ] {
        assert!(text.split("\r\n").any(|known| known == line), "{line}");
    }
    let rows: Vec<&str> = text
        .split("\r\n")
        .filter(|line| line.split(", ").count() == 3)
        .skip(1)
        .collect();
    assert_eq!(rows.len(), 3000);
    assert!(rows[0].starts_with("0.000, ") && rows[500].starts_with("-0.500, ") && rows[2999].starts_with("-0.001, "));
}

#[test]
fn gamry_cycles_have_a_table_each_and_one_for_the_end() {
    let text = text(&*run(SimulatedTechnique::Cv, 2, 1), 1, None, FileFormat::GamryDta);
    for (name, value) in [
        ("VINIT", "0.00000E+000"),
        ("VLIMIT1", "-5.00000E-001"),
        ("SCANRATE", "1.00000E+002"),
        ("STEPSIZE", "1.00000E+000"),
        ("CYCLES", "3"),
    ] {
        assert_eq!(object(&text, name), Some(value), "{name}");
    }
    let tables = tables(&text);
    let names: Vec<&str> = tables.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["CURVE1", "CURVE2", "CURVE3", "CURVE4"]);
    assert_eq!(
        tables.iter().map(|(_, rows)| rows.len() - 2).collect::<Vec<_>>(),
        [1000, 1000, 1000, 1]
    );
    assert_eq!(tables[1].1[2][..3], ["1000", "10.01", "0.00000E+000"], "points go on");
    assert!(text.contains("CURVE1\tTABLE\r\n"), "without a count");
}

#[test]
fn pstrace_cycles_have_a_pair_of_columns_each() {
    let text = text(&*run(SimulatedTechnique::Cv, 2, 2), 1, None, FileFormat::PstraceCsv);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[3].matches("Cyclic Voltammetry: CV i vs E Scan ").count(), 6);
    assert!(lines[3].ends_with("Scan 3 Channel 2"));
    assert_eq!(lines[5], ["V,µA"; 6].join(","));
    assert_eq!(lines.len(), 6 + 1000 + 1);
}

#[test]
fn decays_are_written_over_time_in_every_format() {
    let run = run(SimulatedTechnique::Ca, 2, 2);
    let csv = text(&*run, 1, None, FileFormat::Csv);
    assert!(
        csv.starts_with("Time (s),Current E1 (A),Current E2 (A)\n0.0001,"),
        "{}",
        &csv[..60]
    );
    assert_eq!(csv.lines().count(), 1001);
    let chi = text(&*run, 1, None, FileFormat::ChiText);
    for line in [
        "Amperometric i-t Curve",
        "Init E (V) = -0.3",
        "Sample Interval (s) = 0.0001",
        "Run Time (sec) = 0.1",
        "Time/sec, i1/A, i2/A",
    ] {
        assert!(chi.split("\r\n").any(|known| known == line), "{line}");
    }
    let dta = text(&*run, 1, Some(2), FileFormat::GamryDta);
    assert!(dta.starts_with("EXPLAIN\r\nTAG\tCHRONOA\r\n") && dta.contains("CURVE\tTABLE\t1000\r\n"));
    assert_eq!(tables(&dta)[0].1.len(), 1002);
    let pstrace = text(&*run, 1, None, FileFormat::PstraceCsv);
    assert_eq!(pstrace.lines().nth(5), Some("s,µA,s,µA"));
    assert!(pstrace.contains("Chronoamperometry: CA i vs t Channel 2"));
}

#[test]
fn one_channel_has_a_plain_current() {
    for technique in [SimulatedTechnique::Cv, SimulatedTechnique::Ca] {
        let chi = text(&*run(technique, 1, 1), 1, None, FileFormat::ChiText);
        assert!(chi.contains(", Current/A\r\n\r\n"));
    }
}
