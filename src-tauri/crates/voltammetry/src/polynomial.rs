//! Least-squares polynomial through points, with the conventions of numpy's `polyfit`.
//!
//! The columns of the Vandermonde matrix are scaled to unit length and directions whose singular value is below
//! `n * epsilon` times the largest are left out, so that a degree that the points cannot determine does no harm.
//! The matrix is reduced by Householder reflections, and its small triangle decomposed by one-sided Jacobi rotations
//! (J. Demmel, K. Veselić, SIAM J. Matrix Anal. Appl. 13 (1992) 1204-1245), which keep small singular values accurate.

/// Values at `x` of the polynomial of `degree` that lies closest to the points `(x, y)`.
///
/// Both slices have the same length; the unit of the result is that of `y`. The degree is lowered to the number of
/// points less one where there are fewer points than coefficients. Empty input gives an empty result.
pub(crate) fn fitted_values(x: &[f64], y: &[f64], degree: usize) -> Vec<f64> {
    let rows = x.len().min(y.len());
    let columns = degree.min(rows.saturating_sub(1)) + 1;
    if rows == 0 {
        return Vec::new();
    }
    let mut matrix = scaled_vandermonde(&x[..rows], columns);
    let triangle_and_rhs = reduce(&mut matrix.clone(), &y[..rows]).1;
    let coefficients = solve_by_singular_values(triangle_and_rhs, f64::EPSILON * rows as f64);

    let mut fitted = vec![0.0; rows];
    for (column, coefficient) in matrix.iter_mut().zip(&coefficients) {
        for (value, entry) in fitted.iter_mut().zip(column) {
            *value += coefficient * *entry;
        }
    }
    fitted
}

/// [`fitted_values`] as the projection of `y` on the directions that are left, without going through the coefficients.
///
/// Where the powers of `x` are nearly dependent, coefficients are large and cancel, which costs several digits; the projection does not.
pub(crate) fn projected_values(x: &[f64], y: &[f64], degree: usize) -> Vec<f64> {
    let rows = x.len().min(y.len());
    let columns = degree.min(rows.saturating_sub(1)) + 1;
    if rows == 0 {
        return Vec::new();
    }
    let mut matrix = scaled_vandermonde(&x[..rows], columns);
    let (reflectors, (mut triangle, rhs)) = reduce(&mut matrix, &y[..rows]);
    rotate_to_orthogonal(&mut triangle, &mut []);
    let values: Vec<f64> = triangle.iter().map(|column| norm(column)).collect();
    let cutoff = f64::EPSILON * rows as f64 * values.iter().copied().fold(0.0, f64::max);
    let mut fitted = vec![0.0; rows];
    for (left, value) in triangle.iter().zip(&values).filter(|(_, value)| **value > cutoff) {
        let along = dot(left, &rhs) / (value * value);
        for (fit, l) in fitted.iter_mut().zip(left) {
            *fit += along * l;
        }
    }
    for (k, reflector) in reflectors.iter().enumerate().rev() {
        reflect(reflector, &mut fitted[k..]);
    }
    fitted
}

/// Powers of `x` from 0, one column each, scaled to unit length.
fn scaled_vandermonde(x: &[f64], columns: usize) -> Vec<Vec<f64>> {
    let mut matrix = Vec::with_capacity(columns);
    let mut powers = vec![1.0; x.len()];
    for _ in 0..columns {
        let length = norm(&powers);
        let scale = if length > 0.0 { 1.0 / length } else { 1.0 };
        matrix.push(powers.iter().map(|power| power * scale).collect());
        for (power, x) in powers.iter_mut().zip(x) {
            *power *= x;
        }
    }
    matrix
}

/// Columns of a small square matrix, and the right-hand side that belongs to it.
type Triangle = (Vec<Vec<f64>>, Vec<f64>);

/// Householder reduction: gives the reflectors (empty where there was nothing to reflect), the columns of the triangle and the
/// matching part of the right-hand side.
fn reduce(matrix: &mut [Vec<f64>], y: &[f64]) -> (Vec<Vec<f64>>, Triangle) {
    let columns = matrix.len();
    let mut rhs = y.to_vec();
    let mut reflectors = Vec::with_capacity(columns);
    for k in 0..columns {
        let (done, rest) = matrix.split_at_mut(k + 1);
        let pivot = &mut done[k];
        let length = norm(&pivot[k..]);
        if length == 0.0 {
            reflectors.push(Vec::new());
            continue;
        }
        let diagonal = if pivot[k] > 0.0 { -length } else { length };
        let mut reflector = pivot[k..].to_vec();
        reflector[0] -= diagonal;
        for column in rest
            .iter_mut()
            .map(|column| &mut column[k..])
            .chain(std::iter::once(&mut rhs[k..]))
        {
            reflect(&reflector, column);
        }
        pivot[k] = diagonal;
        pivot[k + 1..].fill(0.0);
        reflectors.push(reflector);
    }
    let triangle = matrix.iter().map(|column| column[..columns].to_vec()).collect();
    rhs.truncate(columns);
    (reflectors, (triangle, rhs))
}

/// Mirrors `values` at the plane perpendicular to `reflector`.
fn reflect(reflector: &[f64], values: &mut [f64]) {
    let square: f64 = reflector.iter().map(|v| v * v).sum();
    let along = 2.0 * dot(reflector, values) / square;
    for (value, v) in values.iter_mut().zip(reflector) {
        *value -= along * v;
    }
}

/// Minimum-norm least-squares solution of a small square system given by columns.
fn solve_by_singular_values((mut a, rhs): Triangle, relative_cutoff: f64) -> Vec<f64> {
    let n = a.len();
    let mut v: Vec<Vec<f64>> = (0..n)
        .map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect())
        .collect();
    rotate_to_orthogonal(&mut a, &mut v);
    let values: Vec<f64> = a.iter().map(|column| norm(column)).collect();
    let cutoff = relative_cutoff * values.iter().copied().fold(0.0, f64::max);
    let mut solution = vec![0.0; n];
    for ((left, value), right) in a.iter().zip(&values).zip(&v) {
        if *value > cutoff {
            let weight = dot(left, &rhs) / (value * value);
            for (s, r) in solution.iter_mut().zip(right) {
                *s += weight * r;
            }
        }
    }
    solution
}

/// One-sided Jacobi rotations until the columns of `a` are orthogonal to one another; `v`, where it has columns, turns with them.
fn rotate_to_orthogonal(a: &mut [Vec<f64>], v: &mut [Vec<f64>]) {
    const SWEEPS: usize = 60;
    let n = a.len();
    for _ in 0..SWEEPS {
        let mut rotated = false;
        for p in 0..n {
            for q in p + 1..n {
                let alpha = dot(&a[p], &a[p]);
                let beta = dot(&a[q], &a[q]);
                let gamma = dot(&a[p], &a[q]);
                if gamma.abs() <= f64::EPSILON * (alpha * beta).sqrt() {
                    continue;
                }
                rotated = true;
                let zeta = (beta - alpha) / (2.0 * gamma);
                let tangent = zeta.signum() / (zeta.abs() + zeta.hypot(1.0));
                let cosine = 1.0 / tangent.hypot(1.0);
                rotate(a, p, q, cosine, cosine * tangent);
                if !v.is_empty() {
                    rotate(v, p, q, cosine, cosine * tangent);
                }
            }
        }
        if !rotated {
            break;
        }
    }
}

fn rotate(columns: &mut [Vec<f64>], p: usize, q: usize, cosine: f64, sine: f64) {
    let (before, after) = columns.split_at_mut(q);
    for (x, y) in before[p].iter_mut().zip(after[0].iter_mut()) {
        (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_through_the_points_of_a_polynomial() {
        let x: Vec<f64> = (0..60).map(|i| -0.6 + 0.01 * f64::from(i)).collect();
        let y: Vec<f64> = x.iter().map(|x| 2.0 - 3.0 * x + 5.0 * x.powi(3)).collect();
        for degree in [3, 5, 15] {
            for (fit, y) in fitted_values(&x, &y, degree).iter().zip(&y) {
                assert!((fit - y).abs() < 1e-12, "degree {degree}: {fit} {y}");
            }
            for (fit, y) in projected_values(&x, &y, degree).iter().zip(&y) {
                assert!((fit - y).abs() < 1e-13, "degree {degree}: {fit} {y}");
            }
        }
    }

    #[test]
    fn leaves_residuals_that_no_polynomial_of_the_degree_can_explain() {
        let x: Vec<f64> = (0..80).map(|i| f64::from(i) / 80.0).collect();
        let y: Vec<f64> = x.iter().map(|x| (9.0 * x).sin()).collect();
        let fit = fitted_values(&x, &y, 4);
        for power in 0..=4 {
            let projection: f64 = x
                .iter()
                .zip(&y)
                .zip(&fit)
                .map(|((x, y), f)| (y - f) * x.powi(power))
                .sum();
            assert!(projection.abs() < 1e-11, "{projection}");
        }
    }

    #[test]
    fn lowers_the_degree_for_few_points_and_survives_equal_abscissae() {
        assert_eq!(fitted_values(&[], &[], 3), Vec::<f64>::new());
        let few = fitted_values(&[0.0, 1.0, 2.0], &[1.0, 4.0, 2.0], 15);
        for (fit, y) in few.iter().zip([1.0, 4.0, 2.0]) {
            assert!((fit - y).abs() < 1e-12);
        }
        let equal = fitted_values(&[0.5; 4], &[1.0, 3.0, 1.0, 3.0], 2);
        assert!(equal.iter().all(|fit| (fit - 2.0).abs() < 1e-12), "{equal:?}");
    }
}
