//! One number in a cell.

use crate::options::DecimalMark;

/// Longest number with a decimal comma; a 64-bit float never needs more.
const LONGEST: usize = 64;

/// Reads the number at the beginning of `bytes`; gives it and the bytes it takes.
///
/// Accepts signs, fractions, exponents, `nan` and `inf`. With a decimal comma a point ends the number, and the other way
/// round, so a number with the wrong mark is never read as another number: what is left over spoils the cell.
#[inline]
pub fn parse_prefix(bytes: &[u8], mark: DecimalMark) -> Option<(f64, usize)> {
    let plus = usize::from(bytes.first() == Some(&b'+'));
    let digits = &bytes[plus..];
    if plus == 1 && matches!(digits.first(), Some(b'+' | b'-')) {
        return None;
    }
    let (value, length) = match mark {
        DecimalMark::Point => fast_float2::parse_partial::<f64, _>(digits).ok()?,
        DecimalMark::Comma => parse_decimal_comma(digits)?,
    };
    Some((value, length + plus))
}

fn parse_decimal_comma(bytes: &[u8]) -> Option<(f64, usize)> {
    let mut copy = [0_u8; LONGEST];
    let mut length = 0;
    for (target, byte) in copy.iter_mut().zip(bytes) {
        *target = match byte {
            b',' => b'.',
            b'0'..=b'9' | b'-' | b'+' | b'A'..=b'Z' | b'a'..=b'z' => *byte,
            _ => break,
        };
        length += 1;
    }
    fast_float2::parse_partial::<f64, _>(&copy[..length]).ok()
}

/// Reads a cell that holds one number and nothing else but blanks.
///
/// Beyond [`parse_prefix`] it knows the true minus sign (U+2212) and the words of old C libraries for values that are
/// not finite (`1.#QNAN`, `-1.#INF`).
pub fn parse_cell(cell: &[u8], mark: DecimalMark) -> Option<f64> {
    let cell = cell.trim_ascii();
    if let Some(rest) = cell.strip_prefix("\u{2212}".as_bytes()) {
        let unsigned = rest
            .first()
            .is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
        return if unsigned {
            parse_cell(rest, mark).map(|value| -value)
        } else {
            None
        };
    }
    match parse_prefix(cell, mark) {
        Some((value, length)) if length == cell.len() => Some(value),
        Some((_, length)) if cell[length..].starts_with(b"#") => old_c_word(cell),
        _ => None,
    }
}

fn old_c_word(cell: &[u8]) -> Option<f64> {
    let negative = cell.starts_with(b"-");
    let at = memchr::memchr(b'#', cell)?;
    let word = cell[at + 1..].to_ascii_uppercase();
    if word.starts_with(b"INF") {
        Some(if negative { f64::NEG_INFINITY } else { f64::INFINITY })
    } else if word.starts_with(b"QNAN") || word.starts_with(b"SNAN") || word.starts_with(b"IND") {
        Some(f64::NAN)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_both_marks_are_read() {
        for (text, value) in [
            ("0.5", 0.5),
            ("-1.25e-7", -1.25e-7),
            ("+3", 3.0),
            (" .5 ", 0.5),
            ("1E+02", 100.0),
        ] {
            assert_eq!(parse_cell(text.as_bytes(), DecimalMark::Point), Some(value), "{text}");
            let comma = text.replace('.', ",");
            assert_eq!(parse_cell(comma.as_bytes(), DecimalMark::Comma), Some(value), "{comma}");
        }
        assert_eq!(parse_cell("\u{2212}0.1".as_bytes(), DecimalMark::Point), Some(-0.1));
    }

    #[test]
    fn the_wrong_mark_is_no_number() {
        assert_eq!(parse_cell(b"0,5", DecimalMark::Point), None);
        assert_eq!(parse_cell(b"0.5", DecimalMark::Comma), None);
        assert_eq!(parse_cell(b"1.234,5", DecimalMark::Comma), None);
        for text in ["", "-", "+-1", "\u{2212}-1", "abc", "1.5x", "nano", "1e", "0x1F"] {
            assert_eq!(parse_cell(text.as_bytes(), DecimalMark::Point), None, "{text}");
        }
        let long = [b'1'; 100];
        assert_eq!(parse_cell(&long, DecimalMark::Comma), None);
    }

    #[test]
    fn words_for_values_that_are_not_finite_are_read() {
        for text in ["nan", "NaN", "-nan", "1.#QNAN", "-1.#IND00"] {
            assert!(
                parse_cell(text.as_bytes(), DecimalMark::Point).unwrap().is_nan(),
                "{text}"
            );
        }
        assert_eq!(parse_cell(b"-inf", DecimalMark::Comma), Some(f64::NEG_INFINITY));
        assert_eq!(parse_cell(b"1.#INF", DecimalMark::Point), Some(f64::INFINITY));
        assert_eq!(parse_cell(b"Infinity", DecimalMark::Point), Some(f64::INFINITY));
    }
}
