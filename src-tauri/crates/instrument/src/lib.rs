//! Potentiostat files in, typed sweeps out; what scan names say.
//!
//! The readers do no input or output: [`read`] takes the bytes of one file and gives a [`Recording`], or says why the
//! bytes cannot be used ([`Unreadable`]). Which format a file has, how it separates its columns, which decimal mark and
//! encoding it uses, is decided from its content alone, never from its name or the computer's locale.
//!
//! Adding a format is one file in [`formats`] and one line in its list.

mod dates;
pub mod format;
pub mod formats;
pub mod names;
pub mod options;
pub mod reading;
pub mod recording;
pub mod reservation;
pub mod simulated;
pub mod table;
pub mod text;
pub mod units;
pub mod unreadable;

pub use format::Format;
pub use names::{NameFilter, NamePattern, NameRefusal, ScanName, natural_order};
pub use options::{DecimalMark, Delimiter, ReadOptions};
pub use reading::{MAX_FILE_BYTES, read};
pub use recording::{Completeness, ElectrodeSweep, Recording, Technique, Trace};
pub use reservation::{LineNumbers, Names, Reservation};
pub use text::Encoding;
pub use units::{CurrentUnit, PotentialUnit, TimeUnit};
pub use unreadable::{Problem, Role, Unreadable};
