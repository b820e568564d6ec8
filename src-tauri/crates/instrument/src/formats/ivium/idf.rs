//! Ivium data files: a prefix of blanks or zero bytes, lines of `Key=value`, then `primary_data`, the number of columns, the
//! number of rows, and the rows: time (s), current (A), potential (V).
//!
//! Lines end with CR, LF or both, and zero bytes may stand anywhere, so the file is read as bytes.

use std::borrow::Cow;

use memchr::memmem;

use crate::dates::dated;
use crate::format::Format;
use crate::formats::curves::{Axis, Curve, arrange};
use crate::formats::{FileFormat, HEAD_BYTES, Input};
use crate::options::{DecimalMark, ReadOptions};
use crate::recording::{Completeness, Recording, Technique};
use crate::reservation::{LineNumbers, Names, Reservation};
use crate::table::number::parse_with;
use crate::text::Encoding;
use crate::unreadable::{Problem, Unreadable};

/// Reads Ivium data files.
pub struct IviumIdf;

/// The line above the numbers.
const PRIMARY: &[u8] = b"primary_data";
/// Most lines of settings above the numbers.
const SETTINGS: usize = 4000;

impl FileFormat for IviumIdf {
    fn format(&self) -> Format {
        Format::IviumIdf
    }

    fn recognises(&self, input: &Input<'_>) -> bool {
        let head = &input.raw()[..input.raw().len().min(HEAD_BYTES)];
        let has = |words: &[u8]| memmem::find(head, words).is_some();
        (has(b"Technique=") || has(b"Method=")) && (has(PRIMARY) || begins_with_version(head))
    }

    fn read(&self, input: &Input<'_>, _: &ReadOptions) -> Result<Recording, Unreadable> {
        read(input).map_err(|problem| Unreadable {
            encoding: Some(input.encoding().unwrap_or(Encoding::Windows1252)),
            ..Unreadable::of(Format::IviumIdf, problem)
        })
    }
}

/// `Version=12` behind a short binary prefix.
fn begins_with_version(head: &[u8]) -> bool {
    memmem::find(&head[..head.len().min(64)], b"Version=").is_some()
}

fn read(input: &Input<'_>) -> Result<Recording, Problem> {
    let raw = input.raw();
    let mut lines = Lines { rest: raw, number: 0 };
    let settings = Settings::read(&mut lines).ok_or(Problem::HeaderOnly)?;
    let number = |line: Option<Line<'_>>| -> Option<usize> {
        let text = line.filter(|line| line.terminated)?;
        std::str::from_utf8(&text.content).ok()?.trim().parse().ok()
    };
    let columns = number(lines.next()).ok_or(Problem::HeaderOnly)?;
    let expected = number(lines.next()).ok_or(Problem::HeaderOnly)?;
    if settings.impedance {
        let mut names = Names::default();
        names.add("Impedance");
        return Err(Problem::NothingToAnalyse { names });
    }
    if columns < 3 {
        return Err(Problem::Damaged {
            offset: raw.len() - lines.rest.len(),
        });
    }
    let mark = match memchr::memchr2(b'.', b',', lines.rest).map(|at| lines.rest[at]) {
        Some(b',') => DecimalMark::Comma,
        _ => DecimalMark::Point,
    };
    let mut rows = Rows::default();
    while rows.time_s.len() < expected {
        let Some(line) = lines.next() else { break };
        if line.terminated {
            rows.line(&line, mark);
        } else if !line.content.trim_ascii().is_empty() {
            rows.withheld = Some(line.number);
        }
    }
    let points = rows.time_s.len();
    if points == 0 {
        return Err(Problem::HeaderOnly);
    }
    let mut reservations = rows.reservations();
    if points < expected {
        reservations.push(Reservation::FewerPointsThanAnnounced { points, expected });
    }
    let over_time = settings.technique == Some(Technique::Ca);
    let arranged = arrange(vec![Curve {
        title: settings.name,
        technique: settings.technique,
        axis: if over_time { Axis::Time } else { Axis::Potential },
        time_s: (!over_time).then(|| rows.time_s.clone()),
        x: if over_time { rows.time_s } else { rows.potential_v },
        current_a: rows.current_a,
        started_at: settings.started_at,
        ..Curve::default()
    }])?;
    reservations.extend(arranged.reservations);
    Ok(Recording {
        format: Format::IviumIdf,
        encoding: input.encoding().unwrap_or(Encoding::Windows1252),
        technique: arranged.technique,
        frequency_hz: None,
        scan_rate_v_s: None,
        electrodes: arranged.electrodes,
        points,
        cycles: None,
        completeness: if points == expected {
            Completeness::Complete
        } else {
            Completeness::Partial
        },
        expected_points: Some(expected),
        started_at: settings.started_at,
        instrument: None,
        reservations,
    })
}

/// The settings that are used.
#[derive(Debug, Default)]
struct Settings {
    technique: Option<Technique>,
    name: String,
    impedance: bool,
    started_at: Option<jiff::civil::DateTime>,
}

impl Settings {
    /// Reads the lines above the numbers; nothing if these have not begun.
    fn read(lines: &mut Lines<'_>) -> Option<Self> {
        let mut found = Self::default();
        let (mut method, mut technique) = (String::new(), String::new());
        for line in lines.by_ref().take(SETTINGS) {
            let content = line.content.trim_ascii();
            if content.starts_with(PRIMARY) && line.terminated {
                found.name = [method.as_str(), technique.as_str()].join(" ");
                found.impedance = word(&method).contains("impedance");
                found.technique = technique_of(&word(&method), &word(&technique));
                return Some(found);
            }
            let Some(sign) = memchr::memchr(b'=', content) else {
                continue;
            };
            let key = content[..sign].trim_ascii();
            let value = || String::from_utf8_lossy(content[sign + 1..].trim_ascii()).into_owned();
            // A prefix may stand before the first key.
            if key.eq_ignore_ascii_case(b"method") && method.is_empty() {
                method = value();
            } else if key.eq_ignore_ascii_case(b"technique") && technique.is_empty() {
                technique = value();
            } else if key.eq_ignore_ascii_case(b"starttime") && found.started_at.is_none() {
                found.started_at = dated(&value()).known();
            }
        }
        None
    }
}

/// Lower case letters only.
fn word(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect()
}

fn technique_of(method: &str, technique: &str) -> Option<Technique> {
    let has = |words: &str| method.contains(words) || technique.contains(words);
    if method.is_empty() && technique.is_empty() {
        None
    } else if has("squarewave") {
        Some(Technique::Swv)
    } else if has("differentialpulse") {
        Some(Technique::Dpv)
    } else if has("cyclicvoltammetry") {
        Some(Technique::Cv)
    } else if has("chronoamperometry") {
        Some(Technique::Ca)
    } else if has("linearsweep") {
        Some(Technique::Lsv)
    } else {
        Some(Technique::Other)
    }
}

#[derive(Debug, Default)]
struct Rows {
    time_s: Vec<f64>,
    current_a: Vec<f64>,
    potential_v: Vec<f64>,
    unreadable: LineNumbers,
    withheld: Option<usize>,
}

impl Rows {
    fn line(&mut self, line: &Line<'_>, mark: DecimalMark) {
        let mut rest: &[u8] = &line.content;
        let mut number = || {
            rest = rest.trim_ascii_start();
            let (value, length) = parse_with(rest, mark)?;
            rest = rest
                .get(length..)
                .filter(|rest| rest.first().is_none_or(u8::is_ascii_whitespace))?;
            Some(value)
        };
        match (number(), number(), number()) {
            (Some(time), Some(current), Some(potential)) => {
                self.time_s.push(time);
                self.current_a.push(current);
                self.potential_v.push(potential);
            }
            _ if line.content.trim_ascii().is_empty() => {}
            _ => self.unreadable.add(line.number),
        }
    }

    fn reservations(&mut self) -> Vec<Reservation> {
        let mut reservations = Vec::new();
        if !self.unreadable.is_empty() {
            reservations.push(Reservation::UnreadableLines(std::mem::take(&mut self.unreadable)));
        }
        if let Some(line) = self.withheld {
            reservations.push(Reservation::LastLineUnterminated { line });
        }
        reservations
    }
}

/// Lines of a file that is not quite text.
struct Lines<'a> {
    rest: &'a [u8],
    number: usize,
}

/// One line, without zero bytes.
struct Line<'a> {
    content: Cow<'a, [u8]>,
    number: usize,
    terminated: bool,
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr::memchr2(b'\r', b'\n', self.rest);
        let content = &self.rest[..end.unwrap_or(self.rest.len())];
        let behind = end.map_or(&[][..], |end| &self.rest[end + 1..]);
        self.rest = match end.map(|end| self.rest[end]) {
            Some(b'\r') => behind.strip_prefix(b"\n").unwrap_or(behind),
            _ => behind,
        };
        self.number += 1;
        Some(Line {
            content: if memchr::memchr(0, content).is_some() {
                Cow::Owned(content.iter().copied().filter(|byte| *byte != 0).collect())
            } else {
                Cow::Borrowed(content)
            },
            number: self.number,
            terminated: end.is_some(),
        })
    }
}
