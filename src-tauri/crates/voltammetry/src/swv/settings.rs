//! How a square wave voltammogram is to be analysed.

/// The analysis method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum SwvMethod {
    /// Chord that touches the sweep on both sides of the peak; see [`super::tangent`].
    #[default]
    Tangent,
    /// Polynomial background fitted outside the peak; see [`super::polynomial`].
    Polynomial,
    /// Background by asymmetrically reweighted penalised least squares; see [`super::arpls`].
    Arpls,
    /// One or two Gaussian peaks on a polynomial background; see [`super::gaussian`].
    Gaussian,
    /// Compatible with `SACMES_Web`, number for number; see [`super::sacmes_web`].
    SacmesWeb,
    /// Compatible with the desktop original SACMES, number for number; see [`super::sacmes`].
    Sacmes,
}

impl SwvMethod {
    /// Every method.
    pub const ALL: [Self; 6] = [
        Self::Tangent,
        Self::Polynomial,
        Self::Arpls,
        Self::Gaussian,
        Self::SacmesWeb,
        Self::Sacmes,
    ];

    /// Stable name for programs, that of `settings.toml`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Tangent => "tangent",
            Self::Polynomial => "polynomial",
            Self::Arpls => "arpls",
            Self::Gaussian => "gaussian",
            Self::SacmesWeb => "sacmes-web",
            Self::Sacmes => "sacmes",
        }
    }
}

/// How many peaks are fitted, in methods that fit peaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum PeakCount {
    /// Two where the sweep demands it, else one; see [`super::gaussian`].
    #[default]
    Auto,
    /// One.
    One,
    /// Two, such as those of two redox reporters.
    Two,
}

/// Which quantity stands for the peak in trends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Quantity {
    /// Height above the baseline (A).
    #[default]
    Height,
    /// Area between sweep and baseline (V·A).
    Area,
}

/// Which peaks are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum PolarityChoice {
    /// Upward or downward, decided by the method.
    #[default]
    Auto,
    /// Only peaks that point to more positive current.
    Up,
    /// Only peaks that point to more negative current.
    Down,
}

/// Replacement of single bad points before smoothing; see [`crate::smoothing::hampel`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Hampel {
    /// Not applied.
    #[default]
    Off,
    /// The method chooses window and threshold.
    Auto,
    /// Given by the user.
    Manual {
        /// Window in points; an even one counts as the next odd one.
        window: usize,
        /// How many standard deviations of its neighbours a point may stand out.
        threshold: f64,
    },
}

/// Smoothing; see [`crate::smoothing::savitzky_golay`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SavitzkyGolay {
    /// Not applied.
    Off,
    /// The method chooses window and degree.
    #[default]
    Auto,
    /// Given by the user.
    Manual {
        /// Window in points; where it does not fit the data the method takes the nearest one that does, and says which.
        window: usize,
        /// Degree of the local polynomial.
        degree: usize,
    },
}

/// Settings of an SWV analysis. The defaults are those of `settings.toml`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SwvSettings {
    /// The method.
    pub method: SwvMethod,
    /// Height or area.
    pub quantity: Quantity,
    /// Which peaks are looked for.
    pub polarity: PolarityChoice,
    /// Potential window (V) in which the analysis takes place, both ends included, in either order; `None` = whole sweep.
    pub range_v: Option<(f64, f64)>,
    /// Points left out at each end of the sweep as recorded, before anything else.
    pub trim_points: usize,
    /// Degree of the polynomial, in methods that have one. The default, 15, is that of the compatible methods; the others take a
    /// degree that they cannot use for "choose it yourself".
    pub polynomial_degree: usize,
    /// Replacement of single bad points.
    pub hampel: Hampel,
    /// Smoothing.
    pub savgol: SavitzkyGolay,
    /// Smoothing window of `sacmes` (mV); other methods do not look at it.
    pub savgol_window_mv: f64,
    /// Whether `sacmes` drops as many points from the end of a sweep as it has at exactly 0 V, as the original does by mistake.
    pub zero_volt_truncation: bool,
    /// How many peaks `gaussian` fits.
    pub peaks: PeakCount,
}

impl Default for SwvSettings {
    fn default() -> Self {
        Self {
            method: SwvMethod::default(),
            quantity: Quantity::default(),
            polarity: PolarityChoice::default(),
            range_v: None,
            trim_points: 0,
            polynomial_degree: 15,
            hampel: Hampel::default(),
            savgol: SavitzkyGolay::default(),
            savgol_window_mv: 5.0,
            zero_volt_truncation: false,
            peaks: PeakCount::default(),
        }
    }
}

/// Highest polynomial degree that [`SwvSettings::check`] lets pass; beyond it double precision has nothing left to fit.
pub const MAX_POLYNOMIAL_DEGREE: usize = 40;

/// Highest Savitzky-Golay degree that [`SwvSettings::check`] lets pass.
pub const MAX_SAVGOL_DEGREE: usize = 20;

/// Longest smoothing window that [`SwvSettings::check`] lets pass, in points.
pub const MAX_WINDOW: usize = 100_001;

/// A setting that cannot mean anything.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum SwvSettingsError {
    /// The potential window is not two finite, different potentials.
    #[error("the peak range {low} V to {high} V is not a potential window")]
    Range {
        /// First limit (V).
        low: f64,
        /// Second limit (V).
        high: f64,
    },
    /// The degree is outside 1..=[`MAX_POLYNOMIAL_DEGREE`].
    #[error("the polynomial degree must be between 1 and {MAX_POLYNOMIAL_DEGREE}, not {degree}")]
    PolynomialDegree {
        /// The degree given.
        degree: usize,
    },
    /// The Hampel window is outside 3..=[`MAX_WINDOW`].
    #[error("the Hampel window must be between 3 and {MAX_WINDOW} points, not {window}")]
    HampelWindow {
        /// The window given.
        window: usize,
    },
    /// The Hampel threshold is not positive.
    #[error("the Hampel threshold must be a positive number, not {threshold}")]
    HampelThreshold {
        /// The threshold given.
        threshold: f64,
    },
    /// The Savitzky-Golay window is outside 1..=[`MAX_WINDOW`].
    #[error("the Savitzky-Golay window must be between 1 and {MAX_WINDOW} points, not {window}")]
    SavgolWindow {
        /// The window given.
        window: usize,
    },
    /// The Savitzky-Golay degree is above [`MAX_SAVGOL_DEGREE`].
    #[error("the Savitzky-Golay degree must be at most {MAX_SAVGOL_DEGREE}, not {degree}")]
    SavgolDegree {
        /// The degree given.
        degree: usize,
    },
    /// The smoothing window in millivolt is not positive.
    #[error("the Savitzky-Golay window must be a positive number of millivolts, not {window_mv}")]
    SavgolWindowMv {
        /// The window given (mV).
        window_mv: f64,
    },
}

impl SwvSettingsError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Range { .. } => "invalid_peak_range",
            Self::PolynomialDegree { .. } => "invalid_polynomial_degree",
            Self::HampelWindow { .. } => "invalid_hampel_window",
            Self::HampelThreshold { .. } => "invalid_hampel_threshold",
            Self::SavgolWindow { .. } => "invalid_savgol_window",
            Self::SavgolDegree { .. } => "invalid_savgol_degree",
            Self::SavgolWindowMv { .. } => "invalid_savgol_window_mv",
        }
    }

    /// What the user can do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Range { .. } => "Give two different potentials in volt, or none for the whole sweep.",
            Self::PolynomialDegree { .. } => "15 is the usual choice for the compatible method.",
            Self::HampelWindow { .. } | Self::HampelThreshold { .. } => "Usual values are 5 points and 3.0.",
            Self::SavgolWindowMv { .. } => "5 mV is the usual choice for the desktop original's method.",
            Self::SavgolWindow { .. } | Self::SavgolDegree { .. } => "Usual values are 15 points and degree 2.",
        }
    }
}

impl SwvSettings {
    /// Checks what comes from outside. The analysis itself never fails on unchecked settings: it takes the nearest
    /// values that mean something and reports those it used.
    ///
    /// # Errors
    /// [`SwvSettingsError`] names the first setting that cannot mean anything.
    pub fn check(&self) -> Result<(), SwvSettingsError> {
        if let Some((low, high)) = self.range_v
            && !(low.is_finite() && high.is_finite() && low != high)
        {
            return Err(SwvSettingsError::Range { low, high });
        }
        if !(1..=MAX_POLYNOMIAL_DEGREE).contains(&self.polynomial_degree) {
            return Err(SwvSettingsError::PolynomialDegree {
                degree: self.polynomial_degree,
            });
        }
        if let Hampel::Manual { window, threshold } = self.hampel {
            if !(3..=MAX_WINDOW).contains(&window) {
                return Err(SwvSettingsError::HampelWindow { window });
            }
            if !(threshold.is_finite() && threshold > 0.0) {
                return Err(SwvSettingsError::HampelThreshold { threshold });
            }
        }
        if let SavitzkyGolay::Manual { window, degree } = self.savgol {
            if !(1..=MAX_WINDOW).contains(&window) {
                return Err(SwvSettingsError::SavgolWindow { window });
            }
            if degree > MAX_SAVGOL_DEGREE {
                return Err(SwvSettingsError::SavgolDegree { degree });
            }
        }
        if !(self.savgol_window_mv.is_finite() && self.savgol_window_mv > 0.0) {
            return Err(SwvSettingsError::SavgolWindowMv {
                window_mv: self.savgol_window_mv,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_valid() {
        assert_eq!(SwvSettings::default().check(), Ok(()));
    }

    #[test]
    fn names_the_setting_that_is_wrong() {
        let code = |settings: SwvSettings| settings.check().unwrap_err().code();
        let base = SwvSettings::default();
        assert_eq!(
            code(SwvSettings {
                range_v: Some((0.1, 0.1)),
                ..base
            }),
            "invalid_peak_range"
        );
        assert_eq!(
            code(SwvSettings {
                range_v: Some((0.1, f64::NAN)),
                ..base
            }),
            "invalid_peak_range"
        );
        assert_eq!(
            code(SwvSettings {
                polynomial_degree: 0,
                ..base
            }),
            "invalid_polynomial_degree"
        );
        let hampel = |window, threshold| SwvSettings {
            hampel: Hampel::Manual { window, threshold },
            ..base
        };
        assert_eq!(code(hampel(1, 3.0)), "invalid_hampel_window");
        assert_eq!(code(hampel(5, 0.0)), "invalid_hampel_threshold");
        let savgol = |window, degree| SwvSettings {
            savgol: SavitzkyGolay::Manual { window, degree },
            ..base
        };
        assert_eq!(code(savgol(0, 2)), "invalid_savgol_window");
        assert_eq!(code(savgol(15, 99)), "invalid_savgol_degree");
        for savgol_window_mv in [0.0, -1.0, f64::NAN] {
            assert_eq!(
                code(SwvSettings {
                    savgol_window_mv,
                    ..base
                }),
                "invalid_savgol_window_mv"
            );
        }
    }
}
