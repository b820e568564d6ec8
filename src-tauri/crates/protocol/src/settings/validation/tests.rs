//! Texts of settings: taken as they are, or refused with the key.

use super::super::Settings;

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
