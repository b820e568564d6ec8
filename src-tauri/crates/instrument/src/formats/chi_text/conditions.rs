//! Memo and parameters: what the lines above the table say.

use jiff::civil::DateTime;

use crate::options::DecimalMark;
use crate::recording::Technique;
use crate::table::number::parse_cell;
use crate::text::Lines;

/// What the lines above the table say; each is absent if its section is switched off.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Conditions {
    pub technique: Option<Technique>,
    /// The technique's name as printed.
    pub title: Option<String>,
    /// Seconds between two points over time.
    pub interval_s: Option<f64>,
    /// Seconds of a measurement over time.
    pub run_time_s: Option<f64>,
    /// Seconds of each step of chronoamperometry.
    pub step_s: Option<f64>,
    /// Steps of chronoamperometry.
    pub steps: Option<f64>,
    pub started_at: Option<DateTime>,
    pub instrument: Option<String>,
    pub init_v: Option<f64>,
    pub final_v: Option<f64>,
    pub high_v: Option<f64>,
    pub low_v: Option<f64>,
    pub increment_v: Option<f64>,
    pub interval_v: Option<f64>,
    pub frequency_hz: Option<f64>,
    pub scan_rate_v_s: Option<f64>,
    pub segments: Option<u32>,
    /// Initial direction of a cyclic voltammogram: positive first?
    pub positive_first: Option<bool>,
    pub pulse_period: bool,
    pub sample_period: bool,
}

impl Conditions {
    /// Reads the lines before an offset; gives also the number of the line that starts there.
    pub fn read(text: &[u8], until: usize) -> (Self, usize) {
        let mut found = Self::default();
        let mut number = 1;
        for line in Lines::of(&text[..until]) {
            found.line(line.content.trim_ascii(), line.number);
            number = line.number + 1;
        }
        found.technique = found.technique.or_else(|| found.technique_from_parameters());
        (found, number)
    }

    fn line(&mut self, line: &[u8], number: usize) {
        // Programs that open and save these files leave empty cells at the end of each line.
        let end = line
            .iter()
            .rposition(|byte| !matches!(byte, b',' | b';' | b'\t' | b' ' | b'"'))
            .map_or(0, |last| last + 1);
        let line = &line[..end];
        if line.is_empty() {
            return;
        }
        if let Some(at) = memchr::memchr(b'=', line) {
            self.parameter(line[..at].trim_ascii(), line[at + 1..].trim_ascii());
        } else if let Some(model) = line.strip_prefix(b"Instrument Model:") {
            let model = String::from_utf8_lossy(model.trim_ascii()).into_owned();
            self.instrument = Some(model).filter(|model| !model.is_empty());
        } else if let Some(date) = date(line) {
            self.started_at = self.started_at.or(Some(date));
        } else if number <= 4 && self.technique.is_none() && memchr::memchr(b':', line).is_none() {
            let name = std::str::from_utf8(line).ok();
            self.title = name.map(|name| name.chars().take(80).collect());
            self.technique = name.map(|name| Technique::from_name(name).unwrap_or(Technique::Other));
        }
    }

    fn parameter(&mut self, key: &[u8], value: &[u8]) {
        let number = || {
            let mark = if memchr::memchr(b',', value).is_some() {
                DecimalMark::Comma
            } else {
                DecimalMark::Point
            };
            parse_cell(value, mark).filter(|number| number.is_finite())
        };
        match key {
            b"Init E (V)" => self.init_v = number(),
            b"Final E (V)" => self.final_v = number(),
            b"High E (V)" => self.high_v = number(),
            b"Low E (V)" => self.low_v = number(),
            b"Incr E (V)" => self.increment_v = number().map(f64::abs).filter(|step| *step > 0.0),
            b"Sample Interval (V)" => self.interval_v = number().map(f64::abs).filter(|step| *step > 0.0),
            b"Frequency (Hz)" => self.frequency_hz = number().filter(|frequency| *frequency > 0.0),
            b"Scan Rate (V/s)" => self.scan_rate_v_s = number().filter(|rate| *rate > 0.0),
            b"Segment" => {
                self.segments = number()
                    .filter(|count| *count >= 1.0 && *count <= 1e6)
                    .map(|count| count as u32);
            }
            b"Sample Interval (s)" => self.interval_s = number().filter(|interval| *interval > 0.0),
            b"Run Time (sec)" => self.run_time_s = number().filter(|time| *time > 0.0),
            b"Pulse Width (sec)" => self.step_s = number().filter(|time| *time > 0.0),
            b"Step" => self.steps = number().filter(|count| *count >= 1.0),
            b"Init P/N" => self.positive_first = Some(value.starts_with(b"P")),
            b"Pulse Period (sec)" => self.pulse_period = true,
            b"Sample Period (sec)" => self.sample_period = true,
            _ => {}
        }
    }

    /// The technique, where the memo is switched off.
    fn technique_from_parameters(&self) -> Option<Technique> {
        if self.segments.is_some() || (self.scan_rate_v_s.is_some() && self.high_v.is_some()) {
            Some(Technique::Cv)
        } else if self.frequency_hz.is_some() && self.increment_v.is_some() {
            Some(if self.sample_period {
                Technique::Other
            } else {
                Technique::Swv
            })
        } else if self.pulse_period {
            Some(Technique::Dpv)
        } else if self.scan_rate_v_s.is_some() && self.final_v.is_some() {
            Some(Technique::Lsv)
        } else {
            None
        }
    }
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Reads `July 31, 2023   13:36:33` or `Sept. 28, 2023 09:00:03`: month as a word, perhaps cut short with a point.
pub(super) fn date(line: &[u8]) -> Option<DateTime> {
    let begins = line.get(..3)?.to_ascii_lowercase();
    if !MONTHS.iter().any(|month| month.as_bytes() == begins) {
        return None;
    }
    let line = std::str::from_utf8(line).ok()?;
    let mut words = line.split_whitespace();
    let month = words.next()?.trim_end_matches('.').to_ascii_lowercase();
    let month = MONTHS
        .iter()
        .position(|known| month.starts_with(known))
        .filter(|_| month.len() <= 9)?
        + 1;
    let day: i8 = words.next()?.strip_suffix(',')?.parse().ok()?;
    let year: i16 = words.next()?.parse().ok()?;
    let mut clock = words.next()?.split(':');
    let mut part = || clock.next()?.parse::<i8>().ok();
    let (hour, minute, second) = (part()?, part()?, part()?);
    DateTime::new(year, i8::try_from(month).ok()?, day, hour, minute, second, 0).ok()
}
