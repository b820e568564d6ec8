//! Top of a wave, which falls more slowly after it than it rose before.

use super::baseline::Baseline;

/// Longest half-window of the fit, in half-peak widths.
const LONGEST: f64 = 0.45;

/// Top of the wave in the direction of the sweep.
#[derive(Debug, Clone, Copy)]
pub(super) struct Summit {
    pub x: f64,
    /// Height above the baseline (A).
    pub height_a: f64,
    /// Points that it was fitted to.
    pub points: usize,
}

/// Maximum of the cubic fitted by least squares to the points within half a window of the top.
///
/// The half-window makes bias² and variance of the height smallest, as in [`crate::swv::tangent`]: H/W is
/// (40 (σ/h)²/W)^(1/9), W in points, at most 0.45. `None` where the points do not bend like a peak.
pub(super) fn fit(x: &[f64], z: &[f64], baseline: &Baseline, top: usize, width: f64, noise_a: f64) -> Option<Summit> {
    const ROUNDS: usize = 4;
    let first = x.partition_point(|v| *v < x[top] - width);
    let points_per_width = (top - first).max(1) as f64;
    let height_a = (z[top] - baseline.at(x[top])).max(f64::MIN_POSITIVE);
    let ratio = (40.0 * (noise_a / height_a).powi(2) / points_per_width)
        .powf(1.0 / 9.0)
        .clamp(0.15, LONGEST);
    let mut centre = x[top];
    let mut found = None;
    for _ in 0..ROUNDS {
        let (low, high) = window(x, centre, ratio * width);
        let Some(summit) = cubic(&x[low..high], &z[low..high], centre, ratio * width, baseline) else {
            break;
        };
        let settled = (summit.x - centre).abs() < 0.02 * width;
        centre = summit.x;
        found = Some(summit);
        if settled {
            break;
        }
    }
    found
}

/// Points within `half` of the centre, at least two on either side, as far as there are any.
fn window(x: &[f64], centre: f64, half: f64) -> (usize, usize) {
    let at = x.partition_point(|v| *v < centre);
    let low = x.partition_point(|v| *v < centre - half).min(at.saturating_sub(3));
    let high = x.partition_point(|v| *v <= centre + half).max((at + 3).min(x.len()));
    (low, high)
}

fn cubic(x: &[f64], z: &[f64], centre: f64, scale: f64, baseline: &Baseline) -> Option<Summit> {
    // Moments of u up to the sixth, and of u^k times the height above the baseline.
    let mut moments = [0.0; 7];
    let mut right = [0.0; 4];
    for (x, z) in x.iter().zip(z) {
        let u = (x - centre) / scale;
        let above = z - baseline.at(*x);
        let mut power = 1.0;
        for (k, moment) in moments.iter_mut().enumerate() {
            *moment += power;
            if let Some(right) = right.get_mut(k) {
                *right += power * above;
            }
            power *= u;
        }
    }
    let [a, b, c, d] = solve(&moments, right)?;
    // b + 2 c u + 3 d u² = 0, the root at which the curve bends down.
    let discriminant = c * c - 3.0 * b * d;
    if discriminant < 0.0 || c >= 0.0 {
        return None;
    }
    let u = -b / (c - discriminant.sqrt());
    let (from, to) = ((x[0] - centre) / scale, (x[x.len() - 1] - centre) / scale);
    let u = u.clamp(from, to);
    Some(Summit {
        x: centre + scale * u,
        height_a: a + u * (b + u * (c + u * d)),
        points: x.len(),
    })
}

/// Normal equations of a cubic by elimination with pivots.
fn solve(moments: &[f64; 7], right: [f64; 4]) -> Option<[f64; 4]> {
    let mut rows = [[0.0; 5]; 4];
    for (a, row) in rows.iter_mut().enumerate() {
        row[..4].copy_from_slice(&moments[a..a + 4]);
        row[4] = right[a];
    }
    for pivot in 0..4 {
        let best = (pivot..4).max_by(|&a, &b| rows[a][pivot].abs().total_cmp(&rows[b][pivot].abs()))?;
        rows.swap(pivot, best);
        let lead = rows[pivot];
        if lead[pivot].abs() < 1e-12 * moments[0] {
            return None;
        }
        for row in &mut rows[pivot + 1..] {
            let factor = row[pivot] / lead[pivot];
            for (value, lead) in row.iter_mut().zip(lead) {
                *value -= factor * lead;
            }
        }
    }
    let mut solution = [0.0; 4];
    for k in (0..4).rev() {
        let known: f64 = (k + 1..4).map(|j| rows[k][j] * solution[j]).sum();
        solution[k] = (rows[k][4] - known) / rows[k][k];
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lopsided_summit_is_found_exactly() {
        let x: Vec<f64> = (0..200).map(|k| 0.001 * f64::from(k)).collect();
        let shape = |x: f64| {
            let u = (x - 0.1013) / 0.05;
            2.0 - u * u + 0.3 * u * u * u
        };
        let z: Vec<f64> = x.iter().map(|x| shape(*x) + 4.0 * x).collect();
        let line = Baseline::line((0.0, 0.0), (1.0, 4.0));
        let summit = fit(&x, &z, &line, 99, 0.05, 1e-6).unwrap();
        assert!(
            (summit.x - 0.1013).abs() < 1e-9 && (summit.height_a - 2.0).abs() < 1e-9,
            "{summit:?}"
        );
    }
}
