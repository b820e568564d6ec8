//! A relay on a free port, and agents and viewers as simple as the protocol allows.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use protocol::codes::{UserId, ViewOnlyCode};
use protocol::relay::header::{Destination, UpKind};
use protocol::relay::hello::{AgentHello, SealedLabel, ViewerHello};
use protocol::relay::message::{FromAgent, FromViewer, Message, ToAgent, ToViewer};
use protocol::relay::sealing::{DownOpener, DownSealer, Opened, UpSealer};
use protocol::relay::{CloseCode, Epoch, LabelKey, Position, Process, Run, Versions, ViewKey};
use relay::limits::Limits;
use relay::relay::{Relay, Setup};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::Frame as RawFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// Nothing here takes as long; a test that waits longer has failed.
pub const PATIENCE: Duration = Duration::from_mins(1);

pub struct Running {
    pub relay: Arc<Relay>,
    pub authority: String,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<()>,
}

impl Running {
    /// Ends as a relay does that is asked to.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        tokio::time::timeout(PATIENCE, &mut self.served).await.unwrap().unwrap();
    }

    /// What an address of it answers, head and body.
    pub async fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.authority).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
            self.authority
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

pub async fn start(limits: Limits) -> Running {
    start_as(Setup {
        limits,
        ..Setup::default()
    })
    .await
}

/// A relay on a free port that has this set-up and its own name.
pub async fn start_as(mut setup: Setup) -> Running {
    let listener = relay::server::listen("127.0.0.1:0".parse().unwrap()).unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    setup.names.push(authority.clone());
    let is_shared = setup.redis.is_some();
    let relay = Relay::new(setup).unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(relay::server::serve(Arc::clone(&relay), listener, None, async move {
        drop(stopped.await);
    }));
    let running = Running {
        relay,
        authority,
        stop: Some(stop),
        served,
    };
    if is_shared {
        running.is_ready(true).await;
    }
    running
}

impl Running {
    /// Waits until it is, or is not, ready.
    pub async fn is_ready(&self, expected: bool) {
        let reached = async {
            while self.relay.not_ready().is_none() != expected {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, reached).await.expect("readiness");
    }
}

/// Waits until something was counted so often.
pub async fn counted(running: &Running, why: &str, times: u64) {
    let reached = async {
        while running.relay.counters.refused().get(why).copied().unwrap_or(0) < times {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, reached).await;
    assert!(in_time.is_ok(), "{why}: {:?}", running.relay.counters.refused());
}

/// One end of a connection.
pub struct Peer(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Peer {
    pub async fn connect(authority: &str, path: &str) -> Self {
        let (socket, _) = tokio_tungstenite::connect_async(format!("ws://{authority}{path}"))
            .await
            .unwrap();
        Self(socket)
    }

    /// As a browser's page from `origin` connects; the error is what was answered.
    pub async fn connect_from(authority: &str, path: &str, origin: &str) -> Result<Self, String> {
        let mut request = format!("ws://{authority}{path}").into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        let connected = tokio_tungstenite::connect_async(request).await;
        connected
            .map(|(socket, _)| Self(socket))
            .map_err(|error| error.to_string())
    }

    pub async fn say(&mut self, message: &impl Message) {
        self.0.send(Frame::Binary(message.bytes().into())).await.unwrap();
    }

    pub async fn say_bytes(&mut self, bytes: Vec<u8>) {
        // The relay may have closed already: that is what such a test looks for.
        drop(self.0.send(Frame::Binary(bytes.into())).await);
    }

    /// Pieces of one message that never ends.
    pub async fn say_in_pieces_without_end(&mut self, length: usize, pieces: usize) {
        for piece in 0..pieces {
            self.say_piece(length, piece == 0).await;
        }
    }

    /// A piece of a message that goes on.
    pub async fn say_piece(&mut self, length: usize, is_first: bool) {
        let kind = if is_first { Data::Binary } else { Data::Continue };
        let frame = RawFrame::message(vec![2; length], OpCode::Data(kind), false);
        // The relay may have closed already.
        drop(self.0.send(Frame::Frame(frame)).await);
    }

    /// The next message, or the code that the relay closed with.
    pub async fn hear<M: Message>(&mut self) -> Result<M, Option<CloseCode>> {
        let until = tokio::time::Instant::now() + PATIENCE;
        loop {
            match tokio::time::timeout_at(until, self.0.next())
                .await
                .expect("nothing was heard")
            {
                Some(Ok(Frame::Binary(bytes))) => return Ok(M::read(&bytes).unwrap()),
                Some(Ok(Frame::Close(frame))) => return Err(frame.and_then(|f| CloseCode::from_code(f.code.into()))),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }
}

/// An agent that has claimed its channel.
pub struct Agent {
    pub process: Process,
    pub peer: Peer,
    pub sealer: DownSealer,
    pub run: Run,
    pub position: Option<Position>,
    pub fence: u64,
}

pub struct Claiming<'a> {
    pub id: &'a UserId,
    pub process: Process,
    pub generation: u16,
    pub epoch: Epoch,
    pub authority: &'a str,
}

impl<'a> Claiming<'a> {
    pub fn new(id: &'a UserId, running: &'a Running) -> Self {
        Self {
            id,
            process: Process::random().unwrap(),
            generation: 1,
            epoch: Epoch([1; 16]),
            authority: &running.authority,
        }
    }

    /// Says hello and gives the relay's first answer to it.
    pub async fn hello(&self, running: &Running) -> (Peer, Run, Result<ToAgent, Option<CloseCode>>) {
        let mut peer = Peer::connect(&running.authority, "/v1/agent").await;
        let Ok(ToAgent::Challenge(challenge)) = peer.hear().await else {
            panic!("no challenge");
        };
        let run = Run::random().unwrap();
        let owner = self.id.owner_key();
        let hello = AgentHello {
            owner: owner.verifying_key().to_bytes(),
            channel: self.id.channel(),
            process: self.process,
            run,
            generation: self.generation,
            join_hash: Sha256::digest(self.id.view_only_code(self.generation).join_token()).into(),
            label: SealedLabel::seal(&LabelKey::of(self.id), run, "LAB-PC-7").unwrap(),
            versions: Versions::own(),
            access_token: None,
        };
        peer.say(&FromAgent::Hello(hello.sign(&owner, self.authority, &challenge)))
            .await;
        let answer = peer.hear().await;
        (peer, run, answer)
    }

    pub async fn claim(&self, running: &Running) -> Agent {
        let (peer, run, answer) = self.hello(running).await;
        let Ok(ToAgent::Claimed { fence, position }) = answer else {
            panic!("not claimed: {answer:?}");
        };
        let view = ViewKey::of(&self.id.view_only_code(self.generation));
        let sealer = DownSealer::new(&view, self.id.owner_key(), self.generation, run, self.epoch);
        Agent {
            process: self.process,
            peer,
            sealer,
            run,
            position,
            fence,
        }
    }
}

impl Agent {
    pub async fn begin(&mut self, epoch: Epoch, first: u64) {
        self.peer.say(&FromAgent::Begin { epoch, first }).await;
    }

    pub async fn send(&mut self, destination: Destination, text: &str) {
        let frame = self.sealer.seal(destination, text.as_bytes()).unwrap();
        self.peer.say(&FromAgent::Frame(frame)).await;
    }

    /// Publishes one entry and waits for its acknowledgement.
    pub async fn publish(&mut self, offset: u64, text: &str) {
        let place = Destination::Log {
            first: offset,
            count: 1,
        };
        let frame = self.sealer.seal(place, text.as_bytes()).unwrap();
        self.peer.say(&FromAgent::Frame(frame.clone())).await;
        loop {
            match self.peer.hear().await {
                Ok(ToAgent::Ack(top)) if top >= offset => return,
                // On a busy machine a claim may run out between two renewals; then the relay says where it is.
                Ok(ToAgent::Have(Some(position))) if position.offset >= offset => return,
                Ok(ToAgent::Have(Some(position))) if position.offset + 1 == offset => {
                    self.peer.say(&FromAgent::Frame(frame.clone())).await;
                }
                Ok(ToAgent::Viewers(_) | ToAgent::Gone(_) | ToAgent::Ack(_) | ToAgent::Frame(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

/// A viewer that was let in, or waits.
pub struct Viewer {
    pub peer: Peer,
    pub run: Run,
    opener: Option<DownOpener>,
    epoch: Option<Epoch>,
    code: ViewOnlyCode,
}

impl Viewer {
    pub async fn join(running: &Running, code: &ViewOnlyCode, position: Option<Position>) -> Self {
        let mut peer = Peer::connect(&running.authority, "/v1/view").await;
        let hello = ViewerHello {
            channel: code.channel,
            join_token: code.join_token(),
            versions: Versions::own(),
            position,
        };
        peer.say(&FromViewer::Hello(hello.bytes())).await;
        Self {
            peer,
            run: Run::random().unwrap(),
            opener: None,
            epoch: None,
            code: *code,
        }
    }

    /// Everything up to the next frame; frames are opened.
    pub async fn hear(&mut self) -> Result<ToViewer, Option<CloseCode>> {
        let heard = self.peer.hear().await?;
        if let ToViewer::Joined { owner, epoch, .. } = &heard {
            let owner = ed25519_dalek::VerifyingKey::from_bytes(owner).unwrap();
            assert_eq!(protocol::codes::Channel::of(&owner), self.code.channel);
            self.opener = Some(DownOpener::new(ViewKey::of(&self.code), owner, self.code.generation));
            self.epoch = *epoch;
        }
        Ok(heard)
    }

    /// The next frame, opened.
    pub async fn frame(&mut self) -> Result<Opened, Option<CloseCode>> {
        loop {
            if let ToViewer::Frame(frame) = self.hear().await? {
                let epoch = self.epoch.unwrap_or(Epoch([0; 16]));
                return Ok(self.opener.as_mut().unwrap().open(epoch, &frame).unwrap());
            }
        }
    }

    /// The texts of the next log frames.
    pub async fn texts(&mut self, count: usize) -> Vec<String> {
        let mut texts = Vec::new();
        while texts.len() < count {
            let opened = self.frame().await.unwrap();
            if let Destination::Log { .. } = opened.header.destination {
                texts.push(String::from_utf8(opened.plain).unwrap());
            }
        }
        texts
    }

    pub async fn ask(&mut self, text: &str) {
        let key = ViewKey::of(&self.code).open(self.run);
        let mut sealer = UpSealer::new(key, UpKind::Open, self.code.generation, self.run, None);
        let frame = sealer.seal(text.as_bytes()).unwrap();
        self.peer.say(&FromViewer::Frame(frame)).await;
    }
}

pub fn someone() -> (UserId, ViewOnlyCode) {
    let id = UserId::new_random();
    (id, id.view_only_code(1))
}
