//! Where the fits start: variable projection on a grid of time constants.
//!
//! For given time constants offset and amplitudes follow linearly (G. H. Golub, V. Pereyra, SIAM J. Numer. Anal. 10 (1973)
//! 413-432), so that only the time constants need be searched, and nothing depends on single points or on the sign.

use crate::statistics::linear_coefficients;

/// Time constants tried.
const MONO_GRID: usize = 40;
const BI_GRID: usize = 18;

/// Points looked at, dense where the transient begins.
const MOST_POINTS: usize = 300;

/// Starts of the model with two exponentials that are followed.
const FOLLOWED: usize = 3;

/// The best start with one exponential: `c, a, ln tau`.
pub(super) fn mono(u: &[f64], y: &[f64], (fastest, slowest): (f64, f64)) -> Option<[f64; 3]> {
    let (u, y) = thinned(u, y);
    grid(MONO_GRID, fastest, slowest)
        .filter_map(|tau| {
            let ([c, a], squares) = linear_coefficients(&u, &y, |u| [1.0, (-u / tau).exp()])?;
            Some(([c, a, tau.ln()], squares))
        })
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(start, _)| start)
}

/// The best starts with two: `c, a1, ln tau1, a2, ln tau2`, the best first.
pub(super) fn bi(u: &[f64], y: &[f64], (fastest, slowest): (f64, f64)) -> Vec<[f64; 5]> {
    let (u, y) = thinned(u, y);
    let taus: Vec<f64> = grid(BI_GRID, fastest, slowest).collect();
    let mut found = Vec::new();
    for (k, &slow) in taus.iter().enumerate() {
        for &fast in &taus[..k] {
            let columns = |u: f64| [1.0, (-u / fast).exp(), (-u / slow).exp()];
            if let Some(([c, a1, a2], squares)) = linear_coefficients(&u, &y, columns) {
                found.push(([c, a1, fast.ln(), a2, slow.ln()], squares));
            }
        }
    }
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    found.truncate(FOLLOWED);
    found.into_iter().map(|(start, _)| start).collect()
}

fn grid(count: usize, from: f64, to: f64) -> impl Iterator<Item = f64> {
    (0..count).map(move |k| from * (to / from).powf((k as f64 + 0.5) / count as f64))
}

/// At most a few hundred of the points, with distances that grow from the start.
fn thinned(u: &[f64], y: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let n = u.len();
    if n <= MOST_POINTS {
        return (u.to_vec(), y.to_vec());
    }
    let mut kept: Vec<usize> = (0..MOST_POINTS)
        .map(|k| {
            let share = k as f64 / (MOST_POINTS - 1) as f64;
            // Half of them evenly, half of them by ratio.
            let position = if k % 2 == 0 {
                share * n as f64
            } else {
                (n as f64).powf(share)
            };
            (position as usize).min(n - 1)
        })
        .collect();
    kept.sort_unstable();
    kept.dedup();
    (
        kept.iter().map(|&k| u[k]).collect(),
        kept.iter().map(|&k| y[k]).collect(),
    )
}
