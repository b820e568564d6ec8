//! What somebody at this computer should hear of without looking: a session that stalls, an electrode that fails, a session
//! that is over, a relay that is lost for long. [`Watch`] decides, from what the engine and the relay tell and from time;
//! [`watch_over`] lets it, tells the person through the system's notifications, and shows the state in the tray.

mod electrodes;
mod notice;
mod pace;
mod relay;
mod session;
mod sight;
mod task;
mod watch;

#[cfg(test)]
mod tests;

pub use notice::{Cause, Kind, Notice, Word};
pub use sight::Sight;
pub use task::{Attention, watch_over};
pub use watch::Watch;
