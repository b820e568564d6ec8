//! Units of potential, current and time, and how files spell them.

/// Unit in which a file states potentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PotentialUnit {
    /// Volt.
    #[default]
    Volt,
    /// Millivolt.
    Millivolt,
    /// Microvolt.
    Microvolt,
    /// Nanovolt.
    Nanovolt,
}

/// Unit in which a file states currents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CurrentUnit {
    /// Ampere.
    #[default]
    Ampere,
    /// Milliampere.
    Milliampere,
    /// Microampere.
    Microampere,
    /// Nanoampere.
    Nanoampere,
    /// Picoampere.
    Picoampere,
}

impl PotentialUnit {
    /// How many of this unit make one volt. Dividing by it gives volts correctly rounded, because it is exact.
    pub const fn per_volt(self) -> f64 {
        match self {
            Self::Volt => 1.0,
            Self::Millivolt => 1e3,
            Self::Microvolt => 1e6,
            Self::Nanovolt => 1e9,
        }
    }

    /// The spelling used in settings: `V`, `mV`, `uV`, `nV`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Volt => "V",
            Self::Millivolt => "mV",
            Self::Microvolt => "uV",
            Self::Nanovolt => "nV",
        }
    }

    /// Reads a unit as files and settings spell it, with any letter for micro (`u`, `µ` U+00B5, `μ` U+03BC).
    pub fn parse(text: &str) -> Option<Self> {
        match Spelling::of(text)? {
            Spelling {
                prefix: None,
                base: 'v',
            } => Some(Self::Volt),
            Spelling {
                prefix: Some('m'),
                base: 'v',
            } => Some(Self::Millivolt),
            Spelling {
                prefix: Some('u'),
                base: 'v',
            } => Some(Self::Microvolt),
            Spelling {
                prefix: Some('n'),
                base: 'v',
            } => Some(Self::Nanovolt),
            _ => None,
        }
    }
}

impl CurrentUnit {
    /// How many of this unit make one ampere. Dividing by it gives amperes correctly rounded, because it is exact.
    pub const fn per_ampere(self) -> f64 {
        match self {
            Self::Ampere => 1.0,
            Self::Milliampere => 1e3,
            Self::Microampere => 1e6,
            Self::Nanoampere => 1e9,
            Self::Picoampere => 1e12,
        }
    }

    /// The spelling used in settings: `A`, `mA`, `uA`, `nA`, `pA`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ampere => "A",
            Self::Milliampere => "mA",
            Self::Microampere => "uA",
            Self::Nanoampere => "nA",
            Self::Picoampere => "pA",
        }
    }

    /// Reads a unit as files and settings spell it, with any letter for micro (`u`, `µ` U+00B5, `μ` U+03BC).
    pub fn parse(text: &str) -> Option<Self> {
        match Spelling::of(text)? {
            Spelling {
                prefix: None,
                base: 'a',
            } => Some(Self::Ampere),
            Spelling {
                prefix: Some('m'),
                base: 'a',
            } => Some(Self::Milliampere),
            Spelling {
                prefix: Some('u'),
                base: 'a',
            } => Some(Self::Microampere),
            Spelling {
                prefix: Some('n'),
                base: 'a',
            } => Some(Self::Nanoampere),
            Spelling {
                prefix: Some('p'),
                base: 'a',
            } => Some(Self::Picoampere),
            _ => None,
        }
    }
}

/// Unit in which a file states times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TimeUnit {
    /// Second.
    #[default]
    Second,
    /// Millisecond.
    Millisecond,
    /// Microsecond.
    Microsecond,
    /// Minute.
    Minute,
    /// Hour.
    Hour,
}

impl TimeUnit {
    /// All units.
    pub const ALL: [Self; 5] = [
        Self::Second,
        Self::Millisecond,
        Self::Microsecond,
        Self::Minute,
        Self::Hour,
    ];

    /// A time in this unit as seconds; exact factors, so the result is correctly rounded.
    pub const fn to_seconds(self, time: f64) -> f64 {
        match self {
            Self::Second => time,
            Self::Millisecond => time / 1e3,
            Self::Microsecond => time / 1e6,
            Self::Minute => time * 60.0,
            Self::Hour => time * 3600.0,
        }
    }

    /// The spelling used in settings: `s`, `ms`, `us`, `min`, `h`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Second => "s",
            Self::Millisecond => "ms",
            Self::Microsecond => "us",
            Self::Minute => "min",
            Self::Hour => "h",
        }
    }

    /// Reads a unit as files and settings spell it.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase().replace(['\u{b5}', '\u{3bc}'], "u");
        Some(match text.as_str() {
            "s" | "sec" | "secs" | "second" | "seconds" => Self::Second,
            "ms" | "msec" | "millisecond" | "milliseconds" => Self::Millisecond,
            "us" | "usec" | "microsecond" | "microseconds" => Self::Microsecond,
            "min" | "mins" | "minute" | "minutes" => Self::Minute,
            "h" | "hr" | "hrs" | "hour" | "hours" => Self::Hour,
            _ => return None,
        })
    }
}

/// A unit taken apart: SI prefix (micro as `u`) and base letter, both lower case.
struct Spelling {
    prefix: Option<char>,
    base: char,
}

impl Spelling {
    fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        // A megavolt or mega-ampere is no unit of voltammetry, and reading it as milli would be wrong by 10^9.
        if text.starts_with('M') && !text.eq_ignore_ascii_case("mv") && !text.eq_ignore_ascii_case("ma") {
            return Self::word(text);
        }
        let mut letters = text.chars();
        let first = letters.next()?;
        let Some(second) = letters.next() else {
            return Some(Self {
                prefix: None,
                base: first.to_ascii_lowercase(),
            });
        };
        if letters.next().is_some() {
            return Self::word(text);
        }
        let prefix = match first {
            '\u{b5}' | '\u{3bc}' => 'u',
            other => other.to_ascii_lowercase(),
        };
        Some(Self {
            prefix: Some(prefix),
            base: second.to_ascii_lowercase(),
        })
    }

    fn word(text: &str) -> Option<Self> {
        const WORDS: [(&str, char); 5] = [
            ("volt", 'v'),
            ("volts", 'v'),
            ("amp", 'a'),
            ("amps", 'a'),
            ("ampere", 'a'),
        ];
        const PREFIXES: [(&str, Option<char>); 5] = [
            ("", None),
            ("milli", Some('m')),
            ("micro", Some('u')),
            ("nano", Some('n')),
            ("pico", Some('p')),
        ];
        if !text.ends_with(['s', 'S', 'p', 'P', 't', 'T', 'e', 'E']) || text.len() > 14 {
            return None;
        }
        for (prefix_word, prefix) in PREFIXES {
            let Some(rest) = text.get(prefix_word.len()..) else {
                continue;
            };
            if !text.is_char_boundary(prefix_word.len()) || !text[..prefix_word.len()].eq_ignore_ascii_case(prefix_word)
            {
                continue;
            }
            for (word, base) in WORDS {
                if rest.eq_ignore_ascii_case(word)
                    || rest.strip_suffix('s').is_some_and(|r| r.eq_ignore_ascii_case(word))
                {
                    return Some(Self { prefix, base });
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_letters_for_micro_and_words_are_read() {
        for text in ["uA", "µA", "\u{3bc}A", " ua ", "microamps", "Microampere"] {
            assert_eq!(CurrentUnit::parse(text), Some(CurrentUnit::Microampere), "{text}");
        }
        assert_eq!(PotentialUnit::parse("mV"), Some(PotentialUnit::Millivolt));
        assert_eq!(PotentialUnit::parse("Volts"), Some(PotentialUnit::Volt));
        assert_eq!(CurrentUnit::parse("pA"), Some(CurrentUnit::Picoampere));
    }

    #[test]
    fn other_words_are_no_units() {
        for text in ["", "s", "mA/cm2", "kV", "Ah", "VA", "C", "é", "µ"] {
            assert_eq!(CurrentUnit::parse(text), None, "{text}");
            assert_eq!(PotentialUnit::parse(text), None, "{text}");
        }
    }

    #[test]
    fn codes_read_back() {
        for unit in TimeUnit::ALL {
            assert_eq!(TimeUnit::parse(unit.code()), Some(unit));
        }
        assert_eq!(TimeUnit::parse("Seconds").map(|unit| unit.to_seconds(2.5)), Some(2.5));
        assert_eq!(TimeUnit::parse("\u{b5}s").map(|unit| unit.to_seconds(3.0)), Some(3e-6));
        assert_eq!(TimeUnit::Hour.to_seconds(0.5), 1800.0);
        assert_eq!(TimeUnit::parse("V"), None);
        for unit in [
            PotentialUnit::Volt,
            PotentialUnit::Millivolt,
            PotentialUnit::Microvolt,
            PotentialUnit::Nanovolt,
        ] {
            assert_eq!(PotentialUnit::parse(unit.code()), Some(unit));
        }
    }
}
