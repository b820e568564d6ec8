//! The engine through its public calls, fed by a simulated potentiostat and by files of every kind.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests say what must hold"
)]

mod archives;
mod bench;
mod cancelling;
mod chronoamperometry;
mod clock;
mod damaged_archives;
mod export_previews;
mod figures;
mod folders;
mod hostile_archives;
mod intake;
mod lots;
mod marks;
mod notes;
mod once;
mod previews;
mod series;
mod sessions;
mod simulations;
mod steering;
mod store;
mod studies;
mod temporary;
mod trends;
