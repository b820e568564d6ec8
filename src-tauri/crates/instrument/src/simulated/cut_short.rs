//! What a run that was killed left unfinished.

use super::error::SimulationError;
use super::play::PlaySettings;
use super::run::{Run, measured_at, slots};
use std::fs;
use std::path::PathBuf;

/// The files in the run's folder that hold only the beginning of their content: those whose writer was killed. By their
/// content and not by their time, which a clock that was set back makes meaningless.
///
/// A run that states the present as its time ([`super::ScanTime::Now`]) has none where its files say so: nobody knows what they
/// would have held.
///
/// # Errors
/// [`SimulationError`] where the run itself is wrong.
pub fn cut_short(run: &dyn Run, settings: &PlaySettings) -> Result<Vec<PathBuf>, SimulationError> {
    let mut cut = Vec::new();
    for index in 1..=run.indices() {
        for (position, slot) in slots(run, settings.format, index) {
            let name = settings.handle.name(&slot, settings.format);
            let path = settings.folder.join(&name);
            let Ok(held) = fs::read(&path) else { continue };
            let at = measured_at(run, settings.format, settings.scan_time, position, &slot);
            let content = run.content(&slot, settings.format, &name, at)?;
            let wanted = content.bytes();
            if held.len() < wanted.len() && wanted.starts_with(&held) {
                cut.push(path);
            }
        }
    }
    Ok(cut)
}
