//! `sacmes-web`: the method of the earlier web application `SACMES_Web`, number for number.
//!
//! For series that were begun with that program and must stay comparable. Its known weaknesses are kept on purpose: the
//! peak is the sample at or after the summit, the larger absolute current decides between peak and valley, the width is
//! taken without a baseline, and the area is taken against a polynomial that is fitted through the peak itself.
//! `docs/methods/swv.md` lists them. New work should use [`super::tangent`].
//!
//! Steps: sort by potential; width on the raw currents; filter windows from that width; Hampel; Savitzky-Golay; quality
//! metrics; then either the height above an edge of the convex hull or the area against a polynomial.
//! Where the earlier program stored 0 for a peak that it could not find, there is `None` with a reason here; points that
//! are not finite, which it passed on into every number, are left out and said so.

mod area;
mod filters;
mod height;
mod quality;

pub(crate) use filters::fit_savgol_window;

use crate::smoothing::{hampel, savitzky_golay};
use crate::sweep::Sweep;

use super::analysis::{Quality, SwvAnalysis, SwvCurves, SwvStatus};
use super::points::{self, Points};
use super::reason::SwvReason;
use super::settings::{Quantity, SwvSettings};

/// Analyses one sweep; with `curves` also what is needed to draw it.
pub(super) fn analyze(sweep: &Sweep, settings: &SwvSettings, curves: Option<&mut SwvCurves>) -> SwvAnalysis {
    let points = match points::select(sweep, settings) {
        Ok(points) => points,
        Err(reason) => return SwvAnalysis::failed(reason, 0),
    };
    let raw = &points.current_a;
    let n = points.len();
    let fwhm_v = filters::raw_width(&points.potential_v, raw);

    let filters = match filters::choose(&points.potential_v, fwhm_v, settings) {
        Ok(filters) => filters,
        Err(reason) => {
            draw(curves, points, Vec::new(), Baseline::default());
            return SwvAnalysis {
                fwhm_v: fwhm_v.filter(|width| *width > 0.0),
                ..SwvAnalysis::failed(reason, n)
            };
        }
    };
    let cleaned = match (filters.hampel_window, filters.hampel_threshold) {
        (Some(window), Some(threshold)) => Some(hampel(raw, window, threshold)),
        _ => None,
    };
    let input = cleaned.as_deref().unwrap_or(raw);
    let smoothed = match (filters.savgol_window, filters.savgol_degree) {
        // The windows were made to fit; should they not, the unsmoothed currents would be a different result.
        (Some(window), Some(degree)) => match savitzky_golay(input, window, degree) {
            Ok(smoothed) => round_like_the_original(smoothed, window, degree),
            Err(_) => {
                return SwvAnalysis {
                    fwhm_v: fwhm_v.filter(|width| *width > 0.0),
                    ..SwvAnalysis::failed(SwvReason::TooShortForSmoothing, n)
                };
            }
        },
        _ => input.to_vec(),
    };
    let metrics = quality::metrics(raw, &smoothed);

    let mut baseline = Baseline::default();
    let mut result = match settings.quantity {
        Quantity::Height => match height::find(&points.potential_v, &smoothed, settings.polarity) {
            Err(reason) => SwvAnalysis::without_peak(reason, n),
            Ok(peak) => {
                let reason = reservation(&peak, &points.potential_v);
                baseline = Baseline {
                    left: Some(peak.left),
                    right: Some(peak.right),
                    line: peak.line,
                };
                SwvAnalysis {
                    status: if reason.is_some() {
                        SwvStatus::Warning
                    } else {
                        SwvStatus::Ok
                    },
                    reason,
                    polarity: Some(peak.polarity),
                    peak_current_a: Some(peak.height_a),
                    peak_potential_v: Some(peak.potential_v),
                    baseline_current_a: Some(peak.baseline_a),
                    ..SwvAnalysis::without_peak(SwvReason::NoPeak, n)
                }
            }
        },
        Quantity::Area => {
            let (area_va, line) = area::against_polynomial(&points.potential_v, &smoothed, settings.polynomial_degree);
            baseline.line = line;
            SwvAnalysis {
                status: SwvStatus::Ok,
                reason: None,
                area_va: Some(area_va),
                ..SwvAnalysis::without_peak(SwvReason::NoPeak, n)
            }
        }
    };
    // The width 0 of negative currents chooses the windows as it did, but is no width.
    result.fwhm_v = fwhm_v.filter(|width| *width > 0.0);
    result.metrics = Some(metrics);
    result.quality = quality::verdict(&metrics);
    result.filters = filters;
    result.ignored_points = points.not_finite;
    if points.not_finite > 0 && result.status == SwvStatus::Ok {
        result.status = SwvStatus::Warning;
        result.reason = Some(SwvReason::NonFinitePoints);
        if result.quality == Quality::Pass {
            result.quality = Quality::Warning;
        }
    }
    draw(curves, points, smoothed, baseline);
    result
}

/// What has to be said about a peak: it is where the sweep ends, or does not rise beyond its baseline, so that it is none.
fn reservation(peak: &height::HullPeak, potential_v: &[f64]) -> Option<SwvReason> {
    let is_end = |end: Option<&f64>| end == Some(&peak.potential_v);
    if peak.outside_hull {
        Some(SwvReason::PeakOutsideHull)
    } else if is_end(potential_v.first()) || is_end(potential_v.last()) {
        Some(SwvReason::PeakAtEdge)
    } else {
        (peak.height_a * peak.polarity.sign() <= 0.0).then_some(SwvReason::PeakOnBaseline)
    }
}

/// Where window and degree make the filter the identity, the original's numerical library leaves samples inside a few
/// units in the last place too large and those at the ends exact. Only ties notice, such as a sample that equals the end
/// of the sweep; four-point sweeps consist of little else.
fn round_like_the_original(mut smoothed: Vec<f64>, window: usize, degree: usize) -> Vec<f64> {
    if window == degree + 1 {
        let inside = window / 2..smoothed.len() - window / 2;
        for current in &mut smoothed[inside] {
            *current *= 1.0 + 2.0 * f64::EPSILON;
        }
    }
    smoothed
}

#[derive(Debug, Default)]
struct Baseline {
    left: Option<(f64, f64)>,
    right: Option<(f64, f64)>,
    line: Vec<f64>,
}

fn draw(curves: Option<&mut SwvCurves>, points: Points, smoothed_a: Vec<f64>, baseline: Baseline) {
    if let Some(curves) = curves {
        *curves = SwvCurves {
            potential_v: points.potential_v,
            raw_a: points.current_a,
            smoothed_a,
            baseline_a: baseline.line,
            baseline_left: baseline.left,
            baseline_right: baseline.right,
            ..SwvCurves::default()
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::swv::{Hampel, PolarityChoice, SavitzkyGolay, SwvMethod};

    /// It was told as `no_peak`, whose sentence speaks of background and noise.
    #[test]
    fn a_peak_on_its_baseline_says_so_beside_its_numbers() {
        let sweep = Sweep::new(vec![0.0, 1.0, 2.0, 3.0, 4.0], vec![0.0, 3.0, 1.0, 2.5, 3.5]).unwrap();
        let settings = SwvSettings {
            method: SwvMethod::SacmesWeb,
            polarity: PolarityChoice::Up,
            hampel: Hampel::Off,
            savgol: SavitzkyGolay::Off,
            ..SwvSettings::default()
        };
        let found = analyze(&sweep, &settings, None);
        assert_eq!(
            (found.status, found.reason),
            (SwvStatus::Warning, Some(SwvReason::PeakOnBaseline))
        );
        assert_eq!((found.peak_current_a, found.peak_potential_v), (Some(0.0), Some(2.0)));
    }
}
