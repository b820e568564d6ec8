//! The engine of SACMES: watches folders, measures every scan the moment it is complete, keeps everything, exports.
//!
//! It runs headless and knows neither a GUI nor a transport. Every door (desktop window, command line, relay) uses
//! [`Engine`]: queries read, commands change, subscriptions tell what happened.

pub mod analysis;
mod announcements;
pub mod archive;
pub mod clock;
mod commanding;
pub mod data_dir;
mod engine;
pub mod export;
pub mod identity;
pub mod intake;
pub mod lot;
mod marks;
pub mod preview;
pub mod profile;
pub mod profiles;
pub mod querying;
mod series_columns;
mod session;
pub mod sharing;
pub mod store;
pub mod study;

pub use announcements::Subscription;
pub use clock::Clock;
pub use engine::{Engine, EngineOptions};
pub use profile::{DEFAULT_PROFILE, ProfileLocation};
