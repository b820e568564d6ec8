//! What a column contains, from its name.

use super::words::{self, Word};
use crate::units::{CurrentUnit, PotentialUnit, TimeUnit};

/// What the name of a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// What it contains.
    pub content: Content,
    /// The electrode or channel number in the name.
    pub number: Option<u32>,
}

/// What a column contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Electrode potential; `named` if the name says so, else only its unit does.
    Potential {
        /// Unit in the name.
        unit: Option<PotentialUnit>,
        /// Whether the name says so.
        named: bool,
    },
    /// Current.
    Current {
        /// Which of the currents.
        kind: Kind,
        /// Unit in the name.
        unit: Option<CurrentUnit>,
    },
    /// Only an electrode: `E2`, `ch5`, `3`. Its current, if another column is the potential.
    Electrode,
    /// Time since the start.
    Time {
        /// Unit in the name.
        unit: Option<TimeUnit>,
    },
    /// Cycle, scan or loop; `half` if it counts segments, of which a cycle has two.
    Cycle {
        /// Whether it counts segments.
        half: bool,
    },
    /// Charge, an index, or anything else that is none of these.
    Other,
    /// A name without meaning here.
    Unrecognised,
}

/// Which current of square wave or differential pulse voltammetry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The current, not told apart further.
    Plain,
    /// Forward minus reverse.
    Difference,
    /// Forward pulse.
    Forward,
    /// Reverse pulse.
    Reverse,
}

/// Says what a column contains from its name, with its unit in the name in any of the usual ways: `Potential (V)`,
/// `Current [µA]`, `Ewe/V`, `i4d/A`, `Diff(i/A)`, `current_ua`, `E vs. Ag/AgCl (V)`, or a unit alone.
pub fn recognise(name: &str) -> Column {
    let lower: String = name.chars().map(normalised).collect();
    let (unit, [base, behind], sure) = split_unit(name, &lower);
    let tokens: Vec<&str> = tokens(base).chain(tokens(behind)).collect();
    let mut words: Vec<Word> = Vec::with_capacity(tokens.len());
    let mut letter = None;
    let mut number = None;
    let mut previous_is_electrode = false;
    for token in &tokens {
        let (stem, digits, tail) = parts(token);
        let mut word = words::meaning(stem);
        if word.is_none() && digits.is_some() && stem == "e" {
            word = Some(Word::Electrode);
        }
        letter = letter.or_else(|| words::letter(stem).filter(|_| digits.is_none()));
        if let Some(digits) = digits {
            let counts = stem.is_empty() && tail.is_empty() && (previous_is_electrode || number.is_none());
            if counts || matches!(word, Some(Word::Electrode | Word::Current)) {
                number = digits.parse().ok().or(number);
            }
        }
        words.extend(word);
        if word == Some(Word::Current) {
            words.extend(match tail {
                "d" => Some(Word::Difference),
                "f" => Some(Word::Forward),
                "r" => Some(Word::Reverse),
                _ => None,
            });
        }
        previous_is_electrode = word == Some(Word::Electrode);
    }
    let quantity = words.iter().any(|word| !matches!(word, Word::Electrode)) || letter.is_some();
    let unit = unit.filter(|_| sure || quantity);
    Column {
        content: content(unit, &words, letter, &tokens, number),
        number,
    }
}

/// Lower case, and one letter for micro.
fn normalised(letter: char) -> char {
    match letter {
        'A'..='Z' => letter.to_ascii_lowercase(),
        ascii if ascii.is_ascii() => ascii,
        '\u{b5}' | '\u{3bc}' => 'u',
        'Δ' => 'δ',
        other => other.to_lowercase().next().unwrap_or(other),
    }
}

fn content(unit: Option<Unit>, words: &[Word], letter: Option<Word>, tokens: &[&str], number: Option<u32>) -> Content {
    let has = |word| words.contains(&word);
    let kind = if has(Word::Difference) {
        Kind::Difference
    } else if has(Word::Forward) {
        Kind::Forward
    } else if has(Word::Reverse) {
        Kind::Reverse
    } else {
        Kind::Plain
    };
    if has(Word::Other) || unit == Some(Unit::Other) {
        return Content::Other;
    }
    let measured = has(Word::Current) || has(Word::Potential);
    let counting = [Word::Count, Word::Cycle, Word::Segment].into_iter().any(has);
    match unit {
        // A length of time with any other name is a setting, such as the width of a pulse.
        Some(Unit::Time(unit)) if has(Word::Time) || (tokens.is_empty() && !measured) => {
            return Content::Time { unit: Some(unit) };
        }
        Some(Unit::Time(_)) => return Content::Other,
        None if has(Word::Time) && !measured => return Content::Time { unit: None },
        None if counting && !measured && number.is_none() && (has(Word::Cycle) || has(Word::Segment)) => {
            return Content::Cycle {
                half: !has(Word::Cycle),
            };
        }
        _ if (counting || has(Word::Time)) && !measured => return Content::Other,
        Some(Unit::Current(unit)) => return Content::Current { kind, unit: Some(unit) },
        Some(Unit::Potential(unit)) => {
            let named = has(Word::Potential) || letter == Some(Word::Potential);
            return Content::Potential {
                unit: Some(unit),
                named,
            };
        }
        _ => {}
    }
    if has(Word::Current) || (kind != Kind::Plain && !has(Word::Potential)) {
        return Content::Current { kind, unit: None };
    }
    if has(Word::Potential) || (letter == Some(Word::Potential) && number.is_none()) {
        return Content::Potential {
            unit: None,
            named: true,
        };
    }
    let bare_number = matches!(tokens, [only] if only.bytes().all(|byte| byte.is_ascii_digit()));
    if number.is_some() && (has(Word::Electrode) || bare_number) {
        return Content::Electrode;
    }
    Content::Unrecognised
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Potential(PotentialUnit),
    Current(CurrentUnit),
    Time(TimeUnit),
    /// Of something else: coulombs, a current density.
    Other,
}

fn unit_of(text: &str) -> Option<Unit> {
    const OTHERS: [&str; 16] = [
        "c", "mc", "uc", "nc", "hz", "khz", "ohm", "w", "va", "deg", "°c", "k", "pt", "#", "mol/l", "as",
    ];
    let text = text.trim().trim_matches(['<', '>', '|', '"']);
    if text.contains("cm") || text.contains("/m2") || text.contains("/m²") {
        return Some(Unit::Other);
    }
    PotentialUnit::parse(text)
        .map(Unit::Potential)
        .or_else(|| CurrentUnit::parse(text).map(Unit::Current))
        .or_else(|| TimeUnit::parse(text).map(Unit::Time))
        .or_else(|| OTHERS.contains(&text).then_some(Unit::Other))
}

/// The unit in a name, what stands before and behind it in lower case, and whether it certainly is a unit: the last letter of
/// `sample a` need not be.
fn split_unit<'a>(name: &str, lower: &'a str) -> (Option<Unit>, [&'a str; 2], bool) {
    if let Some(unit) = unit_of(lower).filter(|_| name.trim() != "#") {
        // A single letter that could be a unit is one only where it is written as a unit: `V`, `A`, not `i`, `v` or `t`.
        let written = name.trim();
        if written.chars().count() > 1 || matches!(written, "V" | "A" | "s" | "C") {
            return (Some(unit), ["", ""], true);
        }
    }
    for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
        let mut from = 0;
        while let Some(start) = lower[from..].find(open).map(|at| at + from) {
            let Some(end) = lower[start..].find(close).map(|at| at + start) else {
                break;
            };
            let inner = &lower[start + 1..end];
            let found = unit_of(inner)
                .or_else(|| inner.rsplit_once('/').and_then(|(_, unit)| unit_of(unit)))
                // `(mV vs. Ag/AgCl)`
                .or_else(|| inner.split_once(" vs").and_then(|(unit, _)| unit_of(unit)));
            if let Some(unit) = found {
                return (Some(unit), [&lower[..start], &lower[end + 1..]], true);
            }
            from = end + 1;
        }
    }
    let mut from = 0;
    while let Some(slash) = lower[from..].find('/').map(|at| at + from) {
        let rest = &lower[slash + 1..];
        let end = rest.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(rest.len());
        // `mA/cm2` is one unit, and so is the rest of `j/mA cm-2`.
        let found = if rest.contains("cm") {
            Some(Unit::Other)
        } else {
            unit_of(&rest[..end])
        };
        if let Some(unit) = found {
            return (Some(unit), [&lower[..slash], &rest[end..]], true);
        }
        from = slash + 1;
    }
    let split = lower.trim_end().rsplit_once(['_', ' ', '.', ',']);
    if let Some((base, last)) = split
        && let Some(unit) = unit_of(last)
    {
        return (Some(unit), [base, ""], last.len() > 1);
    }
    (None, [lower, ""], true)
}

/// The words of a name: runs of letters and digits.
fn tokens(base: &str) -> impl Iterator<Item = &str> {
    base.split(|c: char| !c.is_alphanumeric())
        .filter(|token| !token.is_empty())
}

/// A token's letters, its digits, and what follows them: `i4d` is `i`, `4`, `d`.
fn parts(token: &str) -> (&str, Option<&str>, &str) {
    let Some(start) = token.find(|c: char| c.is_ascii_digit()) else {
        return (token, None, "");
    };
    let digits = &token[start..];
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    (&token[..start], Some(&digits[..end]), &digits[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn potential(unit: Option<PotentialUnit>, named: bool) -> Content {
        Content::Potential { unit, named }
    }

    fn current(kind: Kind, unit: Option<CurrentUnit>) -> Content {
        Content::Current { kind, unit }
    }

    fn time(unit: Option<TimeUnit>) -> Content {
        Content::Time { unit }
    }

    #[test]
    fn names_of_real_columns_are_understood() {
        use CurrentUnit::{Ampere, Microampere, Milliampere, Nanoampere};
        use PotentialUnit::{Millivolt, Volt};
        for (name, content, number) in [
            ("Potential/V", potential(Some(Volt), true), None),
            ("E/V vs Ag/AgCl", potential(Some(Volt), true), None),
            ("Potential vs. Ag/AgCl", potential(None, true), None),
            ("Potential (mV vs. Ag/AgCl)", potential(Some(Millivolt), true), None),
            ("Potential(mV)", potential(Some(Millivolt), true), None),
            ("Current(microAmp)", current(Kind::Plain, Some(Microampere)), None),
            ("Current(milliAmp)", current(Kind::Plain, Some(Milliampere)), None),
            ("Average Potential (V)", potential(Some(Volt), true), None),
            ("Difference Current (A)", current(Kind::Difference, Some(Ampere)), None),
            ("WE(1).Potential (V)", potential(Some(Volt), true), Some(1)),
            ("Working Electrode (V)", potential(Some(Volt), false), None),
            ("Vstep", potential(None, true), None),
            ("Scan potential (mV)", potential(Some(Millivolt), true), None),
            ("V", potential(Some(Volt), false), None),
            ("i4d/A", current(Kind::Difference, Some(Ampere)), Some(4)),
            ("i12r/A", current(Kind::Reverse, Some(Ampere)), Some(12)),
            ("Diff(i/A)", current(Kind::Difference, Some(Ampere)), None),
            ("For(i/A)", current(Kind::Forward, Some(Ampere)), None),
            ("Current Diff (uA)", current(Kind::Difference, Some(Microampere)), None),
            ("Idif", current(Kind::Difference, None), None),
            ("<I>/mA", current(Kind::Plain, Some(Milliampere)), None),
            ("WE current [A]", current(Kind::Plain, Some(Ampere)), None),
            ("E2 current", current(Kind::Plain, None), Some(2)),
            ("current_e3_na", current(Kind::Plain, Some(Nanoampere)), Some(3)),
            ("15Hz current (A)", current(Kind::Plain, Some(Ampere)), None),
            ("ch5", Content::Electrode, Some(5)),
            ("17", Content::Electrode, Some(17)),
            ("Time/s", time(Some(TimeUnit::Second)), None),
            ("t", time(None), None),
            ("Elapsed Time (s)", time(Some(TimeUnit::Second)), None),
            ("t/min", time(Some(TimeUnit::Minute)), None),
            ("Time (ms)", time(Some(TimeUnit::Millisecond)), None),
            ("Corrected time (s)", time(Some(TimeUnit::Second)), None),
            ("Zeit [h]", time(Some(TimeUnit::Hour)), None),
            ("s", time(Some(TimeUnit::Second)), None),
            ("Pulse width (s)", Content::Other, None),
            ("T (\u{b0}C)", Content::Other, None),
            ("Scan", Content::Cycle { half: false }, None),
            ("Scan rate (V/s)", Content::Other, None),
            ("Segment", Content::Cycle { half: true }, None),
            ("half cycle", Content::Other, None),
            ("Step number", Content::Other, None),
            ("Current density (mA/cm2)", Content::Other, None),
            ("j/mA cm-2", Content::Other, None),
            ("Current range", Content::Other, None),
            ("control/V", Content::Other, None),
            ("Charge/C", Content::Other, None),
            ("cycle number", Content::Cycle { half: false }, None),
            ("sample a", Content::Unrecognised, None),
            ("current in A", current(Kind::Plain, Some(Ampere)), None),
            ("", Content::Unrecognised, None),
            ("sample", Content::Unrecognised, None),
        ] {
            assert_eq!(recognise(name), Column { content, number }, "{name}");
        }
    }
}
