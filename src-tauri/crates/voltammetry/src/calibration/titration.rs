//! From a series and its concentrations to the points of a titration.

use crate::trend::{ReplicateValue, SeriesPoint};

/// A stretch of a series at one concentration. Both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConcentrationStep {
    /// Concentration (mol/L); 0 for the blank.
    pub concentration_m: f64,
    /// First index.
    pub first_index: u32,
    /// Last index.
    pub last_index: u32,
}

/// One point of a titration: a value, or the mean of several.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TitrationPoint {
    /// Concentration (mol/L); 0 for the blank.
    pub concentration_m: f64,
    /// The value, in the unit of the series (per cent for KDM).
    pub value: f64,
    /// How many values it is the mean of.
    pub count: u32,
    /// Their sample standard deviation; `None` with fewer than two.
    pub deviation: Option<f64>,
}

impl TitrationPoint {
    /// A single value.
    pub fn single(concentration_m: f64, value: f64) -> Self {
        Self {
            concentration_m,
            value,
            count: 1,
            deviation: None,
        }
    }
}

/// Whether the scans of a step are averaged first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum StepValues {
    /// One point a step, the mean. Scans of a step share most of what is wrong with them, so that this gives the honest errors.
    #[default]
    Mean,
    /// One point a scan.
    Each,
}

/// The points of one electrode's titration, in the order of `steps`; pooled electrodes are the points of all, one after another.
///
/// A step without any number gives no point; its position is in the second list, so that it can be told.
pub fn titration(
    series: &[SeriesPoint],
    steps: &[ConcentrationStep],
    values: StepValues,
) -> (Vec<TitrationPoint>, Vec<usize>) {
    let (mut points, mut empty) = (Vec::new(), Vec::new());
    for (position, step) in steps.iter().enumerate() {
        let within = series
            .iter()
            .filter(|point| (step.first_index..=step.last_index).contains(&point.index))
            .map(|point| point.value.filter(|value| value.is_finite()));
        let mean = ReplicateValue::of(within.clone());
        match (values, mean.mean) {
            (_, None) => empty.push(position),
            (StepValues::Each, Some(_)) => {
                points.extend(
                    within
                        .flatten()
                        .map(|value| TitrationPoint::single(step.concentration_m, value)),
                );
            }
            (StepValues::Mean, Some(value)) => points.push(TitrationPoint {
                concentration_m: step.concentration_m,
                value,
                count: mean.count,
                deviation: mean.standard_deviation,
            }),
        }
    }
    (points, empty)
}

/// Steps from markers set at additions: `(index, concentration from there on)`, in any order. A marker whose concentration is `None`, a sample
/// of unknown concentration, only ends the step before it.
///
/// A step goes from its marker to the scan before the next one, the last to `last_index`; the first `settling` scans of each are left out,
/// while the sensor equilibrates. A step that nothing is left of does not appear.
pub fn steps_from_markers(markers: &[(u32, Option<f64>)], last_index: u32, settling: u32) -> Vec<ConcentrationStep> {
    let mut markers = markers.to_vec();
    markers.sort_by_key(|(index, concentration)| (*index, concentration.is_some()));
    let ends = markers
        .iter()
        .skip(1)
        .map(|next| next.0.checked_sub(1))
        .chain(std::iter::once(Some(last_index)));
    markers
        .iter()
        .zip(ends)
        .filter_map(|(&(index, concentration_m), end)| {
            Some(ConcentrationStep {
                concentration_m: concentration_m?,
                first_index: index.checked_add(settling)?,
                last_index: end?.min(last_index),
            })
        })
        .filter(|step| step.first_index <= step.last_index)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_make_steps_that_settle_and_steps_make_points() {
        let steps = steps_from_markers(
            &[
                (11, Some(1e-6)),
                (1, Some(0.0)),
                (21, Some(1e-5)),
                (21, Some(3e-5)),
                (29, Some(1e-4)),
            ],
            30,
            2,
        );
        let bounds: Vec<_> = steps.iter().map(|step| (step.first_index, step.last_index)).collect();
        assert_eq!(bounds, [(3, 10), (13, 20), (23, 28)]);
        assert_eq!(steps[2].concentration_m, 3e-5);

        let series: Vec<SeriesPoint> = (1..=20)
            .map(|index| SeriesPoint {
                index,
                x: f64::from(index),
                value: (index != 5).then(|| f64::from(index % 2)),
            })
            .collect();
        let (means, empty) = titration(&series, &steps, StepValues::Mean);
        assert_eq!((means.len(), empty), (2, vec![2]));
        assert_eq!((means[0].count, means[1].count), (7, 8));
        assert!((means[1].value - 0.5).abs() < 1e-12 && means[1].deviation.is_some());
        let (each, _) = titration(&series, &steps, StepValues::Each);
        assert_eq!(each.len(), 15);
        assert_eq!(steps_from_markers(&[], 30, 0), []);
    }

    #[test]
    fn an_addition_of_unknown_concentration_ends_the_step_before_it() {
        let steps = steps_from_markers(
            &[(1, Some(0.0)), (8, None), (11, Some(1e-6)), (11, None), (20, None)],
            30,
            0,
        );
        let bounds: Vec<_> = steps.iter().map(|step| (step.first_index, step.last_index)).collect();
        assert_eq!(bounds, [(1, 7), (11, 19)]);
    }
}
