//! What each real file contains, one module for each maker of instruments; the facts were taken from the files by eye.

#![allow(clippy::unreadable_literal, reason = "numbers are written as in the files")]

pub mod biologic;
pub mod chi;
pub mod chi_summaries;
pub mod gamry;
pub mod palmsens;
pub mod rodeostat;

use instrument::{Completeness, ElectrodeSweep, Format, Recording, Technique, Trace, Unreadable};

/// One real file and what reading it has to give.
pub struct Row {
    /// Its path below the folder with the real files.
    pub file: &'static str,
    /// What has to come out.
    pub outcome: Outcome,
}

/// What has to come out of reading a file that no longer changes.
pub enum Outcome {
    /// A recording with these facts.
    Read(Facts),
    /// A refusal with this format and code.
    Refused(Format, &'static str),
}

/// The facts of a recording.
pub struct Facts {
    pub format: Format,
    pub technique: Technique,
    pub frequency_hz: Option<f64>,
    pub scan_rate_v_s: Option<f64>,
    pub electrodes: &'static [u32],
    pub points: usize,
    pub cycles: Option<u32>,
    pub completeness: Completeness,
    /// First and last point of the first electrode: volt or second, and ampere, to seven digits.
    pub ends: [(f64, f64); 2],
    /// Codes of the reservations.
    pub reservations: &'static [&'static str],
}

/// Rows of all makers that have a module here.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    [
        chi::ROWS,
        chi_summaries::ROWS,
        gamry::ROWS,
        biologic::ROWS,
        palmsens::ROWS,
        rodeostat::ROWS,
    ]
    .into_iter()
    .flatten()
}

/// First and last point of a trace.
pub fn ends(electrode: &ElectrodeSweep) -> [(f64, f64); 2] {
    let (x, current_a) = match &electrode.trace {
        Trace::Voltammogram(sweep) => (sweep.potential_v(), sweep.current_a()),
        Trace::Transient(transient) => (transient.time_s(), transient.current_a()),
    };
    let last = x.len() - 1;
    [(x[0], current_a[0]), (x[last], current_a[last])]
}

impl Row {
    /// Asserts that reading gave what it has to give.
    pub fn check(&self, result: &Result<Recording, Unreadable>) {
        let file = self.file;
        match (&self.outcome, result) {
            (Outcome::Read(facts), Ok(recording)) => facts.check(file, recording),
            (Outcome::Refused(format, code), Err(error)) => {
                assert_eq!((error.format, error.code()), (*format, *code), "{file}: {error}");
            }
            (Outcome::Read(_), Err(error)) => panic!("{file} should be readable: {error}"),
            (Outcome::Refused(..), Ok(recording)) => panic!("{file} should be refused, not read as {recording:?}"),
        }
    }
}

impl Facts {
    fn check(&self, file: &str, recording: &Recording) {
        assert_eq!(
            (recording.format, recording.technique, recording.completeness),
            (self.format, self.technique, self.completeness),
            "{file}"
        );
        assert_eq!(
            (recording.frequency_hz, recording.scan_rate_v_s, recording.cycles),
            (self.frequency_hz, self.scan_rate_v_s, self.cycles),
            "{file}"
        );
        let electrodes: Vec<u32> = recording.electrodes.iter().map(|e| e.electrode).collect();
        assert_eq!(
            (&electrodes[..], recording.points),
            (self.electrodes, self.points),
            "{file}"
        );
        let found = ends(&recording.electrodes[0]);
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-6 * b.abs();
        let same = found
            .iter()
            .zip(&self.ends)
            .all(|(a, b)| close(a.0, b.0) && close(a.1, b.1));
        assert!(same, "{file}: {found:?} should be {:?}", self.ends);
        let codes: Vec<&str> = recording
            .reservations
            .iter()
            .map(instrument::Reservation::code)
            .collect();
        assert_eq!(codes, self.reservations, "{file}");
        for electrode in &recording.electrodes {
            let points = electrode.trace.len();
            let beside = [&electrode.time_s, &electrode.forward_a, &electrode.reverse_a];
            assert!(
                beside.into_iter().flatten().all(|values| values.len() == points),
                "{file}"
            );
            assert!(
                electrode.cycle.as_ref().is_none_or(|cycles| cycles.len() == points),
                "{file}"
            );
        }
    }
}
