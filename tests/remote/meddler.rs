//! Somebody between everybody and the relay: sees every message, and does with it what a test says.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};

/// Kind of a message that carries a sealed frame, by which way it goes.
pub const FRAME_OF_AGENT: u8 = 3;
pub const FRAME_TO_AGENT: u8 = 5;
pub const FRAME_OF_VIEWER: u8 = 2;
pub const FRAME_TO_VIEWER: u8 = 2;

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    FromAgent,
    ToAgent,
    FromViewer,
    ToViewer,
}

/// What becomes of a message on a line: what is sent instead.
pub type Meddling = Box<dyn FnMut(Way, usize, Vec<u8>) -> Vec<Vec<u8>> + Send>;

/// A message that went by.
#[derive(Debug, Clone)]
pub struct Seen {
    pub way: Way,
    /// Number of the connection, over all.
    pub line: usize,
    pub bytes: Vec<u8>,
}

struct Line {
    is_agent: bool,
    to_client: mpsc::UnboundedSender<Vec<u8>>,
    to_relay: mpsc::UnboundedSender<Vec<u8>>,
}

#[derive(Default)]
struct State {
    lines: Vec<Line>,
    seen: VecDeque<Seen>,
    meddling: Option<Meddling>,
}

/// Cloning shares it.
#[derive(Clone)]
pub struct Meddler {
    pub authority: String,
    state: Arc<Mutex<State>>,
}

impl Meddler {
    /// Listens before a relay that is not there yet; [`Meddler::before`] says where it is.
    pub async fn listen() -> (Self, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let meddler = Self {
            authority: listener.local_addr().unwrap().to_string(),
            state: Arc::default(),
        };
        (meddler, listener)
    }

    /// Passes connections on to a relay.
    pub fn before(&self, listener: TcpListener, relay: &str) {
        let (meddler, relay) = (self.clone(), relay.to_owned());
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(meddler.clone().pass(socket, relay.clone()));
            }
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does this with messages from now on.
    pub fn meddle(&self, meddling: impl FnMut(Way, usize, Vec<u8>) -> Vec<Vec<u8>> + Send + 'static) {
        self.state().meddling = Some(Box::new(meddling));
    }

    /// Passes everything on from now on.
    pub fn behave(&self) {
        self.state().meddling = None;
    }

    /// What went by so far, as it was sent.
    pub fn seen(&self) -> Vec<Seen> {
        self.state().seen.iter().cloned().collect()
    }

    /// The newest line of agents, or of viewers.
    pub fn newest(&self, is_agent: bool) -> usize {
        self.state()
            .lines
            .iter()
            .rposition(|line| line.is_agent == is_agent)
            .unwrap()
    }

    /// Says something to an agent or a viewer in the relay's name.
    pub fn say_to_client(&self, line: usize, bytes: Vec<u8>) {
        // It may have gone.
        drop(self.state().lines[line].to_client.send(bytes));
    }

    /// Says something to the relay in an agent's or a viewer's name.
    pub fn say_to_relay(&self, line: usize, bytes: Vec<u8>) {
        drop(self.state().lines[line].to_relay.send(bytes));
    }

    fn passes(&self, way: Way, line: usize, bytes: Vec<u8>) -> Vec<Vec<u8>> {
        let mut state = self.state();
        state.seen.push_back(Seen {
            way,
            line,
            bytes: bytes.clone(),
        });
        match &mut state.meddling {
            Some(meddling) => meddling(way, line, bytes),
            None => vec![bytes],
        }
    }

    async fn pass(self, socket: TcpStream, relay: String) {
        let mut path = String::new();
        #[allow(clippy::result_large_err, reason = "the library asks for this type")]
        let see = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
            request.uri().path().clone_into(&mut path);
            Ok(response)
        };
        let Ok(mut client) = tokio_tungstenite::accept_hdr_async(socket, see).await else {
            return;
        };
        let Ok((mut relay, _)) = tokio_tungstenite::connect_async(format!("ws://{relay}{path}")).await else {
            return;
        };
        let is_agent = path.ends_with("agent");
        let (up, down) = if is_agent {
            (Way::FromAgent, Way::ToAgent)
        } else {
            (Way::FromViewer, Way::ToViewer)
        };
        let (to_client, mut for_client) = mpsc::unbounded_channel();
        let (to_relay, mut for_relay) = mpsc::unbounded_channel();
        let line = {
            let mut state = self.state();
            state.lines.push(Line {
                is_agent,
                to_client,
                to_relay,
            });
            state.lines.len() - 1
        };
        loop {
            let passed = tokio::select! {
                Some(bytes) = for_client.recv() => client.send(Frame::Binary(bytes.into())).await,
                Some(bytes) = for_relay.recv() => relay.send(Frame::Binary(bytes.into())).await,
                heard = client.next() => match heard {
                    Some(Ok(Frame::Binary(bytes))) => {
                        let mut sent = Ok(());
                        for bytes in self.passes(up, line, bytes.to_vec()) {
                            sent = sent.and(relay.send(Frame::Binary(bytes.into())).await);
                        }
                        sent
                    }
                    Some(Ok(Frame::Close(frame))) => {
                        drop(relay.send(Frame::Close(frame)).await);
                        return;
                    }
                    Some(Ok(_)) => Ok(()),
                    Some(Err(_)) | None => return,
                },
                heard = relay.next() => match heard {
                    Some(Ok(Frame::Binary(bytes))) => {
                        let mut sent = Ok(());
                        for bytes in self.passes(down, line, bytes.to_vec()) {
                            sent = sent.and(client.send(Frame::Binary(bytes.into())).await);
                        }
                        sent
                    }
                    Some(Ok(Frame::Close(frame))) => {
                        drop(client.send(Frame::Close(frame)).await);
                        return;
                    }
                    Some(Ok(_)) => Ok(()),
                    Some(Err(_)) | None => return,
                },
            };
            if passed.is_err() {
                return;
            }
        }
    }
}
