//! Files of the Ivium software: its own data files (`.idf`) and its text export.

mod idf;
#[cfg(test)]
mod tests;
mod text;

pub use idf::IviumIdf;
pub use text::IviumText;
