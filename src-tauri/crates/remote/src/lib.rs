//! Both ends of the relay protocol (`docs/protocol.md`).
//!
//! [`publishing`] offers an engine to whoever holds one of its codes; [`following`] is what such a holder runs. Neither trusts
//! the relay between them. What both need to reach a relay is here: its [`address`], a [`dial`], and how long to wait before
//! the next attempt ([`backoff`]). Agents that are followed again and again are [`remembered`].

pub mod address;
pub mod backoff;
pub mod dial;
pub mod following;
mod named_session;
mod pace;
pub mod publishing;
pub mod remembered;
