//! What one sweep, one series and one file cost: every method and every format, as tables in markdown.
//!
//! `cargo xtask bench costs` runs it. Each row takes a third of a second: enough for two digits, which is what a table needs;
//! the finer measurements are those of criterion.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark may say what must hold in the shortest way"
)]

mod files;
#[path = "../../../../../tests/instrument/fuzzing/look_alikes.rs"]
mod look_alikes;
mod series;
mod sweeps;
mod timing;

/// Rows of each made-up file.
const ROWS: u32 = 500;

fn main() {
    for table in [
        sweeps::square_wave(),
        sweeps::cyclic(),
        series::table(),
        files::readers(),
        files::simulated(),
    ] {
        println!("{table}");
    }
}
