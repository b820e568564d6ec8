//! Reading the parts of an archive from outside: a small file must not unfold into what fills memory or takes hours.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};

use protocol::measurement::Measurement;
use zip::ZipArchive;

use super::{ArchiveError, MANIFEST, MEASUREMENTS, RAW};
use crate::store::MAX_CONTENT_BYTES;

/// Most bytes of the manifest, and of all measurements together.
const MOST_TEXT: u64 = 1024 * 1024 * 1024;
/// Longest line of a measurement.
const LONGEST_LINE: u64 = 1024 * 1024;
/// An archive unfolds into so many times its own bytes at most: ten times and more what instruments' text and JSON do.
const MOST_TIMES: u64 = 200;
/// An archive of whatever size may unfold into so many bytes.
const ALWAYS: u64 = 64 * 1024 * 1024;

/// The parts of an archive, and how many bytes may still come out of them.
pub struct Parts {
    zip: ZipArchive<BufReader<File>>,
    left: u64,
}

impl Parts {
    /// Those of an open file.
    pub fn of(file: File) -> Result<Self, ArchiveError> {
        let left = file.metadata()?.len().saturating_mul(MOST_TIMES).max(ALWAYS);
        Ok(Self {
            zip: ZipArchive::new(BufReader::new(file))?,
            left,
        })
    }

    /// The text of the manifest.
    pub fn manifest(&mut self) -> Result<Vec<u8>, ArchiveError> {
        let part = match self.zip.by_name(MANIFEST) {
            Ok(part) => part,
            Err(zip::result::ZipError::FileNotFound) => {
                return Err(ArchiveError::Foreign(format!("it has no {MANIFEST}")));
            }
            Err(error) => return Err(error.into()),
        };
        whole(part, MANIFEST, MOST_TEXT, &mut self.left)
    }

    /// Hands over the measurements, line by line.
    pub fn measurements(&mut self, mut take: impl FnMut(Measurement)) -> Result<(), ArchiveError> {
        let mut most = MOST_TEXT.min(self.left);
        let mut part = BufReader::new(self.zip.by_name(MEASUREMENTS)?);
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = (&mut part).take(LONGEST_LINE + 1).read_until(b'\n', &mut line)? as u64;
            if read == 0 {
                return Ok(());
            }
            most = most
                .checked_sub(read)
                .filter(|_| read <= LONGEST_LINE)
                .ok_or_else(|| too_large(MEASUREMENTS))?;
            self.left -= read;
            let measurement = serde_json::from_slice(&line);
            take(measurement.map_err(|error| ArchiveError::Damaged(format!("{MEASUREMENTS}: {error}")))?);
        }
    }

    /// The content of a file of the instrument.
    pub fn raw(&mut self, file: &str) -> Result<Vec<u8>, ArchiveError> {
        let name = format!("{RAW}{file}");
        let part = self.zip.by_name(&name);
        let part = part.map_err(|error| ArchiveError::Damaged(format!("{name}: {error}")))?;
        whole(part, &name, MAX_CONTENT_BYTES, &mut self.left)
    }
}

/// A part of at most so many bytes.
fn whole(part: impl Read, name: &str, most: u64, left: &mut u64) -> Result<Vec<u8>, ArchiveError> {
    let most = most.min(*left);
    let mut content = Vec::new();
    let read = part.take(most + 1).read_to_end(&mut content)? as u64;
    if read > most {
        return Err(too_large(name));
    }
    *left -= read;
    Ok(content)
}

fn too_large(name: &str) -> ArchiveError {
    ArchiveError::TooLarge(format!(
        "{name} unfolds into more than an archive of this size may hold"
    ))
}
