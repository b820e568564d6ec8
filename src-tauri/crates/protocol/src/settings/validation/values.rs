//! Whether a key takes a value.

use super::SettingsError;

/// A number that the key allows, or the error that says what it does.
pub fn number(key: &'static str, allowed: &'static str, value: f64, is_allowed: bool) -> Result<(), SettingsError> {
    if is_allowed {
        Ok(())
    } else {
        Err(SettingsError::Number { key, allowed, value })
    }
}

/// `[]`, or `[low, high]` of finite numbers with low < high.
pub fn range(key: &'static str, values: &[f64]) -> Result<(), SettingsError> {
    match values {
        [] => Ok(()),
        [low, high] if low < high && low.is_finite() && high.is_finite() => Ok(()),
        _ => Err(SettingsError::Range { key }),
    }
}
