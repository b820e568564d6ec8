//! Plays an experiment into a folder, file by file, at an instrument's pace.

use super::content::FileContent;
use super::error::SimulationError;
use super::file::FileFormat;
use super::handle::Handle;
use super::pace::{Pace, Wait};
use super::run::{Run, Slot, file_count, measured_at, slots};
use super::writing::{WritingStyle, write};
use jiff::civil::DateTime;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use thiserror::Error;

/// What date and time the files state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ScanTime {
    /// The moment at which each file is begun: for a live run.
    Now,
    /// Counted from this moment by the duration that each scan would have had: the same files every time.
    From(DateTime),
}

impl ScanTime {
    /// Live files state the present; files that are made as fast as possible are dated as if an instrument had started
    /// at 2025-01-01 09:00 and measured one scan after the other, so that the same seed gives the same bytes.
    pub fn for_interval(interval: Duration) -> Self {
        if interval.is_zero() {
            Self::From(jiff::civil::date(2025, 1, 1).at(9, 0, 0, 0))
        } else {
            Self::Now
        }
    }
}

/// Where and how to play an experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaySettings {
    /// The folder; it is created if it does not exist.
    pub folder: PathBuf,
    /// Stem of the names.
    pub handle: Handle,
    /// What the files hold.
    pub format: FileFormat,
    /// How they come into being.
    pub style: WritingStyle,
    /// From the start of one file to the start of the next; zero for as fast as possible.
    pub interval: Duration,
    /// What date and time they state.
    pub scan_time: ScanTime,
}

/// A file that is complete in the folder.
#[derive(Debug, Clone, PartialEq)]
pub struct PlayedFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its place in the run.
    pub slot: Slot,
    /// Whether it was there before, with the same content.
    pub already_there: bool,
    /// Files done, this one included.
    pub done: u64,
    /// Files of the whole run.
    pub total: u64,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlayOutcome {
    /// Files written.
    pub written: u64,
    /// Files that were there before, with the same content.
    pub already_there: u64,
    /// Whether the run was stopped before its end.
    pub stopped: bool,
}

/// Why a run ended early. What was written until then stays.
#[derive(Debug, Error)]
pub enum PlayError {
    /// The folder cannot be created.
    #[error("the folder {folder} cannot be created: {source}")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file with other content has the name that is needed.
    #[error("{0} exists and holds something else")]
    Occupied(PathBuf),
    /// A file cannot be written.
    #[error("{path} cannot be written: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The experiment itself is wrong.
    #[error(transparent)]
    Simulation(#[from] SimulationError),
}

impl PlayError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Folder { .. } => "folder_not_created",
            Self::Occupied(_) => "file_occupied",
            Self::Write { source, .. } if source.kind() == io::ErrorKind::StorageFull => "disk_full",
            Self::Write { .. } => "file_not_written",
            Self::Simulation(error) => error.code(),
        }
    }

    /// What to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Folder { .. } => "choose a folder in which you may create files",
            Self::Occupied(_) => "choose an empty folder or another handle; nothing was overwritten",
            Self::Write { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                "free some space or choose a folder on another disk"
            }
            Self::Write { .. } => "check that the folder is there and that you may write to it",
            Self::Simulation(error) => error.hint(),
        }
    }
}

/// Plays a run into a folder: for each index, one file per frequency that holds all electrodes, or one for each electrode
/// where the format holds only one.
///
/// Files start one interval after the other; one that comes late (a slow disk, a sleeping PC) delays those after it, as
/// with a real instrument. A file of the same name with the same content counts as done; one with other content ends the
/// run. `pace` can stop the run between files; a file that is being appended is completed first. `progress` hears of each
/// file when it is complete.
///
/// # Errors
/// [`PlayError`] says what could not be written and why.
pub fn play(
    run: &dyn Run,
    settings: &PlaySettings,
    pace: &dyn Pace,
    mut progress: impl FnMut(&PlayedFile),
) -> Result<PlayOutcome, PlayError> {
    fs::create_dir_all(&settings.folder).map_err(|source| PlayError::Folder {
        folder: settings.folder.clone(),
        source,
    })?;
    let total = file_count(run, settings.format);
    let mut outcome = PlayOutcome::default();
    let mut starts_at = pace.elapsed();
    for index in 1..=run.indices() {
        for (position, slot) in slots(run, settings.format, index) {
            if pace.is_stopped() || pace.wait_until(starts_at) == Wait::Stopped {
                return Ok(PlayOutcome {
                    stopped: true,
                    ..outcome
                });
            }
            starts_at = starts_at.max(pace.elapsed());
            let name = settings.handle.name(&slot, settings.format);
            let at = measured_at(run, settings.format, settings.scan_time, position, &slot);
            let content = run.content(&slot, settings.format, &name, at)?;
            let path = settings.folder.join(&name);
            let already_there = holds(&path, &content)?;
            if already_there {
                outcome.already_there += 1;
            } else {
                write(&path, &content, settings.style, starts_at, settings.interval, pace).map_err(|source| {
                    if source.kind() == io::ErrorKind::AlreadyExists {
                        PlayError::Occupied(path.clone())
                    } else {
                        PlayError::Write {
                            path: path.clone(),
                            source,
                        }
                    }
                })?;
                outcome.written += 1;
            }
            starts_at += settings.interval;
            progress(&PlayedFile {
                path,
                slot,
                already_there,
                done: outcome.written + outcome.already_there,
                total,
            });
        }
    }
    Ok(outcome)
}

/// Whether the file exists with exactly this content.
fn holds(path: &Path, content: &FileContent) -> Result<bool, PlayError> {
    let Ok(metadata) = path.symlink_metadata() else {
        return Ok(false);
    };
    let wanted = content.bytes();
    let same = metadata.is_file()
        && metadata.len() == wanted.len() as u64
        && fs::read(path).is_ok_and(|bytes| bytes == *wanted);
    if same {
        Ok(true)
    } else {
        Err(PlayError::Occupied(path.to_owned()))
    }
}
