//! The engine through its public calls, fed by a simulated potentiostat and by files of every kind.

mod bench;
mod folders;
mod intake;
mod once;
mod sessions;
mod steering;
mod store;
