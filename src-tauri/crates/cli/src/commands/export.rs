//! `sacmes export`: a session's results as a file.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use agent::export::{ExportError, export};
use clap::{Args, ValueEnum};
use protocol::command::ExportLayout;
use protocol::refusal::Refusal;

use super::selected::Selected;
use crate::ending::{Ending, Failure, Outcome, complain};
use crate::place::Place;
use crate::progress::Progress;
use crate::{interruption, session_choice};

/// Form of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatChoice {
    /// One row per measurement.
    Csv,
    /// One measurement object a line.
    Jsonl,
    /// The report of `SACMES_Web` that belongs to the technique.
    SacmesWeb,
    /// One row per electrode and index of the trends.
    Trends,
    /// Excel workbook.
    Xlsx,
    /// The table of the original SACMES that belongs to the technique.
    Sacmes,
    /// One zip with raw files, settings, measurements and checksums; always the whole session.
    Archive,
}

#[derive(Debug, Args)]
pub struct Export {
    /// Id of a session, the beginning of its id, or its name.
    #[arg(value_name = "SESSION")]
    session: String,

    /// File to write; it appears when it is complete.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// Form of the file; without it, what the file's extension says, else csv.
    #[arg(long, value_enum)]
    format: Option<FormatChoice>,

    #[command(flatten)]
    selected: Selected,

    #[command(flatten)]
    place: Place,

    /// One JSON object with what was written, on standard output.
    #[arg(long)]
    json: bool,
}

impl Export {
    /// Writes the file, or nothing.
    pub fn run(self) -> Outcome {
        let layout = match self.format.unwrap_or_else(|| of_extension(&self.out)) {
            FormatChoice::Csv => ExportLayout::Csv,
            FormatChoice::Jsonl => ExportLayout::Jsonl,
            FormatChoice::SacmesWeb => ExportLayout::SacmesWeb,
            FormatChoice::Trends => ExportLayout::Trends,
            FormatChoice::Xlsx => ExportLayout::Xlsx,
            FormatChoice::Sacmes => ExportLayout::Sacmes,
            FormatChoice::Archive => ExportLayout::Archive,
        };
        let store = self.place.read_store()?;
        let session = session_choice::find(&store, &self.session)?.summary.session;
        let selection = self.selected.selection();
        let cancelled = interruption::flag();
        let progress = Progress::start("Exporting", 0);
        let shown = self.out.display().to_string();
        let written = export(
            &store,
            session,
            layout,
            &selection,
            &self.out,
            &cancelled,
            |done, total| {
                progress.set(done, total);
            },
        );
        drop(progress);
        let written = written.map_err(|error| match error {
            ExportError::Cancelled if cancelled.load(Ordering::Relaxed) => Failure::Refused(Refusal::new(
                "cancelled",
                format!("The export was stopped; {shown} was not written."),
                "Start it again to have the file.",
            )),
            other => Failure::Refused(other.into()),
        })?;
        if self.json {
            let mut output = crate::output::Output::standard();
            let counted = if layout == ExportLayout::Trends {
                "rows"
            } else {
                "measurements"
            };
            output.json_line(&serde_json::json!({"file": shown, counted: written}))?;
            output.finish()?;
        } else {
            let counted = match layout {
                ExportLayout::Trends => "trend points",
                _ => "measurements",
            };
            complain(&format!("wrote {written} {counted} to {shown}"));
        }
        Ok(Ending::Done)
    }
}

fn of_extension(file: &Path) -> FormatChoice {
    let extension = file.extension().map(|e| e.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("jsonl" | "ndjson" | "json") => FormatChoice::Jsonl,
        Some("xlsx") => FormatChoice::Xlsx,
        Some("zip") => FormatChoice::Archive,
        _ => FormatChoice::Csv,
    }
}
