//! Measurements side by side: pairs of columns, each with its own title, units and length.

use jiff::civil::DateTime;

use super::title::Title;
use crate::dates::dated;
use crate::formats::curves::{Axis, Curve};
use crate::reservation::LineNumbers;
use crate::units::{CurrentUnit, PotentialUnit};

/// The pairs of a table, filled row by row.
#[derive(Debug)]
pub(super) struct Pairs {
    pairs: Vec<Pair>,
}

/// Two columns.
#[derive(Debug)]
struct Pair {
    x_divisor: f64,
    y_divisor: f64,
    /// Lines since the last point in which the pair was empty: a gap if another point follows, else its end.
    gap: LineNumbers,
    curve: Curve,
}

/// What a row was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    /// At least one point.
    Points,
    /// Nothing at all.
    Blank,
    /// Text, but no point.
    Unreadable,
}

/// One cell of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell {
    /// Nothing in it.
    Empty,
    /// A number.
    Number(f64),
    /// Something else.
    Text,
}

impl Pairs {
    /// Pairs with the units in `units`; `titles` and `dates` have a text for each column of the pairs, or fewer.
    pub(super) fn new(units: &[String], titles: &[String], dates: &[String]) -> Self {
        let text = |texts: &[String], at: usize| texts.get(at).map_or("", String::as_str).to_owned();
        let mut pairs: Vec<Pair> = Vec::with_capacity(units.len() / 2);
        let mut measurement = 0;
        let mut before: Option<(String, Option<DateTime>)> = None;
        for (at, unit) in units.chunks(2).enumerate() {
            let title_text = text(titles, 2 * at);
            let title = Title::parse(&title_text);
            let started_at = dated(&text(dates, 2 * at + 1)).known();
            let own = (title.measurement.to_owned(), started_at);
            if before.replace(own.clone()).is_some_and(|before| before != own) {
                measurement += 1;
            }
            let y = unit.get(1).map_or("", String::as_str);
            let (axis, x_divisor) = abscissa(&unit[0]);
            let current = CurrentUnit::parse(y);
            let curve = Curve {
                technique: title.technique,
                measurement,
                started_at,
                channel: title.channel,
                scan: title.scan,
                part: title.part,
                axis: if current.is_some() { axis } else { Axis::Other },
                title: if title_text.is_empty() {
                    format!("{y} against {}", unit[0])
                } else {
                    title_text
                },
                ..Curve::default()
            };
            pairs.push(Pair {
                x_divisor,
                y_divisor: current.map_or(1.0, CurrentUnit::per_ampere),
                gap: LineNumbers::default(),
                curve,
            });
        }
        Self { pairs }
    }

    /// Adds a row. A point needs both its numbers; a pair with one of them only, or with text, has a gap there.
    pub(super) fn push(&mut self, line: usize, mut cells: impl Iterator<Item = Cell>) -> Row {
        let mut row = Row::Blank;
        for pair in &mut self.pairs {
            let Some(x) = cells.next() else { break };
            match (x, cells.next().unwrap_or(Cell::Empty)) {
                (Cell::Number(x), Cell::Number(y)) => {
                    row = Row::Points;
                    pair.point(x, y);
                }
                (Cell::Empty, Cell::Empty) => pair.gap.add(line),
                _ => {
                    row = if row == Row::Points { row } else { Row::Unreadable };
                    pair.gap.add(line);
                    pair.end_gap();
                }
            }
        }
        if row == Row::Blank && cells.any(|cell| cell != Cell::Empty) {
            row = Row::Unreadable;
        }
        row
    }

    /// The curves, those without a point left out.
    pub(super) fn into_curves(self) -> Vec<Curve> {
        self.pairs
            .into_iter()
            .map(|pair| pair.curve)
            .filter(|curve| !curve.x.is_empty())
            .collect()
    }
}

impl Pair {
    fn point(&mut self, x: f64, y: f64) {
        if !self.gap.is_empty() {
            self.end_gap();
        }
        self.curve.x.push(x / self.x_divisor);
        self.curve.current_a.push(y / self.y_divisor);
    }

    fn end_gap(&mut self) {
        self.curve.missing.extend(&self.gap);
        self.gap = LineNumbers::default();
    }
}

/// What the abscissa is and what its numbers are divided by to give volt or second.
fn abscissa(unit: &str) -> (Axis, f64) {
    if let Some(unit) = PotentialUnit::parse(unit) {
        return (Axis::Potential, unit.per_volt());
    }
    match unit.trim() {
        "s" => (Axis::Time, 1.0),
        "ms" => (Axis::Time, 1e3),
        "min" => (Axis::Time, 1.0 / 60.0),
        "h" => (Axis::Time, 1.0 / 3600.0),
        _ => (Axis::Other, 1.0),
    }
}

/// Whether a cell is the unit of a column.
pub(super) fn is_unit(cell: &str) -> bool {
    const MORE: [&str; 21] = [
        "Hz", "kHz", "Ω", "\u{2126}", "kΩ", "MΩ", "Ohm", "ohm", "°", "C", "mC", "µC", "\u{3bc}C", "nC", "F", "S", "%",
        "°C", "pH", "-", "#",
    ];
    abscissa(cell).0 != Axis::Other
        || CurrentUnit::parse(cell).is_some()
        || MORE.contains(&cell.trim())
        || is_density(cell)
}

fn is_density(cell: &str) -> bool {
    cell.split_once("/cm")
        .is_some_and(|(unit, _)| CurrentUnit::parse(unit).is_some())
}
