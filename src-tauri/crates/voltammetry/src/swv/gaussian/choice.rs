//! Fits of one and of two peaks, and which of them the data speak for.

use crate::fitting::{Bound, Fit, fit_soon};
use crate::swv::background::Start;
use crate::swv::settings::{PolarityChoice, SavitzkyGolay, SwvSettings};
use crate::swv::tangent;

use super::MARGIN;
use super::model::{PER_PEAK, Peaks};

/// Residuals below this part of the point-to-point noise say nothing about the model.
const NEGLIGIBLE: f64 = 0.05;

/// Two peaks of a sum lie at least this part of their mean width apart; nearer, they are one peak of another shape.
const APART: f64 = 0.6;

/// The smaller of two peaks has at least this part of the height of the greater.
const SMALLEST: f64 = 0.05;

/// The wider of two peaks has at most this many times the width of the narrower.
const WIDEST: f64 = 3.0;

/// Every height of two is at least this many standard errors.
const CLEAR: f64 = 4.0;

/// Evaluations per parameter (and one) before a model is given up; from a start that suits it, a fit takes 5 to 30 in all.
const PATIENCE: usize = 8;

/// A model with its fit.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub model: Peaks,
    pub fit: Fit,
}

impl Candidate {
    /// Schwarz criterion, n·ln(S/n) + p·ln n.
    pub fn criterion(&self, noise_a: f64) -> f64 {
        let n = self.fit.points as f64;
        let mean_square = self.fit.residual_deviation.powi(2) * self.fit.degrees_of_freedom as f64 / n;
        let least = (NEGLIGIBLE * noise_a).powi(2).max(f64::MIN_POSITIVE);
        n * mean_square.max(least).ln() + self.fit.parameters.len() as f64 * n.ln()
    }

    /// Height (A), potential (V) and width (V) of a peak.
    pub fn peak(&self, at: usize) -> [f64; PER_PEAK] {
        self.model.of_peak(&self.fit.parameters, at)
    }
}

/// The later one, if it is better by the margin; there may be neither.
pub(super) fn better(simple: Option<Candidate>, richer: Option<Candidate>, noise_a: f64) -> Option<Candidate> {
    match (simple, richer) {
        (Some(simple), Some(richer)) => Some(if richer.criterion(noise_a) < simple.criterion(noise_a) - MARGIN {
            richer
        } else {
            simple
        }),
        (simple, richer) => simple.or(richer),
    }
}

/// One peak, from that of `tangent`.
pub(super) fn one(x: &[f64], r: &[f64], degree: usize, start: &Start) -> Option<Candidate> {
    settle(x, r, degree, &[[start.height_a, start.potential_v, start.fwhm_v]])
}

/// Two peaks, the better of two starts: what `tangent` finds next to its first peak, and that peak split in two.
pub(super) fn two(x: &[f64], r: &[f64], degree: usize, start: &Start, noise_a: f64) -> Option<Candidate> {
    let first = [start.height_a, start.potential_v, start.fwhm_v];
    let split = [-0.4, 0.4].map(|side| {
        [
            0.7 * start.height_a,
            start.potential_v + side * start.fwhm_v,
            0.7 * start.fwhm_v,
        ]
    });
    let by_side = next_to(x, r, start, noise_a).and_then(|second| settle(x, r, degree, &[first, second]));
    let fits = |candidate: &Candidate| candidate.fit.residual_deviation;
    if let Some(found) = &by_side
        && fits(found) <= 1.1 * noise_a
    {
        return by_side;
    }
    let by_split = settle(x, r, degree, &split);
    match (by_side, by_split) {
        (Some(a), Some(b)) => Some(if fits(&b) < fits(&a) { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// The peak that is left when the first one is taken off as a Gaussian.
fn next_to(x: &[f64], r: &[f64], start: &Start, noise_a: f64) -> Option<[f64; PER_PEAK]> {
    let model = Peaks {
        degree: 0,
        count: 1,
        middle_v: 0.0,
        half_v: 1.0,
    };
    let parameters = [0.0, start.height_a, start.potential_v, start.fwhm_v];
    let left: Vec<f64> = x
        .iter()
        .zip(r)
        .map(|(x, r)| r - model.peak(*x, &parameters, 0))
        .collect();
    let settings = SwvSettings {
        polarity: PolarityChoice::Up,
        savgol: SavitzkyGolay::Auto,
        ..SwvSettings::default()
    };
    let peak = tangent::locate(x, &left, noise_a, &settings).ok()?;
    Some([
        peak.summit.height_a,
        peak.summit.potential_v,
        peak.fwhm_v.unwrap_or(start.fwhm_v),
    ])
}

fn settle(x: &[f64], r: &[f64], degree: usize, peaks: &[[f64; PER_PEAK]]) -> Option<Candidate> {
    let (low, high) = (x[0], x[x.len() - 1]);
    let model = Peaks {
        degree,
        count: peaks.len(),
        middle_v: f64::midpoint(low, high),
        half_v: 0.5 * (high - low),
    };
    let narrowest = 2.0 * (high - low) / (x.len() - 1) as f64;
    let (mut start, mut bounds) = (vec![0.0; degree + 1], vec![Bound::Free; degree + 1]);
    for peak in peaks {
        start.extend_from_slice(peak);
        bounds.extend([
            Bound::AtLeast(0.0),
            Bound::Between(low, high),
            Bound::Between(narrowest, high - low),
        ]);
    }
    // The mean of what the peaks leave: the rest of the background follows in the first step, being linear.
    let left = |x: &f64| (0..peaks.len()).map(|at| model.peak(*x, &start, at)).sum::<f64>();
    start[0] = x.iter().zip(r).map(|(x, r)| r - left(x)).sum::<f64>() / x.len() as f64;
    let fit = fit_soon(&model, x, r, &start, &bounds, PATIENCE).ok()?;
    Some(Candidate { model, fit })
}

/// Whether both heights are known well enough to be reported.
pub(super) fn determined(two: &Candidate) -> bool {
    (0..2).all(|at| two.peak(at)[0] > CLEAR * two.fit.standard_errors[two.model.first_of(at)])
}

/// Whether two peaks look like two peaks, and not like one of another shape than Gaussian.
pub(super) fn resolved(two: &Candidate) -> bool {
    let ([h1, v1, w1], [h2, v2, w2]) = (two.peak(0), two.peak(1));
    determined(two)
        && (v1 - v2).abs() >= APART * f64::midpoint(w1, w2)
        && h1.min(h2) >= SMALLEST * h1.max(h2)
        && w1.max(w2) <= WIDEST * w1.min(w2)
}
