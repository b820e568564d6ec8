//! The line with the names of the columns, above a table.

use super::MAX_LINE_BYTES;
use super::columns::{Content, recognise};
use super::layout::{Found, Layout, Separator};
use crate::options::DecimalMark;
use crate::text::{Line, Lines, is_blank};
use crate::units::{CurrentUnit, PotentialUnit, TimeUnit};

/// The names of a table's columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Header {
    /// The name of each column, with its unit; empty if there is no header.
    pub names: Vec<String>,
    /// Offset at which the header begins; that of the first row if there is none.
    pub start: usize,
}

/// How many lines above the first row are looked at.
const LINES_ABOVE: usize = 4;

/// Finds the header of a table in the lines above its first row.
///
/// A line of units below the names (`V,µA`) is joined to them. A comment sign before the names is passed over.
pub fn above(text: &[u8], table: &Found) -> Header {
    let above: Vec<Line<'_>> = last_lines(&text[..table.start]);
    let nearest = above.first().map(|line| (line, split(line.content, table)));
    let none = Header {
        names: Vec::new(),
        start: table.start,
    };
    let Some((line, names)) = nearest else { return none };
    let units_only = !names.is_empty() && names.iter().all(|name| name.is_empty() || is_unit(name));
    if units_only && let Some(upper) = above.get(1) {
        let upper_names = split(upper.content, table);
        if upper_names.len() == names.len() {
            let joined = upper_names
                .iter()
                .zip(&names)
                .map(|(name, unit)| join(name, unit))
                .collect();
            return Header {
                names: joined,
                start: upper.start,
            };
        }
    }
    let comment = line.content.trim_ascii_start().starts_with(b"#");
    let says_something = |name: &String| !matches!(recognise(name).content, Content::Unrecognised | Content::Electrode);
    if comment && !names.iter().any(says_something) {
        return none;
    }
    if names.len() >= 2 {
        return Header {
            names,
            start: line.start,
        };
    }
    // A rule such as `-----` between names and rows.
    let ruled = line
        .content
        .iter()
        .all(|byte| matches!(byte, b'-' | b'=' | b'_' | b'+' | b'|' | b' ' | b'#'));
    match above.get(1) {
        Some(upper) if ruled => Header {
            names: split(upper.content, table),
            start: upper.start,
        },
        _ => none,
    }
}

/// The last lines that are not blank, nearest first.
fn last_lines(before: &[u8]) -> Vec<Line<'_>> {
    let mut start = before.len();
    for _ in 0..=LINES_ABOVE {
        start = memchr::memrchr(b'\n', &before[..start.saturating_sub(1)]).map_or(0, |at| at + 1);
    }
    let mut lines: Vec<_> = Lines::from(before, start, 1)
        .filter(|line| !is_blank(line.content) && line.content.len() <= MAX_LINE_BYTES)
        .collect();
    lines.reverse();
    lines
}

fn join(name: &str, unit: &str) -> String {
    let unit = unit.trim_matches(['(', ')', '[', ']']);
    if unit.is_empty() {
        name.to_owned()
    } else {
        format!("{name} ({unit})")
    }
}

fn is_unit(name: &str) -> bool {
    let name = name.trim_matches(['(', ')', '[', ']']);
    PotentialUnit::parse(name).is_some()
        || CurrentUnit::parse(name).is_some()
        || TimeUnit::parse(name).is_some()
        || matches!(name.to_ascii_lowercase().as_str(), "c" | "hz" | "#" | "-" | "ohm" | "%")
}

/// Splits a line into the names of columns; as many as the table has columns if the line allows it.
pub fn split(line: &[u8], table: &Found) -> Vec<String> {
    let line = without_comment_sign(line);
    let own = table.layout.separator;
    if own != Separator::Blanks {
        let names = strings(&table.layout.cells(line));
        if names.len() >= 2 {
            return names;
        }
    }
    // The names may be separated in another way than the numbers.
    for separator in [Separator::Tab, Separator::Semicolon, Separator::Comma] {
        let names = strings(&Layout::new(separator, DecimalMark::Point).cells(line));
        if separator != own && names.len() >= 2 && (own != Separator::Blanks || names.len() == table.columns) {
            return names;
        }
    }
    if own != Separator::Blanks {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(line);
    for split in [split_at_gaps, split_at_blanks, split_behind_units] {
        let names = split(&text);
        if names.len() == table.columns {
            return names;
        }
    }
    Vec::new()
}

fn without_comment_sign(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii();
    let commented = line.strip_prefix(b"//").unwrap_or(line);
    let sign = commented
        .iter()
        .position(|byte| !matches!(byte, b'#' | b'%' | b'\'' | b'!'))
        .unwrap_or(commented.len());
    commented[sign..].trim_ascii_start()
}

fn strings(cells: &[&[u8]]) -> Vec<String> {
    cells
        .iter()
        .map(|cell| String::from_utf8_lossy(cell).into_owned())
        .collect()
}

/// Names with single blanks inside, two or more between.
fn split_at_gaps(line: &str) -> Vec<String> {
    line.split("  ")
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Names without blanks inside.
fn split_at_blanks(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

/// Names that each end with their unit: `Elapsed Time (s) Potential (V)`.
fn split_behind_units(line: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut name = String::new();
    for word in line.split_whitespace() {
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(word);
        if word.ends_with([')', ']']) || word.contains('/') {
            names.push(std::mem::take(&mut name));
        }
    }
    if !name.is_empty() {
        names.push(name);
    }
    names
}
