//! Calibrations: the points of a session's titration and its binding curves.

use figure::{Calibration, CalibrationGroup, CalibrationPoint, Colour, CurvePoint, Figure, Quantity, Unit, value_text};
use protocol::calibration::SessionCalibration;
use protocol::refusal::Refusal;
use protocol::settings::MeasuredResponse;

use super::{Gathering, electrode_label};
use crate::analysis::{as_given, kept_curve};
use crate::export::ExportError;
use crate::querying;

/// Points of a drawn curve.
const CURVE_POINTS: usize = 200;

pub(super) fn figure(gathering: &Gathering<'_>) -> Result<Figure, ExportError> {
    let session = gathering.row.summary.session;
    let mut calibrations = querying::calibrations(gathering.store, session, None)?;
    let chosen = &gathering.request.selection.electrodes;
    let is_chosen = |electrode: Option<u32>| chosen.is_empty() || electrode.is_some_and(|e| chosen.contains(&e));
    calibrations.retain(|c| is_kept(c, chosen));
    for calibration in &mut calibrations {
        calibration.points.retain(|point| is_chosen(point.electrode));
    }
    if calibrations.iter().all(|c| c.points.is_empty() && c.k_m.is_none()) {
        return Err(no_calibration(&calibrations));
    }
    let first = calibrations.first();
    let quantity = quantity(first.and_then(|c| c.response), first.is_some_and(|c| c.drift_corrected));
    let curves: Vec<&SessionCalibration> = calibrations.iter().filter(|c| c.k_m.is_some()).collect();
    let facts = match curves.as_slice() {
        [only] => facts(only),
        _ => Vec::new(),
    };
    Ok(Figure::Calibration(Calibration {
        y: quantity,
        confidence: first.map_or(0.95, |c| c.confidence),
        groups: calibrations.iter().flat_map(groups).collect(),
        facts,
    }))
}

/// Whether a curve is one of the chosen electrodes; the one for all others names none and may be theirs.
fn is_kept(calibration: &SessionCalibration, chosen: &[u32]) -> bool {
    chosen.is_empty() || calibration.pooled || calibration.electrode.is_none_or(|e| chosen.contains(&e))
}

fn no_calibration(calibrations: &[SessionCalibration]) -> ExportError {
    let why = calibrations
        .iter()
        .find_map(|c| c.reason.clone().zip(c.message.clone()));
    let (code, message) = why.unwrap_or_else(|| {
        let message = "The session's settings name no calibration.".to_owned();
        ("no_calibration".to_owned(), message)
    });
    let hint = "Set [calibration] in the settings, or mark concentrations; `sacmes calibrate` says what is missing.";
    Refusal::new(code, message, hint).into()
}

pub(super) fn quantity(response: Option<MeasuredResponse>, drift_corrected: bool) -> Quantity {
    let (name, unit) = match response {
        Some(MeasuredResponse::Ratio) => ("Ratio, high to low frequency", Unit::None),
        Some(MeasuredResponse::NormalizedLow) => ("Normalized current, low frequency", Unit::None),
        Some(MeasuredResponse::NormalizedHigh) => ("Normalized current, high frequency", Unit::None),
        _ => ("KDM", Unit::Percent),
    };
    if drift_corrected {
        Quantity::new(format!("{name}, drift-corrected"), unit)
    } else {
        Quantity::new(name, unit)
    }
}

/// The points of each electrode, and the curve with its own points or by itself.
fn groups(calibration: &SessionCalibration) -> Vec<CalibrationGroup> {
    let mut electrodes: Vec<Option<u32>> = calibration.points.iter().map(|p| p.electrode).collect();
    electrodes.sort_unstable();
    electrodes.dedup();
    // A curve for all others has no electrode, and no points of its own.
    let is_own = match calibration.electrode {
        Some(_) => electrodes.len() <= 1,
        None => electrodes == [None],
    };
    let own = (is_own && !calibration.pooled).then_some(calibration.electrode);
    let curve = curve(calibration);
    if let Some(electrode) = own {
        return vec![CalibrationGroup {
            label: electrode_label(electrode),
            colour: Colour::Electrode(electrode),
            points: points(calibration, electrode),
            curve,
        }];
    }
    let mut groups = vec![CalibrationGroup {
        label: "Fit".to_owned(),
        colour: Colour::Neutral,
        points: Vec::new(),
        curve,
    }];
    groups.extend(electrodes.into_iter().map(|electrode| CalibrationGroup {
        label: electrode_label(electrode),
        colour: Colour::Electrode(electrode),
        points: points(calibration, electrode),
        curve: Vec::new(),
    }));
    groups
}

fn points(calibration: &SessionCalibration, electrode: Option<u32>) -> Vec<CalibrationPoint> {
    let own = calibration.points.iter().filter(|p| p.electrode == electrode);
    own.map(|p| CalibrationPoint {
        concentration_m: p.concentration_m,
        value: p.value,
        interval: p.deviation.map(|sd| (p.value - sd, p.value + sd)),
    })
    .collect()
}

/// The curve over the concentrations of the titration, with its band where its errors are known.
fn curve(calibration: &SessionCalibration) -> Vec<CurvePoint> {
    let Some(kept) = kept_curve(calibration) else {
        return Vec::new();
    };
    let Ok(found) = as_given(&kept).calibration(calibration.confidence) else {
        return Vec::new();
    };
    let positive = calibration
        .points
        .iter()
        .map(|p| p.concentration_m)
        .filter(|c| *c > 0.0);
    let lowest = positive.fold(f64::INFINITY, f64::min);
    let from = if lowest.is_finite() {
        lowest / 2.0
    } else {
        kept.k_m / 100.0
    };
    let has_band = calibration.degrees_of_freedom.is_some();
    let drawn = found.curve(from, kept.highest_m * 1.5, CURVE_POINTS).into_iter();
    drawn
        .map(|p| CurvePoint {
            concentration_m: p.concentration_m,
            value: p.value,
            interval: has_band.then_some((p.lower, p.upper)),
        })
        .collect()
}

fn facts(calibration: &SessionCalibration) -> Vec<String> {
    let molar = |name: &str, value: Option<f64>| value.map(|m| format!("{name} = {}", value_text(m, Unit::Molar)));
    let hill = calibration.hill.map(|n| format!("n = {n:.2}"));
    [
        molar("K", calibration.k_m),
        hill,
        molar("LOD", calibration.limit_of_detection_m),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_for_all_others_stays_when_electrodes_are_chosen() {
        let of = |electrode: Option<u32>| SessionCalibration {
            electrode,
            ..SessionCalibration::default()
        };
        assert!(is_kept(&of(None), &[2]));
        assert!(is_kept(&of(Some(2)), &[2]) && !is_kept(&of(Some(1)), &[2]));
        assert!(is_kept(&of(Some(1)), &[]));
        assert_eq!(groups(&of(None))[0].label, "Fit", "it is no average");
    }
}
