//! A viewer as simple as the protocol allows.

use std::collections::HashMap;

use ed25519_dalek::VerifyingKey;
use protocol::codes::{Channel, UserId, ViewOnlyCode};
use protocol::command::Command;
use protocol::ids::CommandId;
use protocol::record::RecordEntry;
use protocol::refusal::Refusal;
use protocol::relay::body::{
    AgentStatus, Ask, Direct, News, Opened, Opening, Order, Question, Reply, WholeAnswer, from_json, to_json,
    unpack_entries,
};
use protocol::relay::header::{Destination, UpKind};
use protocol::relay::hello::ViewerHello;
use protocol::relay::message::{FromViewer, ToViewer};
use protocol::relay::sealing::{DownOpener, UpSealer};
use protocol::relay::{ControlKey, Epoch, Position, Run, Versions, ViewKey};
use remote::dial::{Connection, Ended};

use super::bench::{Running, within};

const MOST: usize = 64 << 20;

struct Keys {
    query: UpSealer,
    command: UpSealer,
}

pub struct Viewer {
    connection: Connection,
    code: ViewOnlyCode,
    control: Option<ControlKey>,
    run: Run,
    opener: Option<DownOpener>,
    keys: Option<Keys>,
    question: u32,
    parts: HashMap<u32, (Vec<u8>, bool)>,
    pub epoch: Option<Epoch>,
    pub joined: usize,
    pub floor: u64,
    pub position: Option<Position>,
    pub entries: Vec<RecordEntry>,
    pub log_bytes: usize,
    pub opened: Option<Opened>,
    pub status: Option<AgentStatus>,
    pub news: Vec<News>,
    pub parts_heard: usize,
}

impl Viewer {
    /// With a code that lets look.
    pub async fn looking(relay: &Running, id: &UserId) -> Self {
        Self::join(relay, id, None, None).await
    }

    /// With the User ID.
    pub async fn steering(relay: &Running, id: &UserId) -> Self {
        Self::join(relay, id, Some(ControlKey::of(id)), None).await
    }

    pub async fn join(relay: &Running, id: &UserId, control: Option<ControlKey>, position: Option<Position>) -> Self {
        Self::join_at(&relay.authority, id, control, position).await
    }

    pub async fn join_at(
        authority: &str,
        id: &UserId,
        control: Option<ControlKey>,
        position: Option<Position>,
    ) -> Self {
        let code = id.view_only_code(1);
        let address: remote::address::RelayAddress = authority.parse().unwrap();
        let mut connection = Connection::open(&address.viewers()).await.unwrap();
        let hello = ViewerHello {
            channel: code.channel,
            join_token: code.join_token(),
            versions: Versions::own(),
            position,
        };
        connection.say(&FromViewer::Hello(hello.bytes())).await.unwrap();
        Self {
            connection,
            code,
            control,
            run: Run::random().unwrap(),
            opener: None,
            keys: None,
            question: 0,
            parts: HashMap::new(),
            epoch: None,
            joined: 0,
            floor: 0,
            position,
            entries: Vec::new(),
            log_bytes: 0,
            opened: None,
            status: None,
            news: Vec::new(),
            parts_heard: 0,
        }
    }

    /// Takes the next message.
    pub async fn hear(&mut self) -> Result<(), Ended> {
        match within(self.connection.hear::<ToViewer>()).await? {
            ToViewer::Joined {
                owner, epoch, floor, ..
            } => {
                let owner = VerifyingKey::from_bytes(&owner).unwrap();
                assert_eq!(Channel::of(&owner), self.code.channel);
                self.opener = Some(DownOpener::new(ViewKey::of(&self.code), owner, self.code.generation));
                (self.epoch, self.floor) = (epoch, floor);
                self.joined += 1;
            }
            ToViewer::Frame(frame) => self.take(&frame),
            ToViewer::Absent { .. } | ToViewer::Present | ToViewer::Renewed { .. } => {}
        }
        Ok(())
    }

    fn take(&mut self, frame: &[u8]) {
        let epoch = self.epoch.unwrap_or(Epoch([0; 16]));
        let opened = self.opener.as_mut().unwrap().open(epoch, frame).unwrap();
        match opened.header.destination {
            Destination::Log { first, count } => {
                let last = first + u64::from(count) - 1;
                let entries = unpack_entries(&opened.plain, MOST).unwrap();
                assert!(entries.iter().all(|entry| (first..=last).contains(&entry.offset)));
                let mine = self.position.map_or(0, |position| position.offset);
                self.entries
                    .extend(entries.into_iter().filter(|entry| entry.offset > mine));
                self.log_bytes += frame.len();
                self.position = Some(Position {
                    epoch,
                    run: opened.header.run,
                    offset: last,
                });
            }
            Destination::Latest { key } => {
                assert_eq!(key, protocol::relay::body::STATUS);
                self.status = Some(from_json(&opened.plain).unwrap());
            }
            Destination::Direct { viewer } => {
                assert_eq!(viewer, self.run);
                match Direct::read(&opened.plain).unwrap() {
                    Direct::Opened(opened) => self.opened = Some(opened),
                    Direct::Part {
                        question,
                        number,
                        last,
                        bytes,
                    } => {
                        assert_eq!(number as usize, self.parts_heard, "none is missing");
                        self.parts_heard += 1;
                        let answer = self.parts.entry(question).or_default();
                        answer.0.extend(bytes);
                        answer.1 = last;
                    }
                    Direct::News(news) => self.news.push(news),
                }
            }
        }
    }

    pub async fn until(&mut self, is: impl Fn(&Self) -> bool) {
        while !is(self) {
            self.hear().await.unwrap();
        }
    }

    pub async fn through(&mut self, offset: u64) {
        self.until(|viewer| viewer.position.is_some_and(|position| position.offset >= offset))
            .await;
    }

    /// Opens a visit.
    pub async fn open(&mut self) -> Opened {
        self.until(|viewer| viewer.opener.is_some()).await;
        let view = ViewKey::of(&self.code);
        let generation = self.code.generation;
        let mut sealer = UpSealer::new(view.open(self.run), UpKind::Open, generation, self.run, None);
        let opening = Opening {
            versions: Versions::own(),
            position: self.position,
        };
        self.say(sealer.seal(&opening.bytes()).unwrap()).await;
        self.until(|viewer| viewer.opened.is_some()).await;
        let opened = self.opened.clone().unwrap();
        let query = view.query(self.run, opened.visit);
        // Who may only look has no other key.
        let command = match &self.control {
            Some(control) => control.command(self.run, opened.visit),
            None => query.clone(),
        };
        let sealer = |key, kind| UpSealer::new(key, kind, generation, self.run, Some(opened.run));
        self.keys = Some(Keys {
            query: sealer(query, UpKind::Query),
            command: sealer(command, UpKind::Command),
        });
        opened
    }

    pub async fn say(&mut self, frame: Vec<u8>) {
        self.connection.say(&FromViewer::Frame(frame)).await.unwrap();
    }

    /// Asks; the number of the question.
    pub async fn ask(&mut self, ask: Ask) -> u32 {
        if !matches!(ask, Ask::Credit { .. } | Ask::Drop { .. }) {
            self.question += 1;
        }
        let question = self.question;
        let body = to_json(&Question { question, ask }).unwrap();
        let frame = self.keys.as_mut().unwrap().query.seal(&body).unwrap();
        self.say(frame).await;
        question
    }

    /// Asks in a frame that proves control.
    pub async fn ask_with_control(&mut self, ask: Ask) -> u32 {
        self.question += 1;
        let question = self.question;
        let body = to_json(&Question { question, ask }).unwrap();
        let frame = self.keys.as_mut().unwrap().command.seal(&body).unwrap();
        self.say(frame).await;
        question
    }

    /// A sealed order, and the number of its question.
    pub fn order(&mut self, id: CommandId, tick_ms: u64, command: Command) -> (Vec<u8>, u32) {
        self.question += 1;
        let order = Order {
            question: self.question,
            id,
            tick_ms,
            command,
        };
        let frame = self
            .keys
            .as_mut()
            .unwrap()
            .command
            .seal(&to_json(&order).unwrap())
            .unwrap();
        (frame, self.question)
    }

    /// Orders at once; what came of it.
    pub async fn command(&mut self, id: CommandId, command: Command) -> Reply {
        let tick_ms = self.opened.as_ref().unwrap().tick_ms;
        let (frame, question) = self.order(id, tick_ms, command);
        self.say(frame).await;
        self.reply(question).await
    }

    /// The whole answer, with credit given as it comes.
    pub async fn answer(&mut self, question: u32) -> WholeAnswer {
        loop {
            if let Some((bytes, true)) = self.parts.get(&question) {
                return WholeAnswer::read(bytes, MOST).unwrap();
            }
            let before = self.parts_heard;
            self.hear().await.unwrap();
            if self.parts_heard > before {
                let through = self.parts_heard as u32 - 1;
                self.ask(Ask::Credit { through }).await;
            }
        }
    }

    pub async fn reply(&mut self, question: u32) -> Reply {
        match self.answer(question).await {
            WholeAnswer::Reply(reply) => *reply,
            other => panic!("no reply: {other:?}"),
        }
    }

    pub async fn refusal(&mut self, question: u32) -> Refusal {
        match self.reply(question).await {
            Reply::Refused { refusal } => refusal,
            other => panic!("not refused: {other:?}"),
        }
    }
}
