//! Readers of the reference data that the tests compare with, where that data is present.
#![allow(dead_code, reason = "each test file uses its part")]

use std::path::PathBuf;

pub mod chi_columns;
pub mod couples;
pub mod digest;
pub mod errors;
pub mod kdm;
pub mod legacy_table;
pub mod synthetic;

/// Text of a reference file.
pub fn text(relative: &str) -> String {
    let path = folder().join(relative);
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // Reference files are UTF-8 or plain Latin text; only the Greek letter of a unit needs more than ASCII.
    String::from_utf8(bytes).unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect())
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared")
}
