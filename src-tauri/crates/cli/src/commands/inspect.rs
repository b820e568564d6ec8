//! `sacmes inspect`: what is this file?

use std::path::PathBuf;

use agent::preview::inspect_file;
use clap::Args;

use crate::ending::{Ending, Failure, Outcome, complain};
use crate::output::Output;
use crate::settings_file;

/// Reasons that stand for a file that could not be opened, while all others say what is in it.
const NOT_READ: [&str; 5] = [
    "file_absent",
    "permission_denied",
    "cannot_be_read",
    "is_a_folder",
    "too_large",
];

#[derive(Debug, Args)]
pub struct Inspect {
    /// Files.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Settings whose name pattern and columns count.
    #[arg(long, value_name = "FILE.toml")]
    settings: Option<PathBuf>,
}

impl Inspect {
    /// One object a file, in the order given.
    pub fn run(self) -> Outcome {
        let rules = settings_file::rules(&settings_file::read_or_default(self.settings.as_deref())?)?;
        let mut output = Output::standard();
        let (mut read, mut not_read) = (0, 0);
        for file in &self.files {
            let inspection = inspect_file(file, &file.to_string_lossy(), &rules);
            output.json_line(&inspection)?;
            match &inspection.reason {
                Some(reason) if NOT_READ.contains(&reason.as_str()) => {
                    not_read += 1;
                    complain(inspection.message.as_deref().unwrap_or(reason));
                }
                _ => read += 1,
            }
        }
        output.finish()?;
        match (read, not_read) {
            (_, 0) => Ok(Ending::Done),
            (0, _) => Err(Failure::Told),
            _ => Ok(Ending::SomeFilesUnusable),
        }
    }
}
