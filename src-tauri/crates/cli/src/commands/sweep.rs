//! `sacmes sweep`: the curves behind a measurement.

use agent::querying;
use clap::Args;
use protocol::columns::Columns;
use protocol::ids::MeasurementId;
use protocol::measurement::Measurement;
use protocol::query::ColumnQuery;
use protocol::refusal::Refusal;
use serde::Serialize;
use serde::ser::SerializeMap;

use crate::ending::{Ending, Outcome};
use crate::output::Output;
use crate::place::Place;
use crate::session_choice;

#[derive(Debug, Args)]
pub struct Sweep {
    /// Id of a session, the beginning of its id, or its name.
    #[arg(value_name = "SESSION")]
    session: String,

    /// Id of a measurement (`measurement` of `sacmes results`).
    #[arg(value_name = "MEASUREMENT")]
    measurement: i64,

    #[command(flatten)]
    place: Place,

    /// A JSON object; a sweep always is.
    #[arg(long)]
    json: bool,
}

/// A measurement with its curves point by point, and what else belongs to drawing it.
#[derive(Debug)]
struct SweepObject<'a> {
    measurement: Measurement,
    columns: &'a Columns,
}

/// What stands in the header for the window only.
const NOT_SHOWN: [&str; 3] = ["measurement", "stored", "electrode"];

impl Serialize for SweepObject<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("measurement", &self.measurement)?;
        for name in self.columns.names() {
            object.serialize_entry(name, &Curve::of(self.columns, name))?;
        }
        for (key, value) in self.columns.about.as_object().into_iter().flatten() {
            if !NOT_SHOWN.contains(&key.as_str()) {
                object.serialize_entry(key, value)?;
            }
        }
        object.end()
    }
}

impl Sweep {
    /// One object.
    pub fn run(self) -> Outcome {
        let store = self.place.read_store()?;
        let session = session_choice::find(&store, &self.session)?.summary;
        let measurement = store.measurement(self.measurement)?.measurement;
        if measurement.session != Some(session.session) {
            return Err(Refusal::new(
                "no_such_measurement",
                format!(
                    "Measurement {} belongs to another session than \"{}\".",
                    self.measurement, session.name
                ),
                "`sacmes results SESSION` lists a session's measurements.",
            )
            .into());
        }
        let query = ColumnQuery::Sweep {
            points: None,
            measurement: MeasurementId(self.measurement),
            settings: None,
        };
        let columns = querying::read_columns(&store, query)?;
        let object = SweepObject {
            measurement,
            columns: &columns,
        };
        let mut output = Output::standard();
        output.json_line(&object)?;
        output.finish()?;
        Ok(Ending::Done)
    }
}

/// Values of a column; what is not a number is null.
#[derive(Debug)]
struct Curve<'a>(&'a [f64]);

impl<'a> Curve<'a> {
    fn of(columns: &'a Columns, name: &str) -> Self {
        Self(columns.column(name).unwrap_or_default())
    }
}

impl Serialize for Curve<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|value| value.is_finite().then_some(*value)))
    }
}
