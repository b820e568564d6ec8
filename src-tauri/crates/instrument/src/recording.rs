//! What one file contains, in SI units.

use jiff::civil::DateTime;
use voltammetry::{Sweep, Transient};

use crate::format::Format;
use crate::reservation::Reservation;
use crate::text::Encoding;

/// Everything that a file says, potentials in volt and currents in ampere.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// The file's format.
    pub format: Format,
    /// The file's character encoding.
    pub encoding: Encoding,
    /// What was measured.
    pub technique: Technique,
    /// Square wave frequency in hertz, if the file states it.
    pub frequency_hz: Option<f64>,
    /// Scan rate in volt per second, if the file states it.
    pub scan_rate_v_s: Option<f64>,
    /// One sweep for each electrode, in the file's order; at least one.
    pub electrodes: Vec<ElectrodeSweep>,
    /// Rows of the table that were read.
    pub points: usize,
    /// Cycles of a cyclic voltammogram, if the file states them.
    pub cycles: Option<u32>,
    /// Whether the content proves that the file is finished.
    pub completeness: Completeness,
    /// Points that the file announces.
    pub expected_points: Option<usize>,
    /// When the measurement was made, by the clock of the instrument's computer.
    pub started_at: Option<DateTime>,
    /// Instrument model, if the file states it.
    pub instrument: Option<String>,
    /// What has to be said about the content.
    pub reservations: Vec<Reservation>,
}

/// What one electrode recorded. The arrays that go with the trace have a value for each of its points.
#[derive(Debug, Clone, PartialEq)]
pub struct ElectrodeSweep {
    /// The number that the file gives this electrode, else its position from 1.
    pub electrode: u32,
    /// Whether the file states the number.
    pub stated: bool,
    /// The recorded trace; for square wave voltammetry the difference current.
    pub trace: Trace,
    /// Forward current (A) of square wave voltammetry.
    pub forward_a: Option<Vec<f64>>,
    /// Reverse current (A) of square wave voltammetry.
    pub reverse_a: Option<Vec<f64>>,
    /// Times (s) of a voltammogram, if the file has them.
    pub time_s: Option<Vec<f64>>,
    /// Potentials (V) of a transient, if the file has them: they tell when a step was made. NaN where one is missing.
    pub potential_v: Option<Vec<f64>>,
    /// Cycle of each point of a cyclic voltammogram, as the file numbers them.
    pub cycle: Option<Vec<u32>>,
}

/// A recorded trace.
#[derive(Debug, Clone, PartialEq)]
pub enum Trace {
    /// Current against potential.
    Voltammogram(Sweep),
    /// Current against time.
    Transient(Transient),
}

impl Trace {
    /// Number of points.
    pub fn len(&self) -> usize {
        match self {
            Self::Voltammogram(sweep) => sweep.len(),
            Self::Transient(transient) => transient.len(),
        }
    }

    /// True if nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl ElectrodeSweep {
    /// A trace with nothing beside it.
    pub const fn new(electrode: u32, stated: bool, trace: Trace) -> Self {
        Self {
            electrode,
            stated,
            trace,
            forward_a: None,
            reverse_a: None,
            time_s: None,
            potential_v: None,
            cycle: None,
        }
    }

    /// Potential (V) and current (A), unless the trace is over time.
    pub const fn voltammogram(&self) -> Option<&Sweep> {
        match &self.trace {
            Trace::Voltammogram(sweep) => Some(sweep),
            Trace::Transient(_) => None,
        }
    }

    /// Time (s) and current (A), unless the trace is over potential.
    pub const fn transient(&self) -> Option<&Transient> {
        match &self.trace {
            Trace::Transient(transient) => Some(transient),
            Trace::Voltammogram(_) => None,
        }
    }
}

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Technique {
    /// Square wave voltammetry.
    Swv,
    /// Cyclic voltammetry.
    Cv,
    /// Chronoamperometry.
    Ca,
    /// Differential pulse voltammetry.
    Dpv,
    /// Linear sweep voltammetry.
    Lsv,
    /// Stated by the file, but none of these.
    Other,
    /// Not stated by the file.
    Unknown,
}

impl Technique {
    /// Stable code for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Swv => "swv",
            Self::Cv => "cv",
            Self::Ca => "ca",
            Self::Dpv => "dpv",
            Self::Lsv => "lsv",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }

    /// Reads a technique's full name or abbreviation, as instrument software prints it.
    pub fn from_name(name: &str) -> Option<Self> {
        const NAMES: [(&str, Technique); 12] = [
            ("square wave voltammetry", Technique::Swv),
            ("swv", Technique::Swv),
            ("cyclic voltammetry", Technique::Cv),
            ("cv", Technique::Cv),
            ("chronoamperometry", Technique::Ca),
            ("ca", Technique::Ca),
            ("amperometric i-t curve", Technique::Ca),
            ("differential pulse voltammetry", Technique::Dpv),
            ("dpv", Technique::Dpv),
            ("linear sweep voltammetry", Technique::Lsv),
            ("lsv", Technique::Lsv),
            ("square-wave voltammetry", Technique::Swv),
        ];
        let name = name.trim();
        NAMES
            .into_iter()
            .find(|(known, _)| name.eq_ignore_ascii_case(known))
            .map(|(_, technique)| technique)
    }
}

/// Whether the content proves that the instrument has finished the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Completeness {
    /// The content proves that everything is there.
    Complete,
    /// The content proves that something is missing.
    Partial,
    /// The content has no end that would prove it: only a file that no longer changes can be taken as finished.
    Unproven,
}

impl Completeness {
    /// Stable code for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Unproven => "unproven",
        }
    }

    /// As `sacmes inspect` prints it: true, false, or nothing where the content proves neither.
    pub const fn proven(self) -> Option<bool> {
        match self {
            Self::Complete => Some(true),
            Self::Partial => Some(false),
            Self::Unproven => None,
        }
    }
}
