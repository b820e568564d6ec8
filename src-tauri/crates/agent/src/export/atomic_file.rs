//! A file that is there whole or not at all.

use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Written under another name in the destination's own folder; renamed by [`AtomicFile::finish`], removed otherwise.
pub struct AtomicFile {
    writer: BufWriter<NamedTempFile>,
    destination: PathBuf,
}

impl AtomicFile {
    /// Begins a file.
    ///
    /// # Errors
    /// What the system says of the destination's folder.
    pub fn create(destination: &Path) -> std::io::Result<Self> {
        // The file behind a link is the destination, not the link; a device is not replaced by a file.
        let destination = destination.canonicalize().unwrap_or_else(|_| destination.to_owned());
        if destination.is_dir() {
            return Err(std::io::Error::new(std::io::ErrorKind::IsADirectory, "it is a folder"));
        }
        if destination.metadata().is_ok_and(|about| !about.is_file()) {
            return Err(std::io::Error::other("it is not a regular file"));
        }
        let folder = match destination.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let file = tempfile::Builder::new()
            .prefix(".sacmes-")
            .suffix(".part")
            .tempfile_in(folder)
            .map_err(|error| of_folder(&error, folder))?;
        Ok(Self {
            writer: BufWriter::new(file),
            destination,
        })
    }

    /// Makes the file durable and gives it its name, replacing an earlier one.
    ///
    /// # Errors
    /// What the system says; then the destination is as it was.
    pub fn finish(self) -> std::io::Result<()> {
        let (file, destination) = self.durable()?;
        file.persist(destination).map_err(|e| e.error)?;
        Ok(())
    }

    /// Makes the file durable and gives it its name, unless there is a file of that name already.
    ///
    /// # Errors
    /// `AlreadyExists`, or what the system says; then the destination is as it was.
    pub fn finish_new(self) -> std::io::Result<()> {
        let (file, destination) = self.durable()?;
        file.persist_noclobber(destination).map_err(|e| e.error)?;
        Ok(())
    }

    fn durable(self) -> std::io::Result<(NamedTempFile, PathBuf)> {
        let file = self.writer.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        share(file.as_file())?;
        Ok((file, self.destination))
    }
}

/// What the system says, without the path of the part, which nobody asked for.
fn of_folder(error: &std::io::Error, folder: &Path) -> std::io::Error {
    if error.kind() == std::io::ErrorKind::NotFound {
        let why = format!("there is no folder {}", folder.display());
        return std::io::Error::new(std::io::ErrorKind::NotFound, why);
    }
    let system = std::error::Error::source(error).and_then(|source| source.downcast_ref::<std::io::Error>());
    match system.or(Some(error)).and_then(std::io::Error::raw_os_error) {
        Some(code) => std::io::Error::from_raw_os_error(code),
        None => std::io::Error::from(error.kind()),
    }
}

/// Temporary files are private; a result is as readable as any file its owner makes.
#[cfg(unix)]
fn share(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn share(_file: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.writer.flush()
    }
}

impl Seek for AtomicFile {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.writer.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_devices_stay_devices() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target.csv"), folder.path().join("link.csv"));
        std::fs::write(&target, "before").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        let mut file = AtomicFile::create(&link).unwrap();
        file.write_all(b"after").unwrap();
        file.finish().unwrap();
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "after");
        assert!(AtomicFile::create(Path::new("/dev/null")).is_err());
        assert!(AtomicFile::create(folder.path()).is_err());
    }

    #[test]
    fn an_abandoned_file_leaves_nothing_and_the_old_one_whole() {
        let folder = tempfile::tempdir().unwrap();
        let destination = folder.path().join("results.csv");
        std::fs::write(&destination, "before").unwrap();
        let mut file = AtomicFile::create(&destination).unwrap();
        file.write_all(b"half of").unwrap();
        drop(file);
        assert_eq!(std::fs::read_to_string(&destination).unwrap(), "before");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let mut file = AtomicFile::create(&destination).unwrap();
        file.write_all(b"after").unwrap();
        file.finish().unwrap();
        assert_eq!(std::fs::read_to_string(&destination).unwrap(), "after");
        let mut file = AtomicFile::create(&destination).unwrap();
        file.write_all(b"again").unwrap();
        assert_eq!(file.finish_new().unwrap_err().kind(), std::io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read_to_string(&destination).unwrap(), "after");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
