//! Quantities on axes: name, unit, and the SI prefix that the data choose.

/// Name and unit of what an axis shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Name, as in "Peak current".
    pub name: String,
    /// Unit of the data.
    pub unit: Unit,
}

impl Quantity {
    /// A quantity of this name.
    pub fn new(name: impl Into<String>, unit: Unit) -> Self {
        Self {
            name: name.into(),
            unit,
        }
    }
}

/// Units of the data that figures take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A plain number.
    None,
    /// Numbers that are per cent already.
    Percent,
    /// Volt.
    Volt,
    /// Ampere.
    Ampere,
    /// Coulomb.
    Coulomb,
    /// Hertz.
    Hertz,
    /// Mol per litre.
    Molar,
    /// Seconds, shown as ms, s, min or h.
    Second,
    /// Volt times ampere: the area of a peak.
    VoltAmpere,
    /// Mol per square metre, shown with a prefix on mol.
    MolPerSquareMetre,
}

/// Raises what follows up to the next blank or bracket. No text that somebody writes has it: it is of no language.
pub(crate) const RAISE: char = '\u{e000}';

/// How numbers of a unit are shown: what they are multiplied by, and the text of the unit, with [`RAISE`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    pub factor: f64,
    pub unit: String,
}

const PREFIXES: [(i32, &str); 10] = [
    (-18, "a"),
    (-15, "f"),
    (-12, "p"),
    (-9, "n"),
    (-6, "µ"),
    (-3, "m"),
    (0, ""),
    (3, "k"),
    (6, "M"),
    (9, "G"),
];

impl Unit {
    /// The form in which numbers up to this magnitude are read best.
    pub(crate) fn shown(self, largest: f64) -> Shown {
        let fixed = |factor: f64, unit: &str| Shown {
            factor,
            unit: unit.to_owned(),
        };
        match self {
            Self::None => fixed(1.0, ""),
            Self::Percent => fixed(1.0, "%"),
            // Frequencies of voltammetry are told apart in Hz, potentials in V unless they are small.
            Self::Hertz => fixed(1.0, "Hz"),
            Self::Volt if (0.1..1e3).contains(&largest) => fixed(1.0, "V"),
            Self::Second if largest >= 3.0 * 3600.0 => fixed(1.0 / 3600.0, "h"),
            Self::Second if largest >= 300.0 => fixed(1.0 / 60.0, "min"),
            Self::Second if largest >= 1.0 => fixed(1.0, "s"),
            Self::Second => prefixed("s", "", largest),
            Self::Volt => prefixed("V", "", largest),
            Self::Ampere => prefixed("A", "", largest),
            Self::Coulomb => prefixed("C", "", largest),
            Self::Molar => prefixed("M", "", largest),
            Self::VoltAmpere => prefixed("V·A", "", largest),
            Self::MolPerSquareMetre => prefixed("mol", " m\u{e000}−2", largest),
        }
    }
}

fn prefixed(symbol: &str, rest: &str, largest: f64) -> Shown {
    let exponent = if largest > 0.0 && largest.is_finite() {
        // 999.9999 of the smaller unit is still read as 1000 of it.
        ((largest * (1.0 + 1e-9)).log10() / 3.0).floor() as i32 * 3
    } else {
        0
    };
    let exponent = exponent.clamp(-18, 9);
    let prefix = PREFIXES
        .iter()
        .find(|(e, _)| *e == exponent)
        .map_or("", |(_, prefix)| *prefix);
    Shown {
        // Exact powers of ten, both ways.
        factor: if exponent <= 0 {
            10_f64.powi(-exponent)
        } else {
            1.0 / 10_f64.powi(exponent)
        },
        unit: format!("{prefix}{symbol}{rest}"),
    }
}

/// A number with a real minus sign and this many decimals; never "−0".
pub(crate) fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| c == '0' || c == '.') => rest.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

/// A value with its unit for a legend, three significant digits: "1.23 µA".
pub fn value_text(value: f64, unit: Unit) -> String {
    let shown = unit.shown(value.abs());
    let scaled = value * shown.factor;
    let digits = if scaled == 0.0 {
        0
    } else {
        scaled.abs().log10().floor() as i32
    };
    let number = number(scaled, (2 - digits).clamp(0, 6) as usize);
    if shown.unit.is_empty() {
        number
    } else {
        format!("{number} {}", shown.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_follow_the_data() {
        let unit = |unit: Unit, largest: f64| unit.shown(largest).unit;
        assert_eq!(unit(Unit::Ampere, 1.2e-6), "µA");
        assert_eq!(unit(Unit::Ampere, 999e-9), "nA");
        assert_eq!(unit(Unit::Ampere, 1e-6), "µA");
        assert_eq!(unit(Unit::Ampere, 0.0), "A");
        assert_eq!(unit(Unit::Ampere, 1e-30), "aA");
        assert_eq!(unit(Unit::Volt, 0.45), "V");
        assert_eq!(unit(Unit::Volt, 0.045), "mV");
        assert_eq!(unit(Unit::Second, 7_200.0), "min");
        assert_eq!(unit(Unit::Second, 86_400.0), "h");
        assert_eq!(unit(Unit::Second, 0.02), "ms");
        assert_eq!(unit(Unit::MolPerSquareMetre, 2e-8), "nmol m\u{e000}−2");
        assert!((3e-8 * Unit::Ampere.shown(3e-8).factor - 30.0).abs() < 1e-9);
    }

    #[test]
    fn numbers_have_a_minus_sign_and_no_negative_zero() {
        assert_eq!(number(-0.25, 2), "−0.25");
        assert_eq!(number(-0.001, 2), "0.00");
        assert_eq!(value_text(-1.234e-6, Unit::Ampere), "−1.23 µA");
        assert_eq!(value_text(0.28, Unit::Volt), "0.280 V");
        assert_eq!(value_text(0.0, Unit::Ampere), "0.00 A");
        assert_eq!(value_text(123.4, Unit::None), "123");
    }
}
