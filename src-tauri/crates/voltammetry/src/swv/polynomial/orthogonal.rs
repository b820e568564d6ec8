//! Least squares in polynomials that are orthogonal over the very points of the fit.
//!
//! Source: G. E. Forsythe, J. Soc. Ind. Appl. Math. 5 (1957) 74-88.

/// Below this part of the point-to-point noise residuals say nothing about the degree.
const NEGLIGIBLE: f64 = 0.05;

/// A higher degree must lower the criterion by this much.
const MARGIN: f64 = 2.0;

/// Fits of all degrees up to one; a lower degree is the higher one without its last terms.
#[derive(Debug)]
pub(in crate::swv) struct Orthogonal {
    centre: f64,
    scale: f64,
    terms: Vec<Term>,
}

/// One polynomial, (u - middle)·(the one before) - ratio·(the one before that), and its part in the fit.
#[derive(Debug, Clone, Copy)]
struct Term {
    middle: f64,
    ratio: f64,
    coefficient: f64,
    /// Sum of its squares over the points.
    square: f64,
    /// Sum of squared residuals of the fit up to this degree.
    left: f64,
}

impl Orthogonal {
    /// Fits degrees 0 to `degree` to points and values, of which there are more than `degree`, at different potentials.
    pub fn fit<X, Y>(x: impl Fn() -> X, y: impl Fn() -> Y, degree: usize) -> Self
    where
        X: Iterator<Item = f64>,
        Y: Iterator<Item = f64>,
    {
        let (low, high) = x().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
            (low.min(x), high.max(x))
        });
        let (centre, scale) = (f64::midpoint(low, high), (0.5 * (high - low)).max(f64::MIN_POSITIVE));
        let u: Vec<f64> = x().map(|x| (x - centre) / scale).collect();
        let mut residual: Vec<f64> = y().collect();
        let (mut before, mut here) = (vec![0.0; u.len()], vec![1.0; u.len()]);
        let mut terms: Vec<Term> = Vec::with_capacity(degree + 1);
        let (mut middle, mut ratio) = (0.0, 0.0);
        for k in 0..=degree {
            let square: f64 = here.iter().map(|p| p * p).sum();
            let coefficient = here.iter().zip(&residual).map(|(p, r)| p * r).sum::<f64>() / square;
            let mut left = 0.0;
            for (r, p) in residual.iter_mut().zip(&here) {
                *r -= coefficient * p;
                left += *r * *r;
            }
            terms.push(Term {
                middle,
                ratio,
                coefficient,
                square,
                left,
            });
            middle = here.iter().zip(&u).map(|(p, u)| u * p * p).sum::<f64>() / square;
            ratio = if k == 0 { 0.0 } else { square / terms[k - 1].square };
            for ((p, q), u) in here.iter_mut().zip(&mut before).zip(&u) {
                let next = (u - middle) * *p - ratio * *q;
                *q = std::mem::replace(p, next);
            }
        }
        Self { centre, scale, terms }
    }

    /// Value of the fit of a degree.
    pub fn value(&self, degree: usize, x: f64) -> f64 {
        self.sum(degree, x, |term, p| term.coefficient * p)
    }

    /// Standard error of that value over the deviation of one point.
    pub fn relative_error(&self, degree: usize, x: f64) -> f64 {
        self.sum(degree, x, |term, p| p * p / term.square).sqrt()
    }

    /// Standard deviation of the residuals of a degree.
    pub fn deviation(&self, degree: usize, points: usize) -> f64 {
        let free = points.saturating_sub(degree + 1).max(1);
        (self.terms[degree].left / free as f64).sqrt()
    }

    /// Degree from 1 with the smallest corrected Akaike criterion, n·ln(S/n) + 2k + 2k(k + 1)/(n - k - 1) with k = degree + 2.
    pub fn best_degree(&self, points: usize, noise_a: f64) -> usize {
        let n = points as f64;
        let criterion = |degree: usize| {
            let k = degree as f64 + 2.0;
            let left = self.terms[degree]
                .left
                .max(n * (NEGLIGIBLE * noise_a).powi(2))
                .max(f64::MIN_POSITIVE);
            n * (left / n).ln() + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0).max(0.5)
        };
        let mut best = (1, criterion(1));
        for degree in 2..self.terms.len() {
            let here = criterion(degree);
            if here < best.1 - MARGIN {
                best = (degree, here);
            }
        }
        best.0
    }

    fn sum(&self, degree: usize, x: f64, part: impl Fn(&Term, f64) -> f64) -> f64 {
        let u = (x - self.centre) / self.scale;
        let (mut before, mut here, mut sum) = (0.0, 1.0, 0.0);
        for (k, term) in self.terms.iter().take(degree + 1).enumerate() {
            if k > 0 {
                let next = (u - term.middle) * here - term.ratio * before;
                before = std::mem::replace(&mut here, next);
            }
            sum += part(term, here);
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_through_a_polynomial_on_both_sides_of_a_gap() {
        let x: Vec<f64> = (0..60)
            .filter(|k| !(20..45).contains(k))
            .map(|k| -0.5 + 0.01 * f64::from(k))
            .collect();
        let of = |x: f64| 1e-6 * (3.0 - 2.0 * x + 7.0 * x * x - 4.0 * x.powi(3));
        let y: Vec<f64> = x.iter().map(|x| of(*x)).collect();
        let fit = Orthogonal::fit(|| x.iter().copied(), || y.iter().copied(), 8);
        for degree in [3, 5, 8] {
            for at in [-0.5, -0.21, 0.07] {
                assert!(
                    (fit.value(degree, at) - of(at)).abs() < 1e-13 * 1e-3_f64.recip() * 1e-6,
                    "{degree} {at}"
                );
            }
        }
        assert_eq!(fit.best_degree(x.len(), 1e-12), 3);
        // The error is that of the mean for degree 0.
        assert!((fit.relative_error(0, 0.3) - (x.len() as f64).sqrt().recip()).abs() < 1e-12);
        assert!(fit.relative_error(2, -0.175) > fit.relative_error(1, -0.175));
    }
}
