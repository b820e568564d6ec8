//! Binding curves as a table for people.

use protocol::calibration::SessionCalibration;

use crate::table::{self, Align};

/// Two lines a curve: its numbers with standard errors, and below them the ends of their intervals.
pub fn text(curves: &[SessionCalibration]) -> String {
    let header = [
        ("CURVE", Align::Left),
        ("K (mol/L)", Align::Left),
        ("Y MIN", Align::Left),
        ("Y MAX", Align::Left),
        ("N", Align::Left),
        ("LOD (mol/L)", Align::Left),
        ("R²", Align::Left),
        ("DF", Align::Left),
    ];
    let rows: Vec<Vec<String>> = curves.iter().flat_map(|c| [numbers(c), intervals(c)]).collect();
    table::text(&header, &rows)
}

/// Whose curve it is.
pub fn name(curve: &SessionCalibration) -> String {
    match (curve.electrode, curve.pooled) {
        (Some(electrode), _) => format!("electrode {electrode}"),
        (None, true) => "all electrodes".to_owned(),
        (None, false) => "average".to_owned(),
    }
}

fn numbers(c: &SessionCalibration) -> Vec<String> {
    let with_error = |value: Option<f64>, error: Option<f64>| match (value, error) {
        (Some(value), Some(error)) => format!("{} ± {}", short(value), short(error)),
        (value, _) => or_dash(value, short),
    };
    vec![
        name(c),
        with_error(c.k_m, c.k_error_m),
        with_error(c.y_min, c.y_min_error),
        with_error(c.y_max, c.y_max_error),
        with_error(c.hill, c.hill_error),
        or_dash(c.limit_of_detection_m, short),
        or_dash(c.r_squared, |r| format!("{r:.5}")),
        or_dash(c.degrees_of_freedom, |df| df.to_string()),
    ]
}

fn intervals(c: &SessionCalibration) -> Vec<String> {
    let ends = |low: Option<f64>, high: Option<f64>| {
        or_dash(low.zip(high), |(low, high)| {
            format!("{} to {}", short(low), short(high))
        })
    };
    vec![
        format!("  {} % interval", short_percent(c.confidence)),
        ends(c.k_low_m, c.k_high_m),
        ends(c.y_min_low, c.y_min_high),
        ends(c.y_max_low, c.y_max_high),
        ends(c.hill_low, c.hill_high),
    ]
}

fn or_dash<T>(value: Option<T>, form: impl Fn(T) -> String) -> String {
    value.map_or_else(|| "-".to_owned(), form)
}

/// `95` or `99.9`, without what binary fractions add.
fn short_percent(probability: f64) -> f64 {
    (probability * 1e8).round() / 1e6
}

/// Four significant digits.
fn short(value: f64) -> String {
    if value == 0.0 {
        "0".to_owned()
    } else if (0.001..10_000.0).contains(&value.abs()) {
        let magnitude = value.abs().log10().floor() as i32;
        let decimals = usize::try_from(3 - magnitude).unwrap_or(0);
        format!("{value:.decimals$}")
    } else {
        format!("{value:.3e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fitted_number_has_its_interval_below_it() {
        let curve = SessionCalibration {
            electrode: Some(2),
            k_m: Some(1e-5),
            k_error_m: Some(2e-7),
            k_low_m: Some(9.4e-6),
            k_high_m: Some(1.06e-5),
            y_min: Some(1.0),
            y_min_low: Some(0.99),
            y_min_high: Some(1.01),
            y_max: Some(1.8),
            y_max_low: Some(1.75),
            y_max_high: Some(1.85),
            hill: Some(1.02),
            hill_low: Some(0.9),
            hill_high: Some(1.1),
            degrees_of_freedom: Some(3),
            confidence: 0.999,
            ..SessionCalibration::default()
        };
        let wanted = "CURVE              K (mol/L)             Y MIN            Y MAX           N                LOD (mol/L)  R²  DF\n\
            electrode 2        1.000e-5 ± 2.000e-7   1.000            1.800           1.020            -            -   3\n\
            \x20 99.9 % interval  9.400e-6 to 1.060e-5  0.9900 to 1.010  1.750 to 1.850  0.9000 to 1.100\n";
        let shown = text(&[curve]);
        assert_eq!(shown, wanted, "{shown}");
    }

    #[test]
    fn numbers_keep_four_digits() {
        for (value, wanted) in [
            (0.0, "0"),
            (1.234_56, "1.235"),
            (163.456, "163.5"),
            (9999.4, "9999"),
            (2.345_67e-5, "2.346e-5"),
            (-0.5, "-0.5000"),
            (0.004_129_3, "0.004129"),
        ] {
            assert_eq!(short(value), wanted);
        }
    }
}
