//! A table of named columns: one blank between cells, CRLF, no quotes.

use std::io::Write;

/// Columns of equal length.
#[derive(Default)]
pub struct Table {
    names: Vec<String>,
    columns: Vec<Vec<Option<f64>>>,
}

impl Table {
    /// Adds a column.
    pub fn column(&mut self, name: impl Into<String>, values: Vec<Option<f64>>) {
        self.names.push(name.into());
        self.columns.push(values);
    }

    /// Writes names and rows. Numbers are as short as reading them back allows.
    ///
    /// # Errors
    /// What the destination reports.
    pub fn write(&self, to: &mut impl Write) -> std::io::Result<()> {
        write!(to, "{}\r\n", self.names.join(" "))?;
        let rows = self.columns.iter().map(Vec::len).max().unwrap_or(0);
        for row in 0..rows {
            let cells = self.columns.iter().map(|column| column.get(row).copied().flatten());
            let cells: Vec<String> = cells.map(|cell| cell.map_or("nan".to_owned(), number)).collect();
            write!(to, "{}\r\n", cells.join(" "))?;
        }
        Ok(())
    }
}

/// Shortest form that reads back as the same number.
pub fn number(value: f64) -> String {
    let magnitude = value.abs();
    if value == 0.0 || (1e-4..1e16).contains(&magnitude) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

/// Mean of the numbers there are, and their sample standard deviation where there are two.
pub fn mean_and_deviation(values: impl Iterator<Item = Option<f64>>) -> (Option<f64>, Option<f64>) {
    let statistics = voltammetry::trend::ReplicateValue::of(values.collect::<Vec<_>>());
    (statistics.mean, statistics.standard_deviation)
}

/// Means and deviations over columns, row by row.
pub fn over(columns: &[Vec<Option<f64>>]) -> (Vec<Option<f64>>, Vec<Option<f64>>) {
    let rows = columns.first().map_or(0, Vec::len);
    (0..rows)
        .map(|row| mean_and_deviation(columns.iter().map(|column| column[row])))
        .unzip()
}
