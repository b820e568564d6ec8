//! Where a command's data goes: standard output, or a file that appears whole or not at all.

use std::fs::File;
use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::Path;

use agent::export::AtomicFile;
use serde::Serialize;

use crate::ending::Failure;

/// Bytes that are handed to the system together.
const BUFFER: usize = 256 * 1024;

/// A destination of data.
pub struct Output {
    to: Destination,
    shown: String,
}

enum Destination {
    Standard(BufWriter<StdoutLock<'static>>),
    Atomic(AtomicFile),
    /// A terminal, a pipe with a name, the null device: written as it is.
    Device(BufWriter<File>),
}

impl Output {
    /// Standard output.
    pub fn standard() -> Self {
        Self {
            to: Destination::Standard(BufWriter::with_capacity(BUFFER, io::stdout().lock())),
            shown: "Standard output".to_owned(),
        }
    }

    /// The file, or standard output where none is named.
    ///
    /// # Errors
    /// The file's folder does not take it.
    pub fn to(file: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = file else { return Ok(Self::standard()) };
        let shown = path.display().to_string();
        let special = path.metadata().is_ok_and(|about| !about.is_file() && !about.is_dir());
        let to = if special {
            File::options()
                .write(true)
                .open(path)
                .map(|file| Destination::Device(BufWriter::with_capacity(BUFFER, file)))
        } else {
            AtomicFile::create(path).map(Destination::Atomic)
        };
        match to {
            Ok(to) => Ok(Self { to, shown }),
            Err(error) => Err(Failure::of_output(&error, &shown)),
        }
    }

    /// Writes one object as one line of JSON.
    ///
    /// # Errors
    /// The destination does not take it.
    pub fn json_line(&mut self, object: &impl Serialize) -> Result<(), Failure> {
        let written = serde_json::to_writer(&mut *self, object)
            .map_err(io::Error::from)
            .and_then(|()| self.write_all(b"\n"));
        self.check(written)
    }

    /// Writes bytes.
    ///
    /// # Errors
    /// The destination does not take them.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let written = self.write_all(bytes);
        self.check(written)
    }

    /// Makes sure that everything arrived; a file gets its name now.
    ///
    /// # Errors
    /// The destination does not take it.
    pub fn finish(self) -> Result<(), Failure> {
        let Self { to, shown } = self;
        let finished = match to {
            Destination::Standard(mut to) => to.flush(),
            Destination::Atomic(file) => file.finish(),
            Destination::Device(mut to) => to.flush(),
        };
        finished.map_err(|error| Failure::of_output(&error, &shown))
    }

    fn check(&self, written: io::Result<()>) -> Result<(), Failure> {
        written.map_err(|error| Failure::of_output(&error, &self.shown))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.to {
            Destination::Standard(to) => to.write(bytes),
            Destination::Atomic(file) => file.write(bytes),
            Destination::Device(to) => to.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            Destination::Standard(to) => to.flush(),
            Destination::Atomic(file) => file.flush(),
            Destination::Device(to) => to.flush(),
        }
    }
}
