//! Names of files.

use super::error::SimulationError;
use super::file::FileFormat;
use super::run::Slot;
use std::fmt::Write;

/// The common stem of the names of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle(String);

impl Handle {
    /// Longest handle, in characters; the rest of a name needs about 40 more.
    const MAX_CHARS: usize = 100;

    /// Takes a stem that can be part of a file name on every system.
    ///
    /// # Errors
    /// [`SimulationError::Handle`] for an empty or overlong stem, for one that starts with a dot or a blank (such files
    /// are hidden, or hard to name), and for characters other than letters, digits, blank and `. - _ # + = ( )`.
    pub fn new(stem: &str) -> Result<Self, SimulationError> {
        let fits = (1..=Self::MAX_CHARS).contains(&stem.chars().count())
            && !stem.starts_with(['.', ' '])
            && stem.chars().all(|c| c.is_alphanumeric() || " .-_#+=()".contains(c));
        if fits {
            Ok(Self(stem.to_owned()))
        } else {
            Err(SimulationError::Handle(stem.to_owned()))
        }
    }

    /// Name of the table or CHI text of one frequency and index: `HANDLE_15Hz_1.txt`.
    pub fn file_name(&self, frequency_hz: f64, index: u32) -> String {
        let slot = Slot {
            index,
            frequency_hz: Some(frequency_hz),
            electrode: None,
        };
        self.name(&slot, FileFormat::Csv)
    }

    /// Name of any file: `E2_HANDLE_15Hz_1.DTA`, without what the slot does not state.
    pub fn name(&self, slot: &Slot, format: FileFormat) -> String {
        let mut name = String::with_capacity(self.0.len() + 32);
        // Writing into a String cannot fail.
        if let Some(electrode) = slot.electrode {
            let _ = write!(name, "E{electrode}_");
        }
        name.push_str(&self.0);
        if let Some(frequency_hz) = slot.frequency_hz {
            let _ = write!(name, "_{frequency_hz}Hz");
        }
        let _ = write!(name, "_{}.{}", slot.index, format.extension());
        name
    }

    /// The stem.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Handle {
    fn default() -> Self {
        Self("SWV".to_owned())
    }
}
