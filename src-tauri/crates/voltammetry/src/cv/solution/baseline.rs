//! The straight line that the current would follow if there were no wave.
//!
//! What lies just before a wave already belongs to its foot, which rises like an exponential: exp(nF(E - E½)/RT) for a
//! reversible wave, exp(αF(E - E°)/RT) for an irreversible one, which is exp(2.2 x/W) and exp(1.86 x/W) in terms of
//! the half-peak width W (A. J. Bard, L. R. Faulkner, Electrochemical Methods, 2nd ed., 6.2.2 and 6.3.2).
//! Line and foot are fitted together, so that the line need not keep away from the wave further than sweeps reach.

use crate::cv::reason::CvReason;

/// The fitted stretch ends so many half-peak widths before the peak, where the foot is about 3 % of the height.
const END: f64 = 2.5;

/// Shortest stretch, in half-peak widths.
const SHORTEST: f64 = 0.75;

/// A stretch shorter than this is extrapolated over more than twice its length.
const SHORT: f64 = 0.5 * END;

/// Where the stretch begins to grow from, in half-peak widths.
const BEGIN: f64 = 1.5;

/// Factor from one stretch to the next.
const GROWTH: f64 = 1.4;

/// Fewest points of a stretch.
const FEWEST_POINTS: usize = 6;

/// Rise of the foot over one half-peak width, as an exponent: between reversible and irreversible.
const FOOT: f64 = 2.05;

/// A stretch grows as long as the baseline under the peak agrees with those of all shorter ones within this many
/// deviations (Lepski's rule), or ...
const AGREEMENT: f64 = 2.5;

/// ... within this part of the height, which the model of the foot does not resolve.
const RESOLVED: f64 = 0.003;

/// The line, in the direction of the sweep.
#[derive(Debug, Clone, Copy)]
pub(super) struct Baseline {
    origin_x: f64,
    value_a: f64,
    slope: f64,
    /// Standard deviation of the line under the peak (A).
    pub deviation_a: f64,
    /// Stretch that it was fitted to (V in the direction of the sweep).
    pub from_x: (f64, f64),
    /// It is extrapolated over more than twice that stretch.
    pub short: bool,
}

impl Baseline {
    /// Current (A).
    pub fn at(&self, x: f64) -> f64 {
        self.value_a + self.slope * (x - self.origin_x)
    }

    /// A per volt along the sweep.
    pub fn slope(&self) -> f64 {
        self.slope
    }

    /// The line through two points.
    pub fn line(a: (f64, f64), b: (f64, f64)) -> Self {
        Self {
            origin_x: a.0,
            value_a: a.1,
            slope: if b.0 == a.0 { 0.0 } else { (b.1 - a.1) / (b.0 - a.0) },
            deviation_a: 0.0,
            from_x: (a.0, a.0),
            short: false,
        }
    }

    /// Line before a wave with its peak at `peak_x` and the half-peak width `width`, both in volt along the sweep.
    pub fn fit(x: &[f64], z: &[f64], noise_a: f64, peak_x: f64, width: f64, height_a: f64) -> Result<Self, CvReason> {
        let end_x = peak_x - END * width;
        let end = x.partition_point(|v| *v <= end_x);
        let available = end_x - x[0];
        if end < FEWEST_POINTS || available < SHORTEST * width {
            return Err(CvReason::NoBaseline);
        }
        let tolerance = RESOLVED * height_a.abs();
        let mut length = BEGIN;
        let mut accepted: Option<Self> = None;
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        loop {
            let begin_x = end_x - length * width;
            let begin = x.partition_point(|v| *v < begin_x).min(end - FEWEST_POINTS);
            let wider = fit_stretch(&x[begin..end], &z[begin..end], noise_a, peak_x, width, end_x);
            let (under_peak, margin) = (wider.at(peak_x), AGREEMENT * wider.deviation_a + tolerance);
            if accepted.is_some() && (under_peak < low || under_peak > high) {
                break;
            }
            low = low.max(under_peak - margin);
            high = high.min(under_peak + margin);
            accepted = Some(wider);
            if begin == 0 {
                break;
            }
            length *= GROWTH;
        }
        let accepted = accepted.ok_or(CvReason::NoBaseline)?;
        Ok(Self {
            short: available < SHORT * width,
            ..accepted
        })
    }
}

/// Least squares of a line and an exponential foot over one stretch.
fn fit_stretch(x: &[f64], z: &[f64], noise_a: f64, peak_x: f64, width: f64, end_x: f64) -> Baseline {
    // Columns 1, u and e^{2.05 u} with u = 0 at the end of the stretch, in half-peak widths.
    let mut normal = [[0.0; 3]; 3];
    let mut right = [0.0; 3];
    for (x, z) in x.iter().zip(z) {
        let u = (x - end_x) / width;
        let row = [1.0, u, (FOOT * u).exp()];
        for a in 0..3 {
            for b in 0..3 {
                normal[a][b] += row[a] * row[b];
            }
            right[a] += row[a] * z;
        }
    }
    let at_peak = [1.0, (peak_x - end_x) / width];
    let (solution, variance) = solve(&normal, &right, &at_peak);
    Baseline {
        origin_x: end_x,
        value_a: solution[0],
        slope: solution[1] / width,
        deviation_a: noise_a * variance.max(0.0).sqrt(),
        from_x: (x[0], x[x.len() - 1]),
        short: false,
    }
}

/// Line coefficients with the foot eliminated, and the variance factor of the line at one place. Where the foot does not
/// rise (a negative coefficient would bend the wrong way), the line alone.
fn solve(normal: &[[f64; 3]; 3], right: &[f64; 3], at: &[f64; 2]) -> ([f64; 2], f64) {
    let plain = line_only([normal[0][0], normal[0][1], normal[1][1]], [right[0], right[1]], at);
    let foot = normal[2][2];
    if foot <= 0.0 {
        return plain;
    }
    let (f0, f1) = (normal[0][2] / foot, normal[1][2] / foot);
    let reduced = [
        normal[0][0] - f0 * normal[0][2],
        normal[0][1] - f0 * normal[1][2],
        normal[1][1] - f1 * normal[1][2],
    ];
    let with_foot = line_only(reduced, [right[0] - f0 * right[2], right[1] - f1 * right[2]], at);
    let coefficient = (right[2] - normal[0][2] * with_foot.0[0] - normal[1][2] * with_foot.0[1]) / foot;
    if coefficient >= 0.0 && with_foot.1.is_finite() {
        with_foot
    } else {
        plain
    }
}

/// Solves [[a, b], [b, c]] s = r; the second value is the variance of s · at for data of variance 1.
fn line_only([a, b, c]: [f64; 3], right: [f64; 2], at: &[f64; 2]) -> ([f64; 2], f64) {
    let determinant = a * c - b * b;
    let solution = [
        (c * right[0] - b * right[1]) / determinant,
        (a * right[1] - b * right[0]) / determinant,
    ];
    let variance = (c * at[0] * at[0] - 2.0 * b * at[0] * at[1] + a * at[1] * at[1]) / determinant;
    (solution, variance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_foot_of_the_wave_does_not_bend_the_line() {
        let x: Vec<f64> = (0..300).map(|k| 0.001 * f64::from(k)).collect();
        let width = 0.0565;
        for rate in [1.95, 2.2] {
            let z: Vec<f64> = x
                .iter()
                .map(|x| 0.3 + 2.0 * x + (rate * (x - 0.24) / width).exp())
                .collect();
            let line = Baseline::fit(&x, &z, 1e-9, 0.29, width, 1.0).unwrap();
            assert!((line.at(0.29) - 0.88).abs() < 0.02, "{rate}: {line:?}");
        }
        assert_eq!(
            Baseline::fit(&x, &x, 1e-9, 0.15, width, 1.0).unwrap_err(),
            CvReason::NoBaseline
        );
    }
}
