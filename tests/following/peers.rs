//! A relay on a port of its own, an agent that does what a test tells it, and a follower that is watched.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use protocol::codes::UserId;
use protocol::ids::SessionId;
use protocol::record::{RecordEntry, RecordEvent};
use protocol::relay::body::{
    AgentStatus, Direct, Opened, Opening, Order, PART, Question, STATUS, Verdict, WholeAnswer, from_json, pack_entries,
    to_json,
};
use protocol::relay::header::{Destination, UpHeader, UpKind};
use protocol::relay::hello::{AgentHello, SealedLabel};
use protocol::relay::message::{FromAgent, ToAgent};
use protocol::relay::sealing::{DownSealer, UpOpener, open_once};
use protocol::relay::{ControlKey, Epoch, LabelKey, Process, Run, Versions, ViewKey, Visit};
use relay::limits::Limits;
use relay::relay::{Relay, Setup};
use remote::address::RelayAddress;
use remote::dial::Connection;
use remote::following::{Code, Events, FollowEvent, FollowState, Follower, From};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Nothing here takes as long; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(20);

pub async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what)
        .await
        .expect("it did not happen in time")
}

pub struct Running {
    pub address: RelayAddress,
    serving: JoinHandle<()>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
}

pub async fn start(limits: Limits) -> Running {
    start_at("127.0.0.1:0", limits).await
}

pub async fn start_at(place: &str, limits: Limits) -> Running {
    let listener = loop {
        // A port that was just given up may be taken for a moment.
        match TcpListener::bind(place).await {
            Ok(listener) => break listener,
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    let authority = listener.local_addr().unwrap().to_string();
    let setup = Setup {
        limits,
        names: vec![authority.clone()],
        ..Setup::default()
    };
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let relay = Relay::new(setup).unwrap();
    let serving = tokio::spawn(async move {
        let stopped = async {
            drop(stopped.await);
        };
        relay::server::serve(Arc::clone(&relay), listener, None, stopped).await;
    });
    Running {
        address: authority.parse().unwrap(),
        serving,
        stop: Some(stop),
    }
}

impl Running {
    /// Ends the relay; it forgets everything.
    pub async fn end(mut self) -> String {
        drop(self.stop.take());
        soon(&mut self.serving).await.unwrap();
        self.address.authority()
    }
}

pub const EPOCH: Epoch = Epoch([1; 16]);
pub const SESSION: SessionId = SessionId(uuid::Uuid::from_u128(7));

pub fn entries(first: u64, last: u64) -> Vec<RecordEntry> {
    let entry = |offset| RecordEntry {
        session: SESSION,
        seq: offset,
        offset,
        at: "2026-11-30T08:00:00Z".to_owned(),
        event: RecordEvent::SessionEnded {
            reason: Some(format!("entry {offset}")),
        },
    };
    (first..=last).map(entry).collect()
}

/// What somebody wants of the agent.
#[derive(Debug)]
pub enum Wanted {
    Question(Question),
    Order(Order),
}

pub struct Agent {
    pub connection: Connection,
    pub sealer: DownSealer,
    pub run: Run,
    pub epoch: Epoch,
    pub viewer: Option<Run>,
    id: UserId,
    view: ViewKey,
    visits: u8,
    /// Number of the next part of an answer in the visit that was opened last.
    next_part: u32,
    openers: HashMap<(Run, UpKind), UpOpener>,
}

pub struct Claim<'a> {
    pub id: &'a UserId,
    pub process: Process,
    pub generation: u16,
    pub epoch: Epoch,
}

impl<'a> Claim<'a> {
    pub fn new(id: &'a UserId) -> Self {
        Self {
            id,
            process: Process([5; 16]),
            generation: 1,
            epoch: EPOCH,
        }
    }

    pub async fn take(&self, address: &RelayAddress) -> Agent {
        let mut connection = soon(Connection::open(&address.agents())).await.unwrap();
        let Ok(ToAgent::Challenge(challenge)) = connection.hear().await else {
            panic!("no challenge");
        };
        let (run, owner) = (Run::random().unwrap(), self.id.owner_key());
        let code = self.id.view_only_code(self.generation);
        let hello = AgentHello {
            owner: owner.verifying_key().to_bytes(),
            channel: self.id.channel(),
            process: self.process,
            run,
            generation: self.generation,
            join_hash: Sha256::digest(code.join_token()).into(),
            label: SealedLabel::seal(&LabelKey::of(self.id), run, "LAB-PC-7").unwrap(),
            versions: Versions::own(),
            access_token: None,
        };
        let signed = hello.sign(&owner, &address.authority(), &challenge);
        connection.say(&FromAgent::Hello(signed)).await.unwrap();
        let claimed = soon(connection.hear::<ToAgent>()).await;
        assert!(matches!(claimed, Ok(ToAgent::Claimed { .. })), "{claimed:?}");
        let view = ViewKey::of(&code);
        Agent {
            connection,
            sealer: DownSealer::new(&view, owner, self.generation, run, self.epoch),
            run,
            epoch: self.epoch,
            viewer: None,
            id: *self.id,
            view,
            visits: 0,
            next_part: 0,
            openers: HashMap::new(),
        }
    }
}

impl Agent {
    pub async fn begin(&mut self, first: u64) {
        let epoch = self.epoch;
        self.connection.say(&FromAgent::Begin { epoch, first }).await.unwrap();
    }

    pub fn sealed(&mut self, destination: Destination, body: &[u8]) -> Vec<u8> {
        self.sealer.seal(destination, body).unwrap()
    }

    pub async fn say_frame(&mut self, frame: Vec<u8>) {
        self.connection.say(&FromAgent::Frame(frame)).await.unwrap();
    }

    /// What a run of the same owner seals for another life of the record.
    pub fn in_another_life(&self, epoch: Epoch) -> DownSealer {
        DownSealer::new(&self.view, self.id.owner_key(), 1, Run([8; 16]), epoch)
    }

    /// Publishes entries and waits until viewers can get them.
    pub async fn publish(&mut self, first: u64, last: u64) {
        let frame = log_frame(&mut self.sealer, first, last);
        self.say_frame(frame).await;
        loop {
            match soon(self.connection.hear::<ToAgent>()).await.unwrap() {
                ToAgent::Ack(top) if top >= last => return,
                ToAgent::Have(position) => panic!("the relay has {position:?}"),
                ToAgent::Frame(frame) => assert!(self.wanted_in(&frame).is_none(), "a question in between"),
                _ => {}
            }
        }
    }

    pub async fn status(&mut self, head: u64, viewers: u32) {
        self.status_with_notes(head, viewers, 0).await;
    }

    pub async fn status_with_notes(&mut self, head: u64, viewers: u32, notes: u64) {
        let status = AgentStatus {
            head,
            tick_ms: 1_000,
            at: "2026-11-30T08:00:00Z".to_owned(),
            viewers,
            trouble: None,
            deleted: Vec::new(),
            notes,
        };
        let body = to_json(&status).unwrap();
        let frame = self.sealed(Destination::Latest { key: STATUS }, &body);
        self.say_frame(frame).await;
    }

    /// The next first frame of a visit.
    pub async fn opening(&mut self) -> Opening {
        loop {
            if let ToAgent::Frame(frame) = soon(self.connection.hear()).await.unwrap() {
                let (header, _) = UpHeader::read(&frame).unwrap();
                if header.kind == UpKind::Open {
                    self.viewer = Some(header.viewer);
                    let body = open_once(&self.view.open(header.viewer), &frame).unwrap();
                    return Opening::read(&body).unwrap();
                }
            }
        }
    }

    /// Answers the visit that was opened last.
    pub async fn welcome(&mut self, verdict: Verdict, head: u64) {
        self.welcome_with(verdict, head, Versions::own()).await;
    }

    pub async fn welcome_with(&mut self, verdict: Verdict, head: u64, versions: Versions) {
        let viewer = self.viewer.unwrap();
        (self.visits, self.next_part) = (self.visits + 1, 0);
        let visit = Visit([self.visits; 16]);
        let keys = [
            (UpKind::Query, self.view.query(viewer, visit)),
            (UpKind::Command, ControlKey::of(&self.id).command(viewer, visit)),
        ];
        for (kind, key) in keys {
            self.openers.insert((viewer, kind), UpOpener::new(key, self.run));
        }
        let opened = Opened {
            verdict,
            visit,
            epoch: self.epoch,
            run: self.run,
            head,
            tick_ms: 500,
            versions,
        };
        self.direct(&Direct::Opened(opened)).await;
    }

    pub async fn direct(&mut self, direct: &Direct) {
        let viewer = self.viewer.unwrap();
        let frame = self.sealed(Destination::Direct { viewer }, &direct.bytes().unwrap());
        self.say_frame(frame).await;
    }

    pub async fn wanted(&mut self) -> Wanted {
        loop {
            if let ToAgent::Frame(frame) = soon(self.connection.hear()).await.unwrap()
                && let Some(wanted) = self.wanted_in(&frame)
            {
                return wanted;
            }
        }
    }

    pub async fn question(&mut self) -> Question {
        match self.wanted().await {
            Wanted::Question(question) => question,
            Wanted::Order(order) => panic!("{order:?}"),
        }
    }

    fn wanted_in(&mut self, frame: &[u8]) -> Option<Wanted> {
        let (header, _) = UpHeader::read(frame).unwrap();
        let opener = self.openers.get_mut(&(header.viewer, header.kind))?;
        let body = opener.open(frame).unwrap();
        Some(match header.kind {
            UpKind::Command => match from_json(&body) {
                Ok(order) => Wanted::Order(order),
                // It proves control.
                Err(_) => Wanted::Question(from_json(&body).unwrap()),
            },
            _ => Wanted::Question(from_json(&body).unwrap()),
        })
    }

    /// Answers in one go.
    pub async fn answer(&mut self, question: u32, answer: &WholeAnswer) {
        let bytes = answer.bytes().unwrap();
        assert!(bytes.len() <= PART);
        self.part(question, bytes, true).await;
    }

    /// Sends a part; its number.
    pub async fn part(&mut self, question: u32, bytes: Vec<u8>, last: bool) -> u32 {
        let number = self.next_part;
        self.next_part += 1;
        let part = Direct::Part {
            question,
            number,
            last,
            bytes,
        };
        self.direct(&part).await;
        number
    }

    /// A part is on its way no more: as if the relay had swallowed it.
    pub fn lose_part(&mut self) {
        self.next_part += 1;
    }
}

pub fn log_frame(sealer: &mut DownSealer, first: u64, last: u64) -> Vec<u8> {
    let count = (last - first + 1) as u16;
    let body = pack_entries(&entries(first, last)).unwrap();
    sealer.seal(Destination::Log { first, count }, &body).unwrap()
}

pub struct Watched {
    pub follower: Follower,
    pub events: Events,
    pub heard: Vec<FollowEvent>,
    pub state: watch::Receiver<FollowState>,
}

pub fn follow(code: Code, address: &RelayAddress, from: From) -> Watched {
    let (follower, events) = Follower::start(code, address.clone(), from);
    Watched {
        state: follower.state(),
        follower,
        events,
        heard: Vec::new(),
    }
}

impl Watched {
    /// The offsets of the entries that come, up to this one.
    pub async fn offsets_to(&mut self, last: u64) -> Vec<u64> {
        let mut offsets = Vec::new();
        while offsets.last() != Some(&last) {
            match soon(self.events.next()).await.expect("following ended") {
                FollowEvent::Record { entries, .. } => {
                    for entry in &entries {
                        let text = RecordEvent::SessionEnded {
                            reason: Some(format!("entry {}", entry.offset)),
                        };
                        assert_eq!(entry.event, text);
                        offsets.push(entry.offset);
                    }
                }
                other => self.heard.push(other),
            }
        }
        offsets
    }

    pub async fn event(&mut self, wanted: impl Fn(&FollowEvent) -> bool) -> FollowEvent {
        loop {
            let event = soon(self.events.next()).await.expect("following ended");
            if wanted(&event) {
                return event;
            }
        }
    }

    pub async fn reaches(&mut self, wanted: impl Fn(&FollowState) -> bool) -> FollowState {
        soon(self.state.wait_for(|state| wanted(state))).await.unwrap().clone()
    }

    pub async fn live(&mut self) {
        self.reaches(|state| matches!(state, FollowState::Live { .. })).await;
    }
}

pub fn someone() -> UserId {
    UserId::new_random()
}

pub fn all(first: u64, last: u64) -> Vec<u64> {
    (first..=last).collect()
}
