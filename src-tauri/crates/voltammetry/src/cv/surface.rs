//! Peaks of surface-bound couples: the height above the chord that touches the sweep on both sides.
//!
//! An adsorbed couple gives symmetric peaks on a background that goes on beyond them (E. Laviron, J. Electroanal.
//! Chem. 101 (1979) 19-28): the same problem as in square wave voltammetry, and the same method solves it;
//! see [`crate::swv::tangent`].

use crate::Sweep;
use crate::swv::{self, PolarityChoice, SwvCurves, SwvSettings};

use super::peak::{Drawn, Peak, crossing, reason};
use super::points::Points;
use super::reason::CvReason;
use super::segments::PotentialSweep;
use super::settings::CvSettings;

/// The peak of one segment, from its points in ascending potential.
pub(super) fn measure(
    points: &Points,
    direction: PotentialSweep,
    polarity: PolarityChoice,
    settings: &CvSettings,
) -> Result<(Peak, Drawn), CvReason> {
    let sweep =
        Sweep::new(points.potential_v.clone(), points.current_a.clone()).map_err(|_| CvReason::NotComputable)?;
    let settings = SwvSettings {
        polarity,
        hampel: settings.hampel,
        savgol: settings.savgol,
        ..SwvSettings::default()
    };
    let (found, curves) = swv::analyze_with_curves(&sweep, &settings);
    let why_not = found.reason.map_or(CvReason::NoPeak, reason);
    let (Some(height), Some(potential_v), Some(baseline_a), Some(polarity)) = (
        found.peak_current_a,
        found.peak_potential_v,
        found.baseline_current_a,
        found.polarity,
    ) else {
        return Err(why_not);
    };
    let (Some(area), Some(snr)) = (found.area_va, found.snr) else {
        return Err(why_not);
    };
    let peak = Peak {
        polarity,
        height_a: height.abs(),
        potential_v,
        baseline_a,
        baseline_slope: None,
        half_peak_v: half_height(&curves, direction, potential_v, height),
        width_v: found.fwhm_v,
        area_va: polarity.sign() * area,
        snr,
        filters: found.filters,
        ignored: found.ignored_points,
        reservation: found.reason.map(reason),
    };
    let from_v = [curves.baseline_left, curves.baseline_right]
        .into_iter()
        .flatten()
        .map(|(foot_v, _)| (foot_v, foot_v))
        .collect();
    let drawn = Drawn {
        smoothed_a: curves.smoothed_a,
        baseline_a: curves.baseline_a,
        from_v,
    };
    Ok((peak, drawn))
}

/// Where the sweep passes half of the height on its way to the peak.
fn half_height(curves: &SwvCurves, direction: PotentialSweep, potential_v: f64, height: f64) -> Option<f64> {
    let x = &curves.potential_v;
    // Share of the height that is reached at a point.
    let at = |k: usize| (x[k], (curves.smoothed_a[k] - curves.baseline_a[k]) / height);
    let right = x.partition_point(|v| *v < potential_v);
    match direction {
        PotentialSweep::Rising => {
            let below = (0..right).rev().find(|&k| at(k).1 <= 0.5)?;
            (below + 1 < x.len()).then(|| crossing(at(below), at(below + 1), 0.5))
        }
        PotentialSweep::Falling => {
            let below = (right..x.len()).find(|&k| at(k).1 <= 0.5)?;
            (below > 0).then(|| crossing(at(below), at(below - 1), 0.5))
        }
    }
}
