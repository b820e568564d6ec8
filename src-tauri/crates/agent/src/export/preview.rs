//! The beginning of an export, written by what would write all of it.

use std::io::{Error, Write};
use std::sync::atomic::AtomicBool;

use protocol::command::{ExportLayout, Selection};
use protocol::ids::SessionId;
use protocol::query::ExportBeginning;
use protocol::refusal::Refusal;

use super::text::Form;
use super::{ExportError, Exporting};
use crate::store::Store;

/// Lines that are shown.
const LINES: usize = 12;
/// A line may be long; more is not shown.
const BYTES: usize = 64 << 10;

/// What a file of this layout begins with. Nothing is written. The layouts that are made of pages of measurements are read only so
/// far as there is something to show; those that hold the session as a whole are made whole.
///
/// # Errors
/// [`ExportError`], as an export; and `no_preview_of_layout` where the file is no text.
pub fn preview(
    store: &Store,
    session: SessionId,
    layout: ExportLayout,
    selection: &Selection,
) -> Result<ExportBeginning, ExportError> {
    let Form::Text(text) = Form::of(layout) else {
        return Err(Refusal::new(
            "no_preview_of_layout",
            "A file of this form is no text.",
            "Look at the preview of the layout csv: it holds the same measurements.",
        )
        .into());
    };
    let never = AtomicBool::new(false);
    let mut nobody_hears = |_, _| {};
    let exporting = Exporting::begin(store, session, layout, selection, &never, &mut nobody_hears)?;
    let mut beginning = Beginning::default();
    match text.write(exporting, &mut beginning) {
        // It ended early because there was enough.
        Err(_) if beginning.is_full => Ok(beginning.told()),
        written => written.map(|_| beginning.told()),
    }
}

/// Takes the first lines, and ends whoever writes more.
#[derive(Default)]
struct Beginning {
    bytes: Vec<u8>,
    lines: usize,
    is_full: bool,
}

impl Beginning {
    fn told(self) -> ExportBeginning {
        ExportBeginning {
            // A character that was cut is left out.
            text: match String::from_utf8(self.bytes) {
                Ok(text) => text,
                Err(error) => {
                    let whole = error.utf8_error().valid_up_to();
                    String::from_utf8_lossy(&error.as_bytes()[..whole]).into_owned()
                }
            },
            is_whole: !self.is_full,
        }
    }
}

impl Write for Beginning {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        if self.is_full {
            return Err(Error::other("enough to be shown"));
        }
        let room = BYTES - self.bytes.len();
        let mut end = 0;
        for byte in bytes.iter().take(room) {
            if self.lines == LINES {
                break;
            }
            end += 1;
            self.lines += usize::from(*byte == b'\n');
        }
        self.bytes.extend_from_slice(&bytes[..end]);
        self.is_full = end < bytes.len();
        // All is taken: who writes all at once is no failure.
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_lines_are_kept_and_whoever_goes_on_is_ended() {
        let mut beginning = Beginning::default();
        for line in 1..=LINES {
            writeln!(beginning, "line {line}").unwrap();
        }
        assert!(!beginning.is_full, "nothing is missing yet");
        writeln!(beginning, "one more").unwrap();
        assert!(writeln!(beginning, "and more").is_err());
        let told = beginning.told();
        assert_eq!(told.text.lines().count(), LINES);
        assert!(told.text.ends_with("line 12\n") && !told.is_whole);
    }

    #[test]
    fn a_long_line_ends_with_a_whole_character() {
        let mut beginning = Beginning::default();
        write!(beginning, "a{}", "µ".repeat(BYTES)).unwrap();
        let told = beginning.told();
        assert_eq!(told.text.len(), BYTES - 1);
        assert!(told.text.ends_with('µ') && !told.is_whole);
    }

    #[test]
    fn a_short_text_is_whole() {
        let mut beginning = Beginning::default();
        beginning.write_all(b"a\nb\n").unwrap();
        assert_eq!(
            beginning.told(),
            ExportBeginning {
                text: "a\nb\n".to_owned(),
                is_whole: true
            }
        );
    }
}
