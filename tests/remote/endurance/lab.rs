//! An agent behind a road of its own, whose record grows.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use agent::Engine;
use protocol::codes::UserId;
use protocol::command::{Command, Outcome};
use protocol::ids::{CommandId, MarkerId, SessionId};
use protocol::record::{RecordEntry, RecordEvent};
use protocol::refusal::Refusal;
use protocol::session::{Marker, MarkerKind, SimulatedInstrument, Source};
use protocol::settings::Settings;
use protocol::sharing::SharingStatus;
use remote::publishing::Publisher;
use tempfile::TempDir;
use tokio::sync::watch;

use super::dice::Dice;
use super::road::Road;
use crate::bench::{open, publish, within};

/// A session is deleted only while another one stays.
const SESSIONS: usize = 3;

/// An agent, whether it runs at the moment or not.
pub struct Lab {
    pub name: String,
    pub id: UserId,
    pub road: Road,
    data: TempDir,
    publisher: tokio::sync::Mutex<Option<Publisher>>,
    engine: watch::Sender<Option<Engine>>,
    sessions: Mutex<Vec<SessionId>>,
    experiment: Mutex<Option<SessionId>>,
    changes: AtomicU64,
}

impl Lab {
    /// It does not run yet, and its road leads nowhere.
    pub async fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            id: UserId::new_random(),
            road: Road::new().await,
            data: tempfile::tempdir().unwrap(),
            publisher: tokio::sync::Mutex::default(),
            engine: watch::Sender::new(None),
            sessions: Mutex::default(),
            experiment: Mutex::default(),
            changes: AtomicU64::new(0),
        }
    }

    /// Opens the store and publishes it.
    pub async fn start(&self) {
        self.start_on(&self.road).await;
    }

    /// The same over another road.
    pub async fn start_on(&self, road: &Road) {
        let engine = open(self.data.path()).await;
        let publisher = publish(&engine, &road.authority, self.id, &self.name).await;
        *self.publisher.lock().await = Some(publisher);
        self.engine.send_replace(Some(engine));
    }

    /// Ends it as its owner does.
    pub async fn end(&self) {
        if let Some(publisher) = self.publisher.lock().await.take() {
            within(publisher.stop()).await;
        }
        self.close_engine().await;
    }

    /// Ends it as a crash does: its connection is reset.
    pub async fn die(&self) {
        let publisher = self.publisher.lock().await.take();
        self.road.cut();
        drop(publisher);
        self.close_engine().await;
    }

    /// Ends it as a power cut does: its connection is silent for ever, and was not closed.
    pub async fn vanish(&self) {
        self.road.fall_silent();
        drop(self.publisher.lock().await.take());
        self.close_engine().await;
    }

    async fn close_engine(&self) {
        let engine = self.engine.send_replace(None);
        if let Some(engine) = engine {
            within(engine.close()).await;
        }
    }

    /// The engine, once it runs.
    pub async fn engine(&self) -> Engine {
        let mut engine = self.engine.subscribe();
        let engine = within(engine.wait_for(Option::is_some)).await.unwrap().clone();
        engine.unwrap()
    }

    /// How it is published.
    pub async fn status(&self, is: impl FnMut(&SharingStatus) -> bool) -> SharingStatus {
        let status = self.publisher.lock().await.as_ref().unwrap().status();
        let mut status = status;
        within(status.wait_for(is)).await.unwrap().clone()
    }

    pub async fn online(&self) {
        self.status(|status| matches!(status, SharingStatus::Online { .. }))
            .await;
    }

    /// Begins a session that watches an empty folder.
    pub async fn begin_session(&self) -> SessionId {
        let number = self.changes.fetch_add(1, Ordering::Relaxed);
        let folder = self.data.path().join(format!("folder-{number}"));
        std::fs::create_dir(&folder).unwrap();
        let command = Command::StartSession {
            name: format!("{} {number}", self.name),
            source: Source::WatchedFolder {
                folder: folder.to_string_lossy().into_owned(),
            },
            settings: Box::new(Settings::default()),
            temporary: false,
        };
        let Outcome::Started { session } = self.engine().await.command(CommandId::new(), command).await.unwrap() else {
            panic!("not started");
        };
        self.sessions.lock().unwrap().push(session);
        session
    }

    /// Begins a session of a simulated instrument, and waits until all of it is measured.
    pub async fn begin_experiment(&self, files: u32) {
        let instrument = SimulatedInstrument {
            files,
            interval_s: 0.0,
            ..SimulatedInstrument::default()
        };
        let folder = String::new();
        let command = Command::StartSession {
            name: format!("{} experiment", self.name),
            source: Source::Simulated { folder, instrument },
            settings: Box::new(Settings::default()),
            temporary: false,
        };
        let Outcome::Started { session } = self.engine().await.command(CommandId::new(), command).await.unwrap() else {
            panic!("not started");
        };
        let ended =
            |entry: &RecordEntry| entry.session == session && matches!(entry.event, RecordEvent::SessionEnded { .. });
        within(async {
            while !self.record().await.iter().any(ended) {
                tokio::time::sleep(MOMENT).await;
            }
        })
        .await;
        *self.experiment.lock().unwrap() = Some(session);
        self.sessions.lock().unwrap().push(session);
    }

    /// The session of its simulated instrument.
    pub fn experiment(&self) -> SessionId {
        self.experiment.lock().unwrap().expect("it was begun")
    }

    /// Its sessions, oldest first.
    pub fn sessions(&self) -> Vec<SessionId> {
        self.sessions.lock().unwrap().clone()
    }

    /// Deletes its oldest session, and begins one more before where there would be none.
    pub async fn delete_a_session(&self) {
        if self.sessions().len() < 2 {
            self.begin_session().await;
        }
        let session = self.sessions.lock().unwrap().remove(0);
        let command = Command::DeleteSession { session };
        self.engine().await.command(CommandId::new(), command).await.unwrap();
    }

    /// A marker that is told from all others by its label.
    pub fn new_marker(&self, session: SessionId) -> (String, Command) {
        let label = format!("{} {}", self.name, self.changes.fetch_add(1, Ordering::Relaxed));
        let marker = Marker {
            id: MarkerId::new(),
            kind: MarkerKind::Event,
            index: 1.0,
            label: label.clone(),
            concentration_m: None,
            from: None,
        };
        (label, Command::PutMarker { session, marker })
    }

    /// A change of one of its sessions.
    pub fn some_change(&self, dice: &mut Dice) -> Command {
        let sessions = self.sessions();
        let session = *dice.one_of(&sessions);
        match dice.below(10) {
            0 => Command::PauseSession { session },
            1 | 2 => Command::ResumeSession { session },
            3 | 4 => Command::RenameSession {
                session,
                name: format!("{} {}", self.name, self.changes.fetch_add(1, Ordering::Relaxed)),
            },
            _ => self.new_marker(session).1,
        }
    }

    /// Changes something at the instrument itself, where it runs.
    pub async fn change(&self, dice: &mut Dice) {
        if self.sessions().len() < SESSIONS && dice.percent(3) {
            self.begin_session().await;
            return;
        }
        let command = self.some_change(dice);
        let engine = self.engine.borrow().clone();
        if let Some(engine) = engine {
            // Pausing what is paused, and a program that ends meanwhile.
            match engine.command(CommandId::new(), command).await {
                Ok(_) => {}
                Err(Refusal { code, .. })
                    if ["wrong_state", "closing", "no_such_session", "session_deleted"].contains(&code.as_str()) => {}
                Err(refusal) => panic!("{}: {refusal:?}", self.name),
            }
        }
    }

    /// Changes something again and again.
    pub async fn keep_changing(&self, mut dice: Dice, least_ms: usize, most_ms: usize) {
        loop {
            self.change(&mut dice).await;
            tokio::time::sleep(dice.between_ms(least_ms, most_ms)).await;
        }
    }

    /// Its record, as its own store has it.
    pub async fn record(&self) -> Vec<RecordEntry> {
        let engine = self.engine().await;
        engine.history(0, u64::MAX >> 1, 10_000_000).await.unwrap().entries
    }

    /// Adds one more entry, so that the end of the record is not the place of a session that was deleted.
    pub async fn conclude(&self) {
        let session = *self.sessions().last().unwrap();
        let (_, command) = self.new_marker(session);
        self.engine().await.command(CommandId::new(), command).await.unwrap();
    }

    /// Another computer's copy of its data folder; the lab must not run.
    pub async fn copied(&self, name: &str) -> Self {
        let copy = Self {
            id: self.id,
            ..Self::new(name).await
        };
        let database = "profiles/default/sacmes.db";
        std::fs::create_dir_all(copy.data.path().join("profiles/default")).unwrap();
        std::fs::copy(self.data.path().join(database), copy.data.path().join(database)).unwrap();
        copy
    }
}

/// Between two looks.
const MOMENT: Duration = Duration::from_millis(50);
