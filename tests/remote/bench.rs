//! A relay on a port of its own, and an agent in a throw-away profile.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use agent::{Engine, EngineOptions, ProfileLocation};
use protocol::codes::UserId;
use protocol::command::{Command, Outcome};
use protocol::ids::{CommandId, SessionId};
use protocol::relay::Process;
use protocol::session::{SimulatedInstrument, Source};
use protocol::settings::Settings;
use protocol::sharing::SharingStatus;
use relay::limits::Limits;
use relay::relay::{Relay, Setup};
use remote::publishing::{Options, Publisher};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Nothing here takes as long, even on a busy machine.
pub const PATIENCE: Duration = Duration::from_mins(1);

pub struct Running {
    pub relay: Arc<Relay>,
    pub authority: String,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Running {
    pub async fn start() -> Self {
        Self::start_at("127.0.0.1:0", &[]).await
    }

    /// One that is also reached under other names.
    pub async fn start_named(names: &[String]) -> Self {
        Self::start_at("127.0.0.1:0", names).await
    }

    /// The same port again, with nothing in memory.
    pub async fn restart(self) -> Self {
        self.stop().await.start().await
    }

    /// Ends it.
    pub async fn stop(self) -> Stopped {
        self.stop.send(()).unwrap();
        within(self.served).await.unwrap();
        Stopped(self.authority)
    }

    async fn start_at(address: &str, names: &[String]) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let setup = Setup {
            limits: Limits::default(),
            names: [std::slice::from_ref(&authority), names].concat(),
            ..Setup::default()
        };
        let relay = Relay::new(setup).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = Arc::clone(&relay);
        let served = tokio::spawn(async move {
            let stopped = async move { drop(stopped.await) };
            relay::server::serve(serving, listener, None, stopped).await;
        });
        Self {
            relay,
            authority,
            stop,
            served,
        }
    }
}

/// A relay that has ended; its port is kept for it.
pub struct Stopped(String);

impl Stopped {
    pub async fn start(self) -> Running {
        Running::start_at(&self.0, &[]).await
    }
}

pub async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future)
        .await
        .expect("this takes too long")
}

/// An agent that publishes.
pub struct Agent {
    pub engine: Engine,
    pub publisher: Publisher,
    pub data: TempDir,
    pub id: UserId,
}

impl Agent {
    pub async fn start(relay: &Running) -> Self {
        Self::start_in(relay, tempfile::tempdir().unwrap(), UserId::new_random(), "LAB-PC-7").await
    }

    pub async fn start_in(relay: &Running, data: TempDir, id: UserId, computer: &str) -> Self {
        Self::start_through(&relay.authority, data, id, computer).await
    }

    /// Through whatever is at an address.
    pub async fn start_through(authority: &str, data: TempDir, id: UserId, computer: &str) -> Self {
        let engine = open(data.path()).await;
        let publisher = publish(&engine, authority, id, computer).await;
        Self {
            engine,
            publisher,
            data,
            id,
        }
    }

    /// The same engine, published under another User ID.
    pub async fn publishes_as(self, relay: &Running, id: UserId) -> Self {
        let Self {
            engine,
            publisher,
            data,
            ..
        } = self;
        let options = Options {
            address: relay.authority.parse().unwrap(),
            ..publisher.options()
        };
        publisher.stop().await;
        let publisher = Publisher::start(engine.clone(), id, options).await.unwrap();
        Self {
            engine,
            publisher,
            data,
            id,
        }
    }

    pub async fn end(self) -> (TempDir, UserId) {
        self.publisher.stop().await;
        self.engine.close().await;
        (self.data, self.id)
    }

    pub async fn restart(self, relay: &Running) -> Self {
        let (data, id) = self.end().await;
        Self::start_in(relay, data, id, "LAB-PC-7").await
    }

    pub async fn status(&self, is: impl FnMut(&SharingStatus) -> bool) -> SharingStatus {
        let mut status = self.publisher.status();
        within(status.wait_for(is)).await.unwrap().clone()
    }

    pub async fn online(&self) {
        self.status(|status| matches!(status, SharingStatus::Online { .. }))
            .await;
    }

    pub async fn command(&self, command: Command) -> Outcome {
        self.engine.command(CommandId::new(), command).await.unwrap()
    }

    /// Begins a simulated experiment and waits until everything of it is kept.
    pub async fn experiment(&self, files: u32) -> SessionId {
        let instrument = SimulatedInstrument {
            files,
            interval_s: 0.0,
            ..SimulatedInstrument::default()
        };
        let source = Source::Simulated {
            folder: String::new(),
            instrument,
        };
        let command = Command::StartSession {
            name: "Titration".to_owned(),
            source,
            settings: Box::new(Settings::default()),
            temporary: false,
        };
        let Outcome::Started { session } = self.command(command).await else {
            panic!("not started");
        };
        let mut events = self.engine.subscribe_after(0);
        within(async {
            loop {
                let batch = events.next().await.unwrap();
                if batch.iter().any(|event| is_end(event, session)) {
                    return;
                }
            }
        })
        .await;
        session
    }

    /// Adds entries to the record, each with a name that does not deflate well.
    pub async fn rename(&self, session: SessionId, times: usize) {
        let mut renamings = tokio::task::JoinSet::new();
        for _ in 0..times {
            let engine = self.engine.clone();
            let name: String = (0..25).flat_map(|_| noise()).collect();
            renamings.spawn(async move {
                let command = Command::RenameSession { session, name };
                engine.command(CommandId::new(), command).await.unwrap();
            });
        }
        within(renamings.join_all()).await;
    }

    pub async fn head(&self) -> u64 {
        self.engine.head().await.unwrap()
    }
}

/// Eight characters that say nothing.
fn noise() -> impl Iterator<Item = char> {
    let pairs = uuid::Uuid::new_v4().into_bytes();
    (0..8).filter_map(move |k| {
        char::from_u32(0x4e00 + u32::from(u16::from_be_bytes([pairs[2 * k], pairs[2 * k + 1]])) % 20_000)
    })
}

fn is_end(event: &protocol::record::Event, session: SessionId) -> bool {
    use protocol::record::{Event, RecordEvent};
    matches!(event, Event::Record(entry) if entry.session == session && matches!(entry.event, RecordEvent::SessionEnded { .. }))
}

/// Publishes an engine as another start of the program.
pub async fn publish(engine: &Engine, authority: &str, id: UserId, computer: &str) -> Publisher {
    let options = Options {
        address: authority.parse().unwrap(),
        access_token: None,
        computer_name: computer.to_owned(),
        process: Process::random().unwrap(),
    };
    Publisher::start(engine.clone(), id, options).await.unwrap()
}

pub async fn open(data: &Path) -> Engine {
    let location = ProfileLocation::new(data, "default").unwrap();
    let options = EngineOptions::of("tests");
    Engine::open(location, options).await.unwrap()
}
