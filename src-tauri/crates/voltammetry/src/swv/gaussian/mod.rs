//! `gaussian`: one or two Gaussian peaks on a polynomial background, fitted together, with standard errors.
//!
//! i(E) = Σ bₖ·Pₖ(u) + Σ hⱼ·exp(-4 ln 2·((E - µⱼ)/wⱼ)²), with Pₖ Legendre polynomials up to degree 2 of the potential u on -1..=1, heights
//! hⱼ ≥ 0 (in the direction of the peak), potentials µⱼ inside the sweep and widths at half height wⱼ between two steps and the whole sweep:
//! bounded Levenberg-Marquardt ([`crate::fitting`]) over all points in the range. The start is the peak of [`super::tangent`].
//!
//! **Degree.** [`SwvSettings::polynomial_degree`] up to [`MOST_DEGREE`] is used as it is; anything else lets the data choose between 1 and 2.
//!
//! **One or two peaks.** With [`PeakCount::Auto`], two where the residuals of one are more than the noise, and the Schwarz criterion
//! (G. Schwarz, Ann. Stat. 6 (1978) 461-464), n·ln(S/n) + p·ln n, of two is lower by at least [`MARGIN`] ("very strong" evidence: R. E. Kass,
//! A. E. Raftery, J. Am. Stat. Assoc. 90 (1995) 773-795), and they look like two peaks: see [`choice`]. With [`PeakCount::Two`] two, if the
//! data determine both, else one with the reservation [`SwvReason::OnePeakOnly`]. Which is which: [`SwvAnalysis::fitted`] is in ascending potential;
//! the fields of the result itself are those of the higher one.

mod choice;
mod model;
mod outcome;

use crate::sweep::Sweep;

use super::analysis::{SwvAnalysis, SwvCurves};
use super::background::{Start, prepare};
use super::reason::SwvReason;
use super::settings::{PeakCount, SwvSettings};

use choice::Candidate;

/// Highest degree of the background.
pub const MOST_DEGREE: usize = 2;

/// By how much the criterion must be lower for a second peak, or for a background of a higher degree.
pub const MARGIN: f64 = 10.0;

/// A fit whose residual deviation is not more than this many times the noise, and twice as much as n points tell noise apart
/// (2/√n), leaves nothing to explain.
const EXPLAINED: f64 = 1.1;

/// Analyses one sweep; with `curves` also what is needed to draw it.
pub(super) fn analyze(sweep: &Sweep, settings: &SwvSettings, mut curves: Option<&mut SwvCurves>) -> SwvAnalysis {
    let ready = match prepare(sweep, settings, curves.as_deref_mut()) {
        Ok(ready) => ready,
        Err(result) => return *result,
    };
    if let Some(curves) = curves.as_deref_mut() {
        *curves = ready.undrawn();
    }
    let n = ready.points.len();
    let found = ready.start(settings).and_then(|start| {
        let sign = start.polarity.sign();
        let r: Vec<f64> = ready.z().iter().map(|z| sign * z).collect();
        let noise_a = ready.trace.noise_a;
        let (chosen, missing) = best(ready.x(), &r, noise_a, &start, settings)?;
        Ok((start.polarity, chosen, missing))
    });
    let result = match found {
        Err(reason) => SwvAnalysis::without_peak(reason, n),
        Ok((polarity, chosen, missing)) => {
            if let Some(curves) = curves {
                outcome::draw(curves, &ready, polarity, &chosen);
            }
            outcome::measured(&ready, settings, polarity, &chosen, missing)
        }
    };
    SwvAnalysis {
        ignored_points: ready.ignored(),
        ..result
    }
}

/// The fit that describes the sweep, and whether a second peak was asked for in vain.
fn best(
    x: &[f64],
    r: &[f64],
    noise_a: f64,
    start: &Start,
    settings: &SwvSettings,
) -> Result<(Candidate, bool), SwvReason> {
    let chosen_degree = Some(settings.polynomial_degree).filter(|degree| *degree <= MOST_DEGREE);
    let most_a = noise_a * (EXPLAINED + 2.0 / (x.len() as f64).sqrt());
    let explained = |candidate: &Candidate| candidate.fit.residual_deviation <= most_a;
    let degrees = chosen_degree.map_or(1..=MOST_DEGREE, |degree| degree..=degree);

    let mut one: Option<Candidate> = None;
    for degree in degrees.clone() {
        if one.as_ref().is_some_and(explained) {
            break;
        }
        one = choice::better(one, choice::one(x, r, degree, start), noise_a);
    }
    if settings.peaks == PeakCount::One || settings.peaks == PeakCount::Auto && one.as_ref().is_some_and(explained) {
        return one.map(|one| (one, false)).ok_or(SwvReason::FitNotFound);
    }
    let mut two: Option<Candidate> = None;
    for degree in degrees {
        if two.as_ref().is_some_and(explained) {
            break;
        }
        two = choice::better(two, choice::two(x, r, degree, start, noise_a), noise_a);
    }
    let asked = settings.peaks == PeakCount::Two;
    match (one, two) {
        (_, Some(two)) if asked && choice::determined(&two) => Ok((two, false)),
        (None, Some(two)) if choice::resolved(&two) => Ok((two, false)),
        (Some(one), Some(two))
            if choice::resolved(&two) && two.criterion(noise_a) < one.criterion(noise_a) - MARGIN =>
        {
            Ok((two, false))
        }
        (Some(one), _) => Ok((one, asked)),
        (None, _) => Err(SwvReason::FitNotFound),
    }
}
