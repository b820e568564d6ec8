//! Nonlinear least squares: a model's parameters, with bounds, from points, with standard errors.
//!
//! ```
//! use voltammetry::fitting::{Bound, Model, fit};
//!
//! /// i(t) = a·exp(-t/τ)
//! struct Decay;
//!
//! impl Model for Decay {
//!     fn parameters(&self) -> usize {
//!         2
//!     }
//!     fn evaluate(&self, t: f64, p: &[f64], partials: &mut [f64]) -> f64 {
//!         let falling = (-t / p[1]).exp();
//!         partials[0] = falling;
//!         partials[1] = p[0] * falling * t / (p[1] * p[1]);
//!         p[0] * falling
//!     }
//! }
//!
//! let t: Vec<f64> = (0..50).map(|k| 0.01 * f64::from(k)).collect();
//! let i: Vec<f64> = t.iter().map(|t| 3e-6 * (-t / 0.12).exp()).collect();
//! let found = fit(&Decay, &t, &i, &[1e-6, 0.5], &[Bound::Free, Bound::AtLeast(0.0)]).unwrap();
//! assert!((found.parameters[1] - 0.12).abs() < 1e-9);
//! ```
//!
//! **Minimiser.** Levenberg-Marquardt in Moré's form (K. Levenberg, Q. Appl. Math. 2 (1944) 164-168; D. W. Marquardt, J. Soc.
//! Ind. Appl. Math. 11 (1963) 431-441; J. J. Moré, Lect. Notes Math. 630 (1978) 105-116), from the crate
//! `levenberg-marquardt`, with the analytic derivatives of the [`Model`]. Its scaling follows the parameters' own sizes, and the
//! values are brought to the order of 1 first, so that microampere and ampere are fitted alike.
//!
//! **Bounds** are kept by a smooth change of variable (see [`Bound`]), never by cutting steps off, so that every iterate is
//! inside. A fit that ends at a bound is no fit of that parameter: it is a [`FitFailure`] that names the bound.
//!
//! **Errors** come from the covariance s²·(JᵀWJ)⁻¹ at the optimum, with the Jacobian in the parameters as the user knows them (not
//! those of the change of variable). Where the points do not determine a parameter, that is a failure too, not a huge number.
//!
//! Results depend on the inputs alone: no randomness, no threads.

mod bound;
mod failure;
mod minimum;
mod model;
mod outcome;
mod problem;

pub use bound::Bound;
pub use failure::{End, FitFailure, FitReason};
pub(crate) use minimum::fit_soon;
pub use minimum::{fit, fit_weighted};
pub use model::Model;
pub use outcome::Fit;

#[cfg(test)]
pub(crate) use model::testing as model_testing;
