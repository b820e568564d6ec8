//! Everything at once and for a while: many users, relays, agents, viewers and Redis that die, networks that break.
//!
//! Each part is real: engines with their stores, publishers and followers, relays on sockets, Redis as a process.

mod chaos;
mod cuts;
mod dice;
mod isolation;
mod lab;
mod onlooker;
mod redis_process;
mod road;
mod server;
mod stage;
mod two_relays;
mod vanishing;
