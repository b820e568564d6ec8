//! From the bytes of a file to its recording.

use crate::formats::{FORMATS, Input};
use crate::options::ReadOptions;
use crate::recording::Recording;
use crate::text::is_blank;
use crate::unreadable::{Problem, Unreadable};

/// Largest file that is read: some twenty times the largest exported measurement known, and small enough to hold
/// several in memory.
pub const MAX_FILE_BYTES: usize = 32 * 1024 * 1024;

/// Reads one file.
///
/// # Errors
/// [`Unreadable`] says what is wrong with the file, what to do, and whether more of it may still come.
pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<Recording, Unreadable> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(Unreadable::new(Problem::TooLarge {
            bytes: bytes.len() as u64,
            limit: MAX_FILE_BYTES as u64,
        }));
    }
    let input = Input::new(bytes);
    if input
        .text()
        .is_some_and(|text| text.bytes().split(|byte| *byte == b'\n').all(is_blank))
    {
        return Err(Unreadable {
            encoding: input.encoding(),
            ..Unreadable::new(Problem::Empty)
        });
    }
    let Some(format) = FORMATS.iter().find(|format| format.recognises(&input)) else {
        return Err(Unreadable::new(Problem::Binary { kind: None }));
    };
    format.read(&input, options).map_err(|unreadable| Unreadable {
        encoding: unreadable.encoding.or(input.encoding()),
        ..unreadable
    })
}
