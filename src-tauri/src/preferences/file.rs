//! The file of preferences.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use agent::export::AtomicFile;
use agent::profile::ProfileLocation;
use protocol::refusal::Refusal;

use super::Preferences;

/// Nobody's preferences are longer.
const LONGEST: u64 = 64 * 1024;

/// Where a profile's preferences are.
pub fn place(location: &ProfileLocation) -> PathBuf {
    location.folder().join("preferences.json")
}

/// What is kept there; none where nothing is.
pub fn read(path: &Path) -> Result<Option<Preferences>, Refusal> {
    let unusable = |why: String| {
        Refusal::new(
            "preferences_unreadable",
            format!("The preferences in {} cannot be used: {why}.", path.display()),
            "The defaults hold. Change any preference to begin a new file; this one is kept beside it.",
        )
    };
    let about = match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        other => other.map_err(|error| unusable(error.to_string()))?,
    };
    if !about.is_file() || about.len() > LONGEST {
        return Err(unusable("this is not a file that SACMES wrote".to_owned()));
    }
    let bytes = fs::read(path).map_err(|error| unusable(error.to_string()))?;
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|error| unusable(error.to_string()))
}

/// Puts preferences there. A file that could not be read is kept under another name.
pub fn write(path: &Path, preferences: &Preferences) -> Result<(), Refusal> {
    let failed = |error: &dyn std::fmt::Display| {
        Refusal::new(
            "preferences_not_kept",
            format!("The preferences could not be written into {}: {error}.", path.display()),
            "Check that there is room and that you may write there, then choose again.",
        )
    };
    if read(path).is_err() {
        fs::rename(path, path.with_extension("unreadable.json")).map_err(|error| failed(&error))?;
    }
    let text = serde_json::to_vec_pretty(preferences).map_err(|error| failed(&error))?;
    let mut file = AtomicFile::create(path).map_err(|error| failed(&error))?;
    file.write_all(&text)
        .and_then(|()| file.finish())
        .map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preferences::Theme;

    #[test]
    fn what_is_kept_is_read_again_and_what_is_missing_has_its_default() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("preferences.json");
        assert_eq!(read(&path).unwrap(), None);
        let mut preferences = Preferences::default();
        preferences.notifications.finished = false;
        preferences.look.theme = Theme::Dark;
        write(&path, &preferences).unwrap();
        assert_eq!(read(&path).unwrap(), Some(preferences));
        fs::write(
            &path,
            r#"{"notifications": {"stalled": false}, "of a later version": 7}"#,
        )
        .unwrap();
        let read = read(&path).unwrap().unwrap();
        assert!(!read.notifications.stalled && read.notifications.finished && read.stays_in_tray);
        assert!(!read.updates.check, "nothing is asked of the network unasked");
    }

    #[test]
    fn a_damaged_file_is_named_and_kept_when_a_new_one_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("preferences.json");
        for damaged in ["", "{\"look\": {\"theme\": \"pink\"}}", "[1, 2"] {
            fs::write(&path, damaged).unwrap();
            let refusal = read(&path).unwrap_err();
            assert_eq!(refusal.code, "preferences_unreadable");
            assert!(refusal.message.contains("preferences.json"), "{refusal}");
        }
        write(&path, &Preferences::default()).unwrap();
        assert_eq!(read(&path).unwrap(), Some(Preferences::default()));
        let kept = fs::read_to_string(folder.path().join("preferences.unreadable.json")).unwrap();
        assert_eq!(kept, "[1, 2");
    }

    #[test]
    fn a_folder_in_its_place_is_no_file_of_preferences() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()).unwrap_err().code, "preferences_unreadable");
    }

    #[test]
    fn where_nothing_can_be_written_that_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("not/there/preferences.json");
        let refusal = write(&path, &Preferences::default()).unwrap_err();
        assert_eq!(refusal.code, "preferences_not_kept");
    }
}
