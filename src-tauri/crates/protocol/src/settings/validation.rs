//! Values that parse but make no sense together.

use crate::refusal::Refusal;

use super::{CaSettings, FilterMode, Settings};

/// Why settings are refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SettingsError {
    /// Not TOML, an unknown key, or a value of the wrong kind.
    #[error("{0}")]
    Syntax(String),
    /// A range that is not `[]` or `[low, high]` with low < high.
    #[error("{key} must be empty or [low, high] with low below high")]
    Range {
        /// The key.
        key: &'static str,
    },
    /// A range of indices that is not `[]` or `[first, last]` with first at most last.
    #[error("{key} must be empty or [first, last] with first at most last")]
    IndexRange {
        /// The key.
        key: &'static str,
    },
    /// A range of indices that another key asks for.
    #[error("{key} must be [first, last] where {when}")]
    IndexRangeNeeded {
        /// The key.
        key: &'static str,
        /// What asks for it.
        when: &'static str,
    },
    /// A list that another key asks for.
    #[error("{key} must not be empty where {when}")]
    Missing {
        /// The key.
        key: &'static str,
        /// What asks for it.
        when: &'static str,
    },
    /// No covariance matrix.
    #[error("{key} must be empty or four rows of four numbers, with none below 0 on the diagonal")]
    Covariance {
        /// The key.
        key: &'static str,
    },
    /// A number outside of what the key allows.
    #[error("{key} must be {allowed}, not {value}")]
    Number {
        /// The key.
        key: &'static str,
        /// What is allowed.
        allowed: &'static str,
        /// What was given.
        value: f64,
    },
    /// A key that another one needs is absent.
    #[error("{key} must be given where {with} is")]
    Absent {
        /// The key.
        key: &'static str,
        /// The key that needs it.
        with: &'static str,
    },
    /// A word that the key does not know.
    #[error("{key} does not know \"{value}\"; it takes {allowed}")]
    Word {
        /// The key.
        key: &'static str,
        /// What was given.
        value: String,
        /// What is allowed.
        allowed: &'static str,
    },
}

impl SettingsError {
    /// As it is told at every door.
    pub fn to_refusal(&self) -> Refusal {
        Refusal::new(
            "settings_invalid",
            format!("The settings cannot be used: {self}."),
            "Correct the value; docs/settings.md lists every key with its default.",
        )
    }
}

pub(super) fn number(
    key: &'static str,
    allowed: &'static str,
    value: f64,
    is_allowed: bool,
) -> Result<(), SettingsError> {
    if is_allowed {
        Ok(())
    } else {
        Err(SettingsError::Number { key, allowed, value })
    }
}

fn range(key: &'static str, values: &[f64]) -> Result<(), SettingsError> {
    match values {
        [] => Ok(()),
        [low, high] if low < high && low.is_finite() && high.is_finite() => Ok(()),
        _ => Err(SettingsError::Range { key }),
    }
}

fn chronoamperometry(ca: &CaSettings) -> Result<(), SettingsError> {
    range("ca.fit_range_s", &ca.fit_range_s)?;
    range("ca.cottrell_range_s", &ca.cottrell_range_s)?;
    number(
        "ca.step",
        "0 (all) or at most 1000",
        f64::from(ca.step),
        ca.step <= 1000,
    )?;
    number(
        "ca.electrons",
        "from 1 to 100",
        f64::from(ca.electrons),
        (1..=100).contains(&ca.electrons),
    )?;
    for (key, value) in [
        ("ca.area_m2", ca.area_m2),
        ("ca.concentration_mol_m3", ca.concentration_mol_m3),
    ] {
        number(key, "0 (not known) or above", value, value >= 0.0 && value.is_finite())?;
    }
    Ok(())
}

impl Settings {
    /// Checks what the types cannot.
    ///
    /// # Errors
    /// The first contradiction, naming its key.
    pub fn validate(&self) -> Result<(), SettingsError> {
        let Self {
            files,
            columns,
            electrodes,
            smoothing,
            peak,
            trend,
            calibration,
            cv,
            ca,
            technique: _,
        } = self;
        range("peak.range_v", &peak.range_v)?;
        range("cv.range_v", &cv.range_v)?;
        chronoamperometry(ca)?;
        for f in &files.frequencies_hz {
            number(
                "files.frequencies_hz",
                "above 0 and at most 1e6",
                *f,
                *f > 0.0 && *f <= 1e6,
            )?;
        }
        if files.last_index > 0 {
            let first = files.first_index;
            number(
                "files.last_index",
                "0 or at least first_index",
                f64::from(files.last_index),
                files.last_index >= first,
            )?;
        }
        columns.validate()?;
        for (k, electrode) in electrodes.selected.iter().enumerate() {
            let value = f64::from(*electrode);
            number(
                "electrodes.selected",
                "from 1 to 1000",
                value,
                (1..=1000).contains(electrode),
            )?;
            let is_first = !electrodes.selected[..k].contains(electrode);
            number("electrodes.selected", "named once each", value, is_first)?;
        }
        if smoothing.hampel == FilterMode::Manual {
            let (window, threshold) = (smoothing.hampel_window, smoothing.hampel_threshold);
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
            )?;
        }
        if smoothing.savgol == FilterMode::Manual {
            let (window, degree) = (smoothing.savgol_window, smoothing.savgol_degree);
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
            )?;
        }
        number(
            "peak.trim_points",
            "at most 10000",
            f64::from(peak.trim_points),
            peak.trim_points <= 10_000,
        )?;
        let degree = peak.polynomial_degree;
        number(
            "peak.polynomial_degree",
            "from 1 to 30",
            f64::from(degree),
            (1..=30).contains(&degree),
        )?;
        number(
            "peak.peaks",
            "0 (automatic), 1 or 2",
            f64::from(peak.peaks),
            peak.peaks <= 2,
        )?;
        let (rate, area) = (cv.scan_rate_v_s, cv.area_m2);
        number(
            "cv.scan_rate_v_s",
            "0 (from the file) or above",
            rate,
            rate >= 0.0 && rate.is_finite(),
        )?;
        number(
            "cv.area_m2",
            "0 (not known) or above",
            area,
            area >= 0.0 && area.is_finite(),
        )?;
        number(
            "cv.electrons",
            "from 1 to 100",
            f64::from(cv.electrons),
            (1..=100).contains(&cv.electrons),
        )?;
        let (forward, reverse) = (cv.forward_segment, cv.reverse_segment);
        let differ = forward == 0 || forward != reverse;
        number(
            "cv.reverse_segment",
            "another one than forward_segment",
            f64::from(reverse),
            differ,
        )?;
        for probe in &cv.probes_v {
            number("cv.probes_v", "finite numbers", *probe, probe.is_finite())?;
        }
        let probes = cv.probes_v.len();
        number("cv.probes_v", "at most 100 potentials", probes as f64, probes <= 100)?;
        trend.check()?;
        calibration.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_gives_every_default() {
        assert_eq!(Settings::from_toml("").unwrap(), Settings::default());
    }

    #[test]
    fn unknown_keys_are_named() {
        let error = Settings::from_toml("[peak]\nmethud = \"tangent\"\n").unwrap_err();
        assert!(error.to_string().contains("methud"), "{error}");
    }

    #[test]
    fn settings_survive_their_toml() {
        let trends = "[trend]\nnormalization = \"baseline\"\nnormalize_range = [1, 30]\n[calibration]\nsource = \"steps\"\n\
            steps = [{ concentration_m = 0, first_index = 1, last_index = 5 }]\n[[calibration.curves]]\ny_min = 100.0\n\
            y_max = 160.5\nk_m = 2e-5\nhighest_m = 1e-3\nelectrode = 2\nresponse = \"kdm_difference\"\n\
            covariance = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]\n";
        let text =
            "technique = \"swv\"\n[columns]\npotential = 2\n[peak]\nrange_v = [-0.5, -0.1]\nmethod = \"sacmes-web\"\n";
        let settings = Settings::from_toml(&format!("{text}{trends}")).unwrap();
        assert_eq!(settings.calibration.curves[0].y_max, 160.5);
        assert_eq!(Settings::from_toml(&settings.to_toml()).unwrap(), settings);
    }

    #[test]
    fn contradictions_are_refused_with_their_key() {
        for (text, key) in [
            ("[peak]\nrange_v = [0.1, -0.1]", "peak.range_v"),
            ("[files]\nfirst_index = 5\nlast_index = 2", "files.last_index"),
            ("[trend]\nnormalize_to = -2", "trend.normalize_to"),
            ("[columns]\ncurrent_unit = \"kA\"", "columns.current_unit"),
            ("[electrodes]\nselected = [1, 2, 1]", "electrodes.selected"),
            ("[trend]\nsampling_interval_s = nan", "trend.sampling_interval_s"),
            ("[ca]\nfit_range_s = [0.1]", "ca.fit_range_s"),
            ("[ca]\nstep = 1001", "ca.step"),
            (
                "[smoothing]\nsavgol = \"manual\"\nsavgol_window = 5\nsavgol_degree = 5",
                "smoothing.savgol_degree",
            ),
            ("[ca]\narea_m2 = -1e-6", "ca.area_m2"),
            ("[trend]\nnormalization = \"mean\"", "trend.normalize_range"),
            ("[trend]\nnormalize_range = [5, 2]", "trend.normalize_range"),
            ("[trend]\ndrift = \"both\"", "trend.drift_range"),
            ("[trend]\ndrift_range = [1]", "trend.drift_range"),
            ("[trend]\noutlier_window = 2", "trend.outlier_window"),
            ("[trend]\noutlier_threshold = 0", "trend.outlier_threshold"),
            ("[calibration]\nsource = \"steps\"", "calibration.steps"),
            ("[calibration]\nsource = \"curves\"", "calibration.curves"),
            ("[calibration]\nconfidence = 95", "calibration.confidence"),
            ("[calibration]\nhill_coefficient = 0", "calibration.hill_coefficient"),
            (
                "[[calibration.steps]]\nconcentration_m = -1\nfirst_index = 1\nlast_index = 2",
                "calibration.steps.concentration_m",
            ),
            (
                "[calibration]\nsteps = [{ concentration_m = 0, first_index = 1, last_index = 5 }, \
                 { concentration_m = 1e-6, first_index = 5, last_index = 9 }]",
                "calibration.steps.first_index",
            ),
            (
                "[[calibration.curves]]\ny_min = 1\ny_max = 1\nk_m = 1e-6\nhighest_m = 1",
                "calibration.curves.y_max",
            ),
            (
                "[[calibration.curves]]\ny_min = 1\ny_max = 2\nk_m = 1e-6\nhighest_m = 1\ncovariance = [[1, 2]]",
                "calibration.curves.covariance",
            ),
        ] {
            let error = Settings::from_toml(text).unwrap_err();
            assert!(error.to_string().contains(key), "{text}: {error}");
        }
    }

    #[test]
    fn only_a_change_of_trends_leaves_the_measurements_alone() {
        let old = Settings::default();
        let mut new = old.clone();
        new.trend.normalize_to = 7;
        new.calibration.pooled = true;
        assert!(!old.needs_measuring_anew(&new));
        new.peak.trim_points = 2;
        assert!(old.needs_measuring_anew(&new));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_settings_that_survive_or_an_error(
            pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..12),
            noise in ".{0,6}",
            at in 0..12usize,
        ) {
            let mut text: Vec<&str> = pieces;
            text.insert(at.min(text.len()), &noise);
            if let Ok(settings) = Settings::from_toml(&text.concat()) {
                proptest::prop_assert_eq!(Settings::from_toml(&settings.to_toml()).unwrap(), settings);
            }
        }
    }

    /// What settings are made of, whole lines and halves of them.
    const PIECES: &[&str] = &[
        "[peak]\n",
        "[cv]\n",
        "[columns]\n",
        "[trend]\n",
        "[files]\n",
        "technique = \"cv\"\n",
        "method = \"arpls\"\n",
        "range_v = [-0.5, -0.1]\n",
        "range_v = [",
        "scan_rate_v_s = 1e400\n",
        "scan_rate_v_s = 0.1\n",
        "probes_v = [0.1, 0.2]\n",
        "potential = 0\n",
        "potential = 2\n",
        "first_index = 18446744073709551616\n",
        "normalize_to = -1\n",
        "replicates = 3\n",
        "handle = \"\\u0000\"\n",
        "= nan\n",
        "\"\"\"",
    ];
}
