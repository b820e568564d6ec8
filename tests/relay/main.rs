//! The relay over real sockets: agents and viewers that speak the protocol by hand.

mod isolation;
mod ownership;
mod peers;
mod viewing;
