//! What travels between the engine and its doors (desktop window, command line, later the relay): settings,
//! measurements, the record of events, queries, commands and errors, and the codes by which people share a session.
//!
//! Plain data with serde forms that are a contract (`docs/cli.md`); no I/O and no behaviour of the engine.

pub mod author;
pub mod calibration;
pub mod codes;
pub mod columns;
pub mod command;
pub mod figure;
pub mod identity;
pub mod ids;
pub mod inspect;
pub mod lot;
pub mod mark;
pub mod measurement;
pub mod note;
pub mod query;
pub mod record;
pub mod refusal;
pub mod relay;
pub mod session;
pub mod settings;
pub mod sharing;
pub mod study;
pub mod typescript;
