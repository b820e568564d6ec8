//! When not one of the files could be measured: said at the end, with the reason that most of them have.

use std::collections::BTreeMap;

use agent::Engine;
use protocol::ids::SessionId;
use protocol::query::{Answer, Query};
use protocol::refusal::Refusal;
use protocol::session::{FileEntry, FileState};

/// Files whose reasons are counted.
const COUNTED: u32 = 1_000;

/// One line for people, where files were seen and none was measured.
///
/// # Errors
/// The session cannot be read.
pub async fn in_words(engine: &Engine, session: SessionId) -> Result<Option<String>, Refusal> {
    let Answer::Session { detail } = engine.query(Query::Session { session }).await? else {
        return Ok(None);
    };
    let summary = &detail.summary;
    if summary.files_measured > 0 || summary.files_skipped == 0 {
        return Ok(None);
    }
    let skipped = Query::Files {
        session,
        states: vec![FileState::Skipped],
        offset: 0,
        limit: COUNTED,
    };
    let Answer::Files { files, .. } = engine.query(skipped).await? else {
        return Ok(None);
    };
    Ok(line(summary.files, &files))
}

fn line(seen: u64, skipped: &[FileEntry]) -> Option<String> {
    let mut by_reason: BTreeMap<&str, (usize, &FileEntry)> = BTreeMap::new();
    for file in skipped {
        let reason = file.reason.as_deref().unwrap_or_default();
        by_reason.entry(reason).or_insert((0, file)).0 += 1;
    }
    let (reason, (_, first)) = by_reason.into_iter().max_by_key(|(_, (count, _))| *count)?;
    let message = first.message.as_deref().unwrap_or("It cannot be used.");
    let files = if seen == 1 { "file was" } else { "files were" };
    let way_out = match reason {
        "other_technique" => " Name the technique in the file of --settings, as in technique = \"cv\".",
        _ => "",
    };
    Some(format!("0 of {seen} {files} measured: {message} ({reason}){way_out}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skipped(file: &str, reason: &str) -> FileEntry {
        FileEntry {
            file: file.to_owned(),
            file_revision: 1,
            state: FileState::Skipped,
            reason: Some(reason.to_owned()),
            message: Some(format!("{file} is {reason}.")),
            bytes: 0,
            format: None,
            index: None,
            frequency_hz: None,
            points: None,
            expected_points: None,
            at: String::new(),
        }
    }

    #[test]
    fn the_reason_of_most_files_is_given() {
        let files = [
            skipped("a", "empty"),
            skipped("b", "other_technique"),
            skipped("c", "other_technique"),
        ];
        let said = line(3, &files).unwrap();
        assert!(
            said.starts_with("0 of 3 files were measured: b is other_technique. (other_technique)"),
            "{said}"
        );
        assert!(said.contains("technique = "), "{said}");
        assert_eq!(line(0, &[]), None);
    }
}
