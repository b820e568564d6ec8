//! Following through a real relay and real sockets; the page is played by a channel.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use agent::identity::{SecretStore, StoreTrouble};
use agent::{Engine, EngineOptions};
use protocol::codes::UserId;
use protocol::command::{Command, ExportLayout, Outcome, Selection};
use protocol::ids::{CommandId, SessionId};
use protocol::query::{Answer, Query};
use protocol::relay::Process;
use protocol::session::{SimulatedInstrument, Source};
use protocol::settings::Settings;
use relay::relay::{Relay, Setup};
use remote::publishing::{Options, Publisher};
use serde_json::{Value, json};
use tauri::ipc::{Channel, InvokeResponseBody};
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::*;
use crate::feed::{Feeds, Of};

/// Nothing here takes as long, even on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);
const WINDOW: &str = "main";

#[derive(Default)]
struct Keyring(Mutex<HashMap<String, String>>);

impl SecretStore for Keyring {
    fn read(&self, name: &str) -> Result<Option<String>, StoreTrouble> {
        Ok(self.0.lock().unwrap().get(name).cloned())
    }
    fn write(&self, name: &str, secret: &str) -> Result<(), StoreTrouble> {
        self.0.lock().unwrap().insert(name.to_owned(), secret.to_owned());
        Ok(())
    }
    fn delete(&self, name: &str) -> Result<(), StoreTrouble> {
        self.0.lock().unwrap().remove(name);
        Ok(())
    }
}

/// Somebody's computer that shares, with its relay.
struct Lab {
    engine: Engine,
    relay: String,
    id: UserId,
    _publisher: Publisher,
    _data: TempDir,
}

impl Lab {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let setup = Setup {
            names: vec![authority.clone()],
            ..Setup::default()
        };
        let relay = Relay::new(setup).unwrap();
        tokio::spawn(relay::server::serve(relay, listener, None, std::future::pending()));
        let (data, id) = (tempfile::tempdir().unwrap(), UserId::new_random());
        let location = ProfileLocation::new(data.path(), "default").unwrap();
        let engine = Engine::open(location, EngineOptions::of("tests")).await.unwrap();
        let options = Options {
            address: authority.parse().unwrap(),
            access_token: None,
            computer_name: "LAB-PC-7".to_owned(),
            process: Process::random().unwrap(),
        };
        Self {
            _publisher: Publisher::start(engine.clone(), id, options).await.unwrap(),
            engine,
            relay: authority,
            id,
            _data: data,
        }
    }

    /// Begins an experiment of so many files, as fast as can be.
    async fn experiment(&self, files: u32) -> SessionId {
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
        match self.engine.command(CommandId::new(), command).await.unwrap() {
            Outcome::Started { session } => session,
            other => panic!("{other:?}"),
        }
    }
}

/// A window: what it follows, and what its page was told.
struct Desk {
    following: Following,
    feeds: Arc<Feeds>,
    told: Arc<Mutex<Vec<Value>>>,
    data: TempDir,
}

impl Desk {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let location = ProfileLocation::new(data.path(), "default").unwrap();
        let keyring = Arc::new(Keyring::default());
        Self {
            following: Following::with(RememberedAgents::with_keyring(&location, keyring)),
            feeds: Arc::default(),
            told: Arc::default(),
            data,
        }
    }

    /// The page begins to listen, and takes everything, or takes nothing.
    fn listen(&self, followed: &Arc<Followed>, takes: bool) {
        let (told, feeds) = (self.told.clone(), self.feeds.clone());
        let id = Arc::new(Mutex::new(0));
        let own = id.clone();
        let channel: Channel<Vec<Told>> = Channel::new(move |body| {
            let InvokeResponseBody::Json(text) = body else {
                panic!("bytes")
            };
            let batch: Vec<Value> = serde_json::from_str(&text).unwrap();
            told.lock().unwrap().extend(batch);
            if takes {
                let (feeds, id) = (feeds.clone(), *own.lock().unwrap());
                // Not here: the feed that is being begun may hold its lock.
                std::thread::spawn(move || feeds.received(WINDOW, Of::Elsewhere, id));
            }
            Ok(())
        });
        *id.lock().unwrap() = channel.id();
        let followed = followed.clone();
        self.feeds
            .begin(WINDOW, Of::Elsewhere, channel, |batches| feed(followed, batches));
    }

    /// Waits until the page was told something.
    async fn hears(&self, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        let found = tokio::time::timeout(PATIENCE, async {
            loop {
                let found = self.told.lock().unwrap().iter().find(|told| is(told)).cloned();
                match found {
                    Some(found) => return found,
                    None => tokio::time::sleep(Duration::from_millis(10)).await,
                }
            }
        });
        let Ok(found) = found.await else {
            panic!("never heard: {what}; heard {:#?}", self.told.lock().unwrap());
        };
        found
    }

    async fn live(&self) {
        self.hears("live", |told| told["state"]["state"] == "live").await;
    }
}

fn has_event(told: &Value, is: impl Fn(&Value) -> bool) -> bool {
    told["events"].as_array().is_some_and(|events| events.iter().any(is))
}

fn export(session: SessionId, destination: &Path) -> Command {
    Command::Export {
        session,
        layout: ExportLayout::Csv,
        destination: destination.to_str().unwrap().to_owned(),
        selection: Selection::default(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_elsewhere_is_looked_at_steered_remembered_and_left() {
    let (lab, desk) = (Lab::open().await, Desk::new());
    let secret = lab.id.reveal();
    let followed = desk.following.follow(&secret, &lab.relay, " Room 214 ").unwrap();
    desk.listen(&followed, true);
    let about = serde_json::to_value(followed.about()).unwrap();
    assert_eq!(
        (&about["name"], &about["access"], &about["relay"]),
        (
            &json!("Room 214"),
            &json!("user_id"),
            &json!(format!("http://{}", lab.relay))
        )
    );
    desk.live().await;
    let session = lab.experiment(6).await;
    desk.hears("a measurement", |told| {
        has_event(told, |event| {
            event["event"] == "measured" && event["session"] == json!(session)
        })
    })
    .await;
    desk.hears("the end", |told| {
        has_event(told, |event| event["event"] == "session_ended")
    })
    .await;
    let Answer::Sessions { sessions } = followed.query(Query::Sessions).await.unwrap() else {
        panic!("another answer");
    };
    assert_eq!((sessions[0].session, sessions[0].files_measured), (session, 12));
    let name = "Renamed from home".to_owned();
    let rename = Command::RenameSession { session, name };
    assert_eq!(followed.command(CommandId::new(), rename).await, Ok(Outcome::Done));

    let agent = desk
        .following
        .remember(followed.id(), "Room 214", KeptIn::Keyring)
        .unwrap();
    desk.following.end();
    desk.hears("that it has ended", |told| told["told"] == "ended").await;
    assert_eq!(followed.query(Query::Sessions).await.unwrap_err().code, "not_following");
    let gone = desk.following.get(followed.id()).err().map(|refusal| refusal.code);
    assert_eq!(gone.as_deref(), Some("not_following"));

    // Without the code, by its id; and no answer of one can be taken for another's.
    let again = desk.following.follow_remembered(agent.id).unwrap();
    assert_ne!(again.id(), followed.id());
    assert!(desk.following.get(followed.id()).is_err() && desk.following.get(again.id()).is_ok());
    desk.told.lock().unwrap().clear();
    desk.listen(&again, true);
    desk.live().await;
    let told = format!("{:?}{about}", desk.told.lock().unwrap());
    assert!(!told.contains(&secret), "a code went to the page");
    desk.following.forget(agent.id).unwrap();
    assert_eq!(desk.following.remembered().unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_from_there_is_written_where_a_person_chose_and_nowhere_else() {
    let (lab, desk) = (Lab::open().await, Desk::new());
    let followed = desk.following.follow(&lab.id.reveal(), &lab.relay, "").unwrap();
    desk.listen(&followed, true);
    desk.live().await;
    let session = lab.experiment(6).await;
    desk.hears("the end", |told| {
        has_event(told, |event| event["event"] == "session_ended")
    })
    .await;
    let folder = desk.data.path().join("results");
    std::fs::create_dir(&folder).unwrap();
    let place = folder.join("run 7.csv");
    let refused = followed.command(CommandId::new(), export(session, &place)).await;
    assert_eq!(refused.unwrap_err().code, "destination_not_chosen");

    followed.choose(&place);
    let accepted = followed.command(CommandId::new(), export(session, &place)).await;
    let Ok(Outcome::Accepted { operation }) = accepted else {
        panic!("{accepted:?}")
    };
    let told = desk
        .hears("the end of the export", |told| {
            has_event(told, |event| {
                event["operation"] == json!(operation) && !event["outcome"].is_null()
            })
        })
        .await;
    assert!(
        has_event(&told, |event| event["outcome"]["outcome"] == "done"),
        "{told}"
    );
    let written = std::fs::read_to_string(&place).unwrap();
    assert_eq!(written.lines().count(), 13, "a heading and 12 measurements");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "a part was left behind");

    // A place that cannot be written is told as the end of the export.
    let gone = folder.join("gone/run.csv");
    followed.choose(&gone);
    let accepted = followed.command(CommandId::new(), export(session, &gone)).await;
    let Ok(Outcome::Accepted { operation }) = accepted else {
        panic!("{accepted:?}")
    };
    let told = desk
        .hears("the end of the export", |told| {
            has_event(told, |event| {
                event["operation"] == json!(operation) && !event["outcome"].is_null()
            })
        })
        .await;
    assert!(
        has_event(&told, |event| event["outcome"]["refusal"]["code"]
            == "output_not_writable"),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_only_code_looks_and_changes_nothing() {
    let (lab, desk) = (Lab::open().await, Desk::new());
    let link = format!("http://{}/#{}", lab.relay, lab.id.view_only_code(1).reveal());
    let followed = desk.following.follow(&link, "", "").unwrap();
    assert_eq!(followed.title(), "another computer");
    desk.listen(&followed, true);
    desk.live().await;
    assert!(followed.query(Query::Sessions).await.is_ok());
    let refused = followed.command(CommandId::new(), Command::PauseAll).await;
    assert_eq!(refused.unwrap_err().code, "view_only");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_takes_nothing_holds_nothing_up() {
    let (lab, desk) = (Lab::open().await, Desk::new());
    let followed = desk.following.follow(&lab.id.reveal(), &lab.relay, "").unwrap();
    desk.listen(&followed, false);
    desk.live().await;
    lab.experiment(200).await;
    // Bounded: whatever happens there, only a few batches are on their way here.
    let told = tokio::time::timeout(PATIENCE, async {
        let mut events = lab.engine.subscribe_after(0);
        let mut measured = 0;
        while measured < 100 {
            measured += events.next().await.unwrap().len();
        }
        desk.told.lock().unwrap().len()
    });
    assert!(told.await.unwrap() < 8 * crate::feed::BATCH);
    desk.following.end();
    let ended = tokio::time::timeout(PATIENCE, followed.query(Query::Sessions))
        .await
        .unwrap();
    assert_eq!(ended.unwrap_err().code, "not_following");
}

#[tokio::test]
async fn what_is_wrong_is_said_before_anybody_is_called() {
    let desk = Desk::new();
    let code = UserId::new_random().reveal();
    for (text, relay, expected) in [
        ("", "", "no_code"),
        ("hello", "relay.example.org", "not_a_code"),
        (code.as_str(), " ", "no_relay"),
        (code.as_str(), "ftp://relay", "not_an_address"),
        // It would be asked of name servers.
        (code.as_str(), code.as_str(), "not_an_address"),
    ] {
        let refusal = desk.following.follow(text, relay, "").err().unwrap();
        assert_eq!(refusal.code, expected);
        assert!(!refusal.to_string().contains(&code), "{refusal}");
    }
    // A code in the wrong field is no name.
    let followed = desk.following.follow(&code, "127.0.0.1:9", &code).unwrap();
    assert_eq!(followed.about().name, "");
    let unknown = desk.following.follow_remembered(Uuid::new_v4()).err().unwrap();
    assert_eq!(unknown.code, "agent_not_remembered");
}
