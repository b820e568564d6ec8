//! Trends of a few measurements, by hand.

use protocol::measurement::TimeSource;
use protocol::settings::{
    CalibrationCurve, CalibrationSource, CalibrationStep, DriftCorrection, DriftModel, TrendNormalization, TrendTimes,
    TrendX,
};

use super::*;
use crate::store::SeriesRow;

fn trends_of(settings: &Settings, rows: &[SeriesRow], first: u32, last: u32) -> Vec<TrendRow> {
    settings.validate().unwrap();
    let Ok(trends) = trend_rows(settings, &AtHand::of(rows.to_vec()), first, last);
    trends
}

fn row(electrode: u32, hz: f64, index: u32, height: Option<f64>) -> SeriesRow {
    SeriesRow {
        measurement: i64::from(index),
        electrode: Some(electrode),
        frequency_hz: Some(hz),
        index: Some(index),
        time: Some(format!(
            "2026-01-01T{:02}:{:02}:{:02}Z",
            index / 3600 % 24,
            index / 60 % 60,
            index % 60
        )),
        time_source: Some(TimeSource::File),
        modified_ns: None,
        status: "ok".to_owned(),
        reason: None,
        peak_current_a: height,
        peak_potential_v: None,
        baseline_current_a: None,
        area_va: None,
        charge_c: None,
        fwhm_v: None,
        snr: None,
        quality: None,
        excluded: false,
        revision: 1,
        segment: None,
        peak: None,
        more: None,
    }
}

#[test]
fn a_window_of_a_session_is_normalised_to_a_reference_outside_of_it() {
    let rows = [
        row(1, 15.0, 1, Some(5e-7)),
        row(1, 200.0, 1, Some(6e-7)),
        row(1, 15.0, 4, Some(4.7e-7)),
        row(1, 200.0, 4, Some(6.3e-7)),
    ];
    let trends = trends_of(&Settings::default(), &rows, 4, 4);
    assert_eq!(trends.len(), 1);
    assert!((trends[0].kdm.unwrap() - 111.0).abs() < 1e-9);
}

#[test]
fn gaps_excluded_points_and_duplicates_have_reasons() {
    let mut excluded = row(1, 200.0, 3, Some(6e-7));
    excluded.excluded = true;
    let mut duplicate = row(1, 15.0, 1, Some(9.0));
    duplicate.reason = Some("duplicate_index".to_owned());
    let first = [row(1, 15.0, 1, Some(5e-7)), row(1, 200.0, 1, Some(6e-7)), duplicate];
    let mut rows = first.to_vec();
    rows.extend([row(1, 15.0, 3, Some(5e-7)), excluded]);
    let trends = trends_of(&Settings::default(), &rows, 0, 0);
    let reasons: Vec<_> = trends.iter().map(|t| t.reason.as_deref()).collect();
    assert_eq!(reasons, [None, Some("index_missing"), Some("no_high_value")]);
    assert_eq!(trends[0].normalized_low, Some(1.0));
}

#[test]
fn one_frequency_has_neither_ratio_nor_kdm() {
    let mut without_frequency = row(1, 0.0, 1, Some(5e-7));
    without_frequency.frequency_hz = None;
    let one = [row(1, 15.0, 1, Some(5e-7)), row(1, 15.0, 2, Some(4e-7))];
    let two = [&one[..], &[row(1, 200.0, 1, Some(6e-7)), row(1, 200.0, 2, Some(7e-7))]].concat();
    let mut same = Settings::default();
    (same.trend.low_frequency_hz, same.trend.high_frequency_hz) = (15.0, 15.0);
    for (settings, rows) in [(&Settings::default(), &one[..]), (&same, &two[..])] {
        let trends = trends_of(settings, rows, 0, 0);
        assert_eq!(trends.len(), 2);
        for trend in &trends {
            assert_eq!((trend.ratio, trend.kdm, trend.reason.as_deref()), (None, None, None));
        }
        assert_eq!(trends[1].normalized_low, Some(0.8));
    }
    for trend in trends_of(&Settings::default(), &[without_frequency], 0, 0) {
        assert_eq!((trend.ratio, trend.kdm), (None, None));
    }
    let kdm = Settings {
        trend: protocol::settings::TrendSettings {
            response: protocol::settings::TrendResponse::Kdm,
            ..same.trend
        },
        ..Settings::default()
    };
    let asked_for = trends_of(&kdm, &one, 0, 0);
    assert_eq!(asked_for[1].reason.as_deref(), Some("one_frequency"));
}

#[test]
fn replicates_are_one_point_with_their_spread() {
    let heights = [(1, 5e-7), (2, 5.5e-7), (3, 6e-7), (5, 4e-7)];
    let rows: Vec<_> = heights
        .iter()
        .map(|(index, height)| row(1, 15.0, *index, Some(*height)))
        .collect();
    let mut settings = Settings::default();
    settings.trend.replicates = 2;
    let trends = trends_of(&settings, &rows, 0, 0);
    assert_eq!(trends.iter().map(|t| t.index).collect::<Vec<_>>(), [1, 3, 5]);
    let low: Vec<f64> = trends.iter().map(|t| t.normalized_low.unwrap()).collect();
    assert!((low[0] - 1.05).abs() < 1e-12 && (low[1] - 1.2).abs() < 1e-12 && (low[2] - 0.8).abs() < 1e-12);
    let spread = trends[0].spread.unwrap();
    assert!(
        (spread.normalized_low_sd.unwrap() - 0.1 / 2.0_f64.sqrt()).abs() < 1e-12,
        "{spread:?}"
    );
    assert_eq!(trends[1].spread.unwrap().normalized_low_sd, None);
    assert_eq!(trends[0].x, Some(1.5));
}

#[test]
fn an_index_from_another_numbering_does_not_fill_the_memory() {
    let rows = [
        row(1, 15.0, 1, Some(5e-7)),
        row(1, 15.0, 3, Some(5e-7)),
        row(1, 15.0, u32::MAX, Some(5e-7)),
    ];
    let trends = trends_of(&Settings::default(), &rows, 0, 0);
    assert_eq!(trends.iter().map(|t| t.index).collect::<Vec<_>>(), [1, 2, 3, u32::MAX]);
}

#[test]
fn indices_that_are_clock_times_do_not_fill_the_memory_either() {
    let rows: Vec<_> = (0..1_000)
        .map(|k| row(1, 15.0, 1_000_000 + 9_000 * k, Some(5e-7)))
        .collect();
    let trends = trends_of(&Settings::default(), &rows, 0, 0);
    assert_eq!(trends.len(), rows.len());
    assert!(rows.iter().zip(&trends).all(|(row, t)| Some(t.index) == row.index));
}

/// One frequency, `indices` scans of 500 nA times `factor`.
fn series(indices: u32, factor: impl Fn(u32) -> f64) -> Vec<SeriesRow> {
    (1..=indices)
        .map(|index| row(1, 15.0, index, Some(5e-7 * factor(index))))
        .collect()
}

fn wobble(index: u32) -> f64 {
    0.002 * f64::from(index * 7 % 5).sin()
}

#[test]
fn values_are_normalised_to_a_mean_or_along_a_baseline() {
    let rows = series(40, |index| 2.0 - 0.01 * f64::from(index));
    let mut settings = Settings::default();
    settings.trend.normalization = TrendNormalization::Mean;
    settings.trend.normalize_range = vec![9, 11];
    let mean = trends_of(&settings, &rows, 10, 10);
    assert!((mean[0].normalized_low.unwrap() - 1.0).abs() < 1e-12, "{mean:?}");
    settings.trend.normalization = TrendNormalization::Baseline;
    settings.trend.normalize_range = vec![1, 20];
    let along = trends_of(&settings, &rows, 0, 0);
    assert!(along.iter().all(|t| (t.normalized_low.unwrap() - 1.0).abs() < 1e-9));
    settings.trend.normalize_baseline = DriftModel::Exponential;
    let line = trends_of(&settings, &rows, 30, 30);
    assert_eq!(line[0].normalized_low, None);
    assert!(line[0].reason.as_deref().unwrap().starts_with("baseline_"), "{line:?}");
    settings.trend.normalize_to = -1;
    assert_eq!(
        trends_of(&settings, &rows, 30, 30)[0].reason.as_deref(),
        Some("not_normalized")
    );
}

#[test]
fn a_reference_of_zero_says_so() {
    let rows = series(3, |index| f64::from(index) - 1.0);
    let trends = trends_of(&Settings::default(), &rows, 2, 2);
    assert_eq!(trends[0].reason.as_deref(), Some("reference_zero"));
}

#[test]
fn drift_is_taken_out_of_any_part_of_the_series() {
    let rows = series(100, |index| 1.0 - 0.004 * f64::from(index) + wobble(index));
    let mut settings = Settings::default();
    settings.trend.drift = DriftCorrection::Linear;
    settings.trend.drift_range = vec![1, 60];
    let all = trends_of(&settings, &rows, 0, 0);
    let level = all[0].drift_corrected.unwrap();
    assert!(
        all.iter()
            .all(|t| (t.drift_corrected.unwrap() / level - 1.0).abs() < 0.01)
    );
    assert!(all[99].normalized_low.unwrap() < 0.65);
    assert_eq!(trends_of(&settings, &rows, 95, 96), all[94..96]);
    settings.trend.drift_range = vec![200, 300];
    let none = trends_of(&settings, &rows, 95, 96);
    assert_eq!(none[0].drift_corrected, None);
    assert_eq!(none[0].reason.as_deref(), Some("baseline_too_few_points"));
}

fn titration() -> (Vec<SeriesRow>, Settings) {
    let concentrations = [0.0, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4];
    let of = |c: f64| 1.0 + 0.8 * c / (c + 1e-5);
    let mut settings = Settings::default();
    settings.calibration.source = CalibrationSource::Steps;
    settings.calibration.steps = (0..)
        .zip(concentrations)
        .map(|(k, concentration_m)| CalibrationStep {
            concentration_m,
            first_index: 10 * k + 1,
            last_index: 10 * k + 10,
        })
        .collect();
    let rows = series(90, |index| match index {
        71..=80 => of(2e-5) + wobble(index),
        81..=85 => 0.9,
        86.. => 2.5,
        _ => of(concentrations[(index as usize - 1) / 10]) + wobble(index),
    });
    (rows, settings)
}

#[test]
fn concentrations_come_back_with_intervals_and_flags() {
    let (rows, mut settings) = titration();
    let trends = trends_of(&settings, &rows, 71, 90);
    for row in &trends[..10] {
        let (c, low, high) = (
            row.concentration_m.unwrap(),
            row.concentration_low_m.unwrap(),
            row.concentration_high_m.unwrap(),
        );
        assert!((c / 2e-5 - 1.0).abs() < 0.03 && low < c && c < high, "{row:?}");
        assert_eq!(
            (row.out_of_range, row.range_flag, row.reason.as_deref()),
            (Some(false), None, None)
        );
    }
    assert_eq!(trends[10].range_flag, Some("below_minimum"));
    assert_eq!(trends[10].reason.as_deref(), Some("below_minimum"));
    assert_eq!(
        (trends[19].range_flag, trends[19].range_code()),
        (Some("above_maximum"), Some(2.0))
    );
    // The scans of the titration are only read when another part is asked for: the numbers are the same.
    assert_eq!(trends_of(&settings, &rows, 0, 0)[70..], trends);
    settings.trend.replicates = 5;
    let groups = trends_of(&settings, &rows, 71, 75);
    assert_eq!(groups.len(), 1);
    assert!((groups[0].concentration_m.unwrap() / 2e-5 - 1.0).abs() < 0.02);
}

#[test]
fn a_curve_from_another_session_needs_the_same_response() {
    let (rows, mut settings) = titration();
    let series = AtHand::of(rows.clone());
    let Ok(fitted) = Fitted::of(&settings, &series);
    let Ok(curves) = Curves::of(&settings.calibration, &fitted, &series);
    let told = curves.unwrap().told(&fitted, 0.95);
    assert_eq!(told.len(), 1);
    let kept: CalibrationCurve = kept_curve(&told[0]).unwrap();
    let here = trends_of(&settings, &rows, 75, 75);
    settings.calibration.source = CalibrationSource::Curves;
    settings.calibration.curves = vec![kept.clone()];
    assert_eq!(trends_of(&settings, &rows, 75, 75), here);
    settings.trend.response = protocol::settings::TrendResponse::NormalizedHigh;
    assert_eq!(
        trends_of(&settings, &rows, 75, 75)[0].reason.as_deref(),
        Some("calibration_other_response")
    );
    settings.trend.response = protocol::settings::TrendResponse::Auto;
    assert_eq!(kept.drift_corrected, Some(false));
    settings.trend.drift = DriftCorrection::Linear;
    settings.trend.drift_range = vec![1, 10];
    let with_drift = trends_of(&settings, &rows, 75, 75);
    assert_eq!(with_drift[0].reason.as_deref(), Some("calibration_other_drift"));
    assert_eq!(with_drift[0].concentration_m, None);
    settings.trend.drift = DriftCorrection::Off;
    settings.calibration.curves = vec![CalibrationCurve {
        electrode: Some(2),
        ..kept.clone()
    }];
    assert_eq!(
        trends_of(&settings, &rows, 75, 75)[0].reason.as_deref(),
        Some("calibration_no_curve")
    );
    settings.calibration.curves = vec![CalibrationCurve {
        degrees_of_freedom: 0,
        ..kept
    }];
    let without = trends_of(&settings, &rows, 75, 75);
    assert_eq!(without[0].concentration_m, here[0].concentration_m);
    assert_eq!(
        (without[0].concentration_low_m, without[0].concentration_high_m),
        (None, None)
    );
}

#[test]
fn outliers_are_flagged_and_stay() {
    let mut rows = series(60, |index| 1.0 + wobble(index));
    rows[29].peak_current_a = Some(6e-7);
    let mut settings = Settings::default();
    let all = trends_of(&settings, &rows, 0, 0);
    let flagged: Vec<u32> = all
        .iter()
        .filter(|t| t.outlier == Some(true))
        .map(|t| t.index)
        .collect();
    assert_eq!(flagged, [30]);
    assert!(all[29].normalized_low.unwrap() > 1.19 && all[29].outlier_deviations.unwrap() > 4.0);
    for index in 1..=60 {
        assert_eq!(
            trends_of(&settings, &rows, index, index),
            all[index as usize - 1..index as usize]
        );
    }
    settings.trend.outliers = false;
    assert!(trends_of(&settings, &rows, 0, 0).iter().all(|t| t.outlier.is_none()));
}

#[test]
fn one_source_of_time_counts_and_times_that_do_not_ascend_are_flagged() {
    let mut rows = series(5, |_| 1.0);
    let mut settings = Settings::default();
    settings.trend.x = TrendX::Time;
    let xs = |settings: &Settings, rows: &[SeriesRow]| -> Vec<Option<f64>> {
        trends_of(settings, rows, 0, 0).iter().map(|t| t.x).collect()
    };
    assert_eq!(xs(&settings, &rows), [0.0, 1.0, 2.0, 3.0, 4.0].map(Some));
    rows[3].time = rows[1].time.clone();
    let trends = trends_of(&settings, &rows, 4, 5);
    assert_eq!(
        trends.iter().map(|t| t.time_not_later).collect::<Vec<_>>(),
        [true, false]
    );
    // Files that state their time beside files that do not: what is known of all of them counts.
    rows[2].time_source = Some(TimeSource::Modified);
    let mixed = trends_of(&settings, &rows, 0, 0);
    assert!(mixed.iter().all(|t| t.time_source == "interval" && !t.time_not_later));
    assert_eq!(mixed[4].x, Some(80.0));
    settings.trend.times = TrendTimes::File;
    let told = trends_of(&settings, &rows, 0, 0);
    assert_eq!((told[2].x, told[2].reason.as_deref()), (None, Some("no_time")));
    // Of the first scans, those without a time of their own do not take it from all others.
    rows[0].time_source = Some(TimeSource::Modified);
    assert_eq!(xs(&settings, &rows), [None, Some(0.0), None, Some(0.0), Some(3.0)]);
    settings.trend.times = TrendTimes::Interval;
    settings.trend.sampling_interval_s = 7.0;
    assert_eq!(xs(&settings, &rows)[..2], [Some(0.0), Some(7.0)]);
}

#[test]
fn when_files_were_modified_counts_where_some_state_no_time() {
    let mut rows = series(3, |_| 1.0);
    rows[1].time_source = Some(TimeSource::Modified);
    for (k, row) in rows.iter_mut().enumerate() {
        row.modified_ns = Some(1_767_225_600_000_000_000 + 3_000_000_000 * k as i64);
    }
    rows[1].time = Some("2026-01-01T00:00:03Z".to_owned());
    let mut settings = Settings::default();
    settings.trend.x = TrendX::Time;
    settings.trend.times = TrendTimes::Modified;
    let trends = trends_of(&settings, &rows, 0, 0);
    assert_eq!(
        trends.iter().map(|t| t.x).collect::<Vec<_>>(),
        [0.0, 3.0, 6.0].map(Some)
    );
    assert!(trends.iter().all(|t| t.time_source == "modified"));
}

#[test]
fn the_first_scan_of_a_titration_step_is_no_outlier() {
    let level = |index: u32| 1.0 + 0.3 * f64::from((index - 1) / 10);
    let mut rows = series(40, |index| level(index) + 0.1 * wobble(index));
    let mut settings = Settings::default();
    let flagged = |settings: &Settings, rows: &[SeriesRow]| -> Vec<u32> {
        let trends = trends_of(settings, rows, 0, 0);
        let outliers = trends.iter().filter(|t| t.outlier == Some(true));
        outliers.map(|t| t.index).collect()
    };
    let none: [u32; 0] = [];
    assert_eq!(
        flagged(&settings, &rows),
        none,
        "the trend alone tells a level that lasts"
    );
    // The last scan still has the number of the step before: only who knows the steps can tell.
    rows[10].peak_current_a = rows[8].peak_current_a;
    assert_eq!(flagged(&settings, &rows), none);
    settings.calibration.source = CalibrationSource::Steps;
    settings.calibration.steps = (0..4)
        .map(|k| CalibrationStep {
            concentration_m: f64::from(k) * 1e-6,
            first_index: 10 * k + 1,
            last_index: 10 * k + 10,
        })
        .collect();
    assert_eq!(flagged(&settings, &rows), [11]);
    assert_eq!(trends_of(&settings, &rows, 11, 11)[0].outlier, Some(true));
}

mod over_electrodes;
mod parts;
