//! How a file comes into being.

use super::content::FileContent;
use super::pace::{Pace, Wait};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

/// How an instrument's software brings a file into its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WritingStyle {
    /// Written under a hidden temporary name, then renamed: complete from the first moment it can be seen.
    Atomic,
    /// Line by line, each handed to the system at once, spread over nine tenths of the interval.
    #[default]
    Append,
    /// All at once, under its own name.
    Burst,
}

/// Part of its interval in which an appended file is written.
const APPEND_SHARE: f64 = 0.9;

/// Creates `path` with `content`. An existing file is never touched: that is [`io::ErrorKind::AlreadyExists`].
///
/// An appended file is completed at once when a stop is asked for, so that no half file stays behind.
pub(super) fn write(
    path: &Path,
    content: &FileContent,
    style: WritingStyle,
    starts_at: Duration,
    interval: Duration,
    pace: &dyn Pace,
) -> io::Result<()> {
    match style {
        WritingStyle::Burst => create_new(path)?.write_all(&content.bytes()),
        WritingStyle::Atomic => write_and_rename(path, content),
        WritingStyle::Append => append(create_new(path)?, content, starts_at, interval, pace),
    }
}

fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

fn write_and_rename(path: &Path, content: &FileContent) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = fs::write(&temporary, content.bytes()).and_then(|()| {
        // Renaming replaces silently on most systems, so look once more.
        if path.symlink_metadata().is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        fs::rename(&temporary, path)
    });
    if written.is_err() {
        // The first error is the one to report; a temporary file that cannot be removed either is hidden and harmless.
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn append(
    mut file: File,
    content: &FileContent,
    starts_at: Duration,
    interval: Duration,
    pace: &dyn Pace,
) -> io::Result<()> {
    let lines = content.lines().count().max(1) as f64;
    let mut stopped = false;
    for (k, line) in content.lines().enumerate() {
        let due = starts_at + interval.mul_f64(APPEND_SHARE * (k + 1) as f64 / lines);
        stopped = stopped || pace.wait_until(due) == Wait::Stopped;
        file.write_all(&line)?;
    }
    Ok(())
}
