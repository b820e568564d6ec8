//! The parts of a session file that are needed. Keys are all lower case up to version 5.0 and capitalised later; all
//! other keys are skipped without being kept.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The file.
#[derive(Debug, Deserialize)]
pub(super) struct Session {
    /// The measurements.
    #[serde(default, alias = "Measurements")]
    pub(super) measurements: Option<Vec<Measurement>>,
}

/// One measurement.
#[derive(Debug, Deserialize)]
pub(super) struct Measurement {
    /// Name, by default that of the technique.
    #[serde(default, alias = "Title")]
    pub(super) title: Scalar,
    /// .NET ticks by the clock of the computer.
    #[serde(default, alias = "TimeStamp")]
    pub(super) timestamp: Scalar,
    /// Serial number of the instrument.
    #[serde(default, alias = "DeviceSerial")]
    pub(super) deviceserial: Scalar,
    /// The settings, as text.
    #[serde(default, alias = "Method")]
    pub(super) method: Scalar,
    /// What the instrument sent.
    #[serde(default, alias = "DataSet")]
    pub(super) dataset: Option<DataSet>,
    /// What is drawn.
    #[serde(default, alias = "Curves")]
    pub(super) curves: Option<Vec<DrawnCurve>>,
}

/// All arrays of a measurement.
#[derive(Debug, Deserialize)]
pub(super) struct DataSet {
    /// The arrays.
    #[serde(default, alias = "Values")]
    pub(super) values: Option<Vec<DataArray>>,
}

/// A curve, which has arrays of its own.
#[derive(Debug, Deserialize)]
pub(super) struct DrawnCurve {
    /// Name.
    #[serde(default, alias = "Title")]
    pub(super) title: Scalar,
    /// Abscissa.
    #[serde(alias = "XAxisDataArray")]
    pub(super) xaxisdataarray: Option<DataArray>,
    /// Ordinate.
    #[serde(alias = "YAxisDataArray")]
    pub(super) yaxisdataarray: Option<DataArray>,
}

/// An array of readings.
#[derive(Debug, Deserialize)]
pub(super) struct DataArray {
    /// What it holds, as a number; absent up to version 5.0.
    #[serde(default, alias = "ArrayType")]
    pub(super) arraytype: Scalar,
    /// Scan and channel in one word.
    #[serde(default, alias = "Description")]
    pub(super) description: Scalar,
    /// Unit.
    #[serde(default, alias = "Unit")]
    pub(super) unit: Option<Unit>,
    /// The readings.
    #[serde(default, alias = "DataValues")]
    pub(super) datavalues: Readings,
}

/// The unit of an array.
#[derive(Debug, Deserialize)]
pub(super) struct Unit {
    /// A class name that ends with the unit: `PalmSens.Units.MicroAmpere`.
    #[serde(default, rename = "type", alias = "Type")]
    pub(super) class: Scalar,
}

/// A value that should be a number or a text; nothing if it is something else.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Scalar {
    /// Absent, null, a list or an object.
    #[default]
    Nothing,
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Number(f64),
    /// A text.
    Text(String),
}

impl Scalar {
    /// The text; empty if it is none.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    /// The whole number.
    pub(super) const fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The reading; what was recorded as no number stays none.
    fn reading(&self) -> f64 {
        match self {
            Self::Integer(number) => *number as f64,
            Self::Number(number) => *number,
            Self::Text(text) => match text.as_str() {
                "Infinity" => f64::INFINITY,
                "-Infinity" => f64::NEG_INFINITY,
                _ => f64::NAN,
            },
            Self::Nothing => f64::NAN,
        }
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Scalar, E> {
        Ok(Scalar::Nothing)
    }

    fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
        Ok(i64::try_from(value).map_or(Scalar::Number(value as f64), Scalar::Integer))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Scalar, E> {
        Ok(Scalar::Text(value))
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scalar, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nothing)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Scalar, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nothing)
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

/// Readings without the objects around them, which would take ten times the memory.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Readings {
    /// The values.
    pub(super) values: Vec<f64>,
    /// How many of them the instrument marked as overloaded.
    pub(super) overloads: usize,
}

/// One reading: value and status.
#[derive(Deserialize)]
struct Reading {
    #[serde(default, alias = "V")]
    v: Scalar,
    #[serde(default, alias = "S")]
    s: Scalar,
}

/// Status of a reading beyond the current range.
const OVERLOAD: i64 = 1;

struct ReadingsVisitor;

impl<'de> Visitor<'de> for ReadingsVisitor {
    type Value = Readings;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of readings")
    }

    fn visit_unit<E>(self) -> Result<Readings, E> {
        Ok(Readings::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Readings, A::Error> {
        let mut readings = Readings::default();
        while let Some(reading) = list.next_element::<Reading>()? {
            readings.values.push(reading.v.reading());
            readings.overloads += usize::from(reading.s.integer() == Some(OVERLOAD));
        }
        Ok(readings)
    }
}

impl<'de> Deserialize<'de> for Readings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReadingsVisitor)
    }
}
