//! The formats, as text: one file for each, one function for each technique.

pub(super) mod chi_text;
pub(super) mod csv_text;
mod decimals;
pub(super) mod gamry_dta;
pub(super) mod pstrace_csv;
