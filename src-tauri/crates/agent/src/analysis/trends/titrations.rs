//! A session's titration: which scans belong to which concentration, and their response.

use std::collections::BTreeMap;

use protocol::session::{Marker, MarkerKind};
use protocol::settings::StepValues;
use voltammetry::calibration::{self, ConcentrationStep, TitrationPoint, steps_from_markers, titration};
use voltammetry::trend::{BaselineReason, SeriesPoint};

use super::fitted::Fitted;
use super::series::Series;

/// Steps by markers: each with a concentration begins one, which holds until the next or until something else is injected.
///
/// The last one, which nothing ends, is as long as the longest of the others: what is measured later is not part of the titration.
pub fn steps_of(markers: &[Marker], settling: u32) -> Vec<ConcentrationStep> {
    let places: Vec<(u32, Option<f64>)> = markers
        .iter()
        .filter(|marker| marker.concentration_m.is_some() || marker.kind == MarkerKind::Injection)
        .map(|marker| (marker.index.ceil() as u32, marker.concentration_m))
        .collect();
    let steps = steps_from_markers(&places, u32::MAX, settling);
    let longest = steps
        .iter()
        .filter(|step| step.last_index < u32::MAX)
        .map(|step| step.last_index - step.first_index)
        .max();
    steps
        .into_iter()
        .filter_map(|step| match (step.last_index, longest) {
            (u32::MAX, None) => None,
            (u32::MAX, Some(longest)) => Some(ConcentrationStep {
                last_index: step.first_index.saturating_add(longest),
                ..step
            }),
            _ => Some(step),
        })
        .collect()
}

/// The titration of an electrode, or of several.
#[derive(Debug, Clone, Default)]
pub struct Titration {
    /// The electrode of each point, and the point.
    pub points: Vec<(Option<u32>, TitrationPoint)>,
    /// Concentrations (mol/L) of steps without any number.
    pub steps_without_value_m: Vec<f64>,
    /// Why its drift could not be corrected, which leaves no response to calibrate.
    pub drift_trouble: Option<BaselineReason>,
}

/// The titration of each electrode: its response at the steps, corrected for drift where drift is corrected.
///
/// # Errors
/// The series cannot be read.
pub fn titrations<S: Series>(
    steps: &[ConcentrationStep],
    values: StepValues,
    fitted: &Fitted<'_>,
    series: &S,
) -> Result<BTreeMap<Option<u32>, Titration>, S::Error> {
    let mut by_electrode: BTreeMap<Option<u32>, Vec<SeriesPoint>> = BTreeMap::new();
    for step in steps {
        for (electrode, scans) in fitted.scans(series, step.first_index, step.last_index)?.electrodes {
            let points = scans.iter().map(|(&index, scan)| {
                let value = fitted.value(electrode, index, scan);
                fitted.series_point(index, scan, value.calibrated(fitted.corrects_drift()))
            });
            by_electrode.entry(electrode).or_default().extend(points);
        }
    }
    let values = match values {
        StepValues::Mean => calibration::StepValues::Mean,
        StepValues::Each => calibration::StepValues::Each,
    };
    let titration = |(electrode, points): (Option<u32>, Vec<SeriesPoint>)| {
        let (points, empty) = titration(&points, steps, values);
        let titration = Titration {
            points: points.into_iter().map(|point| (electrode, point)).collect(),
            steps_without_value_m: empty
                .iter()
                .filter_map(|k| steps.get(*k).map(|step| step.concentration_m))
                .collect(),
            drift_trouble: fitted.drift_trouble(electrode),
        };
        (electrode, titration)
    };
    Ok(by_electrode.into_iter().map(titration).collect())
}
