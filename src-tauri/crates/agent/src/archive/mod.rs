//! A session as one zip file: raw files byte for byte, settings, measurements, markers, notes, versions and checksums
//! (`docs/exports.md`). What was written can be opened again as a session with the same numbers.

mod checking;
mod manifest;
mod notes;
mod open;
mod parts;
mod write;

pub use open::{ArchiveError, is_archive, open};
pub(crate) use write::write;

/// What tells that a zip is one of ours.
const FORMAT: &str = "sacmes-archive";
/// Version of the layout; a newer one is refused.
const VERSION: u32 = 1;
/// The parts.
const MANIFEST: &str = "session.json";
const SETTINGS: &str = "settings.toml";
const MEASUREMENTS: &str = "measurements.jsonl";
const CHECKSUMS: &str = "SHA256SUMS";
const README: &str = "README.txt";
const RAW: &str = "raw/";
