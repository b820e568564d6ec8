//! Which versions of the protocol two ends have in common.

use super::bytes::{FrameError, Reader};

/// The version that this program speaks.
pub const PROTOCOL_VERSION: u8 = 1;

/// The versions of the protocol that one end speaks, and of the program, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versions {
    /// Lowest version of the protocol.
    pub lowest: u8,
    /// Highest version of the protocol.
    pub highest: u8,
    /// Version of the program, such as `0.1.0`; at most 32 characters.
    pub program: String,
}

/// Two ends have no version in common: one of them is too old.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this program is version {own}, the other one version {other}; they do not understand each other")]
pub struct VersionMismatch {
    /// Version of this program.
    pub own: String,
    /// Version of the other program.
    pub other: String,
}

/// Longest text of a program's version, bytes.
const LONGEST_PROGRAM: usize = 32;

impl Versions {
    /// Those of this program.
    pub fn own() -> Self {
        Self {
            lowest: PROTOCOL_VERSION,
            highest: PROTOCOL_VERSION,
            program: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// The highest version that both ends speak.
    ///
    /// # Errors
    /// [`VersionMismatch`] where there is none; it names both programs.
    pub fn common(&self, other: &Self) -> Result<u8, VersionMismatch> {
        let version = self.highest.min(other.highest);
        if version < self.lowest || version < other.lowest {
            return Err(VersionMismatch {
                own: self.program.clone(),
                other: other.program.clone(),
            });
        }
        Ok(version)
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, FrameError> {
        let (lowest, highest) = (from.u8()?, from.u8()?);
        let program = std::str::from_utf8(from.short("program", LONGEST_PROGRAM)?);
        // It is shown and written to logs: nothing but what a version consists of.
        let program = program
            .ok()
            .filter(|text| text.bytes().all(|byte| byte.is_ascii_graphic()))
            .ok_or(FrameError::Field("program"))?;
        if lowest == 0 || lowest > highest {
            return Err(FrameError::Field("versions"));
        }
        Ok(Self {
            lowest,
            highest,
            program: program.to_owned(),
        })
    }

    pub(super) fn put(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&[self.lowest, self.highest]);
        super::bytes::put_short(to, self.program.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(lowest: u8, highest: u8, program: &str) -> Versions {
        Versions {
            lowest,
            highest,
            program: program.to_owned(),
        }
    }

    #[test]
    fn two_ends_speak_the_highest_version_that_both_know() {
        let (old, new) = (versions(1, 2, "0.2.0"), versions(2, 4, "0.9.0"));
        assert_eq!(old.common(&new), Ok(2));
        assert_eq!(new.common(&old), Ok(2));
    }

    #[test]
    fn ends_without_a_common_version_are_told_both() {
        let mismatch = versions(1, 1, "0.1.0").common(&versions(2, 3, "1.0.0")).unwrap_err();
        let text = mismatch.to_string();
        assert!(text.contains("0.1.0") && text.contains("1.0.0"), "{text}");
        assert!(versions(2, 3, "1.0.0").common(&versions(1, 1, "0.1.0")).is_err());
    }

    #[test]
    fn a_version_text_that_could_forge_a_log_line_is_refused() {
        for program in ["0.1.0\nERROR", "0.1 0", "é"] {
            let mut bytes = Vec::new();
            versions(1, 1, program).put(&mut bytes);
            let read = Versions::read(&mut Reader::new(&bytes));
            assert_eq!(read, Err(FrameError::Field("program")), "{program:?}");
        }
    }
}
