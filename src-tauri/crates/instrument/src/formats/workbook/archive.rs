//! What a ZIP archive is, and whether it can be opened with bounded memory and time.
//!
//! Every part of a workbook is unpacked once, without being kept, before anything is made of it: its length is bounded, so
//! that a small file cannot unfold into gigabytes, and its checksum has to fit, so that what is read is what was written.
//! No name is exempt, because the workbook itself says where its sheets are: a sheet may lie among pictures.

use std::io::{Cursor, ErrorKind, Read};

use zip::ZipArchive;

use crate::format::Format;
use crate::unreadable::{Problem, Unreadable};

/// Most parts that a workbook may have.
const MAX_PARTS: usize = 4096;
/// Shortest text in the table of texts: `<si/>`.
const SHORTEST_STRING: usize = 5;
/// What announces how many texts there are.
const STRINGS_ANNOUNCED: &[u8] = b"uniqueCount";

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Most bytes of the parts, when unpacked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Of all of them.
    pub(super) all: u64,
    /// Of a table of texts.
    pub(super) strings: u64,
}

impl Limits {
    /// Some three million cells.
    pub(super) const WORKBOOK: Self = Self {
        all: 128 * 1024 * 1024,
        strings: 32 * 1024 * 1024,
    };
}

/// Checks that an archive is a whole workbook of bounded size.
///
/// # Errors
/// What it is instead, or what is wrong with it.
pub(super) fn check(raw: &[u8], limits: Limits) -> Result<(), Unreadable> {
    let refuse = |problem| Err(Unreadable::of(Format::ExcelTable, problem));
    let Some(parts) = announced_parts(raw) else {
        return refuse(Problem::CutShort);
    };
    if parts > MAX_PARTS {
        return refuse(Problem::TooLargeUnpacked { limit: limits.all });
    }
    let Ok(mut archive) = ZipArchive::new(Cursor::new(raw)) else {
        return refuse(Problem::CutShort);
    };
    // Data in front of the archive: its beginning is that of another, which breaks off.
    if archive.offset() != 0 {
        return refuse(Problem::CutShort);
    }
    if let Some(problem) = other_kind(&archive) {
        return Err(Unreadable::new(problem));
    }
    unpack(&mut archive, limits).or_else(refuse)
}

/// The number of parts in the record at the end of an archive, if it is there.
fn announced_parts(raw: &[u8]) -> Option<usize> {
    const RECORD: usize = 22;
    const LONGEST_COMMENT: usize = 65_535;
    const COUNT_AT: usize = 10;
    let from = raw.len().saturating_sub(RECORD + LONGEST_COMMENT);
    let at = from + memchr::memmem::rfind(&raw[from..], b"PK\x05\x06")?;
    let count = raw.get(at + COUNT_AT..at + COUNT_AT + 2)?;
    Some(usize::from(u16::from_le_bytes([count[0], count[1]])))
}

/// What an archive is if it is no workbook.
fn other_kind(archive: &Archive<'_>) -> Option<Problem> {
    let has = |name: &str| archive.index_for_name(name).is_some();
    let any = |fits: &dyn Fn(&str) -> bool| {
        let mut names = archive.file_names().filter_map(Result::ok);
        names.any(|name| fits(&name.to_ascii_lowercase()))
    };
    if has("session.json") && has("SHA256SUMS") {
        return Some(Problem::OwnExport { kind: "an archive" });
    }
    if has("mimetype") {
        let name = "OpenDocument";
        return Some(Problem::UnsupportedFormat { name });
    }
    let kind = if !any(&|name| name == "[content_types].xml") {
        "a ZIP archive"
    } else if any(&|name| name.ends_with("workbook.bin")) {
        let name = "binary Excel workbook (.xlsb)";
        return Some(Problem::UnsupportedFormat { name });
    } else if !any(&|name| name.ends_with("workbook.xml") || name.starts_with("xl/")) {
        "an Office document without sheets"
    } else {
        return None;
    };
    Some(Problem::Binary { kind: Some(kind) })
}

/// Unpacks every part.
fn unpack(archive: &mut Archive<'_>, limits: Limits) -> Result<(), Problem> {
    let damaged = |what| Problem::DamagedWorkbook { what };
    let mut left = limits.all;
    for index in 0..archive.len() {
        let part = archive.by_index(index);
        let mut part = part.map_err(|_| damaged("one of its parts is locked, or packed in an unknown way"))?;
        // The table of texts has this name in whatever folder the list of sheets is.
        let name = part.name().map(|name| name.to_ascii_lowercase());
        let is_strings = name.is_ok_and(|name| name.ends_with("sharedstrings.xml"));
        let limit = if is_strings { left.min(limits.strings) } else { left };
        let mut strings = Vec::new();
        let mut limited = (&mut part).take(limit + 1);
        let unpacked = if is_strings {
            limited.read_to_end(&mut strings).map(|bytes| bytes as u64)
        } else {
            std::io::copy(&mut limited, &mut std::io::sink())
        };
        let unpacked = match unpacked {
            Ok(unpacked) if unpacked > limit => return Err(Problem::TooLargeUnpacked { limit: limits.all }),
            Ok(unpacked) => unpacked,
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                return Err(damaged("one of its parts breaks off"));
            }
            Err(_) => return Err(damaged("one of its parts does not agree with its checksum")),
        };
        left -= unpacked;
        if is_strings && !announces_what_it_has(&strings) {
            return Err(damaged("its table of texts announces more texts than it has room for"));
        }
    }
    Ok(())
}

/// Whether the announced number of texts, for which room is made beforehand, can be true. In UTF-16 or with escapes
/// to other alphabets, which no program writes, nothing could be found.
fn announces_what_it_has(strings: &[u8]) -> bool {
    let most = strings.len() / SHORTEST_STRING;
    let announced = |at: usize| {
        let behind = &strings[at + STRINGS_ANNOUNCED.len()..];
        let sign = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\'' | b'+');
        let from = behind.iter().position(|byte| !sign(byte)).unwrap_or(behind.len());
        let digits = behind[from..].iter().take_while(|byte| byte.is_ascii_digit());
        digits.fold(0_usize, |number, digit| {
            number.saturating_mul(10).saturating_add(usize::from(digit - b'0'))
        })
    };
    memchr::memchr2(0, 0x1b, strings).is_none()
        && memchr::memmem::find_iter(strings, STRINGS_ANNOUNCED).all(|at| announced(at) <= most)
}
