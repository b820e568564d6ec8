//! A binding curve as it is told at every door.

use protocol::calibration::{CalibrationPoint, SessionCalibration};
use protocol::settings::CalibrationCurve;
use voltammetry::calibration::BlankSource;

use super::concentrations::Curve;

/// A curve with all that is known of it; whose it is, the caller adds.
pub fn told(curve: &Curve) -> SessionCalibration {
    let residual = |k: usize| curve.calibration.as_ref().ok()?.residuals.get(k).copied();
    let points = curve
        .points
        .iter()
        .enumerate()
        .map(|(k, (electrode, point))| CalibrationPoint {
            electrode: *electrode,
            concentration_m: point.concentration_m,
            value: point.value,
            count: point.count,
            deviation: point.deviation,
            residual: residual(k),
        });
    let empty = SessionCalibration {
        points: points.collect(),
        steps_without_value_m: curve.steps_without_value_m.clone(),
        ..SessionCalibration::default()
    };
    match &curve.calibration {
        Err(why) => SessionCalibration {
            reason: Some(why.code.to_owned()),
            message: Some(why.message.to_owned()),
            ..empty
        },
        Ok(found) => {
            // A curve without errors has none, and not errors of 0.
            let with_errors = |number: f64| Some(number).filter(|number| curve.has_intervals && number.is_finite());
            let (k, y_min, y_max) = (found.k_interval_m, found.y_min_interval, found.y_max_interval);
            let limit = found.limit_of_detection.as_ref().ok().filter(|_| curve.has_intervals);
            let no_limit = found.limit_of_detection.as_ref().err();
            let dynamic_range = found.dynamic_range_m();
            SessionCalibration {
                k_m: Some(found.k_m),
                k_error_m: with_errors(found.k_m * found.ln_k_error),
                k_low_m: with_errors(k.lower),
                k_high_m: with_errors(k.upper),
                y_min: Some(found.y_min),
                y_min_error: with_errors(found.y_min_error),
                y_min_low: with_errors(y_min.lower),
                y_min_high: with_errors(y_min.upper),
                y_max: Some(found.y_max),
                y_max_error: with_errors(found.y_max_error),
                y_max_low: with_errors(y_max.lower),
                y_max_high: with_errors(y_max.upper),
                hill: Some(found.hill),
                hill_error: found.hill_error.and_then(with_errors),
                hill_low: found.hill_interval.and_then(|interval| with_errors(interval.lower)),
                hill_high: found.hill_interval.and_then(|interval| with_errors(interval.upper)),
                limit_of_detection_m: limit.map(|limit| limit.concentration_m),
                blank_deviation: limit.map(|limit| limit.blank_deviation),
                blank_source: limit.map(|limit| {
                    let source = match limit.source {
                        BlankSource::Blank => "blank",
                        BlankSource::Residuals => "residuals",
                    };
                    source.to_owned()
                }),
                limit_of_detection_reason: no_limit.map(|why| why.code().to_owned()),
                dynamic_range_low_m: Some(dynamic_range.lower),
                dynamic_range_high_m: Some(dynamic_range.upper),
                r_squared: found.r_squared,
                residual_deviation: with_errors(found.residual_deviation),
                degrees_of_freedom: u32::try_from(found.degrees_of_freedom)
                    .ok()
                    .filter(|_| curve.has_intervals),
                lowest_m: Some(found.lowest_m),
                highest_m: Some(found.highest_m),
                covariance: found.covariance.iter().map(|row| row.to_vec()).collect(),
                ..empty
            }
        }
    }
}

/// A fitted curve as the settings of another session take it; `None` where there is none.
pub fn kept_curve(calibration: &SessionCalibration) -> Option<CalibrationCurve> {
    Some(CalibrationCurve {
        electrode: calibration.electrode,
        response: calibration.response,
        drift_corrected: Some(calibration.drift_corrected),
        y_min: calibration.y_min?,
        y_max: calibration.y_max?,
        k_m: calibration.k_m?,
        hill: calibration.hill?,
        residual_deviation: calibration.residual_deviation.unwrap_or(0.0),
        degrees_of_freedom: calibration.degrees_of_freedom.unwrap_or(0),
        lowest_m: calibration.lowest_m?,
        highest_m: calibration.highest_m?,
        covariance: calibration.covariance.clone(),
    })
}
