//! What a note may be, and why no more.

use super::NoteDraft;
use crate::refusal::Refusal;

/// Longest text, characters: with four bytes each it still fits into one sealed frame of a viewer (64 KiB). What is longer is a
/// document, which is better kept as a file.
pub const LONGEST_NOTE: usize = 10_000;
/// Most topics of a note: more than fit into a line do not sort anything.
pub const MOST_TOPICS: usize = 12;
/// Longest topic, characters: it has to be readable on a button.
pub const LONGEST_TOPIC: usize = 60;
/// Most notes that are added at once: as many as somebody can look through in a preview.
pub const MOST_TOGETHER: usize = 200;
/// Their JSON, bytes: a command comes whole or not at all, and from afar in one sealed frame (64 KiB).
pub const MOST_BYTES_TOGETHER: usize = 48 * 1024;
/// Longest text to search for, characters.
pub const LONGEST_SEARCH: usize = 200;

/// A note in the form in which it is kept: line ends are line feeds, nothing blank around it, each topic once.
///
/// # Errors
/// What it may not be.
pub fn checked(note: NoteDraft) -> Result<NoteDraft, Refusal> {
    let NoteDraft {
        id,
        text,
        topics: named,
        link,
    } = note;
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    // Blank lines before it go, the indent of its first line stays.
    let text = text.trim_end();
    let begins = text.len() - text.trim_start().len();
    let first_line = text[..begins].rfind('\n').map_or(0, |at| at + 1);
    let text = &text[first_line..];
    let length = text.chars().count();
    if length == 0 {
        return Err(Refusal::new(
            "note_empty",
            "A note without text says nothing.",
            "Write something first.",
        ));
    }
    if length > LONGEST_NOTE {
        return Err(Refusal::new(
            "note_too_long",
            format!("A note has at most {LONGEST_NOTE} characters; this one has {length}."),
            "Split it into several notes.",
        ));
    }
    if let Some(control) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(Refusal::new(
            "note_unreadable",
            format!(
                "The text has a character that cannot be shown (U+{:04X}).",
                control as u32
            ),
            "Take it out, or copy the text again from where it can be read.",
        ));
    }
    let mut topics: Vec<String> = Vec::new();
    for topic in named {
        let topic = checked_topic(&topic)?;
        if !topics.iter().any(|known| topic_key(known) == topic_key(&topic)) {
            topics.push(topic);
        }
    }
    if topics.len() > MOST_TOPICS {
        return Err(Refusal::new(
            "note_topics_too_many",
            format!(
                "A note has at most {MOST_TOPICS} topics; this one has {}.",
                topics.len()
            ),
            "Leave some out.",
        ));
    }
    Ok(NoteDraft {
        id,
        text: text.to_owned(),
        topics,
        link,
    })
}

/// Several notes that are added together.
///
/// # Errors
/// What one of them may not be, or that they are too many.
pub fn checked_all(notes: Vec<NoteDraft>) -> Result<Vec<NoteDraft>, Refusal> {
    if notes.is_empty() || notes.len() > MOST_TOGETHER {
        return Err(Refusal::new(
            "notes_too_many",
            format!(
                "1 to {MOST_TOGETHER} notes are added at once; these are {}.",
                notes.len()
            ),
            "Add them in several parts.",
        ));
    }
    let notes: Vec<NoteDraft> = notes.into_iter().map(checked).collect::<Result<_, _>>()?;
    let bytes: usize = notes
        .iter()
        .map(|note| serde_json::to_string(note).map_or(0, |json| json.len()))
        .sum();
    if bytes > MOST_BYTES_TOGETHER {
        return Err(Refusal::new(
            "notes_too_long",
            format!(
                "These notes together are {} KiB; {} KiB can be added at once.",
                bytes.div_ceil(1024),
                MOST_BYTES_TOGETHER / 1024
            ),
            "Add them in several parts.",
        ));
    }
    Ok(notes)
}

/// A topic in the form in which it is kept: single blanks, none around it.
///
/// # Errors
/// What it may not be.
pub fn checked_topic(topic: &str) -> Result<String, Refusal> {
    let topic = topic.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = topic.chars().count();
    if length == 0 || length > LONGEST_TOPIC || topic.contains(',') || topic.chars().any(char::is_control) {
        return Err(Refusal::new(
            "note_topic_invalid",
            format!("A topic has 1 to {LONGEST_TOPIC} characters, without commas."),
            "Choose another topic.",
        ));
    }
    Ok(topic)
}

/// By what topics are told apart.
pub fn topic_key(topic: &str) -> String {
    topic.to_lowercase()
}

/// Words of a text: what stands between blanks and has a letter or a digit.
pub fn words(text: &str) -> usize {
    text.split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::NoteId;

    fn draft(text: &str, topics: &[&str]) -> NoteDraft {
        NoteDraft {
            id: NoteId::new(),
            text: text.to_owned(),
            topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
            link: None,
        }
    }

    #[test]
    fn a_text_keeps_its_lines_and_indents_and_loses_the_blanks_around_it() {
        let note = checked(draft("\r\n \n  - buffer\r\n\r\n  - ATP \n\n", &[])).unwrap();
        assert_eq!(note.text, "  - buffer\n\n  - ATP");
    }

    #[test]
    fn topics_are_told_apart_without_regard_to_case_and_blanks() {
        let note = checked(draft("x", &[" Buffer  A", "buffer a", "Été", "ÉTÉ"])).unwrap();
        assert_eq!(note.topics, ["Buffer A", "Été"]);
    }

    #[test]
    fn what_a_note_may_not_be_is_refused_with_what_it_may() {
        let many: Vec<String> = (0..=MOST_TOPICS).map(|k| format!("topic {k}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        for (note, code) in [
            (draft(" \n\t", &[]), "note_empty"),
            (draft(&"é".repeat(LONGEST_NOTE + 1), &[]), "note_too_long"),
            (draft("bell \u{7}", &[]), "note_unreadable"),
            (draft("x", &["a, b"]), "note_topic_invalid"),
            (draft("x", &["  "]), "note_topic_invalid"),
            (
                draft("x", &["y".repeat(LONGEST_TOPIC + 1).as_str()]),
                "note_topic_invalid",
            ),
            (draft("x", &many), "note_topics_too_many"),
        ] {
            let refusal = checked(note).unwrap_err();
            assert_eq!(refusal.code, code);
            assert!(!refusal.hint.is_empty());
        }
        assert!(checked(draft(&"é".repeat(LONGEST_NOTE), &many[1..])).is_ok());
    }

    /// The longest note of the longest characters, with the longest topics, goes into one frame of a viewer.
    #[test]
    fn every_note_fits_into_a_frame() {
        let topics: Vec<String> = (0..MOST_TOPICS)
            .map(|k| format!("{k:02}{}", "🧪".repeat(LONGEST_TOPIC - 2)))
            .collect();
        let topics: Vec<&str> = topics.iter().map(String::as_str).collect();
        let note = checked(draft(&"🧪".repeat(LONGEST_NOTE), &topics)).unwrap();
        assert!(serde_json::to_string(&note).unwrap().len() < 60 * 1024);
    }

    #[test]
    fn only_so_many_are_added_at_once() {
        let refused = |notes: Vec<NoteDraft>| checked_all(notes).unwrap_err().code;
        assert_eq!(refused(Vec::new()), "notes_too_many");
        assert_eq!(refused(vec![draft("x", &[]); MOST_TOGETHER + 1]), "notes_too_many");
        assert_eq!(
            refused(vec![draft(&"x".repeat(LONGEST_NOTE), &[]); 5]),
            "notes_too_long"
        );
        assert_eq!(refused(vec![draft("x", &[]), draft(" ", &[])]), "note_empty");
        assert_eq!(
            checked_all(vec![draft("x", &[]); MOST_TOGETHER]).unwrap().len(),
            MOST_TOGETHER
        );
    }

    #[test]
    fn words_have_letters_or_digits() {
        assert_eq!(words("10 µM ATP - at 37 °C\n\n* done"), 7);
    }
}
