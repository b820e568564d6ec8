//! Following an agent over a real relay and real sockets; the agent is played by hand.
#![allow(clippy::large_futures, reason = "a test holds its agent and its follower by itself")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may say what must hold in the shortest way"
)]

mod asking;
mod codes;
mod joining;
mod peers;
mod trouble;
