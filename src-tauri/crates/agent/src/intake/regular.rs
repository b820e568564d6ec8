//! Opening what should be a file. Names from outside may be those of pipes, which wait for ever, and of devices, which never end.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

/// Opens a regular file for reading; nothing else is opened.
///
/// # Errors
/// What the system says, and `InvalidInput` for what is no file.
pub fn open_regular(path: &Path) -> Result<File> {
    let no_file = || {
        Error::new(
            ErrorKind::InvalidInput,
            "it is not a file, but a folder, a pipe or a device",
        )
    };
    // Before: opening alone makes some devices do something. After: another may have taken its place meanwhile.
    if !std::fs::metadata(path)?.is_file() {
        return Err(no_file());
    }
    let file = open_at_once(path)?;
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(no_file())
    }
}

/// Reads a regular file, but at most `most` bytes of it and one more, which tells that there are more: a file may grow meanwhile, and
/// some say that they are empty and are not.
///
/// # Errors
/// As [`open_regular`].
pub fn read_regular(path: &Path, most: u64) -> Result<Vec<u8>> {
    let mut content = Vec::new();
    open_regular(path)?
        .take(most.saturating_add(1))
        .read_to_end(&mut content)?;
    Ok(content)
}

/// Opens a file for reading; a named pipe in its place does not hold anybody up.
#[cfg(unix)]
pub(super) fn open_at_once(path: &Path) -> Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    File::options()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
}

#[cfg(not(unix))]
pub(super) fn open_at_once(path: &Path) -> Result<File> {
    File::open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_the_limit_and_a_folder_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scan.txt");
        std::fs::write(&path, "0123456789").unwrap();
        assert_eq!(read_regular(&path, 10).unwrap(), b"0123456789");
        assert_eq!(read_regular(&path, 4).unwrap(), b"01234");
        assert_eq!(open_regular(folder.path()).unwrap_err().kind(), ErrorKind::InvalidInput);
        let absent = folder.path().join("absent");
        assert_eq!(open_regular(&absent).unwrap_err().kind(), ErrorKind::NotFound);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn nobody_waits_for_a_pipe_and_no_device_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe.txt");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
        for path in [pipe.as_path(), Path::new("/dev/zero")] {
            assert_eq!(open_regular(path).unwrap_err().kind(), ErrorKind::InvalidInput);
        }
        assert!(open_at_once(&pipe).is_ok(), "it was waited for a writer");
    }
}
