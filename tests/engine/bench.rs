//! A laboratory bench for tests: an engine in a throw-away profile, a folder, and ways to wait for what happens.

use std::path::{Path, PathBuf};
use std::time::Duration;

use agent::{Engine, EngineOptions, ProfileLocation, Subscription};
use instrument::simulated::{
    Experiment, ExperimentSettings, FileFormat, Handle, PlaySettings, RealPace, RunSettings, ScanTime,
    SimulatedTechnique, StopSignal, WritingStyle, play,
};
use protocol::command::{Command, Outcome};
use protocol::ids::{CommandId, SessionId};
use protocol::measurement::Measurement;
use protocol::query::{Answer, Query};
use protocol::record::{Event, RecordEntry, RecordEvent};
use protocol::refusal::Refusal;
use protocol::session::{FileEntry, FileState, SessionDetail, SessionState, Source};
use protocol::settings::Settings;
use tempfile::TempDir;

/// Nothing here takes longer, even on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

pub struct Bench {
    pub engine: Engine,
    pub data: TempDir,
    pub files: TempDir,
}

impl Bench {
    pub async fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let engine = open(data.path()).await.unwrap();
        Self {
            engine,
            data,
            files: tempfile::tempdir().unwrap(),
        }
    }

    pub fn folder(&self) -> String {
        self.files.path().to_string_lossy().into_owned()
    }

    pub fn put(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.files.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub async fn command(&self, command: Command) -> Result<Outcome, Refusal> {
        self.engine.command(CommandId::new(), command).await
    }

    pub async fn watch(&self, settings: Settings) -> SessionId {
        let source = Source::WatchedFolder { folder: self.folder() };
        self.start(source, settings).await
    }

    pub async fn import(&self, settings: Settings) -> SessionId {
        let source = Source::ImportedFiles {
            folder: self.folder(),
            files: Vec::new(),
        };
        self.start(source, settings).await
    }

    pub async fn start(&self, source: Source, settings: Settings) -> SessionId {
        let command = Command::StartSession {
            name: String::new(),
            source,
            settings: Box::new(settings),
            temporary: false,
        };
        match self.command(command).await.unwrap() {
            Outcome::Started { session } => session,
            other => panic!("not started: {other:?}"),
        }
    }

    pub async fn detail(&self, session: SessionId) -> SessionDetail {
        match self.engine.query(Query::Session { session }).await.unwrap() {
            Answer::Session { detail } => *detail,
            other => panic!("not a session: {other:?}"),
        }
    }

    pub async fn results(&self, session: SessionId) -> Vec<Measurement> {
        let (mut all, mut after) = (Vec::new(), 0);
        loop {
            let Answer::Results { measurements, next } = self
                .engine
                .query(Query::Results {
                    session,
                    after,
                    limit: 1000,
                })
                .await
                .unwrap()
            else {
                panic!("not results")
            };
            all.extend(measurements);
            match next {
                Some(next) => after = next,
                None => return all,
            }
        }
    }

    pub async fn files(&self, session: SessionId) -> Vec<FileEntry> {
        let query = Query::Files {
            session,
            states: Vec::new(),
            offset: 0,
            limit: 1000,
        };
        match self.engine.query(query).await.unwrap() {
            Answer::Files { files, .. } => files,
            other => panic!("not files: {other:?}"),
        }
    }

    pub async fn file(&self, session: SessionId, name: &str) -> FileEntry {
        self.files(session)
            .await
            .into_iter()
            .find(|f| f.file == name)
            .unwrap_or_else(|| panic!("{name} is not listed"))
    }

    pub async fn record(&self, session: SessionId) -> Vec<RecordEntry> {
        let mut all: Vec<RecordEntry> = Vec::new();
        loop {
            let from_seq = all.last().map_or(1, |e| e.seq + 1);
            let query = Query::Record {
                session,
                from_seq,
                limit: 1000,
            };
            let Answer::Record { entries } = self.engine.query(query).await.unwrap() else {
                panic!("not a record")
            };
            if entries.is_empty() {
                return all;
            }
            all.extend(entries);
        }
    }

    /// Follows a session's record from its beginning until `enough` holds.
    pub async fn until(&self, session: SessionId, enough: impl Fn(&[RecordEvent]) -> bool) -> Vec<RecordEvent> {
        let mut events = Vec::new();
        let mut subscription = self.engine.subscribe_after(0);
        let follow = async {
            while !enough(&events) {
                for event in subscription.next().await.expect("the engine goes on") {
                    if let Event::Record(entry) = event
                        && entry.session == session
                    {
                        events.push(entry.event);
                    }
                }
            }
        };
        let waited = tokio::time::timeout(PATIENCE, follow).await;
        assert!(waited.is_ok(), "waited in vain; so far: {events:#?}");
        events
    }

    pub async fn until_files(&self, session: SessionId, state: FileState, count: usize) -> Vec<RecordEvent> {
        self.until(session, |events| files_in(events, state).len() >= count)
            .await
    }

    pub async fn until_state(&self, session: SessionId, state: SessionState) {
        let arrived = |e: &RecordEvent| match e {
            RecordEvent::SessionChanged { state: now, .. } => *now == state,
            RecordEvent::SessionEnded { .. } => state == SessionState::Finished,
            _ => false,
        };
        self.until(session, |events| {
            let newest = events
                .iter()
                .rfind(|e| matches!(e, RecordEvent::SessionChanged { .. } | RecordEvent::SessionEnded { .. }));
            newest.is_some_and(&arrived)
        })
        .await;
    }

    /// Closes the engine and opens it again on the same profile.
    pub async fn restart(&mut self) {
        self.engine.close().await;
        self.engine = open(self.data.path()).await.unwrap();
    }
}

pub async fn open(data: &Path) -> Result<Engine, Refusal> {
    let location = ProfileLocation::new(data, "default").unwrap();
    Engine::open(location, EngineOptions::of("engine tests")).await
}

/// The next batch of events.
pub async fn next(subscription: &mut Subscription) -> Vec<Event> {
    tokio::time::timeout(PATIENCE, subscription.next())
        .await
        .expect("an event in time")
        .expect("the engine goes on")
}

/// Names of the files that were last told to be in a state.
pub fn files_in(events: &[RecordEvent], wanted: FileState) -> Vec<String> {
    let mut states = std::collections::BTreeMap::new();
    for event in events {
        if let RecordEvent::FileState { file, state, .. } = event {
            states.insert(file.clone(), *state);
        }
    }
    states
        .into_iter()
        .filter(|(_, state)| *state == wanted)
        .map(|(file, _)| file)
        .collect()
}

/// Plays a small experiment into a folder at once.
pub fn play_into(folder: &Path, electrodes: u8, files: u32, format: FileFormat, style: WritingStyle) {
    let settings = ExperimentSettings {
        electrodes,
        frequencies_hz: vec![15.0, 200.0],
        files,
        seed: 7,
        ..Default::default()
    };
    play_experiment(folder, settings, format, style);
}

/// Plays any experiment into a folder at once.
pub fn play_experiment(folder: &Path, settings: ExperimentSettings, format: FileFormat, style: WritingStyle) {
    let experiment = Experiment::new(settings).unwrap();
    let play_settings = PlaySettings {
        folder: folder.to_owned(),
        handle: Handle::new("SWV").unwrap(),
        format,
        style,
        interval: Duration::ZERO,
        scan_time: ScanTime::for_interval(Duration::ZERO),
    };
    play(&experiment, &play_settings, &RealPace::start(StopSignal::new()), |_| {}).unwrap();
}

/// Plays a small experiment of any technique into a folder at once.
pub fn play_technique(folder: &Path, technique: SimulatedTechnique, electrodes: u8, files: u32, format: FileFormat) {
    let run = RunSettings {
        technique,
        electrodes,
        files,
        ..RunSettings::default()
    };
    let settings = PlaySettings {
        folder: folder.to_owned(),
        handle: Handle::new(technique.default_handle()).unwrap(),
        format,
        style: WritingStyle::Burst,
        interval: Duration::ZERO,
        scan_time: ScanTime::for_interval(Duration::ZERO),
    };
    play(
        &*run.run().unwrap(),
        &settings,
        &RealPace::start(StopSignal::new()),
        |_| {},
    )
    .unwrap();
}

/// One scan's text.
pub fn scan_text(index: u32, format: FileFormat) -> String {
    let folder = tempfile::tempdir().unwrap();
    play_into(folder.path(), 1, index, format, WritingStyle::Burst);
    std::fs::read_to_string(folder.path().join(format!("SWV_15Hz_{index}.txt"))).unwrap()
}
