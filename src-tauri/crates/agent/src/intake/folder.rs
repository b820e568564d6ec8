//! Looking into a folder.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use protocol::refusal::Refusal;

use super::Signature;

/// A file in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Size and modification time.
    pub signature: Signature,
}

/// Why a folder cannot be looked into.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FolderTrouble {
    /// It is not there (now).
    #[error("the folder {} is not there", .0.display())]
    Absent(PathBuf),
    /// It is there, but may not be read.
    #[error("the folder {} may not be read", .0.display())]
    Forbidden(PathBuf),
    /// It is a file.
    #[error("{} is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// The system says something else.
    #[error("the folder {} cannot be read: {}", .0.display(), .1)]
    Other(PathBuf, String),
}

impl FolderTrouble {
    /// What the system said about a folder.
    pub fn from_system(folder: &Path, error: &std::io::Error) -> Self {
        let folder = folder.to_owned();
        match error.kind() {
            ErrorKind::NotFound => Self::Absent(folder),
            ErrorKind::PermissionDenied => Self::Forbidden(folder),
            ErrorKind::NotADirectory => Self::NotAFolder(folder),
            _ => Self::Other(folder, error.to_string()),
        }
    }
}

impl From<FolderTrouble> for Refusal {
    fn from(trouble: FolderTrouble) -> Self {
        let (code, hint) = match &trouble {
            FolderTrouble::Absent(_) => (
                "folder_absent",
                "Choose the folder into which the potentiostat saves its files, or connect its drive.",
            ),
            FolderTrouble::Forbidden(_) => (
                "folder_forbidden",
                "Ask for the right to read it, or choose another folder.",
            ),
            FolderTrouble::NotAFolder(_) => ("not_a_folder", "Choose the folder that holds this file."),
            FolderTrouble::Other(..) => ("folder_unreadable", "Check the drive or the network connection."),
        };
        // In other sentences it stands in the middle.
        let sentence = match trouble.to_string().strip_prefix("the ") {
            Some(rest) => format!("The {rest}."),
            None => format!("{trouble}."),
        };
        Self::new(code, sentence, hint)
    }
}

/// The files in a folder, not in folders below. Names that are not Unicode are shown with replacement characters and
/// cannot be opened, which the examination then says.
///
/// # Errors
/// [`FolderTrouble`] when the folder itself cannot be read.
pub fn list(folder: &Path) -> Result<Vec<Listed>, FolderTrouble> {
    let trouble = |e: std::io::Error| FolderTrouble::from_system(folder, &e);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(trouble)? {
        let Ok(entry) = entry else { continue };
        // `metadata` of the path follows links: a link to a file counts as that file. What vanished meanwhile is not there.
        let about = match entry.file_type() {
            Ok(kind) if kind.is_symlink() => std::fs::metadata(entry.path()),
            Ok(kind) if kind.is_file() => entry.metadata(),
            _ => continue,
        };
        let Ok(about) = about else { continue };
        if about.is_file() {
            files.push(Listed {
                name: entry.file_name().to_string_lossy().into_owned(),
                signature: Signature::of(&about),
            });
        }
    }
    Ok(files)
}
