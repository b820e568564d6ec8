//! The smoothing spline on a grid: one symmetric system with two diagonals on either side.

/// Second derivatives on a grid, integrated over potential, and the share of each node in an integral.
#[derive(Debug)]
pub(super) struct Stiffness {
    /// L⁴·DᵀRD: diagonal, and the first and second one above it.
    diagonals: [Vec<f64>; 3],
    /// Length that belongs to each node, in mean steps.
    shares: Vec<f64>,
}

/// One row of the decomposition: multipliers to the next row and the one after, pivot, and the right-hand side.
#[derive(Debug, Clone, Copy, Default)]
struct Row {
    next: f64,
    after: f64,
    pivot: f64,
    value: f64,
}

impl Stiffness {
    /// For ascending nodes (V), of which there are at least three, and a length (V).
    pub fn new(x: &[f64], length_v: f64) -> Self {
        let n = x.len();
        let step_v = (x[n - 1] - x[0]) / (n - 1) as f64;
        // In mean steps, all numbers are of the order of 1.
        let steps: Vec<f64> = x.windows(2).map(|pair| (pair[1] - pair[0]) / step_v).collect();
        let penalty = (length_v / step_v).powi(4);
        let mut diagonals = [vec![0.0; n], vec![0.0; n], vec![0.0; n]];
        let mut shares = vec![0.0; n];
        for (k, step) in steps.iter().enumerate() {
            shares[k] += 0.5 * step;
            shares[k + 1] += 0.5 * step;
        }
        for (k, pair) in steps.windows(2).enumerate() {
            let (left, right) = (pair[0], pair[1]);
            let around = 0.5 * (left + right);
            // Second divided difference around node k + 1.
            let row = [
                1.0 / (left * around),
                -1.0 / (left * around) - 1.0 / (right * around),
                1.0 / (right * around),
            ];
            let factor = penalty * around;
            for i in 0..3 {
                for j in i..3 {
                    diagonals[j - i][k + i] += factor * row[i] * row[j];
                }
            }
        }
        Self { diagonals, shares }
    }

    /// The curve that minimises Σ share·weight·(y - z)² plus the penalty: `LDLᵀ` decomposition and two substitutions.
    pub fn smooth(&self, y: &[f64], weights: &[f64]) -> Vec<f64> {
        let n = y.len();
        let [main, first, second] = &self.diagonals;
        let mut rows = vec![Row::default(); n];
        let (mut before, mut earlier) = (Row::default(), Row::default());
        for k in 0..n {
            // A node without any weight stays part of the curve; the smallest one keeps the system definite.
            let weight = self.shares[k] * weights[k].max(1e-12);
            let pivot = main[k] + weight
                - before.next * before.next * before.pivot
                - earlier.after * earlier.after * earlier.pivot;
            let row = Row {
                next: (first[k] - before.next * before.pivot * before.after) / pivot,
                after: second[k] / pivot,
                pivot,
                value: weight * y[k] - before.next * before.value - earlier.after * earlier.value,
            };
            rows[k] = row;
            (earlier, before) = (before, row);
        }
        let mut z: Vec<f64> = rows.iter().map(|row| row.value / row.pivot).collect();
        for k in (0..n).rev() {
            if k + 1 < n {
                z[k] -= rows[k].next * z[k + 1];
            }
            if k + 2 < n {
                z[k] -= rows[k].after * z[k + 2];
            }
        }
        z
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_stays_and_the_equations_hold() {
        let x: Vec<f64> = (0..40)
            .map(|k| 0.01 * f64::from(k) + 0.003 * f64::from(k % 3))
            .collect();
        let stiffness = Stiffness::new(&x, 0.05);
        let weights: Vec<f64> = (0..40).map(|k| f64::from(k % 5) / 4.0).collect();
        let line: Vec<f64> = x.iter().map(|x| 3.0 - 2.0 * x).collect();
        for (z, y) in stiffness.smooth(&line, &weights).iter().zip(&line) {
            assert!((z - y).abs() < 1e-9, "{z} {y}");
        }
        let y: Vec<f64> = (0..40).map(|k| f64::from(k * 7 % 11)).collect();
        let z = stiffness.smooth(&y, &weights);
        let [main, first, second] = &stiffness.diagonals;
        let entry = |i: usize, j: usize| [main, first, second].get(i.abs_diff(j)).map_or(0.0, |d| d[i.min(j)]);
        for i in 0..40 {
            let weight = stiffness.shares[i] * weights[i].max(1e-12);
            let left: f64 = (0..40).map(|j| entry(i, j) * z[j]).sum::<f64>() + weight * z[i];
            assert!((left - weight * y[i]).abs() < 1e-9 * main[i], "{i}");
        }
    }

    #[test]
    fn the_number_of_points_does_not_matter() {
        let curve = |n: usize| {
            let x: Vec<f64> = (0..n).map(|k| 0.6 * k as f64 / (n - 1) as f64).collect();
            let y: Vec<f64> = x.iter().map(|x| (20.0 * x).sin()).collect();
            let z = Stiffness::new(&x, 0.08).smooth(&y, &vec![1.0; n]);
            [z[0], z[(n - 1) / 4], z[(n - 1) / 2]]
        };
        for (coarse, fine) in curve(101).iter().zip(curve(801)) {
            assert!((coarse - fine).abs() < 2e-3, "{coarse} {fine}");
        }
    }
}
