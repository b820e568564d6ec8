//! The forms in which measurements are written.

use std::path::Path;

use agent::export::{csv_columns, write_csv, write_jsonl, write_sacmes, write_sacmes_web, write_workbook};
use protocol::measurement::Measurement;
use protocol::settings::Settings;

use super::measuring::Part;
use crate::ending::Failure;
use crate::output::Output;

/// Form of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One measurement object a line.
    Jsonl,
    /// One row per measurement.
    Csv,
    /// The predecessor's report.
    SacmesWeb,
    /// The table of the original.
    Sacmes,
    /// An Excel workbook.
    Xlsx,
}

impl Form {
    /// Whether all measurements are needed together.
    pub const fn needs_all(self) -> bool {
        matches!(self, Self::SacmesWeb | Self::Sacmes | Self::Xlsx)
    }

    /// Appends measurements to bytes, where the form allows it one by one; `columns` are those of a CSV.
    pub fn write_measurements(self, bytes: &mut Vec<u8>, columns: &[&str], measurements: &[Measurement]) {
        let written = match self {
            Self::Jsonl => write_jsonl(bytes, measurements),
            Self::Csv => write_csv(bytes, columns, measurements, false),
            Self::SacmesWeb | Self::Sacmes | Self::Xlsx => Ok(()),
        };
        if let Err(error) = written {
            // Memory takes everything, and a measurement has no shape that these forms cannot show.
            unreachable!("{error}");
        }
    }
}

/// The results on their way to their destination.
pub struct Report {
    output: Output,
    form: Form,
    settings: Settings,
    together: Vec<Measurement>,
    begun: bool,
}

impl Report {
    /// Opens the destination; a file appears under its name when it is finished.
    ///
    /// # Errors
    /// The destination cannot be written.
    pub fn begin(form: Form, settings: Settings, out: Option<&Path>) -> Result<Self, Failure> {
        Ok(Self {
            output: Output::to(out)?,
            form,
            settings,
            together: Vec::new(),
            begun: false,
        })
    }

    /// Adds measurements.
    ///
    /// # Errors
    /// The destination does not take them.
    pub fn add(&mut self, part: Part) -> Result<(), Failure> {
        if !self.begun && self.form == Form::Csv {
            self.output
                .bytes(format!("{}\r\n", csv_columns(&self.settings).join(",")).as_bytes())?;
        }
        self.begun = true;
        self.output.bytes(&part.bytes)?;
        self.together.extend(part.measurements);
        Ok(())
    }

    /// Completes the results.
    ///
    /// # Errors
    /// The destination does not take them.
    pub fn finish(mut self) -> Result<(), Failure> {
        if self.form.needs_all() {
            let mut whole = Vec::new();
            let written = match self.form {
                Form::Sacmes => write_sacmes(&mut whole, &self.settings, &self.together),
                Form::Xlsx => write_workbook(&mut whole, &self.settings, &self.together),
                Form::SacmesWeb | Form::Jsonl | Form::Csv => {
                    write_sacmes_web(&mut whole, &self.settings, &self.together)
                }
            };
            written.map_err(|error| Failure::of_output(&error, "The report"))?;
            self.output.bytes(&whole)?;
        }
        self.output.finish()
    }
}
