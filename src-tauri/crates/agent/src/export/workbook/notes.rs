//! The sheet of notes.

use protocol::author::Author;
use protocol::note::{Note, NoteLink};
use rust_xlsxwriter::XlsxError;
use serde_json::{Value, json};

use super::Book;

const HEADINGS: [&str; 12] = [
    "Note",
    "Topics",
    "About",
    "Index",
    "Electrode",
    "Frequency (Hz)",
    "File",
    "Measurement",
    "Written (UTC)",
    "Written by",
    "Changed (UTC)",
    "Changed by",
];

impl Book {
    /// A row per note, where there are any.
    pub(super) fn notes(&mut self, notes: &[Note]) -> Result<(), XlsxError> {
        if notes.is_empty() {
            return Ok(());
        }
        let widths = [70.0, 24.0, 10.0, 9.0, 10.0, 14.0, 30.0, 13.0, 22.0, 22.0, 22.0, 22.0];
        self.table("Notes", &HEADINGS, &widths, notes.iter().map(row))
    }
}

fn row(note: &Note) -> [Value; 12] {
    let (about, measurement) = match note.link {
        Some(NoteLink::Point { measurement, .. }) => ("point", json!(measurement)),
        Some(NoteLink::Sweep { .. }) => ("sweeps", Value::Null),
        Some(NoteLink::Session { .. }) | None => ("session", Value::Null),
    };
    let place = note.place.as_ref();
    let is_changed = note.revision > 1;
    [
        json!(note.text),
        json!(note.topics.join(", ")),
        json!(about),
        json!(place.and_then(|place| place.index)),
        json!(place.and_then(|place| place.electrode)),
        json!(place.and_then(|place| place.frequency_hz)),
        json!(place.and_then(|place| place.file.as_ref())),
        measurement,
        json!(note.created_at),
        json!(by(note.created_by)),
        json!(is_changed.then_some(&note.changed_at)),
        json!(is_changed.then_some(by(note.changed_by))),
    ]
}

fn by(author: Author) -> &'static str {
    match author {
        Author::Here => "recording computer",
        Author::Afar => "from afar (User ID)",
    }
}
