//! What the user states about the columns of a table.

use std::num::NonZeroUsize;

use crate::units::{CurrentUnit, PotentialUnit, TimeUnit};

/// What is stated about a file beforehand. Everything absent is detected from the content.
///
/// Column numbers count from 1. The current of electrode *k* is in column `current + (k - 1) * spacing`, and so are its
/// `forward` and `reverse`. A stated `time` without a potential, stated or named, makes a table of current over time.
/// Recognised instrument formats ignore everything but [`settled`](Self::settled); plots of Pine's, which a lab's own table
/// may be taken for, do not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// Column of the potential.
    pub potential: Option<NonZeroUsize>,
    /// Column of the first electrode's current.
    pub current: Option<NonZeroUsize>,
    /// Columns from one electrode's current to the next.
    pub spacing: Option<NonZeroUsize>,
    /// Column of the time.
    pub time: Option<NonZeroUsize>,
    /// Column of the first electrode's forward current.
    pub forward: Option<NonZeroUsize>,
    /// Column of the first electrode's reverse current.
    pub reverse: Option<NonZeroUsize>,
    /// What separates columns.
    pub delimiter: Option<Delimiter>,
    /// What separates whole numbers from fractions.
    pub decimal: Option<DecimalMark>,
    /// Unit of the potential column.
    pub potential_unit: Option<PotentialUnit>,
    /// Unit of the current columns.
    pub current_unit: Option<CurrentUnit>,
    /// Unit of the forward currents; absent, that of the current columns.
    pub forward_unit: Option<CurrentUnit>,
    /// Unit of the reverse currents; absent, that of the current columns.
    pub reverse_unit: Option<CurrentUnit>,
    /// Unit of the time column.
    pub time_unit: Option<TimeUnit>,
    /// The caller knows that nobody is writing this file any more. A last row without a line break then counts as a
    /// row of a table (with a reservation), because some programs never write the last line break. While a file may
    /// still grow such a row is withheld: its last number may be cut short.
    pub settled: bool,
}

/// What separates the columns of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delimiter {
    /// One or more blanks.
    Space,
    /// One tab.
    Tab,
    /// One comma, blanks around it ignored.
    Comma,
    /// One semicolon, blanks around it ignored.
    Semicolon,
}

/// What separates whole numbers from fractions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DecimalMark {
    /// `0.5`
    Point,
    /// `0,5`
    Comma,
}

impl Delimiter {
    /// All delimiters.
    pub const ALL: [Self; 4] = [Self::Space, Self::Tab, Self::Comma, Self::Semicolon];

    /// The spelling used in settings.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Space => "space",
            Self::Tab => "tab",
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
        }
    }

    /// Reads the spelling used in settings; `auto` and anything else is `None`.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|delimiter| delimiter.code() == code)
    }
}

impl DecimalMark {
    /// Both marks.
    pub const ALL: [Self; 2] = [Self::Point, Self::Comma];

    /// The spelling used in settings.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Comma => "comma",
        }
    }

    /// Reads the spelling used in settings; `auto` and anything else is `None`.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.code() == code)
    }
}
