//! How fast files and names are read.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark may say what must hold in the shortest way"
)]

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use instrument::{NamePattern, ReadOptions, read};

const ROWS: u32 = 500;

fn difference_a(row: u32) -> f64 {
    let x = (f64::from(row) - 250.0) / 60.0;
    -4.1e-7 * (-x * x).exp() - 3.3e-8 * f64::from(row % 7)
}

fn csv() -> String {
    let mut text = "Potential (V),Current (A)\n".to_owned();
    for row in 0..ROWS {
        writeln!(text, "{:.3},{:.6e}", -0.001 * f64::from(row), difference_a(row)).unwrap();
    }
    text
}

fn chi() -> String {
    let mut text = "May 7, 2026   16:05:57\r\nSquare Wave Voltammetry\r\nFile: bench.bin\r\nData Source:  Experiment\r\n\
        Instrument Model:  CHI1040C\r\nHeader: \r\nNote: \r\n\r\nInit E (V) = 0\r\nFinal E (V) = -0.5\r\nIncr E (V) = 0.001\r\n\
        Amplitude (V) = 0.025\r\nFrequency (Hz) = 15\r\nQuiet Time (sec) = 2\r\nSensitivity (A/V) = 1e-6\r\n\r\nResults:\r\n\r\n\
        Channel 1:\r\nDifference:\r\n\r\nForward:\r\n\r\nReverse:\r\n\r\nPotential/V, i1d/A, i1f/A, i1r/A\r\n\r\n"
        .to_owned();
    for row in 1..=ROWS {
        let difference = difference_a(row);
        let potential = -0.001 * f64::from(row);
        write!(
            text,
            "{potential:.3}, {difference:.3e}, {:.3e}, {:.3e}\r\n",
            0.6 * difference,
            -0.4 * difference
        )
        .unwrap();
    }
    text
}

fn reading(criterion: &mut Criterion) {
    let options = ReadOptions::default();
    let (csv, chi) = (csv(), chi());
    let comma = csv.replace(',', ";").replace('.', ",");
    for (name, text) in [
        ("csv, 2 x 500", &csv),
        ("csv with decimal comma, 2 x 500", &comma),
        ("chi, 4 x 500", &chi),
    ] {
        assert_eq!(read(text.as_bytes(), &options).unwrap().points, ROWS as usize);
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| read(black_box(text.as_bytes()), &options));
        });
    }
    for (name, pattern) in [("name, auto", "auto"), ("name, template", "<H>_<F>Hz_<N>")] {
        let pattern = NamePattern::parse(pattern).unwrap();
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| pattern.parse_name(black_box("SWV_15Hz_1042.txt")));
        });
    }
}

criterion_group!(benches, reading);
criterion_main!(benches);
