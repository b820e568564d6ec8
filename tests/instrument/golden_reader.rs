//! Tables as the file reader of `SACMES_Web` reads them, where its reference cases are present: the same numbers where those
//! are right, and what is read here where they are not.
#![cfg(reference_data)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may say what must hold in the shortest way"
)]

use std::num::NonZeroUsize;
use std::path::Path;

use instrument::{Delimiter, ReadOptions, Recording, Trace, read};
use serde_json::Value;

/// What is read here where that program reads something else: potentials, the currents of each electrode, and why.
type Deviation = (&'static str, &'static [f64], &'static [&'static [f64]], &'static str);

const DEVIATIONS: &[Deviation] = &[
    (
        "double_space",
        &[0.1, 0.2],
        &[&[1e-6, 2e-6]],
        "several blanks separate columns as one does",
    ),
    (
        "tab_in_space_mode",
        &[0.1, 0.2],
        &[&[1e-6, 2e-6]],
        "a tab is a blank too",
    ),
    (
        "decimal_comma",
        &[0.1, 0.2],
        &[&[1.5e-6, 2.5e-6]],
        "a comma between digits is a decimal mark, not nothing",
    ),
    (
        "two_el_one_present",
        &[0.1, 0.2],
        &[&[1e-6, 2e-6]],
        "an electrode that is not in the file is no current of 0",
    ),
    (
        "spacing_zero",
        &[0.1],
        &[&[1e-6], &[3e-6]],
        "two electrodes cannot share a column",
    ),
    (
        "bad_second_current",
        &[0.1, 0.2],
        &[&[1e-6, 1e-6, 2e-6], &[3e-6, 4e-6]],
        "a bad cell costs its own electrode a point and no other",
    ),
    (
        "bom",
        &[0.1, 0.2],
        &[&[1e-6, 2e-6]],
        "a byte order mark belongs to no number",
    ),
];

fn cases() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/golden/reader_cases.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn options(case: &Value) -> ReadOptions {
    let number = |key: &str| case[key].as_u64().unwrap() as usize;
    ReadOptions {
        potential: NonZeroUsize::new(number("voltage_index") + 1),
        current: NonZeroUsize::new(number("current_index") + 1),
        spacing: NonZeroUsize::new(number("spacing")),
        delimiter: Some(match case["delimiter"].as_str().unwrap() {
            " " => Delimiter::Space,
            "\t" => Delimiter::Tab,
            "," => Delimiter::Comma,
            other => panic!("delimiter {other}"),
        }),
        settled: true,
        ..ReadOptions::default()
    }
}

fn bytes(case: &Value) -> Vec<u8> {
    let text = case["input"].as_str().unwrap();
    match case["encoding"].as_str().unwrap() {
        "utf-8" => text.as_bytes().to_vec(),
        "utf-16" => format!("\u{feff}{text}")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect(),
        other => panic!("encoding {other}"),
    }
}

/// Potentials of the last electrode, and the currents of each.
fn columns(recording: &Recording) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut potentials = Vec::new();
    let mut currents = Vec::new();
    for electrode in &recording.electrodes {
        let Trace::Voltammogram(sweep) = &electrode.trace else {
            panic!("no voltammogram")
        };
        potentials = sweep.potential_v().to_vec();
        currents.push(sweep.current_a().to_vec());
    }
    (potentials, currents)
}

fn numbers(value: &Value) -> Vec<f64> {
    let array = value.as_array().unwrap();
    array.iter().map(|number| number.as_f64().unwrap()).collect()
}

/// What the case says: potentials, and the currents of the chosen electrodes or their mean.
fn expected(case: &Value) -> (Vec<f64>, Vec<Vec<f64>>) {
    let result = &case["result"];
    match case["selected"].as_array() {
        None => (numbers(&result["voltage"]), vec![numbers(&result["current"])]),
        Some(selected) => {
            let of = |electrode: &Value| &result[electrode.to_string()];
            let potentials = numbers(&of(&selected[0])["potentials"]);
            let currents = selected.iter().map(|electrode| numbers(&of(electrode)["currents"]));
            (potentials, currents.collect())
        }
    }
}

fn mean(currents: &[Vec<f64>]) -> Vec<f64> {
    (0..currents[0].len())
        .map(|row| currents.iter().map(|column| column[row]).sum::<f64>() / currents.len() as f64)
        .collect()
}

#[test]
fn tables_are_read_as_by_the_earlier_program_or_better() {
    let cases = cases();
    let mut agreed = 0;
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        let recording = read(&bytes(case), &options(case)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (potentials, mut currents) = columns(&recording);
        let expected = expected(case);
        if let Some((_, true_potentials, true_currents, why)) = DEVIATIONS.iter().find(|(of, ..)| *of == name) {
            assert_eq!(potentials, *true_potentials, "{name}");
            assert_eq!(currents, *true_currents, "{name}");
            assert_ne!((potentials, currents), expected, "{name} deviates no longer");
            println!("{name:<20} differs on purpose: {why}");
            continue;
        }
        if case["selected"].is_null() {
            currents = vec![mean(&currents)];
        }
        assert_eq!((potentials, currents), expected, "{name}");
        println!("{name:<20} the same");
        agreed += 1;
    }
    assert_eq!(agreed + DEVIATIONS.len(), cases.len());
}
