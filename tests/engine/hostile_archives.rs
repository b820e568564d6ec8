//! Archives that somebody made to do harm: all of their checksums fit, and what they say is not what SACMES would have written.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use instrument::simulated::{FileFormat, WritingStyle};
use protocol::command::{Command, ExportLayout, Outcome, Selection};
use protocol::note::{NoteDraft, NoteFilter};
use protocol::query::{Answer, Query};
use protocol::record::OperationOutcome;
use protocol::refusal::Refusal;
use protocol::session::SessionState;
use protocol::settings::Settings;
use serde_json::{Value, json};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

use crate::archives::archived;
use crate::bench::{Bench, play_into};
use crate::steering::outcome;

const MANIFEST: &str = "session.json";
const MEASUREMENTS: &str = "measurements.jsonl";

/// Parts of an honest archive, to be changed.
struct Forgery {
    bench: Bench,
    folder: TempDir,
    parts: Vec<(String, Vec<u8>)>,
}

impl Forgery {
    async fn new() -> Self {
        let bench = Bench::new().await;
        play_into(bench.files.path(), 1, 2, FileFormat::Csv, WritingStyle::Burst);
        let session = bench.import(Settings::default()).await;
        bench.until_state(session, SessionState::Finished).await;
        let folder = tempfile::tempdir().unwrap();
        let whole = folder.path().join("whole.sacmes");
        archived(&bench, session, &whole).await;
        let mut zip = zip::ZipArchive::new(std::fs::File::open(&whole).unwrap()).unwrap();
        let mut parts = Vec::new();
        for at in 0..zip.len() {
            let mut part = zip.by_index(at).unwrap();
            let mut content = Vec::new();
            part.read_to_end(&mut content).unwrap();
            parts.push((part.name().unwrap().into_owned(), content));
        }
        Self { bench, folder, parts }
    }

    fn part(&mut self, name: &str) -> &mut Vec<u8> {
        let found = self.parts.iter_mut().find(|(part, _)| part == name);
        &mut found.unwrap().1
    }

    fn manifest(&mut self, change: impl FnOnce(&mut Value)) {
        let part = self.part(MANIFEST);
        let mut manifest = serde_json::from_slice(part).unwrap();
        change(&mut manifest);
        *part = manifest.to_string().into_bytes();
    }

    /// Gives a file another name wherever it stands.
    fn rename(&mut self, file: &str, to: &str) {
        let quoted = |name: &str| serde_json::to_string(name).unwrap();
        for name in [MANIFEST, MEASUREMENTS] {
            let part = self.part(name);
            let text = String::from_utf8(part.clone()).unwrap();
            *part = text.replace(&quoted(file), &quoted(to)).into_bytes();
        }
        for (name, _) in &mut self.parts {
            if *name == format!("raw/{file}") {
                *name = format!("raw/{to}");
            }
        }
    }

    fn write(&self) -> PathBuf {
        let path = self.folder.path().join("forged.sacmes");
        let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        for (name, content) in &self.parts {
            zip.start_file(name.as_str(), options).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap();
        path
    }

    async fn open(&self) -> Result<Outcome, Refusal> {
        self.open_file(&self.write()).await
    }

    async fn open_file(&self, path: &Path) -> Result<Outcome, Refusal> {
        let open = Command::OpenArchive {
            path: path.to_string_lossy().into_owned(),
            name: String::new(),
            temporary: true,
        };
        self.bench.command(open).await
    }

    async fn refused(&self) -> Refusal {
        self.open().await.unwrap_err()
    }
}

/// 300 kB of it took 4.7 GB of memory, and 2 MB would have taken all that a computer has.
#[tokio::test(flavor = "multi_thread")]
async fn a_small_archive_does_not_unfold_into_the_memory_of_the_computer() {
    let mut forgery = Forgery::new().await;
    let honest = forgery.part(MANIFEST).clone();
    *forgery.part(MANIFEST) = b" ".repeat(65 << 20);
    assert_eq!(forgery.refused().await.code, "archive_too_large");

    *forgery.part(MANIFEST) = honest.clone();
    let line = forgery.part(MEASUREMENTS).clone();
    *forgery.part(MEASUREMENTS) = b" ".repeat(2 << 20);
    assert_eq!(forgery.refused().await.code, "archive_too_large", "one endless line");

    // What nobody asked for costs its reading only.
    *forgery.part(MEASUREMENTS) = line;
    let mut padded = honest;
    let at = padded.iter().position(|byte| *byte == b'{').unwrap() + 1;
    let padding = format!("\"padding\": [{}0],", "0,".repeat(1 << 20));
    drop(padded.splice(at..at, padding.into_bytes()));
    *forgery.part(MANIFEST) = padded;
    assert!(forgery.open().await.is_ok());
}

/// Each file alone has the size of a scan; together they would have been terabytes.
#[tokio::test(flavor = "multi_thread")]
async fn many_small_parts_do_not_unfold_into_terabytes() {
    let mut forgery = Forgery::new().await;
    let content = vec![0_u8; 30 << 20];
    let sum = data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(&content));
    forgery.manifest(|manifest| {
        let files = manifest["files"].as_array_mut().unwrap();
        for at in 0..3 {
            let mut file = files[0].clone();
            (file["file"], file["sha256"]) = (json!(format!("zeros_15Hz_{at}.txt")), json!(sum));
            files.push(file);
        }
    });
    for at in 0..3 {
        forgery
            .parts
            .push((format!("raw/zeros_15Hz_{at}.txt"), content.clone()));
    }
    assert_eq!(forgery.refused().await.code, "archive_too_large");
}

/// Opened and archived again it was a zip whose parts lay outside of the folder that it is unpacked into.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_cannot_be_called_like_a_place_outside_of_its_folder() {
    for name in [
        "../../evil_15Hz_1.txt",
        "/etc/cron.d/x_15Hz_1.txt",
        "..\\..\\x_15Hz_1.txt",
        "a/b_15Hz_1.txt",
        "..",
    ] {
        let mut forgery = Forgery::new().await;
        forgery.rename("SWV_15Hz_1.txt", name);
        let refusal = forgery.refused().await;
        assert_eq!(refusal.code, "archive_damaged", "{name}: {refusal}");
        assert!(refusal.message.contains("not the name of a file"), "{refusal}");
    }
    // Strange, and harmless.
    let mut forgery = Forgery::new().await;
    forgery.rename("SWV_15Hz_1.txt", "=1+1|x..y_15Hz_1.txt");
    assert!(forgery.open().await.is_ok());
}

/// The second one took the place of the first with its measurements.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_listed_twice_loses_no_measurement_unseen() {
    let mut forgery = Forgery::new().await;
    forgery.manifest(|manifest| {
        let files = manifest["files"].as_array_mut().unwrap();
        files.push(files[0].clone());
    });
    assert_eq!(forgery.refused().await.code, "archive_damaged");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_written_here_is_not_taken_over_either() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 6] = [
        ("pattern", |m| {
            m["revisions"][0]["settings"]["files"]["pattern"] = json!("<Q>");
        }),
        ("window", |m| {
            m["revisions"][0]["settings"]["smoothing"]["savgol"] = json!("manual");
            m["revisions"][0]["settings"]["smoothing"]["savgol_window"] = json!(4_000_000_000_u32);
        }),
        ("label", |m| m["markers"] = marker(0.0, &"L".repeat(500_000))),
        ("index", |m| m["markers"] = marker(-1e300, "x")),
        ("file_revision", |m| m["files"][0]["file_revision"] = json!(u32::MAX)),
        ("settings", |m| m["revisions"] = json!([])),
    ];
    for (what, change) in changes {
        let mut forgery = Forgery::new().await;
        forgery.manifest(change);
        let refusal = forgery.refused().await;
        assert_eq!(refusal.code, "archive_damaged", "{what}: {refusal}");
    }
}

fn marker(index: f64, label: &str) -> Value {
    json!([{"id": "5e551000-0000-4000-8000-000000000001", "kind": "event", "index": index, "label": label}])
}

/// A name of 300,000 characters made the list of sessions too large to be sent to anybody, and no workbook could be written.
#[tokio::test(flavor = "multi_thread")]
async fn the_name_in_an_archive_becomes_one_that_a_session_may_have() {
    let mut forgery = Forgery::new().await;
    forgery.manifest(|m| m["session"]["name"] = json!(format!("run\u{202e}\u{1b}[31m\n{}", "A".repeat(300_000))));
    let Ok(Outcome::Started { session }) = forgery.open().await else {
        panic!("not opened")
    };
    let name = forgery.bench.detail(session).await.summary.name;
    assert!(name.starts_with("run[31mAAA") && name.chars().count() == 200, "{name}");
}

/// A note that was written four thousand million times could be opened, and once it was changed no note of the profile could be listed.
#[tokio::test(flavor = "multi_thread")]
async fn a_note_out_of_an_archive_can_be_changed() {
    let mut forgery = Forgery::new().await;
    let at = "2026-01-01T00:00:00.000Z";
    forgery.manifest(|m| {
        m["notes"] = json!([{
            "id": "5e551000-0000-4000-8000-000000000001", "revision": u32::MAX, "text": "<img src=x onerror=alert(1)>",
            "topics": [], "link": null, "place": null, "former_session": null, "created_at": at, "created_by": "afar",
            "changed_at": at, "changed_by": "afar"
        }]);
    });
    forgery.open().await.unwrap();
    let all = Query::Notes {
        filter: NoteFilter::default(),
        offset: 0,
        limit: 10,
    };
    let Answer::Notes { notes, .. } = forgery.bench.engine.query(all.clone()).await.unwrap() else {
        panic!()
    };
    let note = &notes[0].note;
    let put = Command::PutNote {
        note: NoteDraft {
            id: note.id,
            text: "changed".to_owned(),
            topics: Vec::new(),
            link: note.link,
        },
        seen_revision: note.revision,
    };
    forgery.bench.command(put).await.unwrap();
    let Answer::Notes { notes, .. } = forgery.bench.engine.query(all).await.unwrap() else {
        panic!("no note can be listed")
    };
    assert_eq!(notes[0].note.text, "changed");
}

/// Texts that no cell of Excel takes left the session without a workbook.
#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_is_written_whatever_the_texts() {
    let mut forgery = Forgery::new().await;
    let text = String::from_utf8(forgery.part(MEASUREMENTS).clone()).unwrap();
    let message = format!("\"message\":\"=cmd|' /C calc'!A0{}\"", "x".repeat(40_000));
    *forgery.part(MEASUREMENTS) = text.replace("\"message\":null", &message).into_bytes();
    let Ok(Outcome::Started { session }) = forgery.open().await else {
        panic!("not opened")
    };
    let mut subscription = forgery.bench.engine.subscribe().unwrap();
    let destination = forgery.folder.path().join("run.xlsx");
    let export = Command::Export {
        session,
        layout: ExportLayout::Xlsx,
        destination: destination.to_string_lossy().into_owned(),
        selection: Selection::default(),
    };
    forgery.bench.command(export).await.unwrap();
    assert_eq!(outcome(&mut subscription).await, OperationOutcome::Done);
}

/// Opening a pipe waited for ever, on a thread that nobody got back.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_or_a_device_is_no_archive() {
    let forgery = Forgery::new().await;
    let pipe = forgery.folder.path().join("pipe.sacmes");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    for path in [pipe.as_path(), Path::new("/dev/zero")] {
        assert_eq!(forgery.open_file(path).await.unwrap_err().code, "archive_unreadable");
    }
}
