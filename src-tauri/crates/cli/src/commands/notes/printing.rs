//! Notes as tables.

use protocol::note::{FoundNote, Note, NoteLink, NoteStatistics, TopicCount};

use crate::table::{self, Align};

/// Characters of a text in a table.
const SHOWN: usize = 60;

pub fn notes_for_people(notes: &[FoundNote]) -> String {
    let header = [
        ("NOTE", Align::Left),
        ("WRITTEN", Align::Left),
        ("TOPICS", Align::Left),
        ("ABOUT", Align::Left),
        ("TEXT", Align::Left),
    ];
    let rows: Vec<Vec<String>> = notes
        .iter()
        .map(|FoundNote { note, .. }| {
            vec![
                note.id.to_string().chars().take(8).collect(),
                note.created_at.clone(),
                note.topics.join(", "),
                about(note),
                begins(&note.text),
            ]
        })
        .collect();
    table::text(&header, &rows)
}

pub fn topics_for_people(topics: &[TopicCount]) -> String {
    let header = [("TOPIC", Align::Left), ("NOTES", Align::Right), ("WORDS", Align::Right)];
    let rows: Vec<Vec<String>> = topics
        .iter()
        .map(|topic| vec![topic.topic.clone(), topic.notes.to_string(), topic.words.to_string()])
        .collect();
    table::text(&header, &rows)
}

pub fn statistics_for_people(statistics: &NoteStatistics) -> String {
    let header = [("", Align::Left), ("", Align::Left)];
    let at = |at: &Option<String>| at.clone().unwrap_or_else(|| "-".to_owned());
    let mut rows = vec![
        ("notes", statistics.notes.to_string()),
        ("words", statistics.words.to_string()),
        ("about sessions", statistics.of_sessions.to_string()),
        ("without topic", statistics.without_topic.to_string()),
        ("changed since written", statistics.changed.to_string()),
        ("oldest", at(&statistics.oldest_at)),
        ("newest", at(&statistics.newest_at)),
    ];
    let topics: Vec<_> = statistics
        .topics
        .iter()
        .map(|topic| (format!("topic {}", topic.topic), topic.notes.to_string()))
        .collect();
    let weeks: Vec<_> = statistics
        .weeks
        .iter()
        .map(|week| (format!("week from {}", week.monday), week.notes.to_string()))
        .collect();
    rows.extend(
        topics
            .iter()
            .chain(&weeks)
            .map(|(name, value)| (name.as_str(), value.clone())),
    );
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(name, value)| vec![name.to_owned(), value])
        .collect();
    table::text(&header, &rows).trim_start().to_owned()
}

/// What a note is about, in a few words.
fn about(note: &Note) -> String {
    let Some(place) = &note.place else {
        return match &note.former_session {
            Some(name) => format!("{name} (deleted)"),
            None => "-".to_owned(),
        };
    };
    let file = |index: u32| format!("file {index}");
    let mut words = vec![place.session_name.clone()];
    match note.link {
        Some(NoteLink::Point { .. }) => {
            words.extend(place.electrode.map(|electrode| format!("E{electrode}")));
            words.extend(place.frequency_hz.map(|frequency| format!("{frequency} Hz")));
            words.extend(place.index.map(file));
        }
        Some(NoteLink::Sweep { index, .. }) => words.push(file(index)),
        Some(NoteLink::Session { .. }) | None => {}
    }
    words.join(", ")
}

/// The beginning of a text on one line.
fn begins(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHOWN {
        return line;
    }
    line.chars().take(SHOWN - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_and_lines_are_joined() {
        assert_eq!(begins("buffer\n  changed"), "buffer changed");
        let cut = begins(&"ü ".repeat(100));
        assert!(cut.chars().count() == SHOWN && cut.ends_with('…'), "{cut}");
    }
}
