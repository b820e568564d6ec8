//! Why a file cannot be used.

use std::fmt;

use crate::format::Format;
use crate::reservation::Names;
use crate::text::Encoding;

/// A file that gives no sweep, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct Unreadable {
    /// What is wrong.
    pub problem: Problem,
    /// The format, as far as it was recognised.
    pub format: Format,
    /// The encoding, where the content is text.
    pub encoding: Option<Encoding>,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Nothing in it, or only blanks.
    Empty,
    /// The beginning of a measurement, but no finished row of numbers yet.
    HeaderOnly,
    /// Not text.
    Binary {
        /// What kind of file it is, where its first bytes tell.
        kind: Option<&'static str>,
    },
    /// More bytes than a measurement has.
    TooLarge {
        /// Size of the file.
        bytes: u64,
        /// Largest size that is read.
        limit: u64,
    },
    /// More columns than a measurement has.
    TooManyColumns {
        /// Columns of the table.
        columns: usize,
        /// Largest number that is read.
        limit: usize,
    },
    /// A workbook with more of something than a measurement has.
    WorkbookTooLarge {
        /// What there is too much of.
        what: &'static str,
        /// Largest number that is read.
        limit: usize,
    },
    /// A packed file with more content than a measurement has.
    TooLargeUnpacked {
        /// Largest size that is read, in bytes.
        limit: u64,
    },
    /// Text without a table of numbers.
    NoNumbers {
        /// Whether it may be the beginning of a file that is still being written.
        beginning: bool,
    },
    /// A table without a column that is needed.
    MissingColumn {
        /// What the column should contain.
        role: Role,
        /// The column's number, where settings name one.
        column: Option<usize>,
        /// Columns of the table.
        columns: usize,
    },
    /// Commas that may separate columns as well as decimals.
    AmbiguousComma,
    /// A measurement of another kind, without a current against potential or time.
    OtherTechnique {
        /// The technique, as the file names it.
        name: String,
    },
    /// A binary file whose size and parameters do not agree.
    Unconfirmed {
        /// What does not agree.
        what: &'static str,
        /// Whether more bytes could make it agree.
        beginning: bool,
    },
    /// Recognised, but this version cannot read it.
    UnsupportedFormat {
        /// The format's name.
        name: &'static str,
    },
    /// A whole file whose curves are no current against potential or time, such as impedance spectra.
    NothingToAnalyse {
        /// What is in it.
        names: Names,
    },
    /// More curves than an experiment has.
    TooManyCurves {
        /// Curves in the file.
        curves: usize,
        /// Largest number that is read.
        limit: usize,
    },
    /// The settings of a measurement without a measurement.
    SettingsOnly,
    /// The content contradicts its own format.
    Damaged {
        /// Where, in bytes from the start of the text.
        offset: usize,
    },
    /// A workbook without its end, where the list of its parts stands.
    CutShort,
    /// A workbook that cannot be opened.
    DamagedWorkbook {
        /// What is wrong with it.
        what: &'static str,
    },
    /// Something that this program exported.
    OwnExport {
        /// What it is.
        kind: &'static str,
    },
}

/// What a column contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Electrode potential.
    Potential,
    /// Current of an electrode.
    Current,
    /// Time since the start.
    Time,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Potential => "potential",
            Self::Current => "current",
            Self::Time => "time",
        })
    }
}

impl Unreadable {
    /// A problem of a file whose format was not recognised.
    pub const fn new(problem: Problem) -> Self {
        Self {
            problem,
            format: Format::Unknown,
            encoding: None,
        }
    }

    /// A problem of a file of a recognised format.
    pub const fn of(format: Format, problem: Problem) -> Self {
        Self {
            problem,
            format,
            encoding: None,
        }
    }

    /// Stable code for programs.
    pub const fn code(&self) -> &'static str {
        match self.problem {
            Problem::Empty => "empty",
            Problem::HeaderOnly => "header_only",
            Problem::Binary { .. } => "binary",
            Problem::TooLarge { .. } | Problem::WorkbookTooLarge { .. } | Problem::TooLargeUnpacked { .. } => {
                "too_large"
            }
            Problem::TooManyColumns { .. } => "too_many_columns",
            Problem::NoNumbers { .. } => "no_numbers",
            Problem::MissingColumn { .. } => "missing_column",
            Problem::AmbiguousComma => "ambiguous_comma",
            Problem::OtherTechnique { .. } => "other_technique",
            Problem::Unconfirmed { .. } => "unconfirmed",
            Problem::UnsupportedFormat { .. } => "unsupported_format",
            Problem::NothingToAnalyse { .. } => "nothing_to_analyse",
            Problem::TooManyCurves { .. } => "too_many_curves",
            Problem::SettingsOnly => "settings_only",
            Problem::Damaged { .. } | Problem::DamagedWorkbook { .. } => "damaged",
            Problem::CutShort => "cut_short",
            Problem::OwnExport { .. } => "own_export",
        }
    }

    /// A sentence for people that names what is wrong.
    pub fn message(&self) -> String {
        self.problem.to_string()
    }

    /// What the user can do next.
    pub const fn hint(&self) -> &'static str {
        match self.problem {
            Problem::Empty | Problem::HeaderOnly => {
                "Wait until the instrument has written the file, or export the measurement again."
            }
            Problem::Binary { .. } => "Export the measurement as text (TXT or CSV) in the instrument's software.",
            Problem::TooLarge { .. } | Problem::WorkbookTooLarge { .. } | Problem::TooLargeUnpacked { .. } => {
                "Export single measurements instead of a whole project."
            }
            Problem::TooManyColumns { .. } | Problem::TooManyCurves { .. } => {
                "Export fewer measurements into one file."
            }
            Problem::NoNumbers { .. } => "Check that this file is a measurement exported with its data points.",
            Problem::MissingColumn { .. } => {
                "Check the column numbers in the settings, or export with a potential and a current column."
            }
            Problem::AmbiguousComma => {
                "Export with semicolon or tab between the columns, or state delimiter and decimal mark in the settings."
            }
            Problem::OtherTechnique { .. } => {
                "Choose a file with a voltammogram or a current over time; other techniques are not analysed."
            }
            Problem::Unconfirmed { .. } => "Save the measurement as text (tsave) in the instrument's software.",
            Problem::UnsupportedFormat { .. } => {
                "Export as CH Instruments text, or save as a table with potential and current columns (CSV or .xlsx)."
            }
            Problem::NothingToAnalyse { .. } => {
                "Choose a file with a voltammogram or chronoamperogram; other techniques are not analysed."
            }
            Problem::SettingsOnly => "Choose the file that the measurement was saved to, with its curves.",
            Problem::CutShort => "Wait until the file has been written completely, or save the workbook again.",
            Problem::OwnExport { .. } => {
                "Open an archive with `sacmes open` or in the app, and keep exports out of the instrument's folder."
            }
            Problem::Damaged { .. } | Problem::DamagedWorkbook { .. } => {
                "Save or export the measurement again; this copy of the file is damaged."
            }
        }
    }

    /// Whether this may be a file that its instrument has only begun to write: more may come without anything being
    /// wrong.
    pub const fn may_become_readable(&self) -> bool {
        matches!(
            self.problem,
            Problem::Empty
                | Problem::HeaderOnly
                | Problem::CutShort
                | Problem::NoNumbers { beginning: true }
                | Problem::Unconfirmed { beginning: true, .. }
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("The file is empty."),
            Self::HeaderOnly => f.write_str("The file has a header but no finished row of numbers yet."),
            Self::Binary { kind: Some(kind) } => write!(f, "The file is not text: it is {kind}."),
            Self::Binary { kind: None } => f.write_str("The file is binary, not text."),
            Self::TooLarge { bytes, limit } => {
                write!(
                    f,
                    "The file has {bytes} bytes; measurements of up to {limit} bytes are read."
                )
            }
            Self::WorkbookTooLarge { what, limit } => {
                write!(
                    f,
                    "The workbook has more {what} than a measurement; up to {limit} are read."
                )
            }
            Self::TooLargeUnpacked { limit } => {
                write!(
                    f,
                    "Unpacked, the file has more than {limit} bytes, more than a measurement."
                )
            }
            Self::TooManyColumns { columns, limit } => {
                write!(f, "The table has {columns} columns; up to {limit} are read.")
            }
            Self::NoNumbers { .. } => f.write_str("The file is text without a table of numbers."),
            Self::MissingColumn {
                role,
                column: Some(column),
                columns,
            } => write!(
                f,
                "The {role} should be in column {column}, but the table has {columns} column(s)."
            ),
            Self::MissingColumn { role, column: None, .. } => write!(f, "The table has no {role} column."),
            Self::AmbiguousComma => {
                f.write_str("Commas in this file may separate columns or decimals; which of them cannot be told.")
            }
            Self::OtherTechnique { name } => write!(
                f,
                "This is a measurement of another kind ({name}), without a current against potential or time."
            ),
            Self::Unconfirmed { what, .. } => write!(f, "The file's parameters do not confirm its content: {what}."),
            Self::UnsupportedFormat { name } => {
                write!(f, "This is a {name} file; this version cannot read that format.")
            }
            Self::NothingToAnalyse { names } if names.is_empty() => f.write_str("The file holds no curve."),
            Self::NothingToAnalyse { names } => {
                write!(f, "The file holds {names}: no current against potential or time.")
            }
            Self::TooManyCurves { curves, limit } => {
                write!(f, "The file has {curves} curves; up to {limit} are read.")
            }
            Self::SettingsOnly => f.write_str("The file holds the settings of a measurement, but no measured curve."),
            Self::CutShort => f.write_str("The workbook is not whole: its end is missing."),
            Self::DamagedWorkbook { what } => write!(f, "The workbook cannot be opened: {what}."),
            Self::OwnExport { kind } => write!(f, "This is {kind} that SACMES has exported, not a measurement."),
            Self::Damaged { offset } => {
                write!(
                    f,
                    "The file is damaged: its content breaks its own format at byte {offset} of the text."
                )
            }
        }
    }
}
