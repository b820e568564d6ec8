//! The formats that are recognised, each behind the same trait.

pub mod biologic;
pub mod chi_bin;
pub mod chi_text;
mod curves;
pub mod delimited;
pub mod foreign;
pub mod gamry;
pub mod ivium;
pub mod methodscript;
pub mod nova_ascii;
pub mod pine;
pub mod pstrace;
pub mod workbook;

use crate::format::Format;
use crate::options::ReadOptions;
use crate::recording::Recording;
use crate::table::layout::looks_numeric;
use crate::text::{Encoding, Lines, Text};
use crate::unreadable::Unreadable;

/// One file format: how it is recognised from content, and how it is read.
pub trait FileFormat: Sync {
    /// Which format this is.
    fn format(&self) -> Format;

    /// Whether a file has this format. Looks at the beginning of the file only.
    fn recognises(&self, input: &Input<'_>) -> bool;

    /// Reads a file of this format.
    ///
    /// # Errors
    /// [`Unreadable`] if the file gives no sweep.
    fn read(&self, input: &Input<'_>, options: &ReadOptions) -> Result<Recording, Unreadable>;
}

/// All formats, in the order in which they are tried; the table of numbers takes every text that nobody else knows.
pub const FORMATS: &[&dyn FileFormat] = &[
    &ivium::IviumIdf,
    &chi_bin::ChiBin,
    &workbook::ExcelWorkbook,
    &foreign::KnownBinary,
    &foreign::KnownText,
    &methodscript::Methodscript,
    &pstrace::PstraceCsv,
    &pstrace::PstraceSession,
    &gamry::GamryDta,
    &biologic::BiologicMpt,
    &chi_text::ChiText,
    &nova_ascii::NovaAscii,
    &ivium::IviumText,
    &pine::PineText,
    &delimited::Delimited,
];

/// How much of a file is looked at to recognise its format.
pub const HEAD_BYTES: usize = 64 * 1024;

/// One file, as bytes and, where it is text, as text.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    raw: &'a [u8],
    text: Option<Text<'a>>,
    head: usize,
}

impl<'a> Input<'a> {
    /// Takes the bytes of a file.
    pub fn new(raw: &'a [u8]) -> Self {
        let text = Text::decode(raw);
        let head = text.as_ref().map_or(0, |text| head_length(text.bytes()));
        Self { raw, text, head }
    }

    /// The bytes of the file.
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The file as text, or nothing if it is binary.
    pub const fn text(&self) -> Option<&Text<'a>> {
        self.text.as_ref()
    }

    /// The text as bytes; empty for a binary file.
    pub fn text_bytes(&self) -> &[u8] {
        self.text.as_ref().map_or(&[], Text::bytes)
    }

    /// The text above the first rows of numbers, as far as it is looked at to recognise a format; empty for a binary
    /// file.
    pub fn head(&self) -> &[u8] {
        &self.text_bytes()[..self.head]
    }

    /// The encoding, if the file is text.
    pub fn encoding(&self) -> Option<Encoding> {
        self.text.as_ref().map(Text::encoding)
    }
}

/// Length of the text before three rows of numbers in succession: a note may hold a line that looks like one.
fn head_length(text: &[u8]) -> usize {
    let mut rows = 0;
    let mut first = 0;
    for line in Lines::of(&text[..text.len().min(HEAD_BYTES)]) {
        if looks_numeric(line.content) {
            first = if rows == 0 { line.start } else { first };
            rows += 1;
        } else {
            rows = 0;
        }
        if rows == 3 {
            return first;
        }
    }
    text.len().min(HEAD_BYTES)
}
