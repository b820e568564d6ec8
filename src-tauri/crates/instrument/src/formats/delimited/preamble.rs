//! What the lines above a table say about the measurement.

use jiff::civil::DateTime;

use crate::options::DecimalMark;
use crate::recording::Technique;
use crate::table::number::parse_with;
use crate::text::Lines;

/// Statements above a table, such as `Frequency (Hz) = 15` or `# technique: SWV`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Preamble {
    /// What was measured.
    pub technique: Option<Technique>,
    /// Square wave frequency in hertz.
    pub frequency_hz: Option<f64>,
    /// Scan rate in volt per second.
    pub scan_rate_v_s: Option<f64>,
    /// When.
    pub started_at: Option<DateTime>,
    /// Instrument model.
    pub instrument: Option<String>,
}

/// Lines that are looked at.
const LIMIT: usize = 200;

impl Preamble {
    /// Reads the lines above a table. Only statements of the form key, sign, value count; of two equal keys the first.
    pub fn read(above: &[u8]) -> Self {
        let mut found = Self::default();
        for line in Lines::of(above).take(LIMIT) {
            let Ok(line) = std::str::from_utf8(line.content) else {
                continue;
            };
            let line = line
                .trim_start_matches(['#', '%', '/', '!', '\'', '"', ' ', '\t'])
                .trim_end_matches([',', ';', '\t', ' ', '"']);
            found.technique = found.technique.or_else(|| Technique::from_name(line));
            if let Some((key, value)) = line.split_once(['=', ':', '\t', ';', ',']) {
                found.statement(&key.trim().to_lowercase(), value.trim());
            }
        }
        found
    }

    fn statement(&mut self, key: &str, value: &str) {
        let is = |word: &str| key.contains(word);
        if is("freq") && !["sampl", "acqui", "filter", "cut", "line"].into_iter().any(is) {
            let per_hertz = if is("khz") || value.to_lowercase().ends_with("khz") {
                1e3
            } else {
                1.0
            };
            self.frequency_hz = self
                .frequency_hz
                .or_else(|| positive(value).map(|number| number * per_hertz));
        } else if is("scan rate") || is("scanrate") || is("scan_rate") {
            let lower = value.to_lowercase();
            let per_volt = if is("mv") || lower.contains("mv") {
                Some(1e3)
            } else if is("v/s") || is("v_s") || lower.contains("v/s") {
                Some(1.0)
            } else {
                None
            };
            self.scan_rate_v_s = self.scan_rate_v_s.or_else(|| Some(positive(value)? / per_volt?));
        } else if is("technique") || is("method") {
            self.technique = self.technique.or_else(|| Technique::from_name(value));
        } else if is("date") || is("start") || key == "time" {
            let stamp = value.get(..19).and_then(|stamp| stamp.replace(' ', "T").parse().ok());
            self.started_at = self.started_at.or(stamp);
        } else if is("instrument") && !value.is_empty() && self.instrument.is_none() {
            self.instrument = Some(value.chars().take(80).collect());
        }
    }
}

fn positive(value: &str) -> Option<f64> {
    let mark = if value.contains('.') {
        DecimalMark::Point
    } else {
        DecimalMark::Comma
    };
    let (number, _) = parse_with(value.as_bytes(), mark)?;
    (number > 0.0 && number.is_finite()).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_above_a_table_are_read() {
        let found = Preamble::read(
            b"# technique: SWV\n# Frequency (Hz) = 15\nScan rate (mV/s);100\nStarted: 2026-03-01 10:20:30\nInstrument: Potty 2\n",
        );
        assert_eq!(found.technique, Some(Technique::Swv));
        assert_eq!(found.frequency_hz, Some(15.0));
        assert_eq!(found.scan_rate_v_s, Some(0.1));
        assert_eq!(found.started_at.unwrap().to_string(), "2026-03-01T10:20:30");
        assert_eq!(found.instrument.as_deref(), Some("Potty 2"));
    }

    #[test]
    fn other_statements_say_nothing() {
        let found = Preamble::read(
            b"Sampling frequency: 1000\nScan rate: 100\nFrequency: none\nFrequency = -1\nDate: tomorrow\n",
        );
        assert_eq!(found, Preamble::default());
    }

    #[test]
    fn kilohertz_and_decimal_commas_are_understood() {
        assert_eq!(Preamble::read(b"Frequency: 1.5 kHz\n").frequency_hz, Some(1500.0));
        assert_eq!(Preamble::read(b"Frequency (Hz): 2,5\n").frequency_hz, Some(2.5));
    }
}
