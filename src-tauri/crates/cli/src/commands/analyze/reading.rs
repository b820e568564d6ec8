//! A file's bytes, read into a buffer that is used again.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use agent::intake::Signature;
use agent::store::MAX_CONTENT_BYTES;

/// Why a file could not be read.
#[derive(Debug)]
pub struct NotRead {
    /// Stable code.
    pub reason: &'static str,
    /// What is wrong and what to do, without the file's name.
    pub message: String,
}

/// Replaces the buffer's content by a file's and returns the file's modification time in ns since 1970.
///
/// What is appended to a file while it is read does not count.
///
/// # Errors
/// It is not there, is no file, may not be read, or is too large.
pub fn read(path: &Path, buffer: &mut Vec<u8>) -> Result<i64, NotRead> {
    let mut file = File::open(path).map_err(|error| not_read(&error))?;
    let about = file.metadata().map_err(|error| not_read(&error))?;
    if about.is_dir() {
        let message = "This is a folder below the one that was named; name it itself.".to_owned();
        return Err(NotRead {
            reason: "is_a_folder",
            message,
        });
    }
    if about.is_file() {
        if about.len() > MAX_CONTENT_BYTES {
            return Err(too_large(about.len()));
        }
        fill(&mut file, buffer, about.len() as usize).map_err(|error| not_read(&error))?;
    } else {
        // Pipes and devices do not tell how much there is.
        buffer.clear();
        file.take(MAX_CONTENT_BYTES + 1)
            .read_to_end(buffer)
            .map_err(|error| not_read(&error))?;
        if buffer.len() as u64 > MAX_CONTENT_BYTES {
            return Err(too_large(buffer.len() as u64));
        }
    }
    Ok(Signature::of(&about).modified_ns)
}

/// Reads so many bytes, or as many as there are, in one call where the system gives them at once.
fn fill(file: &mut File, buffer: &mut Vec<u8>, length: usize) -> io::Result<()> {
    buffer.resize(length, 0);
    let mut filled = 0;
    while filled < length {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    buffer.truncate(filled);
    Ok(())
}

fn too_large(bytes: u64) -> NotRead {
    let (megabytes, limit) = (bytes / 1_000_000, MAX_CONTENT_BYTES / 1_048_576);
    let message = format!(
        "The file has {megabytes} MB; files of up to {limit} MB are read. Export a shorter recording, or split it."
    );
    NotRead {
        reason: "too_large",
        message,
    }
}

fn not_read(error: &io::Error) -> NotRead {
    let (reason, message) = match error.kind() {
        ErrorKind::NotFound => ("file_absent", "There is no such file. Check its name.".to_owned()),
        ErrorKind::PermissionDenied => (
            "permission_denied",
            "The file may not be read. Ask for the right to read it.".to_owned(),
        ),
        _ => (
            "cannot_be_read",
            format!("The file cannot be read: {error}. Check its drive."),
        ),
    };
    NotRead { reason, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shorter_file_leaves_nothing_of_a_longer_one() {
        let folder = tempfile::tempdir().unwrap();
        let (long, short) = (folder.path().join("long"), folder.path().join("short"));
        std::fs::write(&long, "0.1,1e-6\n".repeat(100)).unwrap();
        std::fs::write(&short, "0.1").unwrap();
        let mut buffer = Vec::new();
        read(&long, &mut buffer).unwrap();
        assert_eq!(buffer.len(), 900);
        read(&short, &mut buffer).unwrap();
        assert_eq!(buffer, b"0.1");
    }

    #[test]
    fn what_is_no_file_has_a_reason() {
        let folder = tempfile::tempdir().unwrap();
        let mut buffer = Vec::new();
        assert_eq!(
            read(&folder.path().join("none"), &mut buffer).unwrap_err().reason,
            "file_absent"
        );
        let huge = folder.path().join("huge");
        File::create(&huge).unwrap().set_len(MAX_CONTENT_BYTES + 1).unwrap();
        assert_eq!(read(&huge, &mut buffer).unwrap_err().reason, "too_large");
        assert!(
            buffer.capacity() < 1024,
            "nothing is reserved for a file that is not read"
        );
    }
}
