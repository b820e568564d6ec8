//! `polynomial`: the height of a peak above a polynomial that is fitted to the sweep outside of it.
//!
//! Least squares over the points further than two widths at half height from the summit (nearer, down to 1.1 widths, where the sweep
//! is short), in orthogonal polynomials of exactly these points (G. E. Forsythe, J. Soc. Ind. Appl. Math. 5 (1957) 74-88), so that a high
//! degree costs no digits. Peak and background are computed from one another until they agree. For backgrounds that bend under the
//! peak, which a straight chord cannot follow.
//!
//! **Degree.** [`SwvSettings::polynomial_degree`] from 1 to [`MOST_CHOSEN`] is used as it is; anything else, such as the default 15
//! of the compatible methods, which no one should carry across a gap, lets the data decide: the degree from 1 to [`MOST_AUTOMATIC`] with the
//! smallest corrected Akaike criterion (C. M. Hurvich, C.-L. Tsai, Biometrika 76 (1989) 297-307). The degree used is in
//! [`super::EffectiveFilters::background_degree`].

mod misfit;
mod orthogonal;

use crate::sweep::Sweep;

use super::analysis::{SwvAnalysis, SwvCurves};
use super::background::{self, Background, Baseline, Ready, Start};
use super::reason::SwvReason;
use super::settings::SwvSettings;

pub(super) use orthogonal::Orthogonal;

/// Highest degree that is used because the user says so.
pub const MOST_CHOSEN: usize = 8;

/// Highest degree that is chosen from the data.
pub const MOST_AUTOMATIC: usize = 4;

/// The peak's own region to either side of the summit, in widths at half height: there a Gaussian has fallen to 10⁻⁵ and a reversible
/// square wave peak, sech²(nFE/2RT), to 0.35 % of its height.
const REGION: f64 = 2.0;

/// At most this part of the way from the summit to the end of the sweep belongs to the peak.
const SHARE: f64 = 0.7;

/// Nearer than this many widths there is no background to be seen.
const NEAREST: f64 = 1.1;

/// Points that must be left over after the coefficients.
const SPARE: usize = 3;

/// Analyses one sweep; with `curves` also what is needed to draw it.
pub(super) fn analyze(sweep: &Sweep, settings: &SwvSettings, curves: Option<&mut SwvCurves>) -> SwvAnalysis {
    let degree = Some(settings.polynomial_degree).filter(|degree| (1..=MOST_CHOSEN).contains(degree));
    background::analyze(sweep, settings, curves, &Outside { degree })
}

/// The method as a way to compute the background, with the degree that was chosen for it, if any was.
struct Outside {
    degree: Option<usize>,
}

impl Baseline for Outside {
    fn background(&self, ready: &Ready, start: &Start) -> Result<Background, SwvReason> {
        outside(ready, start, self.degree).ok_or(SwvReason::TooShortForBackground)
    }

    fn doubt(&self, ready: &Ready, start: &Start, background: &Background) -> Option<SwvReason> {
        misfit::is_visible(ready, start, background).then_some(SwvReason::ShapeMisfit)
    }
}

/// Potentials (V) at which the peak's own region begins and ends; `None` if too little lies beyond it.
fn region(x: &[f64], start: &Start) -> Option<(f64, f64)> {
    let reach = |available_v: f64| {
        let reach = (REGION * start.fwhm_v).min(SHARE * available_v);
        (reach >= NEAREST * start.fwhm_v).then_some(reach)
    };
    let low = start.potential_v - reach(start.potential_v - x[0])?;
    let high = start.potential_v + reach(x[x.len() - 1] - start.potential_v)?;
    Some((low, high))
}

/// The polynomial through the points outside the peak; `None` if there are too few of them on either side.
fn outside(ready: &Ready, start: &Start, degree: Option<usize>) -> Option<Background> {
    let (x, z) = (ready.x(), ready.z());
    let (low, high) = region(x, start)?;
    let (left, right) = (x.partition_point(|v| *v <= low), x.partition_point(|v| *v < high));
    let count = left + x.len() - right;
    let most = degree.unwrap_or(MOST_AUTOMATIC).min(count.checked_sub(SPARE + 1)?);
    if left < 2 || x.len() - right < 2 || most == 0 {
        return None;
    }
    let points = || x[..left].iter().chain(&x[right..]).copied();
    let values = || z[..left].iter().chain(&z[right..]).copied();
    let fit = Orthogonal::fit(points, values, most);
    let chosen = match degree {
        Some(_) => most,
        None => fit.best_degree(count, ready.trace.noise_a),
    };
    let error_a = fit.relative_error(chosen, start.potential_v) * fit.deviation(chosen, count).max(ready.trace.noise_a);
    Some(Background {
        values: x.iter().map(|v| fit.value(chosen, *v)).collect(),
        error_a,
        degree: Some(chosen),
    })
}
