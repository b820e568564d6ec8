//! Formats that are recognised by name but not read by this version, so that nobody gets nonsense from them.

use super::{FileFormat, Input};
use crate::format::Format;
use crate::options::ReadOptions;
use crate::recording::Recording;
use crate::text::{Lines, is_blank};
use crate::unreadable::{Problem, Unreadable};

/// A format known by its first bytes.
struct Signature {
    starts_with: &'static [u8],
    format: Format,
    problem: Problem,
}

const fn instrument(starts_with: &'static [u8], format: Format, name: &'static str) -> Signature {
    Signature {
        starts_with,
        format,
        problem: Problem::UnsupportedFormat { name },
    }
}

const fn other(starts_with: &'static [u8], kind: &'static str) -> Signature {
    Signature {
        starts_with,
        format: Format::Unknown,
        problem: Problem::Binary { kind: Some(kind) },
    }
}

const SIGNATURES: [Signature; 12] = [
    instrument(b"BIO-LOGIC MODULAR FILE\x1a", Format::Unknown, "BioLogic binary (.mpr)"),
    instrument(
        &[0xD0, 0xCF, 0x11, 0xE0],
        Format::Unknown,
        "old (.xls) or password-protected Excel workbook or Office",
    ),
    other(b"%PDF", "a PDF document"),
    other(b"\x89PNG", "a PNG picture"),
    other(&[0xFF, 0xD8, 0xFF], "a JPEG picture"),
    other(b"GIF8", "a GIF picture"),
    other(&[0x1F, 0x8B], "a gzip archive"),
    other(b"7z\xBC\xAF", "a 7z archive"),
    other(b"Rar!", "a RAR archive"),
    other(b"SQLite format 3", "a SQLite database"),
    other(b"\x89HDF", "an HDF5 file"),
    other(b"MATLAB 5.0 MAT-file", "a MATLAB data file"),
];

/// Binary files, and text files that begin with binary data.
pub struct KnownBinary;

impl KnownBinary {
    fn signature(raw: &[u8]) -> Option<&'static Signature> {
        // A text may begin with the letters of a signature; the data behind a real one are binary.
        const { &SIGNATURES }
            .iter()
            .find(|signature| raw.starts_with(signature.starts_with))
    }
}

impl FileFormat for KnownBinary {
    fn format(&self) -> Format {
        Format::Unknown
    }

    fn recognises(&self, input: &Input<'_>) -> bool {
        input.text().is_none() || Self::signature(input.raw()).is_some()
    }

    fn read(&self, input: &Input<'_>, _: &ReadOptions) -> Result<Recording, Unreadable> {
        Err(if let Some(signature) = Self::signature(input.raw()) {
            Unreadable::of(signature.format, signature.problem.clone())
        } else {
            Unreadable::new(Problem::Binary { kind: None })
        })
    }
}

/// Text files of instruments that this version does not read.
pub struct KnownText;

impl KnownText {
    fn identify(input: &Input<'_>) -> Option<(Format, &'static str)> {
        let head = input.head();
        let mut lines = Lines::of(head).filter(|line| !is_blank(line.content));
        let first = lines.next()?.content.trim_ascii();
        if first.starts_with(b"EC4 File used by Nordic") {
            return Some((Format::Unknown, "Nordic Electrochemistry EC4"));
        }
        None
    }
}

impl FileFormat for KnownText {
    fn format(&self) -> Format {
        Format::Unknown
    }

    fn recognises(&self, input: &Input<'_>) -> bool {
        Self::identify(input).is_some()
    }

    fn read(&self, input: &Input<'_>, _: &ReadOptions) -> Result<Recording, Unreadable> {
        let (format, name) = Self::identify(input).unwrap_or((Format::Unknown, Format::Unknown.name()));
        Err(Unreadable::of(format, Problem::UnsupportedFormat { name }))
    }
}
