//! Why a task ended early, in words for the person at the terminal.

use std::fmt;

/// What a step of a task gives.
pub type Outcome<T = ()> = Result<T, Failure>;

/// A sentence that says what failed and, where there is one, what to do about it.
#[derive(Debug)]
pub struct Failure {
    message: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Failed,
    Usage,
    Interrupted,
}

impl Failure {
    /// Something did not work.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            kind: Kind::Failed,
        }
    }

    /// The command line is wrong.
    pub fn usage(message: &str, usage: &str) -> Self {
        Self {
            message: format!("{message}\n\n{usage}"),
            kind: Kind::Usage,
        }
    }

    /// Somebody pressed Ctrl+C or ended the process.
    pub fn interrupted() -> Self {
        Self {
            message: "stopped".to_owned(),
            kind: Kind::Interrupted,
        }
    }

    /// Whether somebody asked to stop.
    pub fn is_interrupted(&self) -> bool {
        self.kind == Kind::Interrupted
    }

    /// 1 for a failure, 2 for wrong usage, 130 (as shells do) after an interruption.
    pub fn exit_code(&self) -> u8 {
        match self.kind {
            Kind::Failed => 1,
            Kind::Usage => 2,
            Kind::Interrupted => 130,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

/// Adds what was being done to an error of the system.
pub trait Doing<T> {
    /// `doing` completes the sentence "could not ...".
    fn doing(self, doing: impl FnOnce() -> String) -> Outcome<T>;
}

impl<T> Doing<T> for std::io::Result<T> {
    fn doing(self, doing: impl FnOnce() -> String) -> Outcome<T> {
        self.map_err(|error| Failure::new(format!("could not {}: {error}", doing())))
    }
}
