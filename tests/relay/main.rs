//! The relay over real sockets: agents and viewers that speak the protocol by hand.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may say what must hold in the shortest way"
)]

mod bounds;
mod full_redis;
mod hostile;
mod isolation;
mod limits;
mod ownership;
mod peers;
mod secrets;
mod serving;
mod several_relays;
mod stage;
mod viewing;
