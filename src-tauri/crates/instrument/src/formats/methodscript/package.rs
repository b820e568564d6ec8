//! Data packages: `Pda7F85E36u;ba8297153p,14,208`.
//!
//! A package is `P` and variables with semicolons between them. A variable is two letters for its type, seven hexadecimal
//! digits of value + 2²⁷, an SI prefix, and metadata behind commas: one hexadecimal digit of status behind `1`, the
//! current range behind `2`. Eight characters `     nan` stand for no number.

/// A variable of a package.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Variable {
    /// What it is.
    pub(super) kind: [u8; 2],
    /// Value in the unit without prefix; NaN if the device sent none.
    pub(super) value: f64,
    /// Whether the device reports that it was overloaded.
    pub(super) overload: bool,
}

/// Status bit of an overload.
const OVERLOAD: u8 = 2;
/// Offset of the values.
const ZERO: i64 = 1 << 27;

/// The variables of a package, each `None` if it is damaged; nothing if the line is no package.
pub(super) fn variables(line: &[u8]) -> Option<impl Iterator<Item = Option<Variable>>> {
    let body = line.strip_prefix(b"P")?;
    let letters = body.len() > 2 && body[..2].iter().all(u8::is_ascii_lowercase);
    letters.then(|| body.split(|byte| *byte == b';').map(variable))
}

fn variable(text: &[u8]) -> Option<Variable> {
    let kind = [*text.first()?, *text.get(1)?];
    let number = text.get(2..10)?;
    let value = if number == b"     nan" {
        f64::NAN
    } else {
        let mut raw = 0_i64;
        for digit in &number[..7] {
            raw = raw << 4 | i64::from(char::from(*digit).to_digit(16)?);
        }
        scaled((raw - ZERO) as f64, number[7])?
    };
    let metadata = text.get(10..).filter(|rest| !rest.is_empty());
    let mut overload = false;
    if let Some(metadata) = metadata {
        for token in metadata.strip_prefix(b",")?.split(|byte| *byte == b',') {
            if let [b'1', status] = token {
                overload |= char::from(*status).to_digit(16)? as u8 & OVERLOAD != 0;
            }
        }
    }
    kind.iter()
        .all(u8::is_ascii_lowercase)
        .then_some(Variable { kind, value, overload })
}

/// A value with its SI prefix. Powers of ten are exact, so the result is correctly rounded.
fn scaled(value: f64, prefix: u8) -> Option<f64> {
    Some(match prefix {
        b'a' => value / 1e18,
        b'f' => value / 1e15,
        b'p' => value / 1e12,
        b'n' => value / 1e9,
        b'u' => value / 1e6,
        b'm' => value / 1e3,
        // `i` marks whole numbers.
        b' ' | b'i' => value,
        b'k' => value * 1e3,
        b'M' => value * 1e6,
        b'G' => value * 1e9,
        b'T' => value * 1e12,
        b'P' => value * 1e15,
        b'E' => value * 1e18,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(line: &[u8]) -> Option<Vec<Option<Variable>>> {
        variables(line).map(Iterator::collect)
    }

    #[test]
    fn values_have_an_offset_and_a_prefix() {
        let found = all(b"Pda7F85E36u;ba8297153p,14,208;eb8000001 ,12").unwrap();
        let values: Vec<Option<f64>> = found.iter().map(|v| v.map(|v| v.value)).collect();
        assert_eq!(values, [Some(-0.500_170), Some(2.715_987e-6), Some(1.0)]);
        let overloads: Vec<bool> = found.iter().map(|v| v.unwrap().overload).collect();
        assert_eq!(overloads, [false, false, true]);
        assert_eq!(found[1].unwrap().kind, *b"ba");
        assert!(all(b"Pba     nan,10").unwrap()[0].unwrap().value.is_nan());
    }

    #[test]
    fn damaged_variables_are_none() {
        assert_eq!(all(b"Pda7F85E36u;ba82971").unwrap()[1], None);
        assert_eq!(all(b"Pda7F85G36u").unwrap()[0], None);
        assert_eq!(all(b"Pda7F85E36?").unwrap()[0], None);
        assert_eq!(all(b"Pda7F85E36u14").unwrap()[0], None);
        assert_eq!(all(b"Potential/V"), Some(vec![None]));
        assert_eq!(all(b"M0002"), None);
        assert_eq!(all(b"P"), None);
    }
}
