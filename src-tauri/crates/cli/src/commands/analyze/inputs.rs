//! Which files are meant.

use std::collections::HashSet;
use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};

use agent::intake::FolderTrouble;
use instrument::natural_order;
use protocol::refusal::Refusal;

use crate::ending::Failure;

/// A file to analyse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Where it is.
    pub path: PathBuf,
    /// What its measurements call it: its name where all files are of one folder, else its path as given.
    pub shown: String,
    /// It was named itself, not found in a folder.
    pub chosen: bool,
}

/// Everything that was named.
#[derive(Debug, Default)]
pub struct Inputs {
    /// Files, each once, in natural order.
    pub files: Vec<Input>,
    /// Folders that cannot be looked into.
    pub unusable: Vec<Refusal>,
}

impl Inputs {
    /// Looks into folders; files are taken as they are named, even those that are not there.
    ///
    /// # Errors
    /// The only thing named is a folder that cannot be looked into.
    pub fn of(paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut inputs = Self::default();
        for path in paths {
            if path.is_dir() {
                match list(path) {
                    Ok(files) => inputs.files.extend(files),
                    Err(trouble) if paths.len() == 1 => return Err(Refusal::from(trouble).into()),
                    Err(trouble) => inputs.unusable.push(trouble.into()),
                }
            } else {
                let shown = path.to_string_lossy().into_owned();
                inputs.files.push(Input {
                    path: path.clone(),
                    shown,
                    chosen: true,
                });
            }
        }
        if paths.len() > 1 {
            let mut seen = HashSet::new();
            inputs.files.retain(|file| seen.insert(file.path.clone()));
        }
        inputs.name_after_the_common_folder();
        inputs.files.sort_by(|a, b| natural_order(&a.shown, &b.shown));
        Ok(inputs)
    }

    /// Names alone are enough, and easier to read, where they tell files apart.
    fn name_after_the_common_folder(&mut self) {
        let Some(folder) = self
            .files
            .first()
            .and_then(|file| file.path.parent())
            .map(Path::to_owned)
        else {
            return;
        };
        if self
            .files
            .iter()
            .all(|file| file.path.parent() == Some(folder.as_path()))
        {
            for file in &mut self.files {
                if let Some(name) = file.path.file_name() {
                    file.shown = name.to_string_lossy().into_owned();
                }
            }
        }
    }
}

/// Results are never written into a folder that is analysed: an agent that watches it would take them for a scan, and so
/// would the next analysis.
///
/// # Errors
/// The destination lies directly in one of the folders.
pub fn refuse_inside(paths: &[PathBuf], out: &Path) -> Result<(), Failure> {
    // A link is followed to the file that would be replaced.
    let out_file = out
        .canonicalize()
        .or_else(|_| std::path::absolute(out))
        .unwrap_or_else(|_| out.to_owned());
    let Some(parent) = out_file.parent().and_then(|folder| folder.canonicalize().ok()) else {
        return Ok(());
    };
    // What is named by itself may lie anywhere, also where one works.
    let folder_of = |path: &PathBuf| path.canonicalize().ok().filter(|whole| whole.is_dir());
    match paths.iter().filter_map(folder_of).find(|folder| *folder == parent) {
        None => Ok(()),
        Some(folder) => Err(Refusal::new(
            "instrument_folder",
            format!("{} lies in {}, which is analysed.", out.display(), folder.display()),
            "Choose another folder for the results.",
        )
        .into()),
    }
}

fn list(folder: &Path) -> Result<Vec<Input>, FolderTrouble> {
    let trouble = |error: std::io::Error| FolderTrouble::from_system(folder, &error);
    let own_output = own_output();
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(trouble)? {
        let entry = entry.map_err(trouble)?;
        if is_file(&entry) && !is_same(&entry, own_output) {
            let path = entry.path();
            let shown = path.to_string_lossy().into_owned();
            files.push(Input {
                path,
                shown,
                chosen: false,
            });
        }
    }
    Ok(files)
}

/// Files and links to files; asked without opening anything where the system tells with the name.
fn is_file(entry: &DirEntry) -> bool {
    match entry.file_type() {
        Ok(kind) if kind.is_symlink() => entry.path().is_file(),
        Ok(kind) => kind.is_file(),
        Err(_) => entry.path().is_file(),
    }
}

/// Device and number of the file that standard output goes to, as in `sacmes analyze . > results.jsonl`.
#[cfg(unix)]
fn own_output() -> Option<(u64, u64)> {
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;
    let output = std::io::stdout().as_fd().try_clone_to_owned().ok()?;
    let about = fs::File::from(output).metadata().ok()?;
    about.is_file().then(|| (about.dev(), about.ino()))
}

#[cfg(not(unix))]
fn own_output() -> Option<(u64, u64)> {
    None
}

/// Whether an entry is that file; only the number tells without asking for more.
#[cfg(unix)]
fn is_same(entry: &DirEntry, file: Option<(u64, u64)>) -> bool {
    use std::os::unix::fs::{DirEntryExt, MetadataExt};
    let same = |(device, number)| entry.ino() == number && entry.metadata().is_ok_and(|about| about.dev() == device);
    file.is_some_and(same)
}

#[cfg(not(unix))]
fn is_same(_: &DirEntry, _: Option<(u64, u64)>) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(paths: &[PathBuf]) -> Vec<String> {
        Inputs::of(paths)
            .unwrap()
            .files
            .into_iter()
            .map(|file| file.shown)
            .collect()
    }

    #[test]
    fn files_of_a_folder_come_in_natural_order_and_without_folders_below() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a_15Hz_10.txt", "a_15Hz_9.txt", "a_15Hz_1.txt"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        fs::create_dir(folder.path().join("below")).unwrap();
        assert_eq!(
            shown(&[folder.path().to_owned()]),
            ["a_15Hz_1.txt", "a_15Hz_9.txt", "a_15Hz_10.txt"]
        );
    }

    #[test]
    fn names_are_told_apart_by_their_paths_where_folders_differ() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (a, b) = (one.path().join("a.txt"), two.path().join("a.txt"));
        for path in [&a, &b] {
            fs::write(path, "").unwrap();
        }
        let both = shown(&[one.path().to_owned(), b.clone()]);
        assert_eq!(both.len(), 2);
        assert!(both.contains(&a.to_string_lossy().into_owned()) && both.contains(&b.to_string_lossy().into_owned()));
        assert_eq!(
            shown(&[one.path().to_owned(), a]),
            ["a.txt"],
            "a file that is named twice is one"
        );
    }
}
