//! What was measured beside what is promised, and what had to be raised for it.

use std::fmt;
use std::time::Duration;

/// One line of the table.
struct Figure {
    name: String,
    measured: String,
    promised: String,
}

/// Figures, and the limits that were raised for them.
#[derive(Default)]
pub struct Report {
    figures: Vec<Figure>,
    raised: Vec<String>,
}

impl Report {
    /// Adds what nothing is promised of.
    pub fn add(&mut self, name: impl Into<String>, measured: impl Into<String>) {
        self.figures.push(Figure {
            name: name.into(),
            measured: measured.into(),
            promised: String::new(),
        });
    }

    /// Adds what is promised, and whether that holds.
    pub fn promise(&mut self, name: impl Into<String>, measured: impl Into<String>, promised: &str, holds: bool) {
        let verdict = if holds { "kept" } else { "MISSED" };
        self.figures.push(Figure {
            name: name.into(),
            measured: measured.into(),
            promised: format!("{promised}: {verdict}"),
        });
    }

    /// A limit that was raised for what follows.
    pub fn raised(&mut self, what: impl Into<String>) {
        let what = what.into();
        if !self.raised.contains(&what) {
            self.raised.push(what);
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: fn(&Figure) -> &str| {
            let lengths = self.figures.iter().map(|figure| column(figure).chars().count());
            lengths.max().unwrap_or(0)
        };
        let name = width(|figure| &figure.name).max("figure".len());
        let measured = width(|figure| &figure.measured).max("measured".len());
        writeln!(f, "| {:<name$} | {:>measured$} | promised |", "figure", "measured")?;
        writeln!(f, "|{}|{}:|---|", "-".repeat(name + 2), "-".repeat(measured + 1))?;
        for figure in &self.figures {
            let promised = &figure.promised;
            writeln!(
                f,
                "| {:<name$} | {:>measured$} | {promised} |",
                figure.name, figure.measured
            )?;
        }
        if self.raised.is_empty() {
            return writeln!(f, "\nNo limit had to be raised.");
        }
        writeln!(f, "\nRaised for this: {}.", self.raised.join("; "))
    }
}

/// A duration in milliseconds with a unit.
pub fn ms(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1e3)
}
