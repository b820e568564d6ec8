use std::fmt::Write;

use crate::recording::{Completeness, Recording, Technique};
use crate::{Format, ReadOptions, Reservation, Unreadable, read};

const MEMO: &str = "Sept. 3, 2026   08:15:09\nSquare Wave Voltammetry\nFile: c:\\data\\look-alike.bin\n\
    Data Source:  Experiment\nInstrument Model:  CHI1040C\nHeader: \nNote: \n\n";
const PARAMETERS: &str = "Init E (V) = -0.1\nFinal E (V) = -0.14\nIncr E (V) = 0.004\nAmplitude (V) = 0.025\n\
    Frequency (Hz) = 60\nQuiet Time (sec) = 2\nSensitivity (A/V) = 1e-6\n\nE7 Scan On\nSens 7 = 1e-006\n\n";
const RESULTS: &str = "Results:\n\nChannel 1:\nDifference:\n\nForward:\n\nReverse:\n\nChannel 7:\nDifference:\n\
    Ep = -0.120V\nip = -3.1e-8A\nAp = -1.2e-9VA\n\n";

/// Ten rows of the channels 2 and 7: difference, forward and reverse, downward peaks.
fn numbers(separator: &str) -> String {
    let names = ["Potential/V", "i2d/A", "i2f/A", "i2r/A", "i7d/A", "i7f/A", "i7r/A"];
    let mut text = names.join(separator) + "\n\n";
    for k in 1..=10_i32 {
        let peak = -1e-8 * f64::from(20 - (k - 5).pow(2));
        let cells = [peak, 0.75 * peak, -0.25 * peak, 2.0 * peak, 1.5 * peak, -0.5 * peak].map(|i| format!("{i:.3e}"));
        writeln!(
            text,
            "{:.3}{separator}{}",
            -0.1 - 0.004 * f64::from(k),
            cells.join(separator)
        )
        .unwrap();
    }
    text
}

fn whole() -> String {
    [MEMO, PARAMETERS, RESULTS, &numbers(", ")].concat()
}

fn recorded(text: &str) -> Recording {
    read(text.as_bytes(), &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn refused(text: &str) -> Unreadable {
    read(text.as_bytes(), &ReadOptions::default()).unwrap_err()
}

fn electrodes(recording: &Recording) -> Vec<u32> {
    recording
        .electrodes
        .iter()
        .map(|electrode| electrode.electrode)
        .collect()
}

#[test]
fn every_combination_of_sections_is_read_alike() {
    let expected = recorded(&whole()).electrodes;
    for memo in ["", MEMO] {
        for parameters in ["", PARAMETERS] {
            for results in ["", RESULTS] {
                for separator in [", ", "\t", ","] {
                    for crlf in [false, true] {
                        let text = [memo, parameters, results, &numbers(separator)].concat();
                        let text = if crlf { text.replace('\n', "\r\n") } else { text };
                        let recording = recorded(&text);
                        assert_eq!(recording.electrodes, expected, "{text}");
                        assert_eq!(
                            (recording.format, recording.technique),
                            (Format::ChiText, Technique::Swv)
                        );
                        assert_eq!(recording.frequency_hz, (!parameters.is_empty()).then_some(60.0));
                        let proven = if parameters.is_empty() {
                            Completeness::Unproven
                        } else {
                            Completeness::Complete
                        };
                        assert_eq!(recording.completeness, proven, "{text}");
                        assert!(recording.reservations.is_empty());
                    }
                }
            }
        }
    }
}

#[test]
fn channels_are_those_of_the_column_names_and_signs_stay() {
    let recording = recorded(&whole());
    assert_eq!(electrodes(&recording), [2, 7]);
    assert!(recording.electrodes.iter().all(|electrode| electrode.stated));
    let second = &recording.electrodes[1];
    assert_eq!(second.voltammogram().unwrap().potential_v()[..2], [-0.104, -0.108]);
    assert_eq!(second.voltammogram().unwrap().current_a()[4], -4e-7);
    assert_eq!(second.forward_a.as_ref().unwrap()[4], -3e-7);
    assert_eq!(second.reverse_a.as_ref().unwrap()[4], 1e-7);
    assert_eq!(recording.started_at.unwrap().to_string(), "2026-09-03T08:15:09");
    assert_eq!(recording.instrument.as_deref(), Some("CHI1040C"));
    assert_eq!((recording.points, recording.expected_points), (10, Some(10)));
}

#[test]
fn single_channel_columns_and_a_processing_line_are_read() {
    let memo = MEMO.replace("Header:", "Data Proc:  Smoothing\nHeader:");
    let table =
        "Potential/V, Diff(i/A), For(i/A), Rev(i/A)\n\n-0.104, -1.5e-8, -1e-8, 5e-9\n-0.108, -1.6e-8, -1e-8, 6e-9\n";
    let recording = recorded(&[&memo, table].concat());
    assert_eq!(electrodes(&recording), [1]);
    assert!(!recording.electrodes[0].stated);
    assert_eq!(
        recording.electrodes[0].voltammogram().unwrap().current_a(),
        [-1.5e-8, -1.6e-8]
    );
    assert_eq!(recording.electrodes[0].reverse_a.as_deref(), Some(&[5e-9, 6e-9][..]));
    assert!(recording.started_at.is_some());
}

#[test]
fn names_of_months_are_understood_in_every_length() {
    for (printed, month) in [
        ("Jan. 2,", 1),
        ("Mar. 2,", 3),
        ("April 2,", 4),
        ("May 2,", 5),
        ("June 2,", 6),
        ("Sept. 2,", 9),
        ("December 2,", 12),
    ] {
        let text = whole()
            .replace("Sept. 3,", printed)
            .replace("2026   08", "2026        08");
        assert_eq!(recorded(&text).started_at.unwrap().month(), month, "{printed}");
    }
    assert_eq!(recorded(&whole().replace("Sept. 3,", "Smarch 3,")).started_at, None);
    assert_eq!(recorded(&whole().replace("Sept. 3,", "Sept. 31,")).started_at, None);
}

#[test]
fn other_columns_than_potential_and_current_are_passed_over() {
    let table = "Init E (V) = 0.2\nFinal E (V) = 0.206\nIncr E (V) = 0.002\nPulse Period (sec) = 0.5\n\n\
        Potential/V\tCurrent/A\tTime/s\n\n0.202\t-1e-7\n0.204\t-2e-7\n0.206\t-3e-7\n";
    let recording = recorded(table);
    assert_eq!(
        (recording.technique, recording.completeness),
        (Technique::Dpv, Completeness::Complete)
    );
    assert_eq!(
        recording.electrodes[0].voltammogram().unwrap().current_a(),
        [-1e-7, -2e-7, -3e-7]
    );
    let charge = "Potential/V, Current/A, Charge/C, Time/s\n\n0.1, 1e-6, 2e-6, 3\n0.2, 4e-6, 5e-6, 6\n";
    let recording = recorded(charge);
    assert_eq!(recording.electrodes.len(), 1);
    assert_eq!(
        recording.electrodes[0].voltammogram().unwrap().current_a(),
        [1e-6, 4e-6]
    );
}

#[test]
fn pulse_steps_that_are_multiples_of_the_increment_are_counted_as_printed() {
    let table = |rows: usize| {
        let mut text = "Init E (V) = 0.4\nFinal E (V) = 1.4\nIncr E (V) = 0.004\nPulse Period (sec) = 0.5\n\n\
            Potential/V\tCurrent/A\n\n"
            .to_owned();
        (1..=rows).for_each(|k| writeln!(text, "{:.3}\t-5.844e-7", 0.4 + 0.04 * k as f64).unwrap());
        recorded(&text)
    };
    assert_eq!(
        (table(25).completeness, table(25).expected_points),
        (Completeness::Complete, Some(25))
    );
    assert_eq!(table(24).completeness, Completeness::Partial);
}

#[test]
fn half_millivolt_steps_are_never_complete_before_their_count() {
    let table = |rows: usize| {
        let mut text = "Init E (V) = 0\nFinal E (V) = -0.01\nIncr E (V) = 0.0005\nFrequency (Hz) = 15\n\n\
            Potential/V, Current/A\n\n"
            .to_owned();
        (1..=rows).for_each(|k| writeln!(text, "{:.3}, 1e-8", -0.0005 * k as f64).unwrap());
        recorded(&text).completeness
    };
    assert_eq!(table(20), Completeness::Complete);
    assert!((1..20).all(|rows| table(rows) != Completeness::Complete));
    assert_eq!(table(10), Completeness::Partial);
}

#[test]
fn a_final_potential_between_two_steps_leaves_the_last_step_open() {
    let table = |rows: usize| {
        let mut text =
            "Init E (V) = 0\nFinal E (V) = 0.01\nIncr E (V) = 0.003\n\nPotential/V, Current/A\n\n".to_owned();
        (1..=rows).for_each(|k| writeln!(text, "{:.3}, 1e-8", 0.003 * k as f64).unwrap());
        recorded(&text).completeness
    };
    assert_eq!(
        [2, 3, 4].map(table),
        [Completeness::Partial, Completeness::Unproven, Completeness::Complete]
    );
}

fn cyclic(rows: usize, titles_inside: bool) -> String {
    let mut text =
        "Init E (V) = 0\nHigh E (V) = 0.01\nLow E (V) = 0\nInit P/N = P\nScan Rate (V/s) = 0.1\nSegment = 4\n\
        Sample Interval (V) = 0.001\n\nPotential/V, Current/A\n\n"
            .to_owned();
    for k in 0..rows {
        if titles_inside && k % 10 == 0 {
            writeln!(text, "Segment {}:", k / 10 + 1).unwrap();
        }
        let x = if (k / 10) % 2 == 0 { k % 10 } else { 10 - k % 10 };
        writeln!(text, "{:.3}, {:.3e}", 0.001 * x as f64, 1e-7 * (k + 1) as f64).unwrap();
    }
    text
}

#[test]
fn cyclic_voltammograms_keep_every_segment() {
    for titles_inside in [false, true] {
        let recording = recorded(&cyclic(40, titles_inside));
        assert_eq!((recording.technique, recording.cycles), (Technique::Cv, Some(2)));
        assert_eq!((recording.points, recording.expected_points), (40, Some(40)));
        assert_eq!(
            (recording.scan_rate_v_s, recording.completeness),
            (Some(0.1), Completeness::Complete)
        );
        assert!(recording.reservations.is_empty(), "titles of segments are no damage");
    }
    assert_eq!(recorded(&cyclic(20, false)).completeness, Completeness::Partial);
    assert_eq!(recorded(&cyclic(38, false)).completeness, Completeness::Unproven);
}

#[test]
fn files_saved_again_by_a_spreadsheet_or_an_editor_are_read() {
    let expected = recorded(&whole());
    let spreadsheet: String = whole().replace('\n', ",,,\r\n");
    assert_eq!(recorded(&spreadsheet), expected);
    let padded = whole()
        .replace(", ", ",                  ")
        .replace("Sept. 3,      ", "Sept. 3, ");
    assert_eq!(recorded(&padded).electrodes, expected.electrodes);
    let german = whole().replace(", ", ";").replace('.', ",").replace("Sept,", "Sept.");
    assert_eq!(recorded(&german).electrodes, expected.electrodes);
    let renamed = whole().replace("i2d/A, i2f/A, i2r/A, i7d/A, i7f/A, i7r/A", "1, 2, 3, 4, 5, 6");
    assert_eq!(electrodes(&recorded(&renamed)), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn an_edited_table_is_neither_complete_nor_partial() {
    let lines: Vec<String> = whole().lines().map(str::to_owned).collect();
    let first = lines.iter().position(|line| line.starts_with("-0.104")).unwrap();
    let shortened = [&lines[..first], &lines[first + 3..]].concat().join("\n") + "\n";
    let recording = recorded(&shortened);
    assert_eq!((recording.points, recording.completeness), (7, Completeness::Unproven));
    assert_eq!(
        recording.reservations,
        [Reservation::FewerPointsThanAnnounced {
            points: 7,
            expected: 10
        }]
    );
}

#[test]
fn cut_anywhere_a_file_is_never_called_complete() {
    let text = whole().replace('\n', "\r\n");
    for length in 0..text.len() {
        match read(&text.as_bytes()[..length], &ReadOptions::default()) {
            Ok(recording) => {
                assert_eq!(recording.completeness, Completeness::Partial, "cut at {length}");
                assert_eq!(
                    recording.points,
                    text[..length]
                        .matches("\r\n-0.")
                        .count()
                        .saturating_sub(1)
                        .min(9)
                        .max(recording.points)
                );
                assert_eq!(recording.frequency_hz, Some(60.0));
            }
            Err(error) => assert!(error.may_become_readable(), "cut at {length}: {error}"),
        }
        let settled = ReadOptions {
            settled: true,
            ..ReadOptions::default()
        };
        if let Ok(recording) = read(&text.as_bytes()[..length], &settled) {
            assert_ne!(recording.completeness, Completeness::Complete, "cut at {length}");
            if recording.completeness == Completeness::Unproven {
                assert_eq!(recording.electrodes, recorded(&whole()).electrodes, "cut at {length}");
            }
        }
    }
}

#[test]
fn a_header_alone_says_so() {
    assert_eq!(refused(MEMO).code(), "header_only");
    let header = [MEMO, PARAMETERS, "Potential/V, i1d/A\n"].concat();
    let error = refused(&header);
    assert_eq!(
        (error.code(), error.format, error.may_become_readable()),
        ("header_only", Format::ChiText, true)
    );
}

#[test]
fn damaged_rows_are_named() {
    let text = whole()
        .replace("-0.112, ", "-0.112, x")
        .replace("-0.120, ", "oops, ")
        .replace("-3.200e-7", "nan");
    let recording = recorded(&text);
    let codes: Vec<&str> = recording.reservations.iter().map(Reservation::code).collect();
    assert_eq!(
        codes,
        [
            "non_finite_values",
            "unreadable_lines",
            "missing_values",
            "fewer_points_than_announced"
        ]
    );
    assert_eq!(recording.points, 9);
    assert_eq!(
        (
            recording.electrodes[0].voltammogram().unwrap().len(),
            recording.electrodes[1].voltammogram().unwrap().len()
        ),
        (8, 9)
    );
}

fn over_time(rows: usize) -> String {
    let mut text = MEMO.replace("Square Wave Voltammetry", "Amperometric i-t Curve")
        + "Init E (V) = 0.3\nSample Interval (s) = 0.5\nRun Time (sec) = 10\nQuiet Time (sec) = 0\n\nTime/sec, i1/A, i3/A\n\n";
    for k in 1..=rows {
        writeln!(text, "{:.3e}, {:.3e}, -2.000e-9", 0.5 * k as f64, 1e-6 / k as f64).unwrap();
    }
    text
}

#[test]
fn current_over_time_is_read_with_its_channels() {
    let recording = recorded(&over_time(20));
    assert_eq!(
        (recording.format, recording.technique, recording.completeness),
        (Format::ChiText, Technique::Ca, Completeness::Complete)
    );
    assert_eq!(
        (electrodes(&recording), recording.expected_points),
        (vec![1, 3], Some(20))
    );
    let transient = recording.electrodes[0].transient().unwrap();
    assert_eq!((transient.time_s()[1], transient.current_a()[1]), (1.0, 5e-7));
    assert_eq!(recorded(&over_time(12)).completeness, Completeness::Partial);
    let steps = over_time(20)
        .replace("Amperometric i-t Curve", "Chronoamperometry")
        .replace("Run Time (sec) = 10", "Step = 2\nPulse Width (sec) = 5");
    assert_eq!(recorded(&steps).completeness, Completeness::Complete);
    let nameless = "Time/sec\tCurrent/A\n\n0.1\t1e-6\n0.2\t2e-6\n0.3\t3e-6\n";
    assert_eq!(
        (recorded(nameless).format, recorded(nameless).technique),
        (Format::ChiText, Technique::Ca)
    );
}

#[test]
fn other_techniques_are_refused_with_their_names() {
    for (title, names) in [
        ("Open Circuit Potential - Time", "Time/sec, Potential/V"),
        ("A.C. Impedance", "Freq/Hz, Z'/ohm, Z\"/ohm"),
    ] {
        let text = MEMO.replace("Square Wave Voltammetry", title) + names + "\n\n1, 2, 3\n2, 3, 4\n3, 4, 5\n";
        let error = refused(&text);
        assert_eq!((error.code(), error.format), ("other_technique", Format::ChiText));
        assert!(error.message().contains(title), "{}", error.message());
    }
}

#[test]
fn times_stand_beside_a_cyclic_voltammogram() {
    let recording =
        recorded("Potential/V, Current/A, Charge/C, Time/s\n\n0.1, 1e-6, 2e-6, 4.0e-2\n0.2, 4e-6, 5e-6, 8.0e-2\n");
    assert_eq!(recording.electrodes[0].time_s.as_deref(), Some(&[0.04, 0.08][..]));
    let two = recorded("Potential/V, i1/A, i2/A\n\n0.1, 1e-6, 2e-6\n0.2, 4e-6, 5e-6\n");
    assert_eq!(electrodes(&two), [1, 2]);
}
