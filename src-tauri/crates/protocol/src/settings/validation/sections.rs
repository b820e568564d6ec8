//! Sections on files, electrodes, smoothing and peaks.

use super::super::{Electrodes, Files, FilterMode, PeakSettings, Smoothing};
use super::SettingsError;
use super::values::{number, range};

impl Files {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        for f in &self.frequencies_hz {
            number(
                "files.frequencies_hz",
                "above 0 and at most 1e6",
                *f,
                *f > 0.0 && *f <= 1e6,
            )?;
        }
        let (first, last) = (self.first_index, self.last_index);
        number(
            "files.last_index",
            "0 or at least first_index",
            f64::from(last),
            last == 0 || last >= first,
        )
    }
}

impl Electrodes {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        for (k, electrode) in self.selected.iter().enumerate() {
            let value = f64::from(*electrode);
            number(
                "electrodes.selected",
                "from 1 to 1000",
                value,
                (1..=1000).contains(electrode),
            )?;
            let is_first = !self.selected[..k].contains(electrode);
            number("electrodes.selected", "named once each", value, is_first)?;
        }
        Ok(())
    }
}

impl Smoothing {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        if self.hampel == FilterMode::Manual {
            self.check_hampel()?;
        }
        if self.savgol == FilterMode::Manual {
            self.check_savgol()?;
        }
        Ok(())
    }

    fn check_hampel(&self) -> Result<(), SettingsError> {
        let (window, threshold) = (self.hampel_window, self.hampel_threshold);
        number(
            "smoothing.hampel_window",
            "from 3 to 1001",
            f64::from(window),
            (3..=1001).contains(&window),
        )?;
        number(
            "smoothing.hampel_threshold",
            "above 0 and at most 100",
            threshold,
            threshold > 0.0 && threshold <= 100.0,
        )
    }

    fn check_savgol(&self) -> Result<(), SettingsError> {
        let (window, degree) = (self.savgol_window, self.savgol_degree);
        number(
            "smoothing.savgol_window",
            "from 3 to 1001",
            f64::from(window),
            (3..=1001).contains(&window),
        )?;
        number(
            "smoothing.savgol_degree",
            "from 0 to 10",
            f64::from(degree),
            degree <= 10,
        )?;
        // An even window is made odd, which is one point more for the polynomial.
        number(
            "smoothing.savgol_degree",
            "below savgol_window",
            f64::from(degree),
            degree < window | 1,
        )
    }
}

impl PeakSettings {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        range("peak.range_v", &self.range_v)?;
        number(
            "peak.trim_points",
            "at most 10000",
            f64::from(self.trim_points),
            self.trim_points <= 10_000,
        )?;
        let degree = self.polynomial_degree;
        number(
            "peak.polynomial_degree",
            "from 1 to 30",
            f64::from(degree),
            (1..=30).contains(&degree),
        )?;
        number(
            "peak.peaks",
            "0 (automatic), 1 or 2",
            f64::from(self.peaks),
            self.peaks <= 2,
        )
    }
}
