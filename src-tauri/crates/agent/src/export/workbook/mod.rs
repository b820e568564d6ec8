//! The Excel workbook: measurements, trends, settings and revisions, files, markers, notes, statistics.
//!
//! Rows are written to temporary files one by one, so that a long session needs no more memory than a short one. Numbers
//! have full precision and SI base units, named in the headings; a missing number is an empty cell.

mod headings;
mod notes;
mod sheet;
mod statistics;

use std::io::Write;

use protocol::calibration::SessionCalibration;
use protocol::measurement::Measurement;
use protocol::note::Note;
use protocol::session::{FileEntry, Marker, SessionSummary, SettingsRevision};
use protocol::settings::Settings;
use rust_xlsxwriter::{Workbook, XlsxError};
use serde_json::{Value, json};

use self::headings::heading;
use self::sheet::Sheet;
use self::statistics::Statistics;
use super::tidy::csv_columns;
use crate::analysis::TrendRow;

/// Headings of the list of files.
const FILE_HEADINGS: [&str; 11] = [
    "File",
    "File revision",
    "State",
    "Reason",
    "Message",
    "Bytes",
    "Format",
    "Index",
    "Frequency (Hz)",
    "Points",
    "Last change (UTC)",
];

/// Headings of the binding curves.
const CALIBRATION_HEADINGS: [&str; 27] = [
    "Electrode",
    "Response",
    "K (mol/L)",
    "Standard error of K (mol/L)",
    "K, lower end (mol/L)",
    "K, upper end (mol/L)",
    "y min",
    "Standard error of y min",
    "y min, lower end",
    "y min, upper end",
    "y max",
    "Standard error of y max",
    "y max, lower end",
    "y max, upper end",
    "Hill coefficient n",
    "Standard error of n",
    "n, lower end",
    "n, upper end",
    "Limit of detection (mol/L)",
    "Dynamic range, lower end (mol/L)",
    "Dynamic range, upper end (mol/L)",
    "R²",
    "Standard deviation of the residuals",
    "Degrees of freedom",
    "Points",
    "Confidence of the intervals",
    "Reason",
];

/// A workbook on its way to its file.
pub struct Book {
    excel: Workbook,
    fields: Vec<&'static str>,
    measurements: Vec<Sheet>,
    statistics: Statistics,
}

/// What a session has beside its measurements.
pub struct About<'a> {
    /// The session.
    pub summary: &'a SessionSummary,
    /// All revisions of its settings, oldest first.
    pub revisions: &'a [SettingsRevision],
    /// Its files.
    pub files: &'a [FileEntry],
    /// Its markers.
    pub markers: &'a [Marker],
    /// Notes about it, its sweeps and its points.
    pub notes: &'a [Note],
    /// Its binding curves; none without a calibration.
    pub calibrations: &'a [SessionCalibration],
}

impl Book {
    /// Begins a workbook for measurements of these settings, with more columns than all of them have.
    pub fn begin(settings: &Settings, more: impl IntoIterator<Item = &'static str>) -> Self {
        Self {
            excel: Workbook::new(),
            fields: csv_columns(settings).into_iter().chain(more).collect(),
            measurements: Vec::new(),
            statistics: Statistics::default(),
        }
    }

    /// Adds a measurement; a full sheet is continued on another one.
    pub fn measurement(&mut self, measurement: &Measurement) -> Result<(), XlsxError> {
        self.statistics.add(measurement);
        if self.measurements.last().is_none_or(Sheet::is_full) {
            self.begin_measurements()?;
        }
        let object = serde_json::to_value(measurement).unwrap_or_default();
        match self.measurements.last_mut() {
            Some(sheet) => sheet.row(&mut self.excel, self.fields.iter().map(|field| object.get(field))),
            None => Ok(()),
        }
    }

    fn begin_measurements(&mut self) -> Result<(), XlsxError> {
        let name = match self.measurements.len() {
            0 => "Measurements".to_owned(),
            n => format!("Measurements {}", n + 1),
        };
        let headings = self.fields.iter().map(|field| heading(field));
        let sheet = Sheet::add(
            &mut self.excel,
            &name,
            headings,
            &[13.0, 10.0, 10.0, 26.0, 9.0, 10.0, 14.0],
        )?;
        self.measurements.push(sheet);
        Ok(())
    }

    /// Writes the rest and the file. `trends` are absent where the technique has none; `about` is absent for measurements that belong to no session.
    pub fn finish(
        mut self,
        trends: Option<&[TrendRow]>,
        settings: &Settings,
        about: Option<&About<'_>>,
        to: &mut (impl Write + Send),
    ) -> Result<(), XlsxError> {
        if self.measurements.is_empty() {
            self.begin_measurements()?;
        }
        for sheet in std::mem::take(&mut self.measurements) {
            sheet.finish(&mut self.excel)?;
        }
        if let Some(trends) = trends {
            self.trends(trends)?;
        }
        self.settings(settings, about)?;
        if let Some(about) = about {
            self.files(about.files)?;
            self.markers(about.markers)?;
            self.notes(about.notes)?;
            self.calibrations(about.calibrations)?;
        }
        let rows: Vec<_> = self.statistics.rows().collect();
        self.table("Statistics", &statistics::HEADINGS, &[14.0], rows)?;
        self.about(about.map(|about| about.summary))?;
        self.excel.save_to_writer(to)
    }

    fn trends(&mut self, trends: &[TrendRow]) -> Result<(), XlsxError> {
        // Excel takes no more rows on a sheet; the tidy forms have no such limit.
        let shown = &trends[..trends.len().min(sheet::ROWS as usize - 1)];
        let fields = super::trends::fields(trends);
        let headings = fields.iter().map(|field| heading(field));
        let mut sheet = Sheet::add(&mut self.excel, "Trends", headings, &[10.0, 8.0, 26.0, 14.0])?;
        for trend in shown {
            let object = serde_json::to_value(trend).unwrap_or_default();
            sheet.row(&mut self.excel, fields.iter().map(|field| object.get(*field)))?;
        }
        sheet.finish(&mut self.excel)
    }

    /// One row per key, one column per revision.
    fn settings(&mut self, settings: &Settings, about: Option<&About<'_>>) -> Result<(), XlsxError> {
        let of_session: Vec<(String, Value)> = match about {
            Some(about) => about
                .revisions
                .iter()
                .map(|r| (format!("Revision {} ({})", r.revision, r.at), json!(r.settings)))
                .collect(),
            None => vec![("Value".to_owned(), json!(settings))],
        };
        let mut keys = Vec::new();
        for (_, values) in &of_session {
            for key in keys_of(values, "") {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        let headings: Vec<&str> = std::iter::once("Setting")
            .chain(of_session.iter().map(|(name, _)| name.as_str()))
            .collect();
        let mut sheet = Sheet::add(&mut self.excel, "Settings", headings, &[30.0, 28.0])?;
        for key in &keys {
            let name = json!(key.trim_start_matches('/').replace('/', "."));
            let values = of_session.iter().map(|(_, values)| values.pointer(key).map(text_of));
            let cells: Vec<Option<Value>> = std::iter::once(Some(name)).chain(values).collect();
            sheet.row(&mut self.excel, cells.iter().map(Option::as_ref))?;
        }
        sheet.finish(&mut self.excel)
    }

    fn files(&mut self, files: &[FileEntry]) -> Result<(), XlsxError> {
        let rows = files.iter().map(|f| {
            [
                json!(f.file),
                json!(f.file_revision),
                json!(f.state),
                json!(f.reason),
                json!(f.message),
                json!(f.bytes),
                json!(f.format),
                json!(f.index),
                json!(f.frequency_hz),
                json!(f.points),
                json!(f.at),
            ]
        });
        self.table("Files", &FILE_HEADINGS, &[36.0, 9.0, 11.0, 18.0, 50.0, 12.0], rows)
    }

    fn markers(&mut self, markers: &[Marker]) -> Result<(), XlsxError> {
        let rows = markers
            .iter()
            .map(|m| [json!(m.index), json!(m.kind), json!(m.label), json!(m.concentration_m)]);
        let headings = ["Index", "Kind", "Label", "Concentration (mol/L)"];
        self.table("Markers", &headings, &[10.0, 12.0, 50.0, 16.0], rows)
    }

    fn calibrations(&mut self, calibrations: &[SessionCalibration]) -> Result<(), XlsxError> {
        if calibrations.is_empty() {
            return Ok(());
        }
        let rows = calibrations.iter().map(|c| {
            let whose = match c.electrode {
                Some(electrode) => json!(electrode),
                None if c.pooled => json!("all"),
                None => json!("average"),
            };
            [
                whose,
                json!(c.response),
                json!(c.k_m),
                json!(c.k_error_m),
                json!(c.k_low_m),
                json!(c.k_high_m),
                json!(c.y_min),
                json!(c.y_min_error),
                json!(c.y_min_low),
                json!(c.y_min_high),
                json!(c.y_max),
                json!(c.y_max_error),
                json!(c.y_max_low),
                json!(c.y_max_high),
                json!(c.hill),
                json!(c.hill_error),
                json!(c.hill_low),
                json!(c.hill_high),
                json!(c.limit_of_detection_m),
                json!(c.dynamic_range_low_m),
                json!(c.dynamic_range_high_m),
                json!(c.r_squared),
                json!(c.residual_deviation),
                json!(c.degrees_of_freedom),
                json!(c.points.len()),
                json!(c.confidence),
                json!(c.reason),
            ]
        });
        self.table("Calibration", &CALIBRATION_HEADINGS, &[12.0, 18.0, 14.0], rows)
    }

    fn about(&mut self, summary: Option<&SessionSummary>) -> Result<(), XlsxError> {
        let mut rows = vec![
            [
                json!("Written by"),
                json!(format!("SACMES {}", env!("CARGO_PKG_VERSION"))),
            ],
            [json!("Written at (UTC)"), json!(crate::clock::now())],
            [json!("Cite"), json!(super::CITATION)],
            [
                json!("Units"),
                json!("SI base units, full precision; a missing number is an empty cell, its reason stands in the row"),
            ],
        ];
        if let Some(summary) = summary {
            rows.push([json!("Session"), json!(summary.name)]);
            rows.push([json!("Session id"), json!(summary.session)]);
            rows.push([json!("Folder"), json!(summary.folder)]);
            rows.push([json!("Begun (UTC)"), json!(summary.created_at)]);
            rows.push([json!("Settings revision"), json!(summary.revision)]);
        }
        self.table("About", &["About this workbook", ""], &[24.0, 90.0], rows)
    }

    fn table<const N: usize>(
        &mut self,
        name: &str,
        headings: &[&str; N],
        widths: &[f64],
        rows: impl IntoIterator<Item = [Value; N]>,
    ) -> Result<(), XlsxError> {
        let mut sheet = Sheet::add(&mut self.excel, name, *headings, widths)?;
        for row in rows.into_iter().take(sheet::ROWS as usize - 1) {
            sheet.row(&mut self.excel, row.iter().map(Some))?;
        }
        sheet.finish(&mut self.excel)
    }
}

/// JSON pointers of all values in an object, lists being values.
fn keys_of(value: &Value, path: &str) -> Vec<String> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, value)| keys_of(value, &format!("{path}/{key}")))
            .collect(),
        _ => vec![path.to_owned()],
    }
}

/// A list as it would stand in `settings.toml`.
fn text_of(value: &Value) -> Value {
    match value {
        Value::Array(_) => Value::String(value.to_string()),
        other => other.clone(),
    }
}
