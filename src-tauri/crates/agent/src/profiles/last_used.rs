//! Which profile was used last: the window opens it at its next start.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use protocol::refusal::Refusal;

use crate::export::AtomicFile;
use crate::intake::read_regular;

/// A name is never longer, in bytes.
const LONGEST: u64 = 4096;

fn path(data_dir: &Path) -> PathBuf {
    data_dir.join("last-profile")
}

pub(super) fn read(data_dir: &Path) -> Option<String> {
    let text = String::from_utf8(read_regular(&path(data_dir), LONGEST).ok()?).ok()?;
    Some(text.trim_end_matches(['\r', '\n']).to_owned()).filter(|name| !name.is_empty())
}

pub(super) fn remember(data_dir: &Path, name: &str) -> Result<(), Refusal> {
    let write = || -> io::Result<()> {
        let mut file = AtomicFile::create(&path(data_dir))?;
        writeln!(file, "{name}")?;
        file.finish()
    };
    write().map_err(|error| {
        Refusal::new(
            "last_profile_not_kept",
            format!("That “{name}” is opened at the next start could not be noted: {error}."),
            "Make the data folder writable, or start with --profile.",
        )
    })
}

/// Another name took the place of this one, or none did.
pub(super) fn replace(data_dir: &Path, name: &str, by: Option<&str>) {
    if read(data_dir).is_none_or(|last| last != name) {
        return;
    }
    let replaced = match by {
        Some(by) => remember(data_dir, by).map_err(|refusal| refusal.message),
        None => fs::remove_file(path(data_dir)).map_err(|error| error.to_string()),
    };
    // What is not there any more is not opened; another is.
    if let Err(error) = replaced {
        tracing::warn!("the last used profile could not be noted: {error}");
    }
}
