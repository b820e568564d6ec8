use std::fmt::Write;
use std::num::NonZeroUsize;

use crate::options::{DecimalMark, Delimiter};
use crate::recording::{Completeness, Recording, Technique};
use crate::units::{CurrentUnit, PotentialUnit};
use crate::{Encoding, Format, ReadOptions, Reservation, Unreadable, read};

mod damaged;
mod lab_tables;
mod over_time;

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
            e.voltammogram().unwrap().potential_v().to_vec(),
            e.voltammogram().unwrap().current_a().to_vec(),
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
        assert_eq!(
            recording.electrodes[1].voltammogram().unwrap().current_a(),
            [2e-6, 4e-6],
            "{header}"
        );
        assert_eq!(
            recording.electrodes[1].voltammogram().unwrap().potential_v(),
            [-0.1, -0.2],
            "{header}"
        );
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
    let mut timed = String::new();
    for k in 0..40 {
        let k = f64::from(k);
        writeln!(timed, "{:.2}\t{:.3}\t{:e}", 0.1 * k, 0.5 - 0.01 * k, 1e-6 / (1.0 + k)).unwrap();
    }
    let recording = recorded(&timed);
    assert_eq!(recording.electrodes.len(), 1);
    assert_eq!(
        recording.electrodes[0].voltammogram().unwrap().potential_v()[..2],
        [0.5, 0.49]
    );
    let mut rodeostat = String::new();
    for k in 1..40 {
        let k = f64::from(k);
        writeln!(rodeostat, "{:.3}, {:.4}, {:.4}", 0.01 * k, 0.01 * k, 0.5 * k).unwrap();
    }
    let recording = recorded(&rodeostat);
    assert_eq!(
        recording.electrodes[0].voltammogram().unwrap().current_a()[..2],
        [0.5e-6, 1e-6]
    );
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
    assert_eq!(
        recorded(text).electrodes[0].voltammogram().unwrap().current_a()[4],
        0.25
    );
    assert_eq!(
        recorded(text).electrodes[0].voltammogram().unwrap().potential_v()[4],
        -4.5
    );
}
