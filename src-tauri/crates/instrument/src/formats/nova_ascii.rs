//! ASCII export of NOVA (Autolab): one header line with NOVA's own column names, then the table.

use memchr::memmem;

use super::{FileFormat, Input, delimited};
use crate::format::Format;
use crate::options::ReadOptions;
use crate::recording::Recording;
use crate::text::{Lines, is_blank};
use crate::unreadable::Unreadable;

/// Reads NOVA's ASCII export.
pub struct NovaAscii;

impl FileFormat for NovaAscii {
    fn format(&self) -> Format {
        Format::NovaAscii
    }

    fn recognises(&self, input: &Input<'_>) -> bool {
        let first = Lines::of(input.head()).find(|line| !is_blank(line.content));
        first.is_some_and(|line| {
            memmem::find(line.content, b"WE(1).").is_some()
                && memmem::find(line.content, b"otential").is_some()
                && memmem::find(line.content, b"(V)").is_some()
        })
    }

    fn read(&self, input: &Input<'_>, options: &ReadOptions) -> Result<Recording, Unreadable> {
        let own = ReadOptions {
            settled: options.settled,
            ..ReadOptions::default()
        };
        delimited::read_table(input, Format::NovaAscii, &own)
    }
}
