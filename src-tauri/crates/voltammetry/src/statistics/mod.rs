//! Statistics that several methods share: Student's t, the F test, a line through points.

mod f_test;
mod incomplete_beta;
mod line;
mod linear_model;
mod student_t;

pub use f_test::f_upper_tail;
pub use line::{Line, LineReason};
pub(crate) use linear_model::linear_coefficients;
pub use student_t::{student_t, student_t_95};
