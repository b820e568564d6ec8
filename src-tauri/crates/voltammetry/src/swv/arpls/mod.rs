//! `arpls`: the height of a peak above a stiff curve that the sweep itself pushes under the peak.
//!
//! Asymmetrically reweighted penalised least squares (S.-J. Baek, A. Park, Y.-J. Ahn, J. Choo, Analyst 140 (2015) 250-257): the
//! background z minimises
//!
//! ∫ w (y - z)² dE + L⁴ ∫ (d²z/dE²)² dE,
//!
//! and the weights follow from where the sweep lies above it, w = 1/(1 + exp(2 (d - (2σ - m))/σ)), with d = y - z turned so that the peak points
//! up, and m and σ the mean and deviation of the negative d, until they stay. Points on the peak thus lose their say, while noise on both
//! sides of the background keeps its own.
//!
//! The penalty is an integral over potential, discretised with the real steps, and the stiffness is a length, L = [`STIFFNESS`] times the peak's width at
//! half height: neither the number of points nor uneven steps matter, which the usual λ of second differences (λ = (L/step)⁴) does not give.
//! Each round solves one pentadiagonal system, so that the cost grows with the number of points alone; beyond [`MOST_NODES`] points the background is
//! computed on averages of neighbours, far finer than L.

mod pentadiagonal;
mod weights;

use crate::sweep::Sweep;

use super::analysis::{SwvAnalysis, SwvCurves};
use super::background::{self, Background, Baseline, Ready, Start};
use super::reason::SwvReason;
use super::settings::SwvSettings;
use super::tangent::bend::{Around, is_missed};

use pentadiagonal::Stiffness;

/// Length over which the background may bend, in widths of the peak at half height.
const STIFFNESS: f64 = 0.75;

/// Points above which neighbours are averaged for the background.
const MOST_NODES: usize = 512;

/// Rounds after which the weights are taken as they are.
const MOST_ROUNDS: usize = 50;

/// The weights stay when they change by less than this part of themselves (root of the sum of squares).
const SETTLED: f64 = 1e-3;

/// Noise that is assumed at least, as a part of the height: with less, the last digits of a sweep decide which points belong to the background.
const LEAST_NOISE: f64 = 1e-3;

/// Nearer to an end than this many widths, peak and background are hard to tell apart: the stiff curve takes the tail for background.
const SEPARATE: f64 = 1.5;

/// A peak that shows only in the sweep less a parabola may be the top of a broad hump, unless so many widths beside it show the background.
const SHOWN: f64 = 2.0;

/// Analyses one sweep; with `curves` also what is needed to draw it.
pub(super) fn analyze(sweep: &Sweep, settings: &SwvSettings, curves: Option<&mut SwvCurves>) -> SwvAnalysis {
    background::analyze(sweep, settings, curves, &Arpls)
}

/// The method as a way to compute the background.
struct Arpls;

impl Baseline for Arpls {
    fn background(&self, ready: &Ready, start: &Start) -> Result<Background, SwvReason> {
        if start.hidden && start.widths_inside(ready.x()) < SHOWN {
            return Err(SwvReason::TooShortForBackground);
        }
        Ok(under(ready, start))
    }

    fn doubt(&self, ready: &Ready, start: &Start, background: &Background) -> Option<SwvReason> {
        if start.widths_inside(ready.x()) < SEPARATE {
            return Some(SwvReason::TooShortForBackground);
        }
        let around = Around {
            potential_v: start.potential_v,
            height_a: start.height_a,
            fwhm_v: start.fwhm_v,
            baseline_a: background.at(ready.x(), start.potential_v),
        };
        is_missed(ready.x(), ready.z(), ready.trace.noise_a, &around).then_some(SwvReason::CurvedBackground)
    }
}

/// The background under the peak.
fn under(ready: &Ready, start: &Start) -> Background {
    let sign = start.polarity.sign();
    let (x, z) = (ready.x(), ready.z());
    let block = x.len().div_ceil(MOST_NODES);
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let nodes: Vec<f64> = x.chunks(block).map(mean).collect();
    let currents: Vec<f64> = z.chunks(block).map(|values| sign * mean(values)).collect();
    let noise_a = (ready.trace.noise_a / (block as f64).sqrt()).max(LEAST_NOISE * start.height_a);

    let stiffness = Stiffness::new(&nodes, STIFFNESS * start.fwhm_v);
    let mut weights = vec![1.0; nodes.len()];
    let mut values = stiffness.smooth(&currents, &weights);
    for _ in 0..MOST_ROUNDS {
        let Some(change) = weights::update(&mut weights, &currents, &values, noise_a) else {
            break;
        };
        values = stiffness.smooth(&currents, &weights);
        if change < SETTLED {
            break;
        }
    }
    let values: Vec<f64> = if block == 1 {
        values.iter().map(|value| sign * value).collect()
    } else {
        at_points(x, &nodes, &values).map(|value| sign * value).collect()
    };
    // Within one length on either side of the peak the background is about a mean over that length.
    let step_v = (x[x.len() - 1] - x[0]) / (x.len() - 1) as f64;
    let averaged = (2.0 * STIFFNESS * start.fwhm_v / step_v).max(1.0);
    Background {
        values,
        error_a: ready.trace.noise_a / averaged.sqrt(),
        degree: None,
    }
}

/// Values between nodes by straight lines, going on beyond the first and last one.
fn at_points<'a>(x: &'a [f64], nodes: &'a [f64], values: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
    let mut right = 1;
    x.iter().map(move |x| {
        while right + 1 < nodes.len() && nodes[right] < *x {
            right += 1;
        }
        let share = (x - nodes[right - 1]) / (nodes[right] - nodes[right - 1]);
        values[right - 1] + share * (values[right] - values[right - 1])
    })
}
