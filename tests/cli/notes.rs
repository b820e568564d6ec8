//! `sacmes notes`: what people wrote, on the command line.

use std::io::Write;
use std::process::Stdio;

use calamine::{Reader, Xlsx, open_workbook};
use tempfile::TempDir;

use crate::agent_process::{AgentProcess, agent, take_in};
use crate::arguments;
use crate::program::{Run, run, sacmes};
use crate::scans::{put_old, table};

fn notes(data: &TempDir, words: &[&str]) -> Run {
    let mut arguments = arguments!["notes"].to_vec();
    arguments.extend(words.iter().map(Into::into));
    arguments.extend(arguments!["--data-dir", data.path()]);
    run(arguments)
}

#[test]
fn notes_are_written_listed_found_counted_and_deleted() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    put_old(folder.path(), "CF_15Hz_1.txt", table(&[1e-7]));
    take_in(folder.path(), data.path(), &["--name", "Titration 1"]);
    let written = notes(
        &data,
        &["add", "Fresh buffer, 10 µM ATP", "--topic", "Buffer", "--topic", "ATP"],
    )
    .ends_with(0);
    let id = written.stdout.trim().to_owned();
    assert_eq!(id.len(), 36);
    let about = [
        "add",
        "bubble in the cell",
        "--session",
        "Titration 1",
        "--index",
        "1",
        "--topic",
        "buffer",
        "--json",
    ];
    let bubble = notes(&data, &about).ends_with(0).object()["id"].clone();

    let listed = notes(&data, &["list", "--json"]).ends_with(0).objects();
    assert_eq!(listed.len(), 2);
    assert_eq!((&listed[0]["id"], &listed[1]["id"]), (&bubble, &id.as_str().into()));
    assert_eq!(
        (&listed[0]["link"]["to"], &listed[0]["place"]["index"]),
        (&"sweep".into(), &1.into())
    );
    assert_eq!(listed[0]["topics"][0], "Buffer");
    assert_eq!(
        (&listed[1]["created_by"], &listed[1]["revision"]),
        (&"here".into(), &1.into())
    );
    let table = notes(&data, &["list", "--session", "Titration 1"]).ends_with(0).stdout;
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 2, "{table}");
    assert!(
        lines[1].contains("Titration 1, file 1") && lines[1].ends_with("bubble in the cell"),
        "{table}"
    );

    let found = notes(&data, &["search", "buf", "\"10 µM\"", "--json"])
        .ends_with(0)
        .objects();
    assert_eq!((found.len(), &found[0]["id"]), (1, &id.as_str().into()));
    assert_eq!(
        found[0]["matches"],
        serde_json::json!([{"from": 6, "to": 12}, {"from": 14, "to": 19}])
    );
    assert_eq!(
        notes(&data, &["search", "buffer -cell", "--json"])
            .ends_with(0)
            .objects()
            .len(),
        1
    );
    let topics = notes(&data, &["topics", "--json"]).ends_with(0).objects();
    assert_eq!(
        topics,
        [
            serde_json::json!({"topic": "ATP", "notes": 1, "words": 5}),
            serde_json::json!({"topic": "Buffer", "notes": 2, "words": 9})
        ]
    );
    let numbers = notes(&data, &["stats", "--json"]).ends_with(0).object();
    assert_eq!(
        (&numbers["notes"], &numbers["words"], &numbers["of_sessions"]),
        (&2.into(), &9.into(), &1.into())
    );
    assert!(notes(&data, &["stats"]).ends_with(0).stdout.contains("without topic"));

    notes(&data, &["delete", "--topic", "BUFFER"])
        .ends_with(2)
        .says("2 notes have the topic \"BUFFER\"; none was deleted. Add --yes");
    notes(&data, &["delete", &id[..8]]).ends_with(0).says("deleted 1 note");
    notes(&data, &["delete", &id]).ends_with(1).says("There is no note");
    notes(&data, &["delete", "--all", "--yes"])
        .ends_with(0)
        .says("deleted 1 note");
    assert_eq!(notes(&data, &["list", "--json"]).ends_with(0).stdout, "");
}

#[test]
fn a_text_comes_from_standard_input_and_wrong_ones_are_refused() {
    let data = tempfile::tempdir().unwrap();
    let mut command = sacmes(arguments!["notes", "add", "--data-dir", data.path()]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all("first line\nsecond line\n".as_bytes())
        .unwrap();
    assert!(child.wait_with_output().unwrap().status.success());
    let listed = notes(&data, &["list", "--json"]).ends_with(0).object();
    assert_eq!(listed["text"], "first line\nsecond line");
    notes(&data, &["add", " "])
        .ends_with(1)
        .says("A note without text says nothing.");
    notes(&data, &["add", "x", "--topic", "a,b"])
        .ends_with(1)
        .says("without commas");
    notes(&data, &["add", "x", "--session", "none"])
        .ends_with(1)
        .says("There is no session \"none\".");
    notes(&data, &["add", "x", "--index", "1"]).ends_with(2);
    notes(&data, &["delete"]).ends_with(2);
}

/// The agent has the profile: it is read, and not written by anybody else.
#[test]
fn while_an_agent_runs_notes_are_read_and_whoever_writes_is_told_where() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    notes(&data, &["add", "before"]).ends_with(0);
    put_old(folder.path(), "CF_15Hz_1.txt", table(&[1e-7]));
    let mut process = AgentProcess::start(agent(folder.path(), data.path(), &["--name", "Titration 1"]));
    process.wait_for("the measurement", |event| event["event"] == "measured");
    notes(&data, &["add", "meanwhile"])
        .ends_with(1)
        .says("in use by sacmes agent")
        .says("sacmes view CODE --command");
    assert_eq!(
        notes(&data, &["list", "--json"]).ends_with(0).object()["text"],
        "before"
    );
}

#[test]
fn a_workbook_has_the_notes_of_its_session_and_no_others() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    put_old(folder.path(), "CF_15Hz_1.txt", table(&[1e-7]));
    take_in(folder.path(), data.path(), &["--name", "Titration 1"]);
    let book = data.path().join("book.xlsx");
    let exported = || {
        let named = arguments!["export", "Titration 1", "--out", &book, "--data-dir", data.path()];
        run(named).ends_with(0);
        let mut book: Xlsx<_> = open_workbook(&book).unwrap();
        book.worksheet_range("Notes").ok()
    };
    notes(&data, &["add", "of the profile"]).ends_with(0);
    assert!(exported().is_none());
    let about = [
        "add",
        "=bubble",
        "--session",
        "Titration 1",
        "--index",
        "1",
        "--topic",
        "Cell",
        "--topic",
        "Noise",
    ];
    notes(&data, &about).ends_with(0);
    let sheet = exported().unwrap();
    assert_eq!(sheet.height(), 2);
    let row: Vec<String> = sheet
        .rows()
        .nth(1)
        .unwrap()
        .iter()
        .take(4)
        .map(ToString::to_string)
        .collect();
    assert_eq!(row, ["=bubble", "Cell, Noise", "sweeps", "1"]);
}
