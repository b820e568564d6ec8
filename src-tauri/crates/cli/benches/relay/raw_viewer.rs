//! A viewer as simple as the protocol allows: it joins, and takes what comes.

use futures_util::{SinkExt, StreamExt};
use protocol::codes::ViewOnlyCode;
use protocol::relay::header::UpKind;
use protocol::relay::hello::ViewerHello;
use protocol::relay::message::{FromViewer, Message, ToViewer};
use protocol::relay::sealing::UpSealer;
use protocol::relay::{Run, Versions, ViewKey};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::Outcome;

/// Bytes that a connection reads at once: thousands of them share this process.
const READ_BUFFER: usize = 4 * 1024;

/// A connection of a viewer that was let in.
pub struct RawViewer<S = TcpStream> {
    socket: WebSocketStream<S>,
    code: ViewOnlyCode,
}

/// What a binary message adds to a WebSocket, from a server.
pub fn header_length(message: usize) -> usize {
    match message {
        0..=125 => 2,
        126..=65_535 => 4,
        _ => 10,
    }
}

impl RawViewer {
    pub async fn join(authority: &str, code: &ViewOnlyCode) -> Outcome<Self> {
        let stream = TcpStream::connect(authority).await?;
        stream.set_nodelay(true)?;
        Self::join_over(stream, "ws", authority, code).await
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> RawViewer<S> {
    /// Joins over a connection and waits until it is let in.
    pub async fn join_over(stream: S, scheme: &str, authority: &str, code: &ViewOnlyCode) -> Outcome<Self> {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0);
        let url = format!("{scheme}://{authority}/v1/view");
        let (socket, _) = tokio_tungstenite::client_async_with_config(url, stream, Some(config)).await?;
        let mut viewer = Self { socket, code: *code };
        let hello = ViewerHello {
            channel: code.channel,
            join_token: code.join_token(),
            versions: Versions::own(),
            position: None,
        };
        viewer.say(&FromViewer::Hello(hello.bytes())).await?;
        loop {
            if let ToViewer::Joined { .. } = ToViewer::read(&viewer.next().await?)? {
                return Ok(viewer);
            }
        }
    }

    /// Begins a visit; the answer is not waited for.
    pub async fn open(&mut self) -> Outcome {
        let run = Run::random()?;
        let key = ViewKey::of(&self.code).open(run);
        let frame = UpSealer::new(key, UpKind::Open, self.code.generation, run, None).seal(&[0; 64])?;
        self.say(&FromViewer::Frame(frame)).await
    }

    /// The next message of the relay. Pings are answered on the way.
    pub async fn next(&mut self) -> Outcome<tokio_tungstenite::tungstenite::Bytes> {
        loop {
            match self.socket.next().await {
                Some(Ok(Frame::Binary(bytes))) => return Ok(bytes),
                Some(Ok(Frame::Close(frame))) => return Err(format!("the relay closed: {frame:?}").into()),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
                None => return Err("the connection ended".into()),
            }
        }
    }

    async fn say(&mut self, message: &FromViewer) -> Outcome {
        self.socket.send(Frame::Binary(message.bytes().into())).await?;
        Ok(())
    }
}
