//! What a relay keeps of a channel, and who is in it.

mod room;
mod seat;
mod window;

pub use room::{Given, Reading, Room, RunInUse};
pub use seat::Seat;
pub use window::{Appended, Kept, Window};
