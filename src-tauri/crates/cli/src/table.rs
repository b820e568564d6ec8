//! Tables for people.

use std::fmt::Write;

/// How the cells of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Rows under a header, each column as wide as its widest cell; the last one is not filled up.
pub fn text(header: &[(&str, Align)], rows: &[Vec<String>]) -> String {
    let width = |k: usize| {
        let cells = rows
            .iter()
            .filter_map(|row| row.get(k))
            .map(|cell| cell.chars().count());
        cells.chain([header[k].0.chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let titles: Vec<String> = header.iter().map(|(title, _)| (*title).to_owned()).collect();
    let mut table = String::new();
    for row in std::iter::once(&titles).chain(rows) {
        let mut line = String::new();
        for ((cell, width), (_, align)) in row.iter().zip(&widths).zip(header) {
            // Writing into a string cannot fail.
            let _ = match align {
                Align::Left => write!(line, "{cell:<width$}  "),
                Align::Right => write!(line, "{cell:>width$}  "),
            };
        }
        table.push_str(line.trim_end());
        table.push('\n');
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_no_line_ends_in_blanks() {
        let header = [("NAME", Align::Left), ("FILES", Align::Right), ("FOLDER", Align::Left)];
        let rows = [
            vec!["Titration µM".to_owned(), "7".to_owned(), "/data".to_owned()],
            vec!["b".to_owned(), "12000".to_owned(), String::new()],
        ];
        let lines = "NAME          FILES  FOLDER\nTitration µM      7  /data\nb             12000\n";
        assert_eq!(text(&header, &rows), lines);
    }
}
