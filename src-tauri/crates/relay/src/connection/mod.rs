//! The connections of one process: what waits for each of them.

mod outbox;

pub use outbox::{Drain, Outbox, Pushed, Queues};
