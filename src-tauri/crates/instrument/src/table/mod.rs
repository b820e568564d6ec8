//! Tables of numbers in text: how they are laid out, what their columns are, and their rows.
//!
//! Instrument formats with a table inside use the same parts as the table of unknown origin, so a separator, decimal
//! mark, column name or damaged row is understood the same way everywhere.

mod clean_row;
pub mod columns;
pub mod course;
pub mod electrodes;
mod grouping;
pub mod header;
pub mod layout;
pub mod number;
pub mod positions;
pub mod rows;
mod stated;
pub mod sweeps;
mod words;

/// Most columns that are read.
pub const MAX_COLUMNS: usize = 1024;

/// Longest line that can be a row or a header; longer ones are looked at no further. Far above what the most columns need.
pub const MAX_LINE_BYTES: usize = 256 * 1024;
