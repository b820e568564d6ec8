//! Archives with seeded damage: the bytes of the zip, and the parts inside it.

use std::io::{Read, Write};
use std::path::Path;

use instrument::simulated::{FileFormat, WritingStyle};
use protocol::command::{Command, Outcome};
use protocol::query::{Answer, Query};
use protocol::session::SessionState;
use protocol::settings::Settings;

use crate::archives::{archived, without_identity};
use crate::bench::{Bench, play_into};

#[path = "../instrument/fuzzing/mutations.rs"]
mod mutations;

use mutations::Mutator;

/// Damaged copies of each kind.
const COPIES: u64 = 40;

#[tokio::test(flavor = "multi_thread")]
async fn no_damage_to_an_archive_makes_other_numbers() {
    let bench = Bench::new().await;
    play_into(bench.files.path(), 1, 2, FileFormat::Csv, WritingStyle::Burst);
    let session = bench.import(Settings::default()).await;
    bench.until_state(session, SessionState::Finished).await;
    let before = without_identity(bench.results(session).await);
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole.zip");
    archived(&bench, session, &whole).await;
    let bytes = std::fs::read(&whole).unwrap();

    let damaged = folder.path().join("damaged.zip");
    let (mut refused, mut opened) = (0, 0);
    for seed in 1..=2 * COPIES {
        let mut mutator = Mutator::new(seed);
        if seed <= COPIES {
            std::fs::write(&damaged, mutator.damaged(&bytes, b"PK\x03\x04 and more")).unwrap();
        } else {
            damage_a_part(&whole, &damaged, &mut mutator, seed as usize);
        }
        let open = Command::OpenArchive {
            path: damaged.to_string_lossy().into_owned(),
            name: format!("copy {seed}"),
            temporary: false,
        };
        match bench.command(open).await {
            Err(refusal) => {
                refused += 1;
                assert!(
                    !refusal.code.is_empty() && refusal.message.ends_with('.'),
                    "seed {seed}: {refusal:?}"
                );
            }
            Ok(Outcome::Started { session }) => {
                // Whatever the damage was, it was in nothing that counts.
                opened += 1;
                assert_eq!(without_identity(bench.results(session).await), before, "seed {seed}");
            }
            Ok(other) => panic!("seed {seed}: {other:?}"),
        }
    }
    assert!(refused > COPIES, "{refused} refused, {opened} opened");
    let Answer::Sessions { sessions } = bench.engine.query(Query::Sessions).await.unwrap() else {
        panic!()
    };
    assert_eq!(sessions.len(), 1 + opened, "what was refused left something");
}

/// Copies a zip with one of its parts damaged; the zip itself stays whole.
fn damage_a_part(whole: &Path, damaged: &Path, mutator: &mut Mutator, choice: usize) {
    let mut source = zip::ZipArchive::new(std::fs::File::open(whole).unwrap()).unwrap();
    let mut target = zip::ZipWriter::new(std::fs::File::create(damaged).unwrap());
    let chosen = choice % source.len();
    for at in 0..source.len() {
        let mut entry = source.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        if at == chosen {
            content = mutator.damaged(&content, b"{\"version\":1e999,\"file\":\"../x\"}");
        }
        target
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        target.write_all(&content).unwrap();
    }
    target.finish().unwrap();
}
