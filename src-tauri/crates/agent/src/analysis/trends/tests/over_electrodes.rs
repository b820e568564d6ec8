//! The mean concentration over electrodes, some of which noise put below the blank.

use super::*;

/// Two electrodes of a pooled titration, and at index 71 responses about the blank's that average to `mean`.
fn about_the_blank(mean: f64) -> (Vec<SeriesRow>, Settings) {
    let (first, mut settings) = titration();
    settings.calibration.pooled = true;
    let mut rows: Vec<SeriesRow> = first.into_iter().filter(|row| row.index <= Some(70)).collect();
    let second: Vec<SeriesRow> = rows
        .iter()
        .cloned()
        .map(|row| SeriesRow {
            electrode: Some(2),
            ..row
        })
        .collect();
    rows.extend(second);
    let reference = rows[0].peak_current_a.unwrap();
    rows.push(row(1, 15.0, 71, Some(reference * (mean - 0.05))));
    rows.push(row(2, 15.0, 71, Some(reference * (mean + 0.05))));
    (rows, settings)
}

fn mean_of(rows: &[SeriesRow], settings: &Settings) -> (Vec<TrendRow>, MeanConcentration) {
    let series = AtHand::of(rows.to_vec());
    let trends = trends_of(settings, rows, 71, 71);
    let Ok(fitted) = Fitted::of(settings, &series);
    let Ok(curves) = Curves::of(&settings.calibration, &fitted, &series);
    let means = mean_concentrations(&trends, &curves.unwrap(), &fitted, |value| value.standard_deviation);
    (trends, means[0])
}

#[test]
fn one_curve_inverts_the_mean_of_the_responses_so_that_nothing_is_censored() {
    let (rows, settings) = about_the_blank(1.02);
    let (trends, mean) = mean_of(&rows, &settings);
    assert_eq!(trends[0].range_flag, Some("below_minimum"));
    // 1 + 0.8 c / (c + 10 µM) = 1.02
    let truth = 0.02 / (0.8 - 0.02) * 1e-5;
    let found = mean.concentration_m.unwrap();
    assert!((found / truth - 1.0).abs() < 0.1, "{mean:?}");
    let of_the_other_alone = trends[1].concentration_m.unwrap();
    assert!(
        of_the_other_alone > 3.0 * truth,
        "the mean over those with a concentration was this"
    );
    let (lower, upper) = mean.interval_m.unwrap();
    assert!(lower == 0.0 && upper > of_the_other_alone);
    assert_eq!((mean.electrodes, mean.reason), (2, None));
}

#[test]
fn a_mean_response_below_the_blank_has_a_reason() {
    let (rows, settings) = about_the_blank(0.97);
    let (_, mean) = mean_of(&rows, &settings);
    assert_eq!((mean.concentration_m, mean.reason), (None, Some("below_minimum")));
}

#[test]
fn curves_of_their_own_give_a_mean_only_where_no_electrode_is_censored() {
    let (rows, mut settings) = about_the_blank(1.02);
    settings.calibration.pooled = false;
    let (_, mean) = mean_of(&rows, &settings);
    assert_eq!(
        (mean.concentration_m, mean.reason),
        (None, Some("electrodes_out_of_range"))
    );
    let (rows, _) = about_the_blank(1.4);
    let (trends, mean) = mean_of(&rows, &settings);
    let both: Vec<f64> = trends.iter().filter_map(|row| row.concentration_m).collect();
    assert_eq!(both.len(), 2);
    assert!((mean.concentration_m.unwrap() - f64::midpoint(both[0], both[1])).abs() < 1e-15);
}
