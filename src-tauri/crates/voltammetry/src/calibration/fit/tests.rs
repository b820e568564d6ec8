use super::*;

const CONCENTRATIONS: [f64; 9] = [0.0, 1e-7, 3e-7, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4];

/// A titration with K = 5 µM, with a scatter that looks like noise and is always the same.
fn titration(y_min: f64, y_max: f64, n: f64, scatter: f64) -> Vec<TitrationPoint> {
    CONCENTRATIONS
        .iter()
        .enumerate()
        .map(|(k, &c)| {
            let share = if c > 0.0 { 1.0 / (1.0 + (5e-6 / c).powf(n)) } else { 0.0 };
            let noise = scatter * (f64::from((k as u32 * 37 + 11) % 17) / 8.0 - 1.0);
            TitrationPoint::single(c, y_min + (y_max - y_min) * share + noise)
        })
        .collect()
}

fn free() -> CalibrationSettings {
    CalibrationSettings {
        hill: Hill::Free,
        ..CalibrationSettings::default()
    }
}

#[test]
fn finds_rising_and_falling_curves() {
    for (y_min, y_max) in [(100.0, 160.0), (1.0, 0.4), (-2e-6, 3e-6)] {
        let span = y_max - y_min;
        for n in [0.7, 1.0, 1.8] {
            let found = calibrate(&titration(y_min, y_max, n, 0.0), &free()).unwrap();
            assert!(
                (found.k_m / 5e-6 - 1.0).abs() < 1e-5 && (found.hill / n - 1.0).abs() < 1e-5,
                "{found:?}"
            );
            assert!(((found.y_max - y_max) / span).abs() < 1e-5 && ((found.y_min - y_min) / span).abs() < 1e-5);
        }
        let found = calibrate(
            &titration(y_min, y_max, 1.0, 0.005 * span.abs()),
            &CalibrationSettings::default(),
        )
        .unwrap();
        assert!(
            found.k_interval_m.lower < 5e-6 && 5e-6 < found.k_interval_m.upper,
            "{found:?}"
        );
        assert!(found.hill_error.is_none() && found.r_squared.unwrap() > 0.99);
        assert_eq!(found.residuals.len(), 9);
        assert!(
            (found.residuals.iter().map(|r| r * r).sum::<f64>() / 6.0).sqrt() / found.residual_deviation - 1.0 < 1e-9
        );
    }
}

#[test]
fn refuses_with_a_reason() {
    let good = titration(100.0, 160.0, 1.0, 0.3);
    let fails = |points: &[TitrationPoint], settings: &CalibrationSettings| calibrate(points, settings).unwrap_err();
    let ours = CalibrationSettings::default();
    assert_eq!(fails(&good[..3], &ours), CalibrationReason::TooFewConcentrations);
    assert_eq!(fails(&good[..4], &free()), CalibrationReason::TooFewConcentrations);
    assert_eq!(fails(&[], &ours), CalibrationReason::TooFewConcentrations);
    let twice = [&good[..3], &good[..3]].concat();
    assert_eq!(fails(&twice, &ours), CalibrationReason::TooFewConcentrations);
    assert_eq!(
        fails(&titration(100.0, 100.0, 1.0, 0.3), &ours),
        CalibrationReason::NoSpan
    );
    assert_eq!(
        fails(&titration(100.0, 100.0, 1.0, 0.0), &ours),
        CalibrationReason::NoSpan
    );
    // The first five concentrations end at 3 µM, below K.
    let unfinished = fails(&titration(100.0, 160.0, 1.0, 1.0)[..5], &ours);
    assert!(
        matches!(
            unfinished,
            CalibrationReason::NotIdentifiable | CalibrationReason::NoSpan
        ),
        "{unfinished:?}"
    );
    let mut bad = good.clone();
    bad[2].concentration_m = -1.0;
    assert_eq!(fails(&bad, &ours), CalibrationReason::InvalidPoint);
    let weighted = CalibrationSettings {
        weighting: Weighting::InverseVariance,
        ..ours
    };
    assert_eq!(fails(&good, &weighted), CalibrationReason::NoWeights);
}

#[test]
fn weights_matter_by_their_ratios_alone() {
    let mut points = titration(100.0, 160.0, 1.0, 0.5);
    for (k, point) in points.iter_mut().enumerate() {
        point.count = 5;
        point.deviation = Some(if k == 8 { 5.0 } else { 0.5 });
    }
    let with = |weighting| CalibrationSettings {
        weighting,
        ..CalibrationSettings::default()
    };
    let equal = calibrate(&points, &with(Weighting::Equal)).unwrap();
    let count = calibrate(&points, &with(Weighting::Count)).unwrap();
    assert!((equal.k_m / count.k_m - 1.0).abs() < 1e-9);
    assert!((equal.ln_k_error / count.ln_k_error - 1.0).abs() < 1e-9);
    assert!((equal.residual_deviation / count.residual_deviation - 1.0).abs() < 1e-9);
    let inverse = calibrate(&points, &with(Weighting::InverseVariance)).unwrap();
    assert!(inverse.k_m != equal.k_m && inverse.y_max_error > 0.0);
}
