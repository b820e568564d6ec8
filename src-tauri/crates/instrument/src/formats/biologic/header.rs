//! What the lines above the table say.

use crate::dates::{Stamp, numeric};
use crate::options::DecimalMark;
use crate::recording::Technique;
use crate::table::number::parse_cell;
use crate::text::{Line, Lines};

/// The header of a file, as far as it has one.
#[derive(Debug, Clone)]
pub(super) struct Header<'a> {
    /// Name of the technique, as the program prints it.
    pub title: Option<&'a str>,
    /// When the technique was started, else the acquisition.
    pub started: Stamp,
    /// The instrument.
    pub device: Option<&'a str>,
    /// Points that the list of loops announces.
    pub announced: Option<usize>,
    /// Scan rate in volt per second, if all sequences have the same.
    pub scan_rate_v_s: Option<f64>,
    /// Square wave frequency in hertz.
    pub frequency_hz: Option<f64>,
    /// The line with the names of the columns.
    pub names: Line<'a>,
}

/// Lines in which the names of the columns are looked for where the header does not count its lines.
const SEARCHED: usize = 500;

impl<'a> Header<'a> {
    /// Reads the header; nothing if the line with the names of the columns is not there yet. Without a line break it
    /// counts only in a file that is `settled`.
    pub fn read(text: &'a [u8], settled: bool) -> Option<Self> {
        let counted = Lines::of(text).take(5).find_map(|line| {
            value_of(as_text(line.content), "Nb header lines")?
                .parse::<usize>()
                .ok()
        });
        let is_names = |line: &Line<'_>| (line.terminated || settled) && names_columns(line.content);
        let at_count = counted
            .and_then(|count| Lines::of(text).nth(count.checked_sub(1)?))
            .filter(is_names);
        let names = at_count.or_else(|| Lines::of(text).take(SEARCHED).find(is_names))?;
        let mut found = Self {
            title: None,
            started: Stamp::Unknown,
            device: None,
            announced: None,
            scan_rate_v_s: None,
            frequency_hz: None,
            names,
        };
        let mut rate = (None, None);
        for line in Lines::of(&text[..names.start]) {
            found.line(line.number, as_text(line.content), &mut rate);
        }
        if let (Some(rate), Some(per_volt)) = rate {
            found.scan_rate_v_s = Some(rate / per_volt);
        }
        Some(found)
    }

    fn line(&mut self, number: usize, line: &'a str, rate: &mut (Option<f64>, Option<f64>)) {
        if let Some(stamp) = value_of(line, "Technique started on") {
            self.started = stamped(stamp);
        } else if let Some(stamp) = value_of(line, "Acquisition started on") {
            if self.started == Stamp::Unknown {
                self.started = stamped(stamp);
            }
        } else if let Some(device) = value_of(line, "Device") {
            self.device = self.device.or(Some(device).filter(|device| !device.is_empty()));
        } else if let Some(numbers) = line.strip_prefix("Loop ") {
            // `Loop 1 from point number 77 to 153`
            let last = numbers
                .rsplit_once(" to ")
                .and_then(|(_, last)| last.trim().parse::<usize>().ok());
            let limit = last.filter(|last| *last < 100_000_000 && numbers.contains("from point number"));
            self.announced = limit.map(|last| last + 1).or(self.announced);
        } else if let Some(values) = setting(line, "dE/dt") {
            rate.0 = same_number(values);
        } else if let Some(units) = setting(line, "dE/dt unit") {
            rate.1 = match same(units.split_whitespace()) {
                Some("mV/s") => Some(1e3),
                Some("V/s") => Some(1.0),
                Some("mV/mn") => Some(60e3),
                _ => None,
            };
        } else if let Some(values) = setting(line, "fs (Hz)").or_else(|| setting(line, "f (Hz)")) {
            self.frequency_hz = same_number(values).filter(|hertz| *hertz > 0.0);
        } else if let Some(values) = setting(line, "PW (ms)") {
            // A square wave consists of two pulses of this width.
            let width_ms = same_number(values).filter(|width| *width > 0.0);
            self.frequency_hz = self.frequency_hz.or(width_ms.map(|width| 500.0 / width));
        } else if self.title.is_none() && number > 2 && !line.trim().is_empty() && !line.contains(':') {
            self.title = Some(line.trim());
        }
    }

    /// The technique by its name; [`Technique::Other`] for all that are not analysed here.
    pub fn technique(&self) -> Option<Technique> {
        let title = self.title?.to_ascii_lowercase();
        let begins = |word: &str| title.starts_with(word);
        Some(if begins("cyclic voltammetry") || begins("fast cyclic voltammetry") {
            Technique::Cv
        } else if begins("linear sweep voltammetry") {
            Technique::Lsv
        } else if begins("chronoamperometry") {
            Technique::Ca
        } else if begins("square wave voltammetry") {
            Technique::Swv
        } else if begins("differential pulse voltammetry") {
            Technique::Dpv
        } else {
            Technique::Other
        })
    }
}

/// Whether a line names the columns of a table.
pub(super) fn names_columns(line: &[u8]) -> bool {
    let Ok(line) = std::str::from_utf8(line) else {
        return false;
    };
    let cells = line.split(['\t', ';']);
    let named = |cell: &str| {
        let cell = cell.trim();
        cell == "mode"
            || ["/V", "/mA", "/s", "/Hz", "/µA", "/A"]
                .iter()
                .any(|unit| cell.ends_with(unit))
    };
    cells.filter(|cell| named(cell)).count() >= 2
}

/// The value behind `key :`.
fn value_of<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let (found, value) = line.split_once(':')?;
    (found.trim() == key).then_some(value.trim())
}

/// The values of a setting, in columns of fixed width: one for each sequence.
fn setting<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let values = line.strip_prefix(key)?;
    values.starts_with("  ").then_some(values)
}

fn same<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let first = words.next()?;
    words.all(|word| word == first).then_some(first)
}

fn same_number(values: &str) -> Option<f64> {
    let value = same(values.split_whitespace())?.as_bytes();
    let number = DecimalMark::ALL.into_iter().find_map(|mark| parse_cell(value, mark))?;
    (number.is_finite() && number > 0.0).then_some(number)
}

fn stamped(value: &str) -> Stamp {
    value
        .split_once(' ')
        .map_or(Stamp::Unknown, |(date, time)| numeric(date, time))
}

fn as_text(line: &[u8]) -> &str {
    std::str::from_utf8(line).unwrap_or("").trim_end()
}
