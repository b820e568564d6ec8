//! What one file costs: from its bytes to sweeps, and on to measurements by the default method of its technique.

use std::fmt::Write as _;
use std::hint::black_box;

use agent::analysis::{Reading, Rules, ScanFile, read_and_measure};
use instrument::simulated::{CoupleKind, FileFormat, RunSettings, SimulatedTechnique, Slot};
use instrument::{ReadOptions, Technique as Read};
use protocol::settings::{Settings, Technique};

use crate::timing::cost;
use crate::{ROWS, look_alikes};

const HEADER: &str = "| File | Format | Size | Read | Read and measured | with |\n|---|---|---|---|---|---|\n";

/// Every format, made-up files of the same number of rows.
pub fn readers() -> String {
    let mut table = HEADER.to_owned();
    for (name, content) in look_alikes::all() {
        // Made to be hard on parsers; no instrument writes it.
        if name == "wide" {
            continue;
        }
        row(&mut table, &format!("{name}, {ROWS} rows"), &content);
    }
    table
}

/// What the simulated potentiostat writes: every technique in each of its formats.
pub fn simulated() -> String {
    let mut table = HEADER.to_owned();
    let techniques = [
        ("SWV", SimulatedTechnique::Swv, None),
        ("CV, bound couple", SimulatedTechnique::Cv, Some(CoupleKind::Surface)),
        (
            "CV, couple in solution",
            SimulatedTechnique::Cv,
            Some(CoupleKind::Solution),
        ),
        ("CA", SimulatedTechnique::Ca, None),
    ];
    let formats = [
        FileFormat::Csv,
        FileFormat::ChiText,
        FileFormat::GamryDta,
        FileFormat::PstraceCsv,
    ];
    for (name, technique, couple) in techniques {
        let run = RunSettings {
            technique,
            couple,
            ..RunSettings::default()
        }
        .run()
        .unwrap();
        let slot = Slot {
            index: 1,
            frequency_hz: run.frequencies_hz().first().copied(),
            electrode: Some(1),
        };
        let measured_at = "2026-03-01T10:00:00".parse().unwrap();
        for format in formats {
            let content = run.content(&slot, format, "simulated", measured_at).unwrap();
            row(&mut table, name, &content.bytes());
        }
    }
    table
}

fn row(table: &mut String, name: &str, content: &[u8]) {
    let options = ReadOptions {
        settled: true,
        ..ReadOptions::default()
    };
    let kib = content.len() as f64 / 1024.0;
    let read = cost(|| instrument::read(black_box(content), &options));
    let (format, measured, with) = match instrument::read(content, &options) {
        Ok(recording) => {
            let (measured, with) = measured(content, recording.technique);
            (recording.format.code(), measured, with)
        }
        Err(unreadable) => (
            unreadable.format.code(),
            "–".to_owned(),
            format!("refused: `{}`", unreadable.code()),
        ),
    };
    writeln!(
        table,
        "| {name} | `{format}` | {kib:.0} KiB | {read} | {measured} | {with} |"
    )
    .unwrap();
}

/// The cost of reading and measuring, and the method; files that state no technique are measured as square waves.
fn measured(content: &[u8], technique: Read) -> (String, String) {
    let (technique, name) = match technique {
        Read::Cv => (Technique::Cv, "cv"),
        Read::Ca => (Technique::Ca, "ca"),
        _ => (Technique::Swv, "swv"),
    };
    let settings = Settings {
        technique,
        ..Settings::default()
    };
    let rules = match Rules::new(&settings) {
        Ok(rules) => rules.for_chosen_files(),
        Err(error) => return ("–".to_owned(), error.to_string()),
    };
    let file = ScanFile {
        name: "SWV_15Hz_1.txt",
        content,
        modified_ns: 0,
    };
    let time = cost(|| read_and_measure(black_box(&file), &rules, true));
    let with = match read_and_measure(&file, &rules, true) {
        Reading::Measured { measurements, .. } => measurements
            .first()
            .map(|m| format!("{name} `{}`", m.method.as_deref().unwrap_or("–")))
            .unwrap_or_default(),
        Reading::Partial { reason, .. } | Reading::Unusable { reason, .. } => format!("`{reason}`"),
    };
    (time, with)
}
