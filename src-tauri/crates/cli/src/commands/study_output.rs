//! Where a study is written, and in which form.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

/// The forms that a study has.
pub trait StudyForm: ValueEnum + Copy + Send + Sync + 'static {
    /// One object a line.
    const JSONL: Self;
    /// A table.
    const CSV: Self;
}

#[derive(Debug, Args)]
pub struct StudyOutput<F: StudyForm> {
    /// File to write instead of standard output; it appears when it is complete.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// Form of the results; without it, what the extension of --out says, else jsonl in a file and tables on standard output.
    #[arg(long, value_enum)]
    format: Option<F>,

    /// One JSON object a line, as --format jsonl.
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

impl<F: StudyForm> StudyOutput<F> {
    /// The form; none for tables for people.
    pub fn form(&self) -> Option<F> {
        if self.json {
            return Some(F::JSONL);
        }
        let extension = self.out.as_deref().and_then(Path::extension);
        match extension.map(|e| e.to_string_lossy().to_lowercase()).as_deref() {
            _ if self.format.is_some() => self.format,
            Some("csv") => Some(F::CSV),
            _ => self.out.as_ref().map(|_| F::JSONL),
        }
    }
}
