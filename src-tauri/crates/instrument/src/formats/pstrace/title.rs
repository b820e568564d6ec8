//! What the titles of curves say: technique, scan, channel, which current.

use crate::formats::curves::Part;
use crate::recording::Technique;

/// What the title of a curve says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Title<'a> {
    /// What stands in front of the colon: the name of the measurement, `Cyclic Voltammetry [2]`.
    pub(super) measurement: &'a str,
    /// What was measured.
    pub(super) technique: Option<Technique>,
    /// Number of the scan.
    pub(super) scan: Option<u32>,
    /// Number of the channel.
    pub(super) channel: Option<u32>,
    /// Which current of a pulse technique.
    pub(super) part: Part,
}

impl<'a> Title<'a> {
    /// Reads a title such as `Cyclic Voltammetry: CV i vs E Scan 2 Channel 3` or `Square Wave Voltammetry [4]: S49`. The
    /// part behind the colon is free text that people change; what it does not say stays open.
    pub(super) fn parse(title: &'a str) -> Self {
        let title = title.trim();
        let (measurement, curve) = match title.split_once(": ").or_else(|| title.split_once(':')) {
            Some((name, curve)) => (name.trim(), curve.trim()),
            None => ("", title),
        };
        let stem = measurement.split(" [").next().unwrap_or_default();
        let named = technique(stem);
        let abbreviated = curve.split_whitespace().next().and_then(technique);
        // Without a colon the whole title may be the name.
        let technique = named.or_else(|| technique(title.split(" [").next().unwrap_or_default()));
        Self {
            measurement,
            technique: technique.or(abbreviated),
            scan: number_behind(curve, "scan"),
            channel: number_behind(curve, "channel").or_else(|| number_behind(measurement, "channel")),
            part: part(curve),
        }
    }
}

/// Technique by the name or abbreviation that PSTrace uses.
pub(super) fn technique(name: &str) -> Option<Technique> {
    const OTHERS: [&str; 18] = [
        "normal pulse voltammetry",
        "ac voltammetry",
        "chronopotentiometry",
        "open circuit potentiometry",
        "impedance spectroscopy",
        "pulsed amperometric detection",
        "chronocoulometry",
        "stripping chronopotentiometry",
        "galvanostatic impedance spectroscopy",
        "fast impedance spectroscopy",
        "mixed mode",
        "npv",
        "acv",
        "pad",
        "pot",
        "ocp",
        "eis",
        "cp",
    ];
    const MORE: [(&str, Technique); 10] = [
        ("amperometric detection", Technique::Ca),
        ("fast amperometry", Technique::Ca),
        ("multistep amperometry", Technique::Ca),
        ("multi step amperometry", Technique::Ca),
        ("fast cyclic voltammetry", Technique::Cv),
        ("fast cv", Technique::Cv),
        ("ad", Technique::Ca),
        ("fam", Technique::Ca),
        ("ma", Technique::Ca),
        ("fcv", Technique::Cv),
    ];
    let name = name.trim();
    Technique::from_name(name)
        .or_else(|| {
            MORE.iter()
                .find(|(known, _)| name.eq_ignore_ascii_case(known))
                .map(|(_, technique)| *technique)
        })
        .or_else(|| {
            OTHERS
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known))
                .then_some(Technique::Other)
        })
}

/// Technique by its number, which method files (`TECHNIQUE=2`) and MethodSCRIPT devices (`M0002`) share.
pub(crate) fn technique_by_number(number: u32) -> Technique {
    match number {
        0 => Technique::Lsv,
        1 => Technique::Dpv,
        2 => Technique::Swv,
        5 => Technique::Cv,
        7 | 9 => Technique::Ca,
        _ => Technique::Other,
    }
}

fn part(curve: &str) -> Part {
    let has = |wanted: &str| {
        curve
            .split(|letter: char| !letter.is_alphanumeric())
            .any(|word| word.eq_ignore_ascii_case(wanted))
    };
    if has("forward") {
        Part::Forward
    } else if has("reverse") || has("backward") {
        Part::Reverse
    } else {
        Part::Whole
    }
}

/// The number behind a word: `Scan 2`, `scan2channel1`, `Channel: 3`.
pub(super) fn number_behind(text: &str, word: &str) -> Option<u32> {
    let lower = text.to_ascii_lowercase();
    let mut from = 0;
    while let Some(at) = lower[from..].find(word).map(|at| at + from) {
        from = at + word.len();
        let inside = lower[..at].chars().next_back().is_some_and(char::is_alphabetic);
        let rest = lower[from..].trim_start_matches([' ', ':', '#']);
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if let Some(number) = rest[..digits].parse().ok().filter(|_| !inside) {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_say_technique_scan_and_channel() {
        let title = Title::parse("Cyclic Voltammetry: CV i vs E Scan 2 Channel 3");
        assert_eq!(
            (title.technique, title.scan, title.channel),
            (Some(Technique::Cv), Some(2), Some(3))
        );
        let title = Title::parse("Square Wave Voltammetry [8]: S48");
        assert_eq!(title.measurement, "Square Wave Voltammetry [8]");
        assert_eq!(
            (title.technique, title.scan, title.channel, title.part),
            (Some(Technique::Swv), None, None, Part::Whole)
        );
        assert_eq!(Title::parse("SWV i forward vs E").part, Part::Forward);
        assert_eq!(Title::parse("DPV i vs E").technique, Some(Technique::Dpv));
        assert_eq!(Title::parse("Chronoamperometry").technique, Some(Technique::Ca));
        assert_eq!(
            Title::parse("Impedance Spectroscopy: x").technique,
            Some(Technique::Other)
        );
        assert_eq!(Title::parse("serum 5 of 9").technique, None);
    }

    #[test]
    fn numbers_stand_behind_their_words() {
        assert_eq!(number_behind("scan2channel14", "scan"), Some(2));
        assert_eq!(number_behind("scan2channel14", "channel"), Some(14));
        assert_eq!(number_behind("Channel: 3", "channel"), Some(3));
        assert_eq!(number_behind("scan", "scan"), None);
        assert_eq!(number_behind("scan 99999999999999", "scan"), None);
        assert_eq!(number_behind("scanner scan 4", "scan"), Some(4));
    }
}
