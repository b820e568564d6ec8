//! What has to be said about a file that could be read.

use std::fmt;

use crate::units::CurrentUnit;

/// Something about a readable file that its user should know. Nothing is dropped from a file without one.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Reservation {
    /// The last line has no line break, so it may be cut short, and was left out.
    LastLineUnterminated {
        /// Its number.
        line: usize,
    },
    /// The last line has no line break; the file no longer changes, so the line was read as a row.
    LastLineKept {
        /// Its number.
        line: usize,
    },
    /// The file announces more points than it has.
    FewerPointsThanAnnounced {
        /// Points in the file.
        points: usize,
        /// Points announced.
        expected: usize,
    },
    /// Values that the instrument recorded as not a number or infinite; they are kept as recorded.
    NonFiniteValues {
        /// How many.
        count: usize,
    },
    /// Lines between the rows of the table that are no rows.
    UnreadableLines(LineNumbers),
    /// Rows in which one electrode has no number; these points are left out for that electrode only.
    MissingValues {
        /// The electrode.
        electrode: u32,
        /// The lines.
        lines: LineNumbers,
    },
    /// Rows with more columns than the others; what is surplus was not used.
    SurplusColumns(LineNumbers),
    /// No column name was recognised: the columns were taken by position.
    ColumnsByPosition,
    /// The file does not state the unit of current; it is known from the instrument that writes such files.
    CurrentUnitInferred {
        /// The unit taken.
        unit: CurrentUnit,
    },
    /// Columns without names: the first was taken for times in second, because it grows by equal steps.
    TimeUnitInferred,
    /// The potential stays the same, so the table was read as current over time.
    ConstantPotential {
        /// The potential in volt.
        potential_v: f64,
    },
    /// Times that are missing or no numbers; the whole column was left out.
    TimesLeftOut(LineNumbers),
    /// Numbers of cycles that are missing or no whole numbers; the whole column was left out.
    CyclesLeftOut(LineNumbers),
    /// The file numbers segments, of which two were taken for a cycle.
    CyclesFromSegments,
    /// The operator or the instrument stopped the measurement early; what was recorded until then was read.
    Aborted,
    /// A last table that only begins another cycle was left out.
    StubLeftOut {
        /// Points in it.
        points: usize,
    },
    /// The file has more points than it announces.
    MorePointsThanAnnounced {
        /// Points in the file.
        points: usize,
        /// Points announced.
        expected: usize,
    },
    /// A date whose day and month cannot be told apart; the time of the measurement is not known.
    AmbiguousDate,
    /// The file has forward and reverse currents but no difference, which was computed as forward minus reverse.
    DifferenceComputed,
    /// Potentials that no cell would survive: the unit is probably another one.
    ImplausiblePotential {
        /// Largest magnitude in volt.
        magnitude_v: f64,
    },
    /// Curves or measurements in the file that do not belong to what was read.
    MeasurementsLeftOut(Names),
    /// The output of a device breaks off inside a measurement.
    LoopNotEnded,
    /// Points at which the instrument reported that its current range was exceeded; they are kept as recorded.
    Overload {
        /// The electrode.
        electrode: u32,
        /// How many points.
        points: usize,
    },
}

impl Reservation {
    /// Stable code for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::LastLineUnterminated { .. } => "last_line_unterminated",
            Self::LastLineKept { .. } => "last_line_kept",
            Self::FewerPointsThanAnnounced { .. } => "fewer_points_than_announced",
            Self::NonFiniteValues { .. } => "non_finite_values",
            Self::UnreadableLines(_) => "unreadable_lines",
            Self::MissingValues { .. } => "missing_values",
            Self::SurplusColumns(_) => "surplus_columns",
            Self::ColumnsByPosition => "columns_by_position",
            Self::CurrentUnitInferred { .. } => "current_unit_inferred",
            Self::TimeUnitInferred => "time_unit_inferred",
            Self::ConstantPotential { .. } => "constant_potential",
            Self::TimesLeftOut(_) => "times_left_out",
            Self::CyclesLeftOut(_) => "cycles_left_out",
            Self::CyclesFromSegments => "cycles_from_segments",
            Self::Aborted => "aborted",
            Self::StubLeftOut { .. } => "stub_left_out",
            Self::MorePointsThanAnnounced { .. } => "more_points_than_announced",
            Self::AmbiguousDate => "ambiguous_date",
            Self::DifferenceComputed => "difference_computed",
            Self::ImplausiblePotential { .. } => "implausible_potential",
            Self::MeasurementsLeftOut(_) => "measurements_left_out",
            Self::LoopNotEnded => "loop_not_ended",
            Self::Overload { .. } => "overload",
        }
    }

    /// A sentence for people.
    pub fn message(&self) -> String {
        match self {
            Self::LastLineUnterminated { line } => {
                format!("Line {line}, the last one, has no line break yet, so it may be cut short and was not used.")
            }
            Self::LastLineKept { line } => {
                format!("Line {line}, the last one, has no line break; it was used because the file no longer changes.")
            }
            Self::FewerPointsThanAnnounced { points, expected } => {
                format!("The file announces {expected} points and has {points}.")
            }
            Self::NonFiniteValues { count } => {
                format!("{count} recorded value(s) are not a number or infinite; they are kept as recorded.")
            }
            Self::UnreadableLines(lines) => format!("{lines} inside the table could not be read as numbers."),
            Self::MissingValues { electrode, lines } => {
                format!("Electrode {electrode} has no number in {lines}; these points are left out for it.")
            }
            Self::SurplusColumns(lines) => format!("{lines} have more columns than the others."),
            Self::ColumnsByPosition => {
                "No column name was recognised: the first column was taken as potential, the others as currents.".into()
            }
            Self::CurrentUnitInferred { unit } => {
                format!("The file states no unit of current; {} was taken.", unit.code())
            }
            Self::TimeUnitInferred => {
                "The columns have no names; the first grows by equal steps and was taken for times in second."
                    .to_owned()
            }
            Self::ConstantPotential { potential_v } => {
                format!("The potential stays at {potential_v} V, so this was read as current over time.")
            }
            Self::TimesLeftOut(lines) => {
                format!("The times are missing or unusable in {lines}, so they were not used.")
            }
            Self::CyclesLeftOut(lines) => {
                format!("The numbers of the cycles are missing or unusable in {lines}, so they were not used.")
            }
            Self::CyclesFromSegments => "The file numbers segments; two of them were taken for a cycle.".to_owned(),
            Self::Aborted => "The measurement was stopped early; what was recorded until then was used.".to_owned(),
            Self::StubLeftOut { points } => {
                format!("The last table has only {points} point(s) of a cycle that was never run; it was not used.")
            }
            Self::MorePointsThanAnnounced { points, expected } => {
                format!("The file announces {expected} points but has {points}; somebody has probably edited it.")
            }
            Self::AmbiguousDate => {
                "Day and month of the file's date cannot be told apart, so its time was not used.".to_owned()
            }
            Self::DifferenceComputed => {
                "The file has no difference current; forward minus reverse was taken.".to_owned()
            }
            Self::ImplausiblePotential { magnitude_v } => {
                format!("Potentials reach {magnitude_v} V; the unit of the potential column is probably not volt.")
            }
            Self::MeasurementsLeftOut(names) => format!("The file also holds {names}, which was not read."),
            Self::LoopNotEnded => "The output breaks off inside a measurement.".to_owned(),
            Self::Overload { electrode, points } => format!(
                "The instrument reported an overload at {points} point(s) of electrode {electrode}; they are kept as recorded."
            ),
        }
    }
}

/// Some lines of a file: how many, and the first few of their numbers (from 1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineNumbers {
    count: usize,
    first: Vec<usize>,
}

impl LineNumbers {
    /// How many line numbers are kept.
    pub const NAMED: usize = 5;

    /// Adds a line.
    pub fn add(&mut self, line: usize) {
        self.count += 1;
        if self.first.len() < Self::NAMED {
            self.first.push(line);
        }
    }

    /// Adds the lines of another.
    pub fn extend(&mut self, other: &Self) {
        let room = Self::NAMED - self.first.len();
        self.first.extend(other.first.iter().take(room));
        self.count += other.count;
    }

    /// Number of lines.
    pub const fn count(&self) -> usize {
        self.count
    }

    /// The first few line numbers.
    pub fn first(&self) -> &[usize] {
        &self.first
    }

    /// True if there are none.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl fmt::Display for LineNumbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} line(s) (", self.count)?;
        for (position, line) in self.first.iter().enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            write!(f, "{comma}{line}")?;
        }
        if self.count > self.first.len() {
            f.write_str(", ...")?;
        }
        f.write_str(")")
    }
}

/// Some names found in a file: how many, and the first few different ones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    count: usize,
    first: Vec<String>,
    more: bool,
}

impl Names {
    /// How many different names are kept.
    pub const NAMED: usize = 5;
    /// Longest name that is kept, in characters.
    const LONGEST: usize = 80;

    /// Adds a name.
    pub fn add(&mut self, name: &str) {
        self.count += 1;
        let name: String = name
            .chars()
            .filter(|letter| !letter.is_control())
            .take(Self::LONGEST)
            .collect();
        if self.first.contains(&name) {
            return;
        }
        if self.first.len() < Self::NAMED {
            self.first.push(name);
        } else {
            self.more = true;
        }
    }

    /// How many were added, the same names included.
    pub const fn count(&self) -> usize {
        self.count
    }

    /// The first few different names.
    pub fn first(&self) -> &[String] {
        &self.first
    }

    /// True if there are none.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} curve(s) (", self.count)?;
        for (position, name) in self.first.iter().enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            write!(f, "{comma}{name}")?;
        }
        if self.more {
            f.write_str(", ...")?;
        }
        f.write_str(")")
    }
}
