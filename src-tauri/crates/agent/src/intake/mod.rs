//! Intake: from files in a folder to scans that are known to be complete.
//!
//! File-system events only wake the scanner; a periodic scan of the folder is the truth. Nothing in the folder is ever
//! written, renamed or locked. The rules are in `docs/intake.md`.

mod examine;
mod folder;
mod limits;
mod regular;
mod watcher;

pub use examine::{Examined, Rest, Signature, broke_down, examine};
pub use folder::{FolderTrouble, Listed, list};
pub(crate) use limits::Beyond;
pub use limits::ImportLimits;
pub use regular::{open_regular, read_regular};
pub use watcher::{Wake, Watcher};
