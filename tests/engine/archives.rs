//! A session goes into one file and comes back out of it.

use std::io::{Read, Write};
use std::path::Path;

use instrument::simulated::{FileFormat, WritingStyle};
use protocol::author::Author;
use protocol::command::{Command, ExportLayout, Outcome, Selection};
use protocol::ids::{MarkerId, SessionId};
use protocol::measurement::Measurement;
use protocol::query::{Answer, Query};
use protocol::record::OperationOutcome;
use protocol::session::{Marker, MarkerKind, SessionState};
use protocol::settings::Settings;

use crate::bench::{Bench, play_into};
use crate::steering::outcome;

pub async fn archived(bench: &Bench, session: SessionId, path: &Path) {
    let mut subscription = bench.engine.subscribe().unwrap();
    let command = Command::Export {
        session,
        layout: ExportLayout::Archive,
        destination: path.to_string_lossy().into_owned(),
        selection: Selection::default(),
    };
    bench.command(command).await.unwrap();
    assert_eq!(outcome(&mut subscription).await, OperationOutcome::Done);
}

pub fn without_identity(mut measurements: Vec<Measurement>) -> Vec<Measurement> {
    for m in &mut measurements {
        (m.measurement, m.session, m.revision) = (None, None, None);
    }
    measurements.sort_by(|a, b| (&a.file, a.electrode).cmp(&(&b.file, b.electrode)));
    measurements
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_comes_back_from_its_archive_with_the_same_numbers() {
    let bench = Bench::new().await;
    play_into(bench.files.path(), 2, 4, FileFormat::ChiText, WritingStyle::Burst);
    bench.put("SWV_15Hz_9.txt", "nothing that could be read\n");
    let session = bench.import(Settings::default()).await;
    bench.until_state(session, SessionState::Finished).await;
    let before = bench.results(session).await;
    let some: Vec<_> = before.iter().take(2).filter_map(|m| m.measurement).collect();
    let exclude = Command::Exclude {
        session,
        measurements: some,
        excluded: true,
    };
    bench.command(exclude).await.unwrap();
    let marker = Marker {
        id: MarkerId::new(),
        kind: MarkerKind::Injection,
        index: 2.5,
        label: "10 µM".to_owned(),
        concentration_m: Some(2.5e-6),
        from: Some(Author::Here),
    };
    let put = Command::PutMarker {
        session,
        marker: marker.clone(),
    };
    bench.command(put).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.zip");
    archived(&bench, session, &path).await;
    let before = without_identity(bench.results(session).await);

    // On another computer: another profile, and none of the files.
    let other = Bench::new().await;
    let open = Command::OpenArchive {
        path: path.to_string_lossy().into_owned(),
        name: String::new(),
        temporary: false,
    };
    let Outcome::Started { session: opened } = other.command(open).await.unwrap() else {
        panic!("not opened")
    };
    let detail = other.detail(opened).await;
    assert_eq!(detail.summary.state, SessionState::Finished);
    assert_eq!((detail.summary.files_measured, detail.summary.files_skipped), (8, 1));
    assert_eq!(detail.markers, [marker]);
    assert_eq!(without_identity(other.results(opened).await), before);
    assert_eq!(before.iter().filter(|m| m.excluded).count(), 2);

    // The raw files came along: other settings measure them anew.
    let mut settings = Settings::default();
    settings.peak.trim_points = 5;
    let mut subscription = other.engine.subscribe().unwrap();
    let revise = Command::ReviseSettings {
        session: opened,
        seen_revision: 1,
        settings: Box::new(settings),
    };
    other.command(revise).await.unwrap();
    assert_eq!(outcome(&mut subscription).await, OperationOutcome::Done);
    let after = without_identity(other.results(opened).await);
    assert_eq!(after.len(), before.len());
    assert!(
        after
            .iter()
            .zip(&before)
            .any(|(new, old)| new.peak_current_a != old.peak_current_a)
    );
    assert_eq!(after.iter().filter(|m| m.excluded).count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_whole_archive_is_refused_and_leaves_nothing() {
    let bench = Bench::new().await;
    play_into(bench.files.path(), 1, 2, FileFormat::Csv, WritingStyle::Burst);
    let session = bench.import(Settings::default()).await;
    bench.until_state(session, SessionState::Finished).await;
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole.zip");
    archived(&bench, session, &whole).await;
    let open = async |path: &Path| {
        let command = Command::OpenArchive {
            path: path.to_string_lossy().into_owned(),
            name: String::new(),
            temporary: false,
        };
        let refusal = bench.command(command).await.unwrap_err();
        let file = path.file_name().unwrap().to_str().unwrap();
        assert!(refusal.message.contains(file), "{refusal}");
        if ["text.zip", "cut.zip"].contains(&file) {
            assert!(refusal.message.contains("damaged or cut short"), "{refusal}");
            assert!(refusal.hint.contains("Copy it again"), "{refusal}");
        }
        refusal.code
    };
    assert_eq!(open(&folder.path().join("absent.zip")).await, "archive_unreadable");
    let text = folder.path().join("text.zip");
    std::fs::write(&text, "no zip").unwrap();
    assert_eq!(open(&text).await, "not_an_archive");
    let cut = folder.path().join("cut.zip");
    let bytes = std::fs::read(&whole).unwrap();
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(open(&cut).await, "not_an_archive");
    for (part, from, to, code) in [
        ("raw/", "-0.", "-1.", "archive_damaged"),
        ("session.json", "\"version\": 1", "\"version\": 2", "archive_newer"),
        ("session.json", "sacmes-archive", "something else", "not_an_archive"),
        ("measurements.jsonl", "\"file\":\"", "\"file\":\"not", "archive_damaged"),
    ] {
        let changed = folder.path().join("changed.zip");
        rewrite(&whole, &changed, part, from, to);
        assert_eq!(open(&changed).await, code, "{part}: {from} to {to}");
    }
    let Answer::Sessions { sessions } = bench.engine.query(Query::Sessions).await.unwrap() else {
        panic!()
    };
    assert_eq!(sessions.len(), 1);
}

/// Copies a zip with a text replaced in the parts of this name.
fn rewrite(whole: &Path, changed: &Path, part: &str, from: &str, to: &str) {
    let mut source = zip::ZipArchive::new(std::fs::File::open(whole).unwrap()).unwrap();
    let mut target = zip::ZipWriter::new(std::fs::File::create(changed).unwrap());
    for at in 0..source.len() {
        let mut entry = source.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut content = String::new();
        entry.read_to_string(&mut content).unwrap();
        if name.starts_with(part) {
            assert!(content.contains(from), "{name}");
            content = content.replace(from, to);
        }
        target
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        target.write_all(content.as_bytes()).unwrap();
    }
    target.finish().unwrap();
}
