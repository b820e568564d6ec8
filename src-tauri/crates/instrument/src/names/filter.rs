//! Which names belong to a session.

use super::{ScanName, stem};

/// What the settings ask of a name. Empty and 0 ask nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NameFilter {
    /// Stem that the name begins with.
    pub handle: String,
    /// Extension, with or without its dot; case does not matter.
    pub extension: String,
    /// Frequencies (Hz).
    pub frequencies_hz: Vec<f64>,
    /// First index.
    pub first_index: u32,
    /// Last index.
    pub last_index: u32,
}

/// Why a name does not belong to a session.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum NameRefusal {
    /// Hidden, or a name that programs give to files they are still writing.
    HiddenOrTemporary,
    /// Another handle.
    HandleDiffers {
        /// The one asked for.
        wanted: String,
    },
    /// Another extension.
    ExtensionDiffers {
        /// The one asked for.
        wanted: String,
    },
    /// A frequency that was not chosen.
    FrequencyNotSelected {
        /// Which (Hz).
        frequency_hz: f64,
    },
    /// Outside of the range of indices.
    IndexOutOfRange {
        /// Which.
        index: u32,
    },
}

impl NameRefusal {
    /// Stable code for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::HiddenOrTemporary => "hidden_or_temporary",
            Self::HandleDiffers { .. } => "handle_differs",
            Self::ExtensionDiffers { .. } => "extension_differs",
            Self::FrequencyNotSelected { .. } => "frequency_not_selected",
            Self::IndexOutOfRange { .. } => "index_out_of_range",
        }
    }

    /// A sentence for people.
    pub fn message(&self) -> String {
        match self {
            Self::HiddenOrTemporary => "This is a hidden or temporary file.".to_owned(),
            Self::HandleDiffers { wanted } => format!("The settings choose names that begin with \"{wanted}\"."),
            Self::ExtensionDiffers { wanted } => format!("The settings choose files of type {wanted}."),
            Self::FrequencyNotSelected { frequency_hz } => {
                format!("The settings leave out the frequency {frequency_hz} Hz.")
            }
            Self::IndexOutOfRange { index } => format!("The settings leave out index {index}."),
        }
    }
}

impl NameFilter {
    /// Whether a name belongs to the session.
    ///
    /// # Errors
    /// The first thing that does not fit.
    pub fn accepts(&self, file_name: &str, name: &ScanName) -> Result<(), NameRefusal> {
        if is_hidden_or_temporary(file_name) {
            return Err(NameRefusal::HiddenOrTemporary);
        }
        let wanted = self.extension.trim_start_matches('.');
        if !wanted.is_empty() && !ends_with_extension(file_name, wanted) {
            return Err(NameRefusal::ExtensionDiffers {
                wanted: format!(".{wanted}"),
            });
        }
        if !self.handle.is_empty() && !begins_with_handle(file_name, name, &self.handle) {
            return Err(NameRefusal::HandleDiffers {
                wanted: self.handle.clone(),
            });
        }
        if let Some(frequency_hz) = name.frequency_hz {
            self.accepts_frequency(frequency_hz)?;
        }
        if let Some(index) = name.index
            && (index < self.first_index || self.last_index > 0 && index > self.last_index)
        {
            return Err(NameRefusal::IndexOutOfRange { index });
        }
        Ok(())
    }

    /// Whether a frequency belongs to the session.
    ///
    /// # Errors
    /// [`NameRefusal::FrequencyNotSelected`].
    pub fn accepts_frequency(&self, frequency_hz: f64) -> Result<(), NameRefusal> {
        let same = |wanted: &f64| (wanted - frequency_hz).abs() <= 1e-9 * frequency_hz.abs();
        if self.frequencies_hz.is_empty() || self.frequencies_hz.iter().any(same) {
            Ok(())
        } else {
            Err(NameRefusal::FrequencyNotSelected { frequency_hz })
        }
    }
}

/// Names that no instrument gives to a finished scan.
fn is_hidden_or_temporary(file_name: &str) -> bool {
    let lower = file_name.to_ascii_lowercase();
    file_name.starts_with(['.', '~'])
        || [".tmp", ".temp", ".part", ".partial", ".crdownload", ".lock", ".swp"]
            .iter()
            .any(|e| lower.ends_with(e))
        || matches!(lower.as_str(), "thumbs.db" | "desktop.ini")
}

fn ends_with_extension(file_name: &str, wanted: &str) -> bool {
    let Some(at) = file_name.len().checked_sub(wanted.len()).filter(|at| *at > 1) else {
        return false;
    };
    file_name.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(wanted)) && file_name.as_bytes()[at - 1] == b'.'
}

/// Whether a name begins with the handle as a whole word: `SWV` is not the handle of `SWVb_15Hz_1`.
fn begins_with_handle(file_name: &str, name: &ScanName, handle: &str) -> bool {
    let without_electrode = match name.electrode {
        Some(_) => file_name.split_once('_').map_or(file_name, |(_, rest)| rest),
        None => file_name,
    };
    [stem(file_name), stem(without_electrode)].into_iter().any(|text| {
        let Some(rest) = text
            .get(..handle.len())
            .filter(|s| s.eq_ignore_ascii_case(handle))
            .map(|_| &text[handle.len()..])
        else {
            return false;
        };
        // `SWV15Hz_1` has the handle `SWV`, but `SWV2_15Hz_1` is another series.
        let goes_on = rest.starts_with(char::is_alphanumeric) && !name.handle.eq_ignore_ascii_case(handle);
        handle.ends_with(['_', '-', ' ']) || !goes_on
    })
}
