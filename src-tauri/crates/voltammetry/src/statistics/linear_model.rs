//! Least squares for a few coefficients that enter linearly: the inner step of a separable fit.

/// Coefficients and remaining sum of squares of `y = sum c_k f_k(x)` over the points `(x, y)`; `columns` gives the `f_k(x)`.
///
/// Normal equations with columns scaled to length 1, by Cholesky's method: good to about seven digits, which is what
/// start values need. `None` where the points do not determine the coefficients.
pub(crate) fn linear_coefficients<const N: usize>(
    x: &[f64],
    y: &[f64],
    columns: impl Fn(f64) -> [f64; N],
) -> Option<([f64; N], f64)> {
    let mut products = [[0.0; N]; N];
    let mut with_y = [0.0; N];
    for (&x, &y) in x.iter().zip(y) {
        let row = columns(x);
        for i in 0..N {
            for j in 0..=i {
                products[i][j] += row[i] * row[j];
            }
            with_y[i] += row[i] * y;
        }
    }
    let lengths: [f64; N] = std::array::from_fn(|k| products[k][k].sqrt());
    if !lengths.iter().all(|length| length.is_finite() && *length > 0.0) {
        return None;
    }
    let mut triangle = [[0.0; N]; N];
    for i in 0..N {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| triangle[i][k] * triangle[j][k]).sum();
            let rest = products[i][j] / (lengths[i] * lengths[j]) - sum;
            if i == j {
                if rest < 1e-12 {
                    return None;
                }
                triangle[i][i] = rest.sqrt();
            } else {
                triangle[i][j] = rest / triangle[j][j];
            }
        }
    }
    let mut solution = [0.0; N];
    for i in 0..N {
        let sum: f64 = (0..i).map(|k| triangle[i][k] * solution[k]).sum();
        solution[i] = (with_y[i] / lengths[i] - sum) / triangle[i][i];
    }
    for i in (0..N).rev() {
        let sum: f64 = (i + 1..N).map(|k| triangle[k][i] * solution[k]).sum();
        solution[i] = (solution[i] - sum) / triangle[i][i];
    }
    for (value, length) in solution.iter_mut().zip(lengths) {
        *value /= length;
    }
    let squares = x
        .iter()
        .zip(y)
        .map(|(&x, &y)| {
            let model: f64 = columns(x).iter().zip(solution).map(|(f, c)| f * c).sum();
            (y - model).powi(2)
        })
        .sum();
    Some((solution, squares))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_coefficients_and_refuses_dependent_columns() {
        let x: Vec<f64> = (0..30).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|x| 3.0 - 2e-3 * x + 5.0 * (-x / 4.0).exp()).collect();
        let (found, squares) = linear_coefficients(&x, &y, |x| [1.0, x, (-x / 4.0).exp()]).unwrap();
        for (found, expected) in found.iter().zip([3.0, -2e-3, 5.0]) {
            assert!((found - expected).abs() < 1e-9, "{found}");
        }
        assert!(squares < 1e-16);
        assert_eq!(linear_coefficients(&x, &y, |x| [1.0, x, 2.0 + 3.0 * x]), None);
        assert_eq!(linear_coefficients(&[], &[], |x| [x]), None);
    }
}
