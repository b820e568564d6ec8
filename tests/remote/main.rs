//! Both ends of the relay protocol over a real relay and real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may say what must hold in the shortest way, and how it went"
)]

mod bench;
mod copies;
mod crowd;
mod end_to_end;
mod endurance;
mod exporting;
mod hostile;
mod in_use;
mod large_entries;
mod meddler;
mod publishing;
mod renewing;
mod viewer;
mod visiting;
