//! A session's task, step by step on a clock that the tests move.

mod arrivals;
mod commands;
mod places;
mod rewrites;

use std::path::PathBuf;
use std::time::SystemTime;

use instrument::simulated::{
    Experiment, ExperimentSettings, FileFormat, Handle, PlaySettings, RealPace, ScanTime, StopSignal, WritingStyle,
    play,
};
use protocol::measurement::Measurement;
use protocol::record::{RecordEntry, RecordEvent};
use protocol::session::{FileEntry, FileState};
use tempfile::TempDir;

use super::*;
use crate::store::NewSession;

/// A session that does nothing by itself, and its folder.
struct Desk {
    actor: Actor,
    store: Store,
    files: TempDir,
    _data: TempDir,
    closing: watch::Sender<bool>,
}

impl Desk {
    async fn new(settings: &Settings) -> Self {
        let (data, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let store = Store::open(&data.path().join("sacmes.db"), Box::new(drop)).unwrap();
        let new = NewSession {
            id: SessionId::new(),
            name: "desk".to_owned(),
            source: Source::WatchedFolder {
                folder: files.path().to_string_lossy().into_owned(),
            },
            settings: settings.clone(),
            temporary: false,
        };
        let id = new.id;
        store.write_async(move |work| work.begin_session(&new)).await.unwrap();
        let (closing, closed) = watch::channel(false);
        let actor = Actor::new(
            &store.session(id).unwrap(),
            Rules::new(settings).unwrap(),
            store.clone(),
            Announcements::default(),
            closed,
            ImportLimits::default(),
        );
        Self {
            actor,
            store,
            files,
            _data: data,
            closing,
        }
    }

    /// The same session as after a restart of the program.
    fn restart(&mut self) {
        let rules = (*self.actor.rules).clone();
        let row = self.store.session(self.actor.id).unwrap();
        let closing = self.actor.closing.clone();
        self.actor = Actor::new(
            &row,
            rules,
            self.store.clone(),
            Announcements::default(),
            closing,
            ImportLimits::default(),
        );
    }

    fn path(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }

    fn put(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    /// Says when a file was written.
    fn date(&self, name: &str, age: Duration) {
        let file = std::fs::File::options().write(true).open(self.path(name)).unwrap();
        file.set_modified(SystemTime::now() - age).unwrap();
    }

    async fn scan(&mut self) {
        self.actor.begin_scan().await;
        let found = folder::found(&mut self.actor.listing).await;
        self.actor.end_scan(found).await;
    }

    /// Looks at everything that is due.
    async fn look(&mut self) {
        while self.actor.agenda.next().is_some_and(|due| due <= Instant::now()) {
            self.actor.begin_looks();
            let seen = looking::seen(&mut self.actor.looks).await;
            self.actor.end_looks(seen).await;
        }
    }

    async fn scan_and_look(&mut self) {
        self.scan().await;
        self.look().await;
    }

    /// Lets time pass, with the looks that become due and a scan at the end.
    async fn pass(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while let Some(due) = self.actor.agenda.next().filter(|due| *due <= end) {
            tokio::time::advance(due.saturating_duration_since(Instant::now())).await;
            self.look().await;
        }
        tokio::time::advance(end.saturating_duration_since(Instant::now())).await;
        self.scan_and_look().await;
    }

    fn file(&self, name: &str) -> FileEntry {
        let rows = self.store.files(self.actor.row).unwrap();
        let row = rows.into_iter().find(|row| row.entry.file == name);
        row.unwrap_or_else(|| panic!("{name} is not listed")).entry
    }

    fn state(&self, name: &str) -> (FileState, Option<String>) {
        let entry = self.file(name);
        (entry.state, entry.reason)
    }

    fn results(&self) -> Vec<Measurement> {
        self.store.results(self.actor.id, 0, 1000).unwrap()
    }

    fn record(&self) -> Vec<RecordEntry> {
        self.store.record_of(self.actor.id, 1, 1000).unwrap()
    }

    /// What was told of a file, in order.
    fn told(&self, name: &str) -> Vec<FileState> {
        let told = |entry: RecordEntry| match entry.event {
            RecordEvent::FileState { file, state, .. } if file == name => Some(state),
            _ => None,
        };
        self.record().into_iter().filter_map(told).collect()
    }

    /// Sizes of the contents that are kept of a file.
    fn kept(&self, name: &str) -> Vec<u64> {
        let sizes = self.store.read(|connection| {
            let mut statement = connection.prepare(
                "SELECT c.bytes FROM contents c JOIN files f ON f.id = c.file WHERE f.name = ?1 ORDER BY c.file_revision",
            )?;
            let rows = statement.query_map([name], |row| row.get::<_, i64>(0))?;
            Ok(rows.map(|bytes| bytes.unwrap() as u64).collect())
        });
        sizes.unwrap()
    }
}

/// One scan's text.
fn scan_text(index: u32, format: FileFormat) -> String {
    let folder = tempfile::tempdir().unwrap();
    let settings = ExperimentSettings {
        electrodes: 1,
        frequencies_hz: vec![15.0],
        files: index,
        seed: 7,
        ..ExperimentSettings::default()
    };
    let play_settings = PlaySettings {
        folder: folder.path().to_owned(),
        handle: Handle::new("SWV").unwrap(),
        format,
        style: WritingStyle::Burst,
        interval: Duration::ZERO,
        scan_time: ScanTime::for_interval(Duration::ZERO),
    };
    let pace = RealPace::start(StopSignal::new());
    play(&Experiment::new(settings).unwrap(), &play_settings, &pace, |_| {}).unwrap();
    std::fs::read_to_string(folder.path().join(format!("SWV_15Hz_{index}.txt"))).unwrap()
}

fn chi(index: u32) -> String {
    scan_text(index, FileFormat::ChiText)
}

const A_MOMENT: Duration = Duration::from_millis(500);
const A_WHILE: Duration = Duration::from_secs(5);
