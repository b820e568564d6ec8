//! The file that holds the User ID where there is no keyring: for its owner's eyes only.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use protocol::codes::UserId;
use uuid::Uuid;

use super::trouble::Trouble;

const NAME: &str = "user-id";

/// A User ID has 36 characters; a file that is longer than this is something else.
const LONGEST: u64 = 256;

/// The place of the file in a profile's folder.
#[derive(Debug, Clone)]
pub(super) struct OwnerOnlyFile {
    folder: PathBuf,
    path: PathBuf,
}

impl OwnerOnlyFile {
    pub(super) fn in_folder(folder: PathBuf) -> Self {
        Self::named(folder, NAME)
    }

    /// A file of the same kind for another secret.
    pub(super) fn named(folder: PathBuf, name: &str) -> Self {
        let path = folder.join(name);
        Self { folder, path }
    }

    /// The file of the next User ID, while the present one is renewed.
    pub(super) fn of_next(folder: PathBuf) -> Self {
        Self::named(folder, &format!("{NAME}.next"))
    }

    /// Puts the file in the place of another one, whose content is given up.
    pub(super) fn take_place_of(&self, other: &Self) -> Result<(), Trouble> {
        fs::rename(&self.path, &other.path)
            .and_then(|()| sync_folder(&self.folder))
            .map_err(|source| self.unusable(source))
    }

    /// The User ID in the file; `None` where there is no file.
    pub(super) fn read(&self) -> Result<Option<UserId>, Trouble> {
        let parsed = self.read_text()?.map(|text| text.parse());
        parsed.transpose().map_err(|_| Trouble::NotAUserId("the file"))
    }

    /// The text in the file; `None` where there is no file.
    ///
    /// The checks are made on the open file, so that it cannot be exchanged between check and reading.
    pub(super) fn read_text(&self) -> Result<Option<String>, Trouble> {
        let mut file = match open_no_link(&self.path) {
            Ok(file) => file,
            Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(_) if fs::symlink_metadata(&self.path).is_ok_and(|about| about.is_symlink()) => {
                return Err(self.not_safe("is a link"));
            }
            Err(source) => return Err(self.unusable(source)),
        };
        let about = file.metadata().map_err(|source| self.unusable(source))?;
        if let Some(fault) = fault(&about) {
            return Err(self.not_safe(fault));
        }
        let mut text = String::new();
        let read = Read::by_ref(&mut file).take(LONGEST).read_to_string(&mut text);
        match read {
            Err(source) if source.kind() != io::ErrorKind::InvalidData => Err(self.unusable(source)),
            Ok(_) => Ok(Some(text)),
            Err(_) => Err(Trouble::NotAUserId("the file")),
        }
    }

    /// Keeps a User ID: written to a new file that only its owner can read from the moment it exists, made durable, and
    /// then put in its place. One that was there is set aside under another name, not overwritten.
    pub(super) fn write(&self, user_id: &UserId) -> Result<(), Trouble> {
        self.write_then(&user_id.reveal(), |fresh| self.put_in_place(fresh))
    }

    /// Keeps a text in the same way, in place of an earlier one, which is gone then.
    pub(super) fn replace_text(&self, text: &str) -> Result<(), Trouble> {
        self.write_then(text, |fresh| {
            // What is there must be ours to replace.
            self.read_text()?;
            self.rename(fresh)
        })
    }

    /// Deletes the file; none there is no error.
    pub(super) fn delete(&self) -> Result<(), Trouble> {
        match fs::remove_file(&self.path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(self.unusable(source)),
            _ => Ok(()),
        }
    }

    fn write_then(&self, text: &str, put: impl FnOnce(&Path) -> Result<(), Trouble>) -> Result<(), Trouble> {
        let fresh = self.folder.join(format!(".{NAME}.{}", Uuid::new_v4().simple()));
        let written = self.write_fresh(&fresh, text).and_then(|()| put(&fresh));
        if written.is_err() {
            fs::remove_file(&fresh).ok();
        }
        written
    }

    fn write_fresh(&self, fresh: &Path, text: &str) -> Result<(), Trouble> {
        let mut file = create_private(fresh).map_err(|source| self.unusable(source))?;
        let about = file.metadata().map_err(|source| self.unusable(source))?;
        // Some file systems (FAT, some network drives) take a mode and ignore it.
        if let Some(fault) = fault(&about) {
            return Err(self.not_safe(fault));
        }
        file.write_all(format!("{text}\n").as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|source| self.unusable(source))
    }

    fn put_in_place(&self, fresh: &Path) -> Result<(), Trouble> {
        if fs::symlink_metadata(&self.path).is_ok() {
            // Reading it checks that it is ours to set aside; what it holds does not matter.
            match self.read() {
                Ok(_) | Err(Trouble::NotAUserId(_)) => {}
                Err(trouble) => return Err(trouble),
            }
            let aside = self.folder.join(format!("{NAME}.replaced-{}", Uuid::new_v4().simple()));
            fs::rename(&self.path, aside).map_err(|source| self.unusable(source))?;
        }
        self.rename(fresh)
    }

    fn rename(&self, fresh: &Path) -> Result<(), Trouble> {
        fs::rename(fresh, &self.path)
            .and_then(|()| sync_folder(&self.folder))
            .map_err(|source| self.unusable(source))
    }

    fn not_safe(&self, fault: &'static str) -> Trouble {
        Trouble::UnsafeFile {
            path: self.path.clone(),
            fault,
        }
    }

    fn unusable(&self, source: io::Error) -> Trouble {
        Trouble::File {
            path: self.path.clone(),
            source,
        }
    }
}

/// Why a file is not its owner's alone.
#[cfg(unix)]
fn fault(about: &Metadata) -> Option<&'static str> {
    use std::os::unix::fs::MetadataExt;
    if !about.is_file() {
        Some("is not a regular file")
    } else if about.uid() != rustix::process::geteuid().as_raw() {
        Some("belongs to another user")
    } else if about.mode() & 0o077 != 0 {
        Some("can be read by others")
    } else if about.nlink() != 1 {
        Some("has a second name")
    } else {
        None
    }
}

/// Why a file is not its owner's alone. The standard library cannot read an access list; it is set when the file is made.
#[cfg(not(unix))]
fn fault(about: &Metadata) -> Option<&'static str> {
    (!about.is_file()).then_some("is not a regular file")
}

#[cfg(unix)]
fn open_no_link(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    // Not blocking: a named pipe in its place must not hold up the start.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
}

#[cfg(not(unix))]
fn open_no_link(path: &Path) -> io::Result<File> {
    if fs::symlink_metadata(path)?.is_symlink() {
        return Err(io::Error::other("it is a link"));
    }
    File::open(path)
}

#[cfg(unix)]
fn create_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// On Windows the new, still empty file loses the rights that it inherited and keeps those of its owner.
#[cfg(windows)]
fn create_private(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().write(true).create_new(true).open(path)?;
    let system = std::env::var_os("SystemRoot").ok_or_else(|| io::Error::other("SystemRoot is not set"))?;
    // S-1-3-4 is "owner rights", whatever the language of the system.
    let status = std::process::Command::new(PathBuf::from(system).join("System32").join("icacls.exe"))
        .arg(path)
        .args(["/inheritance:r", "/grant:r", "*S-1-3-4:F", "/q"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()?;
    if status.success() {
        Ok(file)
    } else {
        Err(io::Error::other("its access list could not be set"))
    }
}

#[cfg(not(any(unix, windows)))]
fn create_private(_: &Path) -> io::Result<File> {
    Err(io::Error::other("this system has no way to keep a file private"))
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
