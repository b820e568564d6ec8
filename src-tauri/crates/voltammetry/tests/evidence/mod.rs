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

/// Text of a reference file, or `None` after saying that it is not present.
pub fn text(relative: &str) -> Option<String> {
    let path = folder().join(relative);
    match std::fs::read(&path) {
        Ok(bytes) => Some(bytes.into_iter().map(char::from).collect::<String>()).map(|latin| {
            // Reference files are UTF-8 or plain Latin text; only the Greek letter of a unit needs more than ASCII.
            std::fs::read_to_string(&path).unwrap_or(latin)
        }),
        Err(error) => {
            println!("skipped: reference data {relative} not present ({})", error.kind());
            None
        }
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared")
}
