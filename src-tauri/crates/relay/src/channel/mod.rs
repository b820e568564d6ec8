//! What a relay keeps of a channel, and who is in it.

mod room;
mod window;

pub use room::{Given, Reading, Room, RunInUse, Seat};
pub use window::{Appended, Kept, Window};
