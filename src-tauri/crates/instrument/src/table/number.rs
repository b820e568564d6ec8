//! One number in a cell.

use crate::options::DecimalMark;

/// Longest number with a decimal comma; a 64-bit float never needs more.
const LONGEST: usize = 64;

/// Powers of ten that a 64-bit float holds exactly.
static EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];
/// Most digits that can be collected without leaving 64 bits.
const COLLECTED: usize = 19;

/// Reads the number at the beginning of `bytes`; gives it and the bytes it takes.
///
/// `MARK` is the decimal mark, a point or a comma. Accepts signs, fractions, exponents, `nan` and `inf`. With a decimal comma a point ends the number, and the other way
/// round, so a number with the wrong mark is never read as another number: what is left over spoils the cell. The value
/// is the float nearest to the text.
#[allow(clippy::inline_always, reason = "most of the time spent on a file is spent here")]
#[inline(always)]
pub fn parse_prefix<const MARK: u8>(bytes: &[u8]) -> Option<(f64, usize)> {
    parse_short::<MARK>(bytes).or_else(|| {
        parse_any(
            bytes,
            if MARK == b',' {
                DecimalMark::Comma
            } else {
                DecimalMark::Point
            },
        )
    })
}

/// [`parse_prefix`] for a mark that is known only now.
pub fn parse_with(bytes: &[u8], mark: DecimalMark) -> Option<(f64, usize)> {
    match mark {
        DecimalMark::Point => parse_prefix::<b'.'>(bytes),
        DecimalMark::Comma => parse_prefix::<b','>(bytes),
    }
}

/// Numbers as instruments print them: few digits and a small exponent. Then digits and power of ten are exact floats, and
/// their product or quotient is the nearest float (Clinger, "How to read floating point numbers accurately", PLDI 1990).
/// Gives nothing for all others.
#[allow(clippy::inline_always, reason = "most of the time spent on a file is spent here")]
#[inline(always)]
fn parse_short<const MARK: u8>(bytes: &[u8]) -> Option<(f64, usize)> {
    let negative = bytes.first() == Some(&b'-');
    let start = usize::from(negative);
    let mut digits = 0_u64;
    let mut position = collect_digits(bytes, start, &mut digits);
    let mut fraction = 0;
    if bytes.get(position) == Some(&MARK) {
        let behind_mark = position + 1;
        position = collect_digits(bytes, behind_mark, &mut digits);
        fraction = position - behind_mark;
    }
    let count = position - start;
    // The mark may be among the counted bytes, and there must be a digit beside it.
    if count > COLLECTED || count < 1 + usize::from(fraction > 0) || !bytes[position - 1].is_ascii_digit() {
        return None;
    }
    let mut exponent = 0_i32;
    if matches!(bytes.get(position), Some(b'e' | b'E')) {
        let sign = *bytes.get(position + 1)?;
        position += 1 + usize::from(matches!(sign, b'-' | b'+'));
        let first = position;
        while let Some(digit) = bytes
            .get(position)
            .map(|byte| byte.wrapping_sub(b'0'))
            .filter(|digit| *digit < 10)
        {
            exponent = exponent.wrapping_mul(10).wrapping_add(i32::from(digit));
            position += 1;
        }
        if !(1..=4).contains(&(position - first)) {
            return None;
        }
        if sign == b'-' {
            exponent = -exponent;
        }
    }
    let power = exponent - fraction as i32;
    if digits > 1 << 53 {
        return None;
    }
    let size = EXACT_POWERS.get(power.unsigned_abs() as usize)?;
    let value = if power < 0 {
        digits.cast_signed() as f64 / size
    } else {
        digits.cast_signed() as f64 * size
    };
    Some((if negative { -value } else { value }, position))
}

/// Adds the digits from a position on to a number; gives the position behind them.
#[allow(clippy::inline_always, reason = "most of the time spent on a file is spent here")]
#[inline(always)]
fn collect_digits(bytes: &[u8], start: usize, number: &mut u64) -> usize {
    let mut position = start;
    while let Some(digit) = bytes
        .get(position)
        .map(|byte| byte.wrapping_sub(b'0'))
        .filter(|digit| *digit < 10)
    {
        *number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
        position += 1;
    }
    position
}

#[cold]
fn parse_any(bytes: &[u8], mark: DecimalMark) -> Option<(f64, usize)> {
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
    match parse_with(cell, mark) {
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
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn the_value_is_the_nearest_float(
            negative in any::<bool>(), whole in 0..10_000_u32, fraction in "[0-9]{0,18}", exponent in -40..40_i32, scientific in any::<bool>(),
        ) {
            let sign = if negative { "-" } else { "" };
            let exponent = if scientific { format!("e{exponent}") } else { String::new() };
            let text = format!("{sign}{whole}.{fraction}{exponent}");
            let expected: f64 = text.parse().unwrap();
            for (text, mark) in [(text.clone(), DecimalMark::Point), (text.replace('.', ","), DecimalMark::Comma)] {
                let (value, length) = parse_with(text.as_bytes(), mark).unwrap();
                prop_assert_eq!(value.to_bits(), expected.to_bits());
                prop_assert_eq!(length, text.len());
            }
        }

        #[test]
        fn any_beginning_is_read_like_the_library_does(text in "[-+0-9.e, n]{0,12}") {
            let short = parse_short::<b'.'>(text.as_bytes());
            prop_assert!(short.is_none() || short == parse_any(text.as_bytes(), DecimalMark::Point));
        }
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
