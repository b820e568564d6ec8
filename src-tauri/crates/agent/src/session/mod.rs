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

pub(crate) use simulation::checked as checked_simulation;
