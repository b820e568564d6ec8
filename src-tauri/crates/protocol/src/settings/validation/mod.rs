//! Values that parse but make no sense together.

mod error;
mod sections;
mod techniques;
#[cfg(test)]
mod tests;
mod values;

pub use error::SettingsError;
pub(super) use values::number;

use super::Settings;

impl Settings {
    /// Checks what the types cannot.
    ///
    /// # Errors
    /// The first contradiction, naming its key.
    pub fn validate(&self) -> Result<(), SettingsError> {
        let Self {
            technique: _,
            files,
            columns,
            electrodes,
            smoothing,
            peak,
            trend,
            calibration,
            cv,
            ca,
        } = self;
        files.check()?;
        columns.check()?;
        electrodes.check()?;
        smoothing.check()?;
        peak.check()?;
        trend.check()?;
        calibration.check()?;
        cv.check()?;
        ca.check()
    }
}
