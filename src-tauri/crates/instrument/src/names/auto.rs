//! Names as potentiostats and their users really write them.

use super::{ScanName, frequency, stem, whole_number};

/// Digits that an index may have where no frequency stands before it; more are a date.
const LONGEST_INDEX: usize = 7;

/// Reads a name without being told its pattern. Accepted, after the handle: `_15Hz_1`, `_15Hz__1`, `_15Hz_#1`, `_15Hz1`,
/// `_2.5Hz_3`, `_100Hz`, `_100Hz_`, `_1`, `__1`, `_#1`; before it: `E3_`. A backup or a copy states no place in the series, so that
/// it cannot take that of the file it was made from.
pub(super) fn parse(file_name: &str) -> ScanName {
    let name = stem(file_name);
    let (electrode, rest) = electrode(name);
    if is_copy(file_name) {
        return ScanName {
            handle: rest.to_owned(),
            electrode,
            copy: true,
            ..ScanName::default()
        };
    }
    if let Some((handle, frequency_hz, after)) = split_at_frequency(rest) {
        return ScanName {
            handle: trimmed(handle).to_owned(),
            electrode,
            frequency_hz: Some(frequency_hz),
            index: index_after_frequency(after),
            copy: false,
        };
    }
    match split_at_index(rest) {
        Some((handle, index)) => ScanName {
            handle: trimmed(handle).to_owned(),
            electrode,
            index: Some(index),
            ..ScanName::default()
        },
        None => ScanName {
            handle: rest.to_owned(),
            electrode,
            ..ScanName::default()
        },
    }
}

/// `E3_name` is electrode 3 of a multiplexed series.
fn electrode(name: &str) -> (Option<u32>, &str) {
    let Some(rest) = name.strip_prefix(['E', 'e']) else {
        return (None, name);
    };
    match rest.split_once('_') {
        Some((digits, rest)) if !rest.is_empty() && (1..=3).contains(&digits.len()) => match whole_number(digits) {
            Some(electrode) if electrode > 0 => (Some(electrode), rest),
            _ => (None, name),
        },
        _ => (None, name),
    }
}

/// The last number that is followed by `Hz` and stands at the beginning of a word.
fn split_at_frequency(name: &str) -> Option<(&str, f64, &str)> {
    let bytes = name.as_bytes();
    let mut end = bytes.len();
    while let Some(at) = bytes[..end]
        .windows(2)
        .rposition(|pair| pair.eq_ignore_ascii_case(b"Hz"))
    {
        let number_end = name[..at].trim_end_matches(' ').len();
        let digits = bytes[..number_end]
            .iter()
            .rev()
            .take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
            .count();
        let start = number_end - digits;
        let begins_word = start == 0 || !bytes[start - 1].is_ascii_alphanumeric();
        let ends_word = bytes.get(at + 2).is_none_or(|b| !b.is_ascii_alphabetic());
        if begins_word
            && ends_word
            && let Some(hz) = frequency(&name[start..number_end])
        {
            return Some((&name[..start], hz, &name[at + 2..]));
        }
        end = at + 1;
    }
    None
}

/// `_1`, `__1`, `_#1`, `1`; nothing, or a lone separator, is no index.
fn index_after_frequency(after: &str) -> Option<u32> {
    let separators = after.bytes().take_while(|b| matches!(b, b'_' | b'-' | b' ')).count();
    if separators > 2 {
        return None;
    }
    let digits = &after[separators..];
    whole_number(digits.strip_prefix('#').unwrap_or(digits).trim_end())
}

/// `name_1`, `name__1`, `name_#1`, `name-1`, `name 1`.
fn split_at_index(name: &str) -> Option<(&str, u32)> {
    let digits = name.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (before, number) = name.split_at(name.len() - digits);
    let before = before.strip_suffix('#').unwrap_or(before);
    let has_handle = before.ends_with(['_', '-', ' ']) && !trimmed(before).is_empty();
    let is_time = digits > LONGEST_INDEX || (digits == 2 && ends_with_year_and_month(before.as_bytes()));
    (has_handle && !is_time)
        .then(|| whole_number(number))
        .flatten()
        .map(|index| (before, index))
}

/// Whether `2024_05_` stands before the last number, which then is a day.
fn ends_with_year_and_month(before: &[u8]) -> bool {
    let Some([y1, y2, y3, y4, s1, m1, m2, s2]) = before.last_chunk::<8>() else {
        return false;
    };
    [y1, y2, y3, y4, m1, m2].into_iter().all(u8::is_ascii_digit) && !s1.is_ascii_digit() && s1 == s2
}

fn trimmed(handle: &str) -> &str {
    handle.trim_end_matches(['_', '-', ' '])
}

/// Names that editors, file managers and people give to second copies.
pub(super) fn is_copy(file_name: &str) -> bool {
    let lower = file_name.to_ascii_lowercase();
    let bracketed = stem(file_name)
        .trim_end()
        .strip_suffix(')')
        .and_then(|s| s.rsplit_once('('))
        .is_some_and(|(_, n)| {
            n.to_ascii_lowercase().starts_with("copy") || !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())
        });
    bracketed
        || lower.starts_with("copy of ")
        || lower.ends_with('~')
        || [
            ".bak", ".old", ".orig", ".backup", " - copy", " copy.", "_copy.", "-copy.",
        ]
        .iter()
        .any(|mark| lower.contains(mark))
}
