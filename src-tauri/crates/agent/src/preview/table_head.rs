//! The beginning of a table, for whoever has to say what its columns are.

use std::io::Read;
use std::path::Path;

use instrument::Format;
use instrument::text::Text;
use protocol::inspect::Inspection;
use protocol::query::TableHead;

use crate::intake::open_regular;

/// Bytes that are looked at.
const BYTES: u64 = 16 * 1024;
/// Lines that are shown, and the longest.
const LINES: usize = 24;
const LONGEST: usize = 400;

/// The beginning of the first plain table among files that were read: of one that is not understood before any other.
pub(super) fn of<'a>(folder: &Path, read: impl Iterator<Item = &'a Inspection>) -> Option<TableHead> {
    let tables: Vec<&Inspection> = read.filter(|file| file.format == Format::Delimited.code()).collect();
    let table = tables.iter().find(|file| file.points == 0).or(tables.first())?;
    Some(TableHead {
        lines: lines(&folder.join(&table.file))?,
        file: table.file.clone(),
    })
}

fn lines(path: &Path) -> Option<Vec<String>> {
    let mut head = Vec::new();
    open_regular(path).ok()?.take(BYTES).read_to_end(&mut head).ok()?;
    let text = Text::decode(&head)?;
    let text = String::from_utf8_lossy(text.bytes());
    let shown = |line: &str| line.chars().take(LONGEST).collect();
    Some(text.lines().take(LINES).map(shown).collect())
}
