//! A session at work: an actor that owns its state, takes commands and file news by message, and writes the record.

mod actor;
mod agenda;
mod batch;
mod known;
mod places;
mod recompute;
mod simulation;

pub(crate) use actor::{Message, SessionHandle, spawn};
pub(crate) use batch::{Change, write as write_changes};

/// Whether a simulated instrument can be simulated.
///
/// # Errors
/// A refusal that names the value which cannot.
pub(crate) fn check_simulation(
    instrument: &protocol::session::SimulatedInstrument,
) -> Result<(), protocol::refusal::Refusal> {
    simulation::experiment(instrument).map(drop)
}
