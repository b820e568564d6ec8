//! Savitzky-Golay smoothing: a polynomial fitted by least squares to the samples around each sample.
//!
//! Source: A. Savitzky, M. J. E. Golay, Anal. Chem. 36 (1964) 1627-1639; weights by discrete orthogonal (Gram)
//! polynomials as in P. A. Gorry, Anal. Chem. 62 (1990) 570-573.

/// Why a window and degree cannot smooth some data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SmoothingError {
    /// The window has no middle sample.
    #[error("the smoothing window must be an odd number of points, not {window}")]
    EvenWindow {
        /// The window asked for.
        window: usize,
    },
    /// A polynomial of this degree passes through any window of so few points, or is not determined by it.
    #[error("a smoothing window of {window} points is too short for a polynomial of degree {degree}")]
    DegreeTooHigh {
        /// The window asked for.
        window: usize,
        /// The degree asked for.
        degree: usize,
    },
    /// The window is longer than the data.
    #[error("a smoothing window of {window} points is longer than the {points} points of the sweep")]
    WindowTooLong {
        /// The window asked for.
        window: usize,
        /// Number of samples there are.
        points: usize,
    },
}

impl SmoothingError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::EvenWindow { .. } => "smoothing_window_even",
            Self::DegreeTooHigh { .. } => "smoothing_degree_too_high",
            Self::WindowTooLong { .. } => "smoothing_window_too_long",
        }
    }

    /// What the user can do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::EvenWindow { .. } => "Choose an odd window, or let the method choose (auto).",
            Self::DegreeTooHigh { .. } => "Choose a longer window or a lower degree.",
            Self::WindowTooLong { .. } => "Choose a shorter window, or let the method choose (auto).",
        }
    }
}

/// Smooths evenly spaced samples.
///
/// The value at each sample is that of the polynomial of `degree` fitted by least squares to the `window` samples around
/// it. The first and last `window / 2` samples take the polynomial fitted to the first and last `window` samples (the
/// convention that scipy calls `interp`). Cost: `n * window / 2` multiplications.
///
/// # Errors
/// [`SmoothingError`] where `window` is even or longer than the data, or `degree >= window`.
pub fn savitzky_golay(values: &[f64], window: usize, degree: usize) -> Result<Vec<f64>, SmoothingError> {
    let mut smoothed = Vec::new();
    savitzky_golay_into(values, window, degree, &mut smoothed)?;
    Ok(smoothed)
}

/// [`savitzky_golay`] into a buffer that the caller keeps.
pub(crate) fn savitzky_golay_into(
    values: &[f64],
    window: usize,
    degree: usize,
    smoothed: &mut Vec<f64>,
) -> Result<(), SmoothingError> {
    let n = values.len();
    if window.is_multiple_of(2) {
        return Err(SmoothingError::EvenWindow { window });
    }
    if degree >= window {
        return Err(SmoothingError::DegreeTooHigh { window, degree });
    }
    if window > n {
        return Err(SmoothingError::WindowTooLong { window, points: n });
    }
    let half = window / 2;
    let basis = GramBasis::new(half, degree);
    let weights = basis.central_weights();

    smoothed.clear();
    smoothed.resize(n, 0.0);
    let interior = &mut smoothed[half..n - half];
    if (2..=3).contains(&degree) && half >= SHORTEST_SLIDING_HALF {
        slide(values, &weights, interior);
    } else {
        convolve(values, &weights, interior);
    }

    let first = basis.fit(&values[..window]);
    let last = basis.fit(&values[n - window..]);
    for at in 0..half {
        smoothed[at] = basis.value(&first, at);
        smoothed[n - half + at] = basis.value(&last, half + 1 + at);
    }
    Ok(())
}

/// From here on moving sums are cheaper than adding up each window.
const SHORTEST_SLIDING_HALF: usize = 6;

/// [`convolve`] for weights that are a + b j², as those of degree 2 and 3 are: a S0 + b S2, where the moments S0, S1, S2 of
/// the window follow from those of the window before. They are computed afresh so often that no rounding adds up.
fn slide(values: &[f64], weights: &[f64], interior: &mut [f64]) {
    let half = weights.len() - 1;
    let h = half as f64;
    let b = (weights[half] - weights[0]) / (h * h);
    let a = weights[0];
    for (block, out) in interior.chunks_mut(4 * half).enumerate() {
        let start = block * 4 * half;
        let (mut s0, mut s1, mut s2) = (0.0, 0.0, 0.0);
        for (value, j) in values[start..=start + 2 * half].iter().zip(0..) {
            let u = f64::from(j) - h;
            s0 += value;
            s1 += u * value;
            s2 += u * u * value;
        }
        let Some((last, out)) = out.split_last_mut() else {
            continue;
        };
        let entering = &values[start + 2 * half + 1..];
        for ((out, leaving), entering) in out.iter_mut().zip(&values[start..]).zip(entering) {
            *out = a * s0 + b * s2;
            // Seen from the next middle every point lies one further to the left.
            s2 += (s0 - 2.0 * s1) + (h * h * entering - (h + 1.0) * (h + 1.0) * leaving);
            s1 += (h * entering + (h + 1.0) * leaving) - s0;
            s0 += entering - leaving;
        }
        *last = a * s0 + b * s2;
    }
}

/// Symmetric weights over all windows that lie inside the values; `interior` has one place for each of them.
fn convolve(values: &[f64], weights: &[f64], interior: &mut [f64]) {
    // Several neighbouring sums at a time stay in registers and use vector instructions.
    const TOGETHER: usize = 8;
    let half = weights.len() - 1;
    let mut blocks = interior.chunks_exact_mut(TOGETHER);
    let mut at = half;
    for block in &mut blocks {
        let mut sums = [0.0; TOGETHER];
        for (sum, value) in sums.iter_mut().zip(&values[at..]) {
            *sum = weights[0] * value;
        }
        for (j, weight) in weights.iter().enumerate().skip(1) {
            let left = &values[at - j..at - j + TOGETHER];
            let right = &values[at + j..at + j + TOGETHER];
            for ((sum, l), r) in sums.iter_mut().zip(left).zip(right) {
                *sum += weight * (l + r);
            }
        }
        block.copy_from_slice(&sums);
        at += TOGETHER;
    }
    for out in blocks.into_remainder() {
        *out = weights[0] * values[at];
        for (j, weight) in weights.iter().enumerate().skip(1) {
            *out += weight * (values[at - j] + values[at + j]);
        }
        at += 1;
    }
}

/// Polynomials of degree 0..=degree that are orthogonal over the samples -half..=half (scaled to -1..=1).
struct GramBasis {
    half: usize,
    /// One row of `2 * half + 1` values per degree.
    rows: Vec<Vec<f64>>,
    /// Sum of squares of each row.
    norms: Vec<f64>,
}

impl GramBasis {
    fn new(half: usize, degree: usize) -> Self {
        let window = 2 * half + 1;
        let scale = half.max(1) as f64;
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(degree + 1);
        let mut norms: Vec<f64> = Vec::with_capacity(degree + 1);
        for k in 0..=degree {
            let row: Vec<f64> = if k == 0 {
                vec![1.0; window]
            } else {
                // p_k = x p_{k-1} - (|p_{k-1}|² / |p_{k-2}|²) p_{k-2}; the middle term of the recurrence vanishes by symmetry.
                let ratio = if k >= 2 { norms[k - 1] / norms[k - 2] } else { 0.0 };
                (0..window)
                    .map(|i| {
                        let x = (i as f64 - half as f64) / scale;
                        let before = if k >= 2 { rows[k - 2][i] } else { 0.0 };
                        x * rows[k - 1][i] - ratio * before
                    })
                    .collect()
            };
            norms.push(row.iter().map(|value| value * value).sum());
            rows.push(row);
        }
        Self { half, rows, norms }
    }

    /// Weights of the samples 0, ±1, ... ±half for the fitted value in the middle.
    fn central_weights(&self) -> Vec<f64> {
        (0..=self.half)
            .map(|j| {
                let terms = self.rows.iter().zip(&self.norms).step_by(2);
                terms
                    .map(|(row, norm)| row[self.half] * row[self.half + j] / norm)
                    .sum()
            })
            .collect()
    }

    /// Coefficients of the least-squares polynomial through `2 * half + 1` samples.
    fn fit(&self, samples: &[f64]) -> Vec<f64> {
        let coefficient = |(row, norm): (&Vec<f64>, &f64)| -> f64 {
            row.iter().zip(samples).map(|(p, sample)| p * sample).sum::<f64>() / norm
        };
        self.rows.iter().zip(&self.norms).map(coefficient).collect()
    }

    /// The fitted polynomial at sample `at` of its window.
    fn value(&self, coefficients: &[f64], at: usize) -> f64 {
        self.rows
            .iter()
            .zip(coefficients)
            .map(|(row, coefficient)| row[at] * coefficient)
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_published_weights() {
        // Savitzky and Golay's table for a quadratic over five points: (-3, 12, 17, 12, -3) / 35.
        let weights = GramBasis::new(2, 2).central_weights();
        for (weight, expected) in weights.iter().zip([17.0, 12.0, -3.0]) {
            assert!((weight - expected / 35.0).abs() < 1e-15);
        }
    }

    #[test]
    fn keeps_a_polynomial_of_its_degree_up_to_the_ends() {
        for degree in 0..=6 {
            let values: Vec<f64> = (0..50)
                .map(|i| (f64::from(i) / 25.0 - 1.0).powi(degree) + 0.5)
                .collect();
            let smoothed = savitzky_golay(&values, 11, degree as usize).unwrap();
            for (s, v) in smoothed.iter().zip(&values) {
                assert!((s - v).abs() < 1e-12, "degree {degree}: {s} {v}");
            }
        }
    }

    #[test]
    fn moving_sums_give_the_same_as_adding_up() {
        let values: Vec<f64> = (0..3000)
            .map(|i| (f64::from(i) / 7.0).sin() + f64::from(i * 7919 % 101) / 50.0)
            .collect();
        for half in [6, 7, 20, 400] {
            let weights = GramBasis::new(half, 2).central_weights();
            let (mut moving, mut added) = (vec![0.0; 3000 - 2 * half], vec![0.0; 3000 - 2 * half]);
            slide(&values, &weights, &mut moving);
            convolve(&values, &weights, &mut added);
            for (moving, added) in moving.iter().zip(&added) {
                assert!((moving - added).abs() < 1e-13, "half {half}: {moving} {added}");
            }
        }
    }

    #[test]
    fn says_why_it_cannot() {
        let values = [0.0; 9];
        let code = |window, degree| savitzky_golay(&values, window, degree).unwrap_err().code();
        assert_eq!(code(4, 2), "smoothing_window_even");
        assert_eq!(code(5, 5), "smoothing_degree_too_high");
        assert_eq!(code(11, 2), "smoothing_window_too_long");
        assert_eq!(savitzky_golay(&values, 1, 0).unwrap(), values);
    }
}
