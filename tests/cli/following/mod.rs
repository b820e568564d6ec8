//! Sharing and following through the real program: relay, agent and viewers as processes.

mod messages;
mod process;
mod redis;
mod relay_options;
mod secrets;
mod share;
mod tls;
mod view;
