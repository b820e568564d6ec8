//! The connections of one process: what waits for each of them, and what they say.

mod agent;
mod outbox;
mod socket;
mod upgrading;
mod viewer;

pub use agent::serve_agent;
pub use outbox::{Drain, Outbox, Pushed, Queues};
pub use upgrading::{WebSocket, upgrade};
pub use viewer::serve_viewer;
