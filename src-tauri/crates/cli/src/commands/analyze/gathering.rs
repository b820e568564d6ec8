//! Measurements of files one after the other, for commands that study many together.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use protocol::measurement::Measurement;
use protocol::settings::Settings;

use super::inputs::{Input, Inputs};
use super::measuring::{Bench, Part};
use super::writing::Form;
use super::{Tally, in_rounds, measured};
use crate::ending::Failure;
use crate::progress::Progress;
use crate::settings_file;

/// Measures files, and those of folders, as `sacmes analyze` does, and hands over every measurement in natural order of the names.
/// Files that cannot be used are named on standard error.
///
/// # Errors
/// Settings that cannot be used, and a folder that cannot be looked into.
pub fn gather(
    paths: &[PathBuf],
    settings: &Settings,
    verbose: bool,
    mut take: impl FnMut(&Measurement),
) -> Result<Tally, Failure> {
    // A form that needs everything together leaves the writing to others.
    let bench = Bench::new(settings_file::rules(settings)?, Form::Sacmes);
    let inputs = Inputs::of(paths)?;
    let total = inputs.files.len() as u64;
    let progress = Progress::start("Analysing", total);
    let mut tally = Tally {
        failed: inputs.unusable.len(),
        ..Tally::default()
    };
    for refusal in &inputs.unusable {
        progress.complain(&refusal.to_string());
    }
    let mut add = |part: Part| {
        tally.add(&part);
        for line in part.failures.iter().chain(part.left_out.iter().filter(|_| verbose)) {
            progress.complain(line);
        }
        part.measurements.iter().for_each(&mut take);
        Ok(())
    };
    // Nothing is written here: the usual effect of Ctrl+C is all that is needed.
    let stopped = AtomicBool::new(false);
    let round = |files: &[Input]| measured(&bench, files);
    in_rounds(&inputs.files, round, &stopped, &mut add, |done| {
        progress.set(done, total);
    })?;
    Ok(tally)
}
