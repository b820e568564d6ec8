//! How a cyclic voltammogram is to be analysed.

use crate::swv::{Hampel, MAX_SAVGOL_DEGREE, MAX_WINDOW, PolarityChoice, SavitzkyGolay};

/// The analysis method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum CvMethod {
    /// Baselines that suit the couple, peaks with sub-sample precision; see [`super::analyze`].
    #[default]
    Tangent,
    /// Compatible with `SACMES_Web`, number for number; see [`super::sacmes_web`].
    SacmesWeb,
}

/// How the couple reaches the electrode, which decides the shape of its peaks and so the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum MassTransport {
    /// The couple is bound to the surface: symmetric peaks, chord that touches on both sides.
    #[default]
    Surface,
    /// The couple diffuses in solution: a wave with a tail, baseline extrapolated from before the wave.
    Solution,
}

/// Which sign of current is anodic in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum ConventionChoice {
    /// Found from the sweeps; see [`super::convention`].
    #[default]
    Auto,
    /// IUPAC: anodic (oxidation) currents are positive.
    AnodicPositive,
    /// US or polarographic: cathodic (reduction) currents are positive.
    CathodicPositive,
}

/// Settings of a CV analysis. The defaults are those of `settings.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct CvSettings {
    /// The method.
    pub method: CvMethod,
    /// Scan rate (V/s), positive; `None` where it is not known. Charge and coverage need it, nothing else does.
    pub scan_rate_v_s: Option<f64>,
    /// Surface-bound or in solution.
    pub mass_transport: MassTransport,
    /// Number (from 1) of the segment that is the forward sweep; `None` = automatic.
    pub forward_segment: Option<u32>,
    /// Number (from 1) of the segment that is the reverse sweep; `None` = automatic.
    pub reverse_segment: Option<u32>,
    /// Potential window (V) in which peaks are looked for, both ends included, in either order; `None` = all.
    pub range_v: Option<(f64, f64)>,
    /// Potentials (V) at which each analysed segment's current is wanted.
    pub probes_v: Vec<f64>,
    /// Which sign of current is anodic.
    pub convention: ConventionChoice,
    /// Which peaks are looked for; `Auto` = those that the sweep's direction makes: anodic ones while the potential rises.
    pub polarity: PolarityChoice,
    /// Electrons transferred per molecule.
    pub electrons: u32,
    /// Area of the electrode (m²); only the surface coverage needs it.
    pub area_m2: Option<f64>,
    /// Replacement of single bad points.
    pub hampel: Hampel,
    /// Smoothing.
    pub savgol: SavitzkyGolay,
}

impl Default for CvSettings {
    fn default() -> Self {
        Self {
            method: CvMethod::default(),
            scan_rate_v_s: None,
            mass_transport: MassTransport::default(),
            forward_segment: None,
            reverse_segment: None,
            range_v: None,
            probes_v: Vec::new(),
            convention: ConventionChoice::default(),
            polarity: PolarityChoice::default(),
            electrons: 1,
            area_m2: None,
            hampel: Hampel::default(),
            savgol: SavitzkyGolay::default(),
        }
    }
}

/// Most probe potentials that [`CvSettings::check`] lets pass.
pub const MAX_PROBES: usize = 100;

/// Most electrons that [`CvSettings::check`] lets pass.
pub const MAX_ELECTRONS: u32 = 100;

/// A setting that cannot mean anything.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum CvSettingsError {
    /// The scan rate is not a positive number.
    #[error("the scan rate must be a positive number of volt per second, not {scan_rate}")]
    ScanRate {
        /// The scan rate given (V/s).
        scan_rate: f64,
    },
    /// Segments are numbered from 1.
    #[error("segments are numbered from 1")]
    SegmentZero,
    /// One segment cannot be both.
    #[error("segment {segment} cannot be both the forward and the reverse sweep")]
    SameSegment {
        /// The segment given twice.
        segment: u32,
    },
    /// The potential window is not two finite, different potentials.
    #[error("the range {low} V to {high} V is not a potential window")]
    Range {
        /// First limit (V).
        low: f64,
        /// Second limit (V).
        high: f64,
    },
    /// A probe potential is not a finite number.
    #[error("the probe potential {probe} V is not a number")]
    Probe {
        /// The potential given (V).
        probe: f64,
    },
    /// There are more than [`MAX_PROBES`] probes.
    #[error("there can be at most {MAX_PROBES} probe potentials, not {probes}")]
    TooManyProbes {
        /// The number given.
        probes: usize,
    },
    /// The number of electrons is outside 1..=[`MAX_ELECTRONS`].
    #[error("the number of electrons must be between 1 and {MAX_ELECTRONS}, not {electrons}")]
    Electrons {
        /// The number given.
        electrons: u32,
    },
    /// The area is not a positive number.
    #[error("the electrode area must be a positive number of square metres, not {area}")]
    Area {
        /// The area given (m²).
        area: f64,
    },
    /// Window, degree or threshold of a filter is out of range.
    #[error(
        "the smoothing needs windows up to {MAX_WINDOW} points, degrees up to {MAX_SAVGOL_DEGREE} and a positive threshold"
    )]
    Smoothing,
}

impl CvSettingsError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ScanRate { .. } => "invalid_scan_rate",
            Self::SegmentZero => "invalid_segment",
            Self::SameSegment { .. } => "same_segment_twice",
            Self::Range { .. } => "invalid_cv_range",
            Self::Probe { .. } => "invalid_probe",
            Self::TooManyProbes { .. } => "too_many_probes",
            Self::Electrons { .. } => "invalid_electrons",
            Self::Area { .. } => "invalid_electrode_area",
            Self::Smoothing => "invalid_smoothing",
        }
    }

    /// What the user can do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::ScanRate { .. } => "Give it in V/s, for example 0.1, or leave it to the file.",
            Self::SegmentZero | Self::SameSegment { .. } => "Choose two segments, or leave them automatic.",
            Self::Range { .. } => "Give two different potentials in volt, or none for the whole sweep.",
            Self::Probe { .. } | Self::TooManyProbes { .. } => "Give a few potentials in volt.",
            Self::Electrons { .. } => "Give the number of electrons per molecule, for example 2 for methylene blue.",
            Self::Area { .. } => "Give it in m²; 1 mm² is 1e-6 m².",
            Self::Smoothing => "Usual values are 15 points and degree 2 (Savitzky-Golay), 5 points and 3.0 (Hampel).",
        }
    }
}

impl CvSettings {
    /// Checks what comes from outside. The analysis itself never fails on unchecked settings: what means nothing
    /// counts as not given.
    ///
    /// # Errors
    /// [`CvSettingsError`] names the first setting that cannot mean anything.
    pub fn check(&self) -> Result<(), CvSettingsError> {
        if let Some(scan_rate) = self.scan_rate_v_s
            && !positive(scan_rate)
        {
            return Err(CvSettingsError::ScanRate { scan_rate });
        }
        if self.forward_segment == Some(0) || self.reverse_segment == Some(0) {
            return Err(CvSettingsError::SegmentZero);
        }
        if let (Some(segment), Some(other)) = (self.forward_segment, self.reverse_segment)
            && segment == other
        {
            return Err(CvSettingsError::SameSegment { segment });
        }
        if let Some((low, high)) = self.range_v
            && !(low.is_finite() && high.is_finite() && low != high)
        {
            return Err(CvSettingsError::Range { low, high });
        }
        if let Some(&probe) = self.probes_v.iter().find(|probe| !probe.is_finite()) {
            return Err(CvSettingsError::Probe { probe });
        }
        if self.probes_v.len() > MAX_PROBES {
            let probes = self.probes_v.len();
            return Err(CvSettingsError::TooManyProbes { probes });
        }
        if !(1..=MAX_ELECTRONS).contains(&self.electrons) {
            let electrons = self.electrons;
            return Err(CvSettingsError::Electrons { electrons });
        }
        if let Some(area) = self.area_m2
            && !positive(area)
        {
            return Err(CvSettingsError::Area { area });
        }
        let hampel_ok = match self.hampel {
            Hampel::Manual { window, threshold } => (3..=MAX_WINDOW).contains(&window) && positive(threshold),
            Hampel::Off | Hampel::Auto => true,
        };
        let savgol_ok = match self.savgol {
            SavitzkyGolay::Manual { window, degree } => {
                (1..=MAX_WINDOW).contains(&window) && degree <= MAX_SAVGOL_DEGREE
            }
            SavitzkyGolay::Off | SavitzkyGolay::Auto => true,
        };
        if hampel_ok && savgol_ok {
            Ok(())
        } else {
            Err(CvSettingsError::Smoothing)
        }
    }

    /// The scan rate, if it means anything.
    pub(super) fn known_scan_rate(&self) -> Option<f64> {
        self.scan_rate_v_s.filter(|rate| positive(*rate))
    }

    /// The electrode's area, if it means anything.
    pub(super) fn known_area(&self) -> Option<f64> {
        self.area_m2.filter(|area| positive(*area))
    }
}

fn positive(value: f64) -> bool {
    value.is_finite() && value > 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_setting_that_is_wrong() {
        let code = |change: &dyn Fn(&mut CvSettings)| {
            let mut settings = CvSettings::default();
            change(&mut settings);
            settings.check().map_err(|error| {
                assert!(error.hint().ends_with('.'));
                error.code()
            })
        };
        assert_eq!(code(&|_| {}), Ok(()));
        assert_eq!(code(&|s| s.scan_rate_v_s = Some(0.0)), Err("invalid_scan_rate"));
        assert_eq!(code(&|s| s.forward_segment = Some(0)), Err("invalid_segment"));
        assert_eq!(
            code(&|s| (s.forward_segment, s.reverse_segment) = (Some(2), Some(2))),
            Err("same_segment_twice")
        );
        assert_eq!(code(&|s| s.range_v = Some((0.1, f64::NAN))), Err("invalid_cv_range"));
        assert_eq!(code(&|s| s.probes_v = vec![0.1, f64::INFINITY]), Err("invalid_probe"));
        assert_eq!(code(&|s| s.probes_v = vec![0.0; 101]), Err("too_many_probes"));
        assert_eq!(code(&|s| s.electrons = 0), Err("invalid_electrons"));
        assert_eq!(code(&|s| s.area_m2 = Some(-1.0)), Err("invalid_electrode_area"));
        assert_eq!(
            code(&|s| s.savgol = SavitzkyGolay::Manual { window: 0, degree: 2 }),
            Err("invalid_smoothing")
        );
        assert_eq!(
            code(&|s| s.hampel = Hampel::Manual {
                window: 5,
                threshold: 0.0
            }),
            Err("invalid_smoothing")
        );
    }
}
