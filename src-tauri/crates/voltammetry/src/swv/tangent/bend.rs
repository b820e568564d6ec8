//! Whether the background bends under the peak: what a parabola through the surroundings says of the background at the summit.
//!
//! A chord says nothing of what lies between its feet. Around the peak, though, a background that bends shows it on both sides: a least-squares
//! parabola through what lies between 1.5 and 2.75 widths from the summit, carried to the summit, tells how far the baseline there is off. It is
//! an opinion to compare with, not a better baseline: the tails of a sech² peak alone put it 1.8 % of the height too high.

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
    let sides = [at(-FURTHEST)..at(-NEAREST), at(NEAREST)..at(FURTHEST)];
    for side in &sides {
        let (first, last) = (x.get(side.start)?, x.get(side.end.checked_sub(1)?)?);
        if side.len() < FEWEST_POINTS || last - first < EXTENT * around.fwhm_v {
            return None;
        }
    }
    let mut sums = Sums::default();
    let per_width = 1.0 / around.fwhm_v;
    for side in sides {
        for (x, z) in x[side.clone()].iter().zip(&z[side]) {
            sums.add((x - around.potential_v) * per_width, z - around.baseline_a);
        }
    }
    let fit = sums.fit();
    let variance_a2 = fit.left_a2 / (sums.count - 3.0);
    let noise_a2 = noise_a * noise_a;
    (fit.gain_a2 > VISIBLE * VISIBLE * variance_a2.max(noise_a2)).then(|| Parabola {
        background_a: around.baseline_a + fit.at_origin_a,
        left_a: (variance_a2 - noise_a2).max(0.0).sqrt(),
    })
}

/// Sums of powers of u, of their products with r, and of r², from which all of the fit follows in one pass.
#[derive(Debug, Default)]
struct Sums {
    count: f64,
    u: [f64; 4],
    r: [f64; 3],
    square: f64,
}

/// A least-squares parabola r(u).
struct Fit {
    at_origin_a: f64,
    /// By how much its bend lowers the sum of squared residuals; of white noise, its variance on average (A²).
    gain_a2: f64,
    /// Sum of squared residuals (A²).
    left_a2: f64,
}

impl Sums {
    fn add(&mut self, u: f64, r: f64) {
        let square = u * u;
        self.count += 1.0;
        for (sum, power) in self.u.iter_mut().zip([u, square, square * u, square * square]) {
            *sum += power;
        }
        for (sum, part) in self.r.iter_mut().zip([r, r * u, r * square]) {
            *sum += part;
        }
        self.square += r * r;
    }

    fn fit(&self) -> Fit {
        let Self { count, u, r, square } = *self;
        // The same sums about the mean m of u, whose own sum is 0 then.
        let m = u[0] / count;
        let m2 = m * m;
        let u2 = u[1] - count * m2;
        let u3 = u[2] - 3.0 * m * u[1] + 2.0 * count * m * m2;
        let u4 = u[3] - 4.0 * m * u[2] + 6.0 * m2 * u[1] - 3.0 * count * m2 * m2;
        let (r1, r2) = (r[1] - m * r[0], r[2] - 2.0 * m * r[1] + m2 * r[0]);
        // The quadratic orthogonal to 1 and u is u² - (u3/u2) u - u2/count.
        let tilt = u3 / u2;
        let norm = u4 - u3 * tilt - u2 * u2 / count;
        let bend = (r2 - tilt * r1 - r[0] * u2 / count) / norm;
        let slope = r1 / u2 - bend * tilt;
        let gain_a2 = bend * bend * norm;
        Fit {
            at_origin_a: (r[0] - bend * u2) / count - slope * m + bend * m2,
            gain_a2,
            left_a2: (square - r[0] * r[0] / count - r1 * r1 / u2 - gain_a2).max(0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::swv::polynomial::Orthogonal;

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
    fn sums_give_the_least_squares_parabola() {
        let mut sums = Sums::default();
        let u: Vec<f64> = (0..20).map(|k| -2.0 + 0.3 * f64::from(k)).collect();
        for (k, u) in u.iter().enumerate() {
            sums.add(*u, 0.7 - 0.4 * u + 0.3 * u * u + if k % 2 == 0 { 0.1 } else { -0.1 });
        }
        let fit = sums.fit();
        let orthogonal = Orthogonal::fit(
            || u.iter().copied(),
            || {
                u.iter()
                    .enumerate()
                    .map(|(k, u)| 0.7 - 0.4 * u + 0.3 * u * u + if k % 2 == 0 { 0.1 } else { -0.1 })
            },
            2,
        );
        assert!((fit.at_origin_a - orthogonal.value(2, 0.0)).abs() < 1e-12);
        assert!(((fit.left_a2 / 17.0).sqrt() - orthogonal.deviation(2, 20)).abs() < 1e-12);
        let line_a2 = 18.0 * orthogonal.deviation(1, 20).powi(2);
        assert!((fit.gain_a2 - (line_a2 - fit.left_a2)).abs() < 1e-10);
    }

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
