//! What PSTrace, the software for PalmSens instruments, writes: CSV and Excel exports, sessions and methods.

pub mod csv;
#[cfg(test)]
mod csv_tests;
pub(crate) mod excel;
mod pairs;
pub mod session;
mod title;

pub use csv::PstraceCsv;
pub use session::PstraceSession;
pub(crate) use title::technique_by_number;
