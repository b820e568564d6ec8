use std::num::NonZeroUsize;

use crate::options::{DecimalMark, Delimiter};
use crate::recording::{Completeness, Recording, Technique};
use crate::units::{CurrentUnit, PotentialUnit};
use crate::{Encoding, Format, ReadOptions, Reservation, Unreadable, read};

fn recorded(text: &str) -> Recording {
    recorded_with(text, &ReadOptions::default())
}

fn recorded_with(text: &str, options: &ReadOptions) -> Recording {
    read(text.as_bytes(), options).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn refused(text: &str) -> Unreadable {
    read(text.as_bytes(), &ReadOptions::default()).unwrap_err()
}

fn sweeps(recording: &Recording) -> Vec<(u32, Vec<f64>, Vec<f64>)> {
    let arrays = |e: &crate::ElectrodeSweep| {
        (
            e.electrode,
            e.sweep.potential_v().to_vec(),
            e.sweep.current_a().to_vec(),
        )
    };
    recording.electrodes.iter().map(arrays).collect()
}

const POTENTIALS: [f64; 3] = [-0.1, -0.25, -0.3];
const CURRENTS: [f64; 3] = [1.5e-6, -2.25e-6, 3e-6];

fn one_electrode() -> Vec<(u32, Vec<f64>, Vec<f64>)> {
    vec![(1, POTENTIALS.to_vec(), CURRENTS.to_vec())]
}

#[test]
fn separators_and_decimal_marks_are_found() {
    for text in [
        "-0.1,1.5e-6\n-0.25,-2.25e-6\n-0.3,3e-6\n",
        "-0.1, 1.5e-6\n-0.25, -2.25e-6\n-0.3, 3e-6\n",
        "-0.1\t1.5e-6\n-0.25\t-2.25e-6\n-0.3\t3e-6\n",
        "-0.1;1.5e-6\n-0.25;-2.25e-6\n-0.3;3e-6\n",
        "-0.1 1.5e-6\n-0.25 -2.25e-6\n-0.3 3e-6\n",
        "  -0.1    1.5e-6  \n -0.25   -2.25e-6\n  -0.3    3e-6\n",
        "-0.1 \t 1.5e-6\n-0.25 \t -2.25e-6\n-0.3 \t 3e-6\n",
        "-0,1;1,5e-6\n-0,25;-2,25e-6\n-0,3;3e-6\n",
        "-0,1\t1,5E-06\n-0,25\t-2,25E-06\n-0,3\t3E-06\n",
        "-0,1 1,5e-6\n-0,25 -2,25e-6\n-0,3 3e-6\n",
        "-0,1, 1,5e-6\n-0,25, -2,25e-6\n-0,3, 3e-6\n",
        "\"-0,1\",\"1,5e-6\"\n\"-0,25\",\"-2,25e-6\"\n\"-0,3\",\"3e-6\"\n",
        "\"-0.1\",\"1.5e-6\"\n\"-0.25\",\"-2.25e-6\"\n\"-0.3\",\"3e-6\"\n",
        "-0.1,1.5e-6,,,\n-0.25,-2.25e-6,,,\n-0.3,3e-6,,,\n",
        "-0.1,1.5e-6\r\n\r\n-0.25,-2.25e-6\r\n-0.3,3e-6\r\n\r\n\x1a",
        "-0.1,1.5e-6\r-0.25,-2.25e-6\r-0.3,3e-6\r",
        "\u{feff}-0.1,1.5e-6\n-0.25,-2.25e-6\n-0.3,3e-6\n",
        "\u{2212}0.1\t1.5e-6\n\u{2212}0.25\t\u{2212}2.25e-6\n\u{2212}0.3\t3e-6\n",
        "# a comment\n-0.1,1.5e-6\n# another\n-0.25,-2.25e-6\n-0.3,3e-6\n",
    ] {
        let recording = recorded(text);
        assert_eq!(sweeps(&recording), one_electrode(), "{text}");
        assert_eq!(
            (recording.format, recording.completeness),
            (Format::Delimited, Completeness::Unproven),
            "{text}"
        );
        assert!(
            recording.reservations.is_empty(),
            "{text}: {:?}",
            recording.reservations
        );
    }
}

#[test]
fn names_and_units_are_understood() {
    for header in [
        "Potential (V),Current (µA)",
        "Voltage [V],I [uA]",
        "E/V,I/\u{3bc}A",
        "E vs. Ag/AgCl (V),i (uA)",
        "Ewe/V,<I>/µA",
        "potential_v,current_ua",
        "Spannung (V),Strom (µA)",
        "Potential applied (V),WE(1).Current (µA)",
        "V,µA",
        "# Potential (V),Current (uA)",
        "Potential,Current\nV,µA",
        "Potential,Current\n(V),(uA)",
        "a lab's own words\nFrequency: 25 Hz\n\nPotential (V),Current Diff (uA)",
        "sep=,\nPotential (V),Current (uA)",
    ] {
        let recording = recorded(&format!("{header}\n-0.1,1.5\n-0.25,-2.25\n-0.3,3\n"));
        assert_eq!(sweeps(&recording), one_electrode(), "{header}");
        assert!(
            recording.reservations.is_empty(),
            "{header}: {:?}",
            recording.reservations
        );
    }
    let blanks = "Potential (mV)   Current in nA\n-100  1500\n-250  -2250\n-300  3000\n";
    assert_eq!(sweeps(&recorded(blanks)), one_electrode());
    let single_blanks = "Potential (mV) Current (nA)\n-100 1500\n-250 -2250\n-300 3000\n";
    assert_eq!(sweeps(&recorded(single_blanks)), one_electrode());
    let other_separator = "Potential (mV)\tCurrent (nA)\n-100 1500\n-250 -2250\n-300 3000\n";
    assert_eq!(sweeps(&recorded(other_separator)), one_electrode());
}

#[test]
fn every_encoding_gives_the_same() {
    let text = "Potential (V);Current (µA)\r\n-0,1;1,5\r\n-0,25;-2,25\r\n-0,3;3\r\n";
    let units: Vec<u16> = text.encode_utf16().collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        (["\u{feff}", text].concat().into_bytes(), Encoding::Utf8),
        (little.clone(), Encoding::Utf16Le),
        ([&[0xFF, 0xFE], &little[..]].concat(), Encoding::Utf16Le),
        (big.clone(), Encoding::Utf16Be),
        ([&[0xFE, 0xFF], &big[..]].concat(), Encoding::Utf16Be),
        (latin, Encoding::Windows1252),
    ] {
        let recording = read(&bytes, &ReadOptions::default()).unwrap();
        assert_eq!((recording.encoding, sweeps(&recording)), (encoding, one_electrode()));
    }
}

#[test]
fn electrodes_have_the_numbers_of_their_columns() {
    let numbers = |header: &str| -> (Vec<u32>, bool) {
        let recording = recorded(&format!("{header}\n-0.1,1e-6,2e-6\n-0.2,3e-6,4e-6\n"));
        assert_eq!(recording.electrodes[1].sweep.current_a(), [2e-6, 4e-6], "{header}");
        assert_eq!(recording.electrodes[1].sweep.potential_v(), [-0.1, -0.2], "{header}");
        let stated = recording.electrodes.iter().all(|electrode| electrode.stated);
        (
            recording
                .electrodes
                .iter()
                .map(|electrode| electrode.electrode)
                .collect(),
            stated,
        )
    };
    for (header, expected) in [
        ("Potential (V),Current E2 (A),Current E5 (A)", ([2, 5], true)),
        ("Potential/V,i3/A,i1/A", ([3, 1], true)),
        ("E (V),ch4,ch6", ([4, 6], true)),
        ("Potential,E2 current,E3 current", ([2, 3], true)),
        ("Potential (V),Channel 7 (A),Channel 8 (A)", ([7, 8], true)),
        ("Potential/V,2,9", ([2, 9], true)),
        ("Potential (V),Current (A),Current (A)", ([1, 2], false)),
        ("Potential (V),I2 (A),I2 (A)", ([1, 2], false)),
        ("Potential (V),sample a,sample b", ([1, 2], false)),
    ] {
        let (found, stated) = numbers(header);
        assert_eq!((&found[..], stated), (&expected.0[..], expected.1), "{header}");
    }
}

#[test]
fn time_index_charge_and_density_are_not_taken_for_currents() {
    let text = "Index;Time (s);Potential (V);Current (uA);Charge (C);Current range;j (mA/cm2)\n\
        1;0,1;-0,1;1,5;9;10 uA;3\n2;0,2;-0,25;-2,25;9;10 uA;3\n3;0,3;-0,3;3;9;10 uA;3\n";
    assert_eq!(sweeps(&recorded(text)), one_electrode());
    let nova = "Potential applied (V);Time (s);WE(1).Current (A);WE(1).Potential (V);Scan\n\
        -0,1;1;1,5e-6;-0,101;1\n-0,25;2;-2,25e-6;-0,251;1\n-0,3;3;3e-6;-0,301;1\n";
    let recording = recorded(nova);
    assert_eq!(
        (recording.format, sweeps(&recording)),
        (Format::NovaAscii, one_electrode())
    );
}

#[test]
fn forward_reverse_and_difference_belong_together() {
    let recording = recorded("E step/V\tI forward/mA\tI reverse/mA\tI delta/µA\n-0.1\t2\t1\t1000\n-0.2\t3\t1\t2000\n");
    assert_eq!(sweeps(&recording), [(1, vec![-0.1, -0.2], vec![1e-3, 2e-3])]);
    assert_eq!(recording.electrodes[0].forward_a, Some(vec![2e-3, 3e-3]));
    assert_eq!(recording.technique, Technique::Swv);
    let computed = recorded("Potential (V),Forward (uA),Reverse (uA)\n-0.1,2,-1\n-0.2,3,-1\n");
    assert_eq!(sweeps(&computed), [(1, vec![-0.1, -0.2], vec![3e-6, 4e-6])]);
    assert_eq!(computed.reservations, [Reservation::DifferenceComputed]);
    let pairs = recorded("E1 (V),I1 (A),E2 (V),I2 (A)\n-0.1,1,-0.5,2\n-0.2,3,-0.6,4\n");
    assert_eq!(
        sweeps(&pairs),
        [
            (1, vec![-0.1, -0.2], vec![1.0, 3.0]),
            (2, vec![-0.5, -0.6], vec![2.0, 4.0])
        ]
    );
}

#[test]
fn tables_without_names_are_read_by_position_and_content() {
    let two = recorded("-0.1 1e-6 3e-6\n-0.2 2e-6 4e-6\n");
    assert_eq!(two.electrodes.len(), 2);
    let timed: String = (0..40)
        .map(|k| {
            format!(
                "{:.2}\t{:.3}\t{:e}\n",
                0.1 * f64::from(k),
                0.5 - 0.01 * f64::from(k),
                1e-6 / (1.0 + f64::from(k))
            )
        })
        .collect();
    let recording = recorded(&timed);
    assert_eq!(recording.electrodes.len(), 1);
    assert_eq!(recording.electrodes[0].sweep.potential_v()[..2], [0.5, 0.49]);
    let rodeostat: String = (1..40)
        .map(|k| {
            format!(
                "{:.3}, {:.4}, {:.4}\n",
                0.01 * f64::from(k),
                0.01 * f64::from(k),
                0.5 * f64::from(k)
            )
        })
        .collect();
    let recording = recorded(&rodeostat);
    assert_eq!(recording.electrodes[0].sweep.current_a()[..2], [0.5e-6, 1e-6]);
    assert_eq!(
        recording.reservations,
        [Reservation::CurrentUnitInferred {
            unit: CurrentUnit::Microampere
        }]
    );
    let unknown_names = recorded("x,y\n-0.1,1e-6\n-0.2,2e-6\n");
    assert_eq!(unknown_names.reservations, [Reservation::ColumnsByPosition]);
}

#[test]
fn settings_win_over_what_the_header_says() {
    let text = "Time (s),Current (A),Potential (V),Current (A)\n0.1,1,-100,5\n0.2,2,-250,6\n0.3,3,-300,7\n";
    let at = |column| NonZeroUsize::new(column);
    let options = ReadOptions {
        potential: at(3),
        current: at(4),
        potential_unit: Some(PotentialUnit::Millivolt),
        current_unit: Some(CurrentUnit::Nanoampere),
        ..ReadOptions::default()
    };
    assert_eq!(
        sweeps(&recorded_with(text, &options)),
        [(1, POTENTIALS.to_vec(), vec![5e-9, 6e-9, 7e-9])]
    );
    let spaced = "-0.1 1 2 3 4\n-0.2 5 6 7 8\n";
    let options = ReadOptions {
        current: at(2),
        spacing: at(2),
        ..ReadOptions::default()
    };
    assert_eq!(
        sweeps(&recorded_with(spaced, &options)),
        [
            (1, vec![-0.1, -0.2], vec![1.0, 5.0]),
            (2, vec![-0.1, -0.2], vec![3.0, 7.0])
        ]
    );
    let missing = ReadOptions {
        current: at(9),
        ..ReadOptions::default()
    };
    let error = read(spaced.as_bytes(), &missing).unwrap_err();
    assert_eq!(error.code(), "missing_column");
    assert!(error.message().contains("column 9"), "{}", error.message());
}

#[test]
fn commas_that_may_be_decimals_are_refused_unless_stated() {
    for text in [
        "-0,10\n-0,11\n-0,12\n",
        "0,1\n0,2\n0,3\n0,4\n",
        "-0,150,1,25E-7\n-0,151,1,27E-7\n",
    ] {
        assert_eq!(refused(text).code(), "ambiguous_comma", "{text}");
    }
    let stated = ReadOptions {
        delimiter: Some(Delimiter::Comma),
        decimal: Some(DecimalMark::Point),
        ..ReadOptions::default()
    };
    assert_eq!(recorded_with("0,1\n0,2\n0,3\n0,4\n", &stated).points, 4);
    assert_eq!(recorded("-200,15\n-190,17\n-180,16\n").points, 3);
    let comma = ReadOptions {
        decimal: Some(DecimalMark::Comma),
        ..ReadOptions::default()
    };
    assert_eq!(
        sweeps(&recorded_with("-0,1;1\n-0,2;2\n", &comma)),
        [(1, vec![-0.1, -0.2], vec![1.0, 2.0])]
    );
}

#[test]
fn whole_numbers_first_do_not_hide_the_decimal_mark() {
    let text = "0;0\n-1;0\n-2;0\n-3;0\n-4,5;0,25\n";
    assert_eq!(recorded(text).electrodes[0].sweep.current_a()[4], 0.25);
    assert_eq!(recorded(text).electrodes[0].sweep.potential_v()[4], -4.5);
}

#[test]
fn what_is_not_a_row_is_named_and_nothing_else_is_lost() {
    let text =
        "Potential (V),I1 (A),I2 (A)\n-0.1,1,2\nnot a row\n-0.2,,4\n-0.3,xx,6\n-0.4,nan,inf\n-0.5,9,10,11\n-0.4,1,2\n";
    let recording = recorded(text);
    assert_eq!(recording.points, 6);
    assert_eq!(recording.electrodes[0].sweep.potential_v(), [-0.1, -0.4, -0.5, -0.4]);
    assert_eq!(
        recording.electrodes[1].sweep.potential_v(),
        [-0.1, -0.2, -0.3, -0.4, -0.5, -0.4]
    );
    assert!(recording.electrodes[0].sweep.current_a()[1].is_nan());
    let said: Vec<String> = recording.reservations.iter().map(Reservation::message).collect();
    let codes: Vec<&str> = recording.reservations.iter().map(Reservation::code).collect();
    assert_eq!(
        codes,
        [
            "non_finite_values",
            "unreadable_lines",
            "surplus_columns",
            "missing_values"
        ]
    );
    assert!(
        said[0].starts_with("2 ") && said[1].contains("(3)") && said[3].contains("(4, 5)"),
        "{said:?}"
    );
}

#[test]
fn an_unfinished_last_line_waits_until_nobody_writes() {
    let settled = ReadOptions {
        settled: true,
        ..ReadOptions::default()
    };
    let text = "Potential (V),Current (A)\n-0.1,1.5e-6\n-0.2,2.5e-6";
    let growing = recorded(text);
    assert_eq!((growing.points, growing.completeness), (1, Completeness::Partial));
    assert_eq!(growing.reservations, [Reservation::LastLineUnterminated { line: 3 }]);
    let whole = recorded_with(text, &settled);
    assert_eq!((whole.points, whole.completeness), (2, Completeness::Unproven));
    assert_eq!(whole.reservations, [Reservation::LastLineKept { line: 3 }]);
    for cut in 1..4 {
        let recording = recorded_with(&text[..text.len() - cut], &settled);
        assert_eq!(
            (recording.points, recording.completeness),
            (1, Completeness::Unproven),
            "cut by {cut}"
        );
    }
    assert!(refused("Potential (V),Current (A)\n-0.1,1.5e-6").may_become_readable());
    assert_eq!(recorded_with("-0.1,1.5e-6", &settled).points, 1);
}

#[test]
fn cut_anywhere_only_finished_rows_count() {
    let text = "Potential (V),Current (µA)\r\n-0.1,1.5\r\n-0.25,-2.25\r\n-0.3,3\r\n";
    for length in 0..text.len() {
        match read(&text.as_bytes()[..length], &ReadOptions::default()) {
            Ok(recording) => {
                let rows = text.as_bytes()[..length].iter().filter(|byte| **byte == b'\n').count() - 1;
                assert_eq!(recording.points, rows, "cut at {length}");
                assert_eq!(sweeps(&recording)[0].2, CURRENTS[..rows], "cut at {length}");
                assert_ne!(recording.completeness, Completeness::Complete);
                let finished = text.as_bytes()[length - 1] == b'\n';
                assert_eq!(
                    recording.completeness == Completeness::Partial,
                    !finished,
                    "cut at {length}"
                );
            }
            Err(error) => assert!(error.may_become_readable(), "cut at {length}: {error}"),
        }
    }
}

#[test]
fn files_without_a_sweep_say_why() {
    let beyond = vec![b'1'; crate::MAX_FILE_BYTES + 1];
    assert_eq!(read(&beyond, &ReadOptions::default()).unwrap_err().code(), "too_large");
    for (text, code, may_grow) in [
        ("", "empty", true),
        (" \r\n\t\n\u{feff}", "empty", true),
        ("Potential (V),Current (A)\n", "header_only", true),
        ("E (V)\tI (uA)\nsome remark\n", "header_only", true),
        ("Dear diary", "no_numbers", true),
        ("Dear diary,\ntoday it rained.\n", "no_numbers", false),
        ("1\n2\n3\n", "missing_column", false),
        ("Time (s),Current (A)\n1,2\n2,3\n", "missing_column", false),
        ("Potential (V),Time (s)\n1,2\n2,3\n", "missing_column", false),
        ("\u{1}\u{2}\u{3}\u{4}\u{5}", "binary", false),
        ("%PDF-1.7\n1 2\n3 4\n", "binary", false),
        ("PK\u{3}\u{4}rest", "unsupported_format", false),
        (
            "e\nM0002\nPda7F85E36u;ba8297153p,14,208\n*\n",
            "unsupported_format",
            false,
        ),
        ("EXPLAIN\nTAG\tCV\n", "unsupported_format", false),
    ] {
        let error = refused(text);
        assert_eq!((error.code(), error.may_become_readable()), (code, may_grow), "{text}");
        assert!(error.message().ends_with('.') && error.hint().ends_with('.'));
    }
    assert!(
        refused("Time (s),Current (A)\n1,2\n2,3\n")
            .message()
            .contains("potential")
    );
    let wide: String = (0..3).map(|_| "1;".repeat(2000) + "\n").collect();
    assert_eq!(refused(&wide).code(), "too_many_columns");
}

#[test]
fn odd_but_valid_tables_stay_as_recorded() {
    let two_points = recorded("0.1,1e-6\n0.2,2e-6\n");
    assert_eq!(two_points.points, 2);
    let repeated = recorded("0.1 5\n0.1 6\n-0.3 7\n0.1 8\n");
    assert_eq!(
        sweeps(&repeated),
        [(1, vec![0.1, 0.1, -0.3, 0.1], vec![5.0, 6.0, 7.0, 8.0])]
    );
    let millivolts = recorded("-500,1e-6\n-400,2e-6\n");
    assert_eq!(
        millivolts.reservations,
        [Reservation::ImplausiblePotential { magnitude_v: 500.0 }]
    );
    let text_columns = recorded("ok,0.1,1e-6,fine\nok,0.2,2e-6,fine\nok,0.3,3e-6,fine\n");
    assert_eq!(
        sweeps(&text_columns),
        [(1, vec![0.1, 0.2, 0.3], vec![1e-6, 2e-6, 3e-6])]
    );
}
