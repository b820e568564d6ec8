//! Peaks that are narrower than a couple can make them: bad points, or points too far apart.
//!
//! A couple on the surface that transfers n electrons at once gives a peak 3.53 RT/nF wide at half height, 90.6 mV/n at 25 °C (E. Laviron, J. Electroanal.
//! Chem. 101 (1979) 19-28), one in solution a wider wave. Half of that with four electrons is less than any known couple gives; attraction between
//! molecules on the surface may narrow a peak further, so that such a peak is said, not dropped, as long as enough points show it.

use super::peak::{Drawn, Peak};
use super::points::Points;
use super::reason::CvReason;

/// Half of 90.6 mV / 4 (V).
const NARROWEST_V: f64 = 0.0113;

/// Fewest points within the width at half height that show a peak.
const FEWEST_POINTS: usize = 4;

/// What is too narrow and lower than so many deviations of the noise is noise.
const CLEAR_SNR: f64 = 5.0;

/// Bad points in one segment that are left out one after the other.
const MOST_SPIKES: usize = 3;

/// The peak that `measure` finds in a segment, single bad points that it takes for one left out.
///
/// What is both too narrow and shown by too few points is taken for bad points: the line between their neighbours takes their place, and the segment is
/// measured again. What is only one of the two has the reservation [`CvReason::NarrowPeak`].
pub(super) fn without_spikes(
    points: &Points,
    measure: impl Fn(&Points) -> Result<(Peak, Drawn), CvReason>,
) -> Result<(Peak, Drawn), CvReason> {
    let (mut peak, mut drawn) = measure(points)?;
    let mut kept = points.clone();
    let mut ignored = 0;
    for _ in 0..MOST_SPIKES {
        let (first, end) = within(&kept, &peak);
        if width_v(&peak) >= NARROWEST_V || end - first >= FEWEST_POINTS {
            break;
        }
        ignored += bridge(&mut kept, first, end);
        (peak, drawn) = measure(&kept)?;
    }
    let (first, end) = within(&kept, &peak);
    let (narrow, few) = (width_v(&peak) < NARROWEST_V, end - first < FEWEST_POINTS);
    if narrow && (few || peak.snr < CLEAR_SNR) {
        // Bad points one after the other, or a few points that noise lifts together.
        return Err(CvReason::NoPeak);
    }
    peak.ignored += ignored;
    peak.reservation = match peak.reservation {
        None | Some(CvReason::OutliersIgnored) if narrow || few => Some(CvReason::NarrowPeak),
        None if ignored > 0 => Some(CvReason::OutliersIgnored),
        reservation => reservation,
    };
    Ok((peak, drawn))
}

/// Width at half height (V); where the current does not fall that far, twice its rising half.
fn width_v(peak: &Peak) -> f64 {
    let rise_v = peak.half_peak_v.map(|half_v| 2.0 * (peak.potential_v - half_v).abs());
    peak.width_v.or(rise_v).unwrap_or(f64::INFINITY)
}

/// First and one after the last point within the width at half height.
fn within(points: &Points, peak: &Peak) -> (usize, usize) {
    let half_v = 0.5 * width_v(peak);
    let x = &points.potential_v;
    let first = x.partition_point(|v| *v < peak.potential_v - half_v);
    let end = x.partition_point(|v| *v <= peak.potential_v + half_v);
    (first, end)
}

/// Puts the line between the neighbours in the place of the points from `first` to before `end`, or of the two around a summit between them; gives
/// their number.
fn bridge(points: &mut Points, first: usize, end: usize) -> usize {
    let n = points.len();
    let (first, end) = if first < end {
        (first, end)
    } else {
        (first.saturating_sub(1), (end + 1).min(n))
    };
    let (x, y) = (&points.potential_v, &mut points.current_a);
    let before = first.checked_sub(1);
    let after = (end < n).then_some(end);
    let (Some(before), Some(after)) = (before.or(after), after.or(before)) else {
        return 0;
    };
    let (from, to) = ((x[before], y[before]), (x[after], y[after]));
    let slope = if to.0 > from.0 {
        (to.1 - from.1) / (to.0 - from.0)
    } else {
        0.0
    };
    for (x, y) in x[first..end].iter().zip(&mut y[first..end]) {
        *y = from.1 + slope * (x - from.0);
    }
    end - first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bridge_is_the_line_between_the_neighbours() {
        let mut points = Points {
            potential_v: vec![0.0, 0.1, 0.2, 0.3, 0.4],
            current_a: vec![1.0, 9.0, 9.0, 4.0, 8.0],
            not_finite: 0,
        };
        assert_eq!(bridge(&mut points, 1, 3), 2);
        let expected = [1.0, 2.0, 3.0, 4.0, 8.0];
        assert!(
            points
                .current_a
                .iter()
                .zip(expected)
                .all(|(found, value)| (found - value).abs() < 1e-12)
        );
        assert_eq!(bridge(&mut points, 4, 5), 1);
        assert_eq!(points.current_a[4], 4.0, "at an end the neighbour's value");
        assert_eq!(bridge(&mut points, 2, 2), 2, "a summit between two points");
        assert_eq!(bridge(&mut Points::default(), 0, 0), 0);
    }
}
