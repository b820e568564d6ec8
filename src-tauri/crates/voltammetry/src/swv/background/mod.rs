//! What the methods with a curved background share: the peak that they begin from, and its measure above their background.
//!
//! Every such method starts from the peak that [`super::tangent`] finds, computes a background with the knowledge of where
//! that peak is (or a fit), and measures the summit, width and area above it with the same estimators as `tangent`.

mod above;
mod method;
mod start;

pub(super) use method::{Background, Baseline, analyze};
pub(super) use start::{Ready, Start, prepare};
