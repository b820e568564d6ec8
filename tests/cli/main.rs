//! The command line as users and scripts run it: the real program, its output, its exit codes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests say what must hold"
)]

mod agent;
mod agent_process;
mod analyze;
mod bad_files;
mod calibrating;
mod chronoamperometry;
mod figures;
#[cfg(unix)]
mod following;
mod frequency_maps;
mod identity;
mod inspect;
mod notes;
mod profiles;
mod program;
mod reading_sessions;
mod relaying;
mod reliability;
mod remembered;
mod scan_rates;
mod scans;
mod simulate;
mod store_trouble;
mod usage;
mod workbooks;
