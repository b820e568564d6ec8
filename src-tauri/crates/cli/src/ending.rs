//! How a command ended, as exit code and as one line on standard error.

use std::io::{self, Write};
use std::process::ExitCode;

use protocol::refusal::Refusal;

/// How a command ended that did what it could.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Everything was done.
    Done,
    /// Done, but some files could not be used; each was named.
    SomeFilesUnusable,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Done => Self::SUCCESS,
            Ending::SomeFilesUnusable => Self::from(3),
        }
    }
}

/// Why a command could not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Nothing could be done.
    Refused(Refusal),
    /// An option, or a file of settings, says what cannot be.
    Usage(Refusal),
    /// Nothing could be done, and standard error says why already.
    Told,
    /// Whoever read the output has seen enough: a clean end.
    ReaderGone,
}

/// What running a command gives.
pub type Outcome = Result<Ending, Failure>;

impl Failure {
    /// Standard output, or a device in its place, does not take what is written.
    pub fn of_output(error: &io::Error, destination: &str) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::ReaderGone;
        }
        Self::Refused(Refusal::new(
            "output_not_writable",
            format!("{destination} cannot be written: {error}."),
            "Choose another place, or make space there.",
        ))
    }

    /// Says on standard error what happened and what to do, in one line.
    pub fn report(&self) -> ExitCode {
        match self {
            Self::ReaderGone => ExitCode::SUCCESS,
            Self::Told => ExitCode::FAILURE,
            Self::Refused(refusal) => {
                complain(&refusal.to_string());
                ExitCode::FAILURE
            }
            Self::Usage(refusal) => {
                complain(&refusal.to_string());
                ExitCode::from(2)
            }
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<agent::store::StoreError> for Failure {
    fn from(error: agent::store::StoreError) -> Self {
        Self::Refused(error.into())
    }
}

/// A line on standard error, with the program's name. A standard error that is closed is nobody's loss.
pub fn complain(text: &str) {
    // Not `eprintln!`, which ends the program where nobody reads the line.
    drop(writeln!(io::stderr(), "sacmes: {}", in_one_line(text)));
}

/// Line breaks and runs of blanks become one blank.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line() {
        assert_eq!(in_one_line("line 2:\n  unknown key \n"), "line 2: unknown key");
    }

    #[test]
    fn a_reader_that_has_gone_is_no_failure() {
        let gone = io::Error::from(io::ErrorKind::BrokenPipe);
        assert_eq!(Failure::of_output(&gone, "Standard output"), Failure::ReaderGone);
        let full = Failure::of_output(&io::Error::from(io::ErrorKind::StorageFull), "Standard output");
        assert!(matches!(full, Failure::Refused(refusal) if refusal.code == "output_not_writable"));
    }
}
