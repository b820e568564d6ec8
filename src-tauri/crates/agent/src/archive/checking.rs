//! What an archive says, as it may be kept: it comes from outside, and nothing in it was typed here.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::Path;

use protocol::mark::MarkedSweep;
use protocol::session::Marker;
use protocol::settings::Settings;

use super::ArchiveError;
use super::manifest::ArchivedFile;
use crate::analysis::Rules;
use crate::commanding::checked_marker;

/// More contents than any file had.
const MOST_REVISIONS: u32 = 1_000_000;

/// The settings, if they can be measured with.
pub fn settings(newest: Option<Settings>) -> Result<Settings, ArchiveError> {
    let settings = newest.ok_or_else(|| damaged("it has no settings"))?;
    Rules::new(&settings).map_err(|error| damaged(&format!("its settings: {error}")))?;
    Ok(settings)
}

/// Every file once, and each by a bare name: whatever is done with it later stays in its folder.
pub fn files(files: &[ArchivedFile]) -> Result<(), ArchiveError> {
    let mut seen = HashSet::new();
    for ArchivedFile { entry, .. } in files {
        if !is_bare(&entry.file) {
            return Err(damaged(&format!(
                "{:?} is not the name of a file in a folder",
                entry.file
            )));
        }
        if !seen.insert(entry.file.as_str()) {
            return Err(damaged(&format!("it lists {} twice", entry.file)));
        }
        if entry.file_revision > MOST_REVISIONS {
            return Err(damaged(&format!("{} had too many contents", entry.file)));
        }
    }
    Ok(())
}

/// The markers.
pub fn markers(markers: Vec<Marker>) -> Result<Vec<Marker>, ArchiveError> {
    let checked = |marker| checked_marker(marker).map_err(|refusal| damaged(&format!("a marker: {}", refusal.message)));
    markers.into_iter().map(checked).collect()
}

/// The marks.
pub fn marks(marks: &[MarkedSweep]) -> Result<(), ArchiveError> {
    let is_one = |sweep: &MarkedSweep| sweep.mark.points.parts().is_some() && sweep.mark.points.is_finite();
    if marks.iter().all(is_one) {
        Ok(())
    } else {
        Err(damaged("a mark marks nothing"))
    }
}

/// Also on other systems than this: an archive goes on from here.
fn is_bare(name: &str) -> bool {
    Path::new(name).file_name() == Some(OsStr::new(name))
        && !name.contains(['/', '\0'])
        && name.split('\\').all(|part| part != "..")
}

fn damaged(what: &str) -> ArchiveError {
    ArchiveError::Damaged(what.trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_out_of_the_folder_are_none() {
        for name in [
            "",
            ".",
            "..",
            "/etc/passwd",
            "../x",
            "a/b",
            "a/..",
            "x/",
            "..\\..\\x",
            "a\\..\\b",
            "a\0b",
        ] {
            assert!(!is_bare(name), "{name:?}");
        }
        for name in ["SWV_15Hz_1.txt", "..x", "a..b", "10:30 µM.csv", "=1+1_15Hz_1.txt"] {
            assert!(is_bare(name) || cfg!(windows), "{name:?}");
        }
    }
}
