//! What a relay keeps of a channel.

mod window;

pub use window::{Appended, Kept, Window};
