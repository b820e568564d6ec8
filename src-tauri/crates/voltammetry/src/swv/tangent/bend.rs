//! Whether the background bends under the peak: what a parabola through the surroundings says of the background at the summit.
//!
//! A chord says nothing of what lies between its feet. Around the peak, though, a background that bends shows it on both sides: a least-squares
//! parabola through what lies between 1.5 and 2.75 widths from the summit, carried to the summit, tells how far the baseline there is off. It is
//! an opinion to compare with, not a better baseline: the tails of a sech² peak alone put it 1.8 % of the height too high.

use crate::swv::polynomial::Orthogonal;

/// Nearer than this many widths at half height there is peak: here a Gaussian has fallen to 0.2 %, a sech² to 2 % of its height.
const NEAREST: f64 = 1.5;

/// Further than this many widths is not looked at, as for the chord.
const FURTHEST: f64 = 2.75;

/// On either side so many widths must be seen.
const EXTENT: f64 = 0.5;

/// Fewest points on either side.
const FEWEST_POINTS: usize = 4;

/// A bend counts where its coefficient is this many standard deviations.
const VISIBLE: f64 = 3.5;

/// What the parabola leaves, less noise, may be this part of how far the baseline is off: a second peak beside the first bends no background.
const SMOOTH: f64 = 0.35;

/// A baseline that is off by this part of the height is worth a reservation.
const MATTERS: f64 = 0.05;

/// The peak that is looked at.
#[derive(Debug, Clone, Copy)]
pub(in crate::swv) struct Around {
    pub potential_v: f64,
    /// Height (A), positive for both polarities.
    pub height_a: f64,
    pub fwhm_v: f64,
    /// Its baseline at the summit (A).
    pub baseline_a: f64,
}

/// Whether the surroundings visibly bend, and so that the height is off by more than a twentieth.
pub(in crate::swv) fn is_missed(x: &[f64], z: &[f64], noise_a: f64, around: &Around) -> bool {
    parabola(x, z, noise_a, around).is_some_and(|bend| {
        let off_a = (bend.background_a - around.baseline_a).abs();
        off_a > MATTERS * around.height_a && bend.left_a <= SMOOTH * off_a
    })
}

/// A parabola through the surroundings of a peak.
struct Parabola {
    /// Its value at the summit (A).
    background_a: f64,
    /// Root of the mean square of what it leaves beyond the noise (A).
    left_a: f64,
}

/// The parabola, where the surroundings visibly bend and reach far enough on both sides.
fn parabola(x: &[f64], z: &[f64], noise_a: f64, around: &Around) -> Option<Parabola> {
    let at = |widths: f64| x.partition_point(|v| *v < around.potential_v + widths * around.fwhm_v);
    let left = at(-FURTHEST)..at(-NEAREST);
    let right = at(NEAREST)..at(FURTHEST);
    for side in [&left, &right] {
        let (first, last) = (x.get(side.start)?, x.get(side.end.checked_sub(1)?)?);
        if side.len() < FEWEST_POINTS || last - first < EXTENT * around.fwhm_v {
            return None;
        }
    }
    let count = left.len() + right.len();
    let points = || x[left.clone()].iter().chain(&x[right.clone()]).copied();
    let values = || z[left.clone()].iter().chain(&z[right.clone()]).copied();
    let fit = Orthogonal::fit(points, values, 2);
    let deviation_a = fit.deviation(2, count);
    (fit.gain(2) > (VISIBLE * deviation_a.max(noise_a)).powi(2)).then(|| Parabola {
        background_a: fit.value(2, around.potential_v),
        left_a: (deviation_a.powi(2) - noise_a.powi(2)).max(0.0).sqrt(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sweep(points: usize, current_a: impl Fn(f64) -> f64) -> (Vec<f64>, Vec<f64>) {
        let x: Vec<f64> = (0..points)
            .map(|k| 6.0 * (k as f64 / (points - 1) as f64 - 0.5))
            .collect();
        let z = x.iter().map(|x| current_a(*x)).collect();
        (x, z)
    }

    fn peak(u: f64) -> f64 {
        (2.0 * 2f64.sqrt().acosh() * u).cosh().powi(-2)
    }

    const AROUND: Around = Around {
        potential_v: 0.0,
        height_a: 1.0,
        fwhm_v: 1.0,
        baseline_a: 0.0,
    };

    #[test]
    fn the_tails_of_a_peak_are_no_bend_and_a_bend_is_one() {
        for points in [61, 301, 1201] {
            let missed = |bend: f64| {
                let (x, z) = sweep(points, |u| peak(u) + 0.3 * u + bend * u * u);
                // The chord touches at the ends of what it looks at.
                let baseline_a = if bend < 0.0 {
                    bend * FURTHEST.powi(2)
                } else {
                    bend * 1.5
                };
                is_missed(&x, &z, 1e-9, &Around { baseline_a, ..AROUND })
            };
            assert!(!missed(0.0) && !missed(-0.003) && !missed(0.01), "{points}");
            assert!(missed(-0.01) && missed(-0.05) && missed(0.08), "{points}");
        }
    }

    #[test]
    fn a_second_peak_bends_no_background() {
        for at in [2.2, 2.6, 3.0] {
            for height in [0.2, 0.5, 0.9] {
                let (x, z) = sweep(301, |u| peak(u) + height * peak(u - at));
                assert!(!is_missed(&x, &z, 1e-9, &AROUND), "{at} {height}");
            }
        }
    }

    #[test]
    fn noise_hides_a_bend_and_a_short_sweep_shows_none() {
        let (x, z) = sweep(61, |u| peak(u) - 0.02 * u * u);
        let around = Around {
            baseline_a: -0.15,
            ..AROUND
        };
        assert!(is_missed(&x, &z, 0.01, &around));
        assert!(!is_missed(&x, &z, 1.0, &around));
        let near = (x.partition_point(|v| *v < -1.8), x.len());
        assert!(!is_missed(&x[near.0..near.1], &z[near.0..near.1], 1e-9, &around));
        assert!(!is_missed(&[], &[], 0.1, &around));
    }
}
