//! A WebSocket in two halves: one that reads, and a task that writes what waits, pings, and closes with a code.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use protocol::relay::CloseCode;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

use super::outbox::{Drain, Outbox};
use super::upgrading::WebSocket;
use crate::relay::Relay;

/// Bytes of a message that are written at once; longer ones go in pieces, as WebSockets allow. What a connection has written
/// once it keeps room for, and ten thousand that have had a long answer each would keep gigabytes.
const PIECE: usize = 16 * 1024;

/// The reading half, and where messages for the other end are put.
pub(super) struct Socket {
    relay: Arc<Relay>,
    stream: SplitStream<WebSocket>,
    /// Where messages are put.
    pub outbox: Outbox,
    writer: JoinHandle<()>,
}

impl Socket {
    pub fn new(relay: Arc<Relay>, socket: WebSocket) -> Self {
        let (sink, stream) = socket.split();
        let (outbox, drain) = relay.queues.open();
        let writer = tokio::spawn(write(Arc::clone(&relay), sink, drain, outbox.clone()));
        Self {
            relay,
            stream,
            outbox,
            writer,
        }
    }

    /// The next message before a moment.
    ///
    /// # Errors
    /// Why the connection ends: none where the other end closed it.
    pub async fn next_before(&mut self, deadline: Instant) -> Result<Bytes, Option<CloseCode>> {
        loop {
            let bytes = one(&mut self.stream, deadline).await?;
            if !bytes.is_empty() {
                return Ok(bytes);
            }
        }
    }

    /// The next message, while the other end is heard of in time. Closing from this side ends it too.
    ///
    /// # Errors
    /// As [`Socket::next_before`].
    pub async fn next(&mut self) -> Result<Bytes, Option<CloseCode>> {
        loop {
            let limits = &self.relay.setup.limits;
            let deadline = Instant::now() + limits.ping_every + limits.pong_within;
            let bytes = tokio::select! {
                bytes = one(&mut self.stream, deadline) => bytes?,
                _ = &mut self.writer => return Err(None),
            };
            if !bytes.is_empty() {
                return Ok(bytes);
            }
        }
    }

    /// Closes with a code, counts why, and waits until that is written.
    pub async fn end(self, why: Option<CloseCode>) {
        // Where somebody else closed it first, such as a queue that was full, that is why.
        if let Some(code) = self.outbox.closed().or(why) {
            self.relay.counters.refuse(code.name());
            self.outbox.close(code);
        } else {
            self.outbox.close(CloseCode::Silent);
        }
        let patience = self.relay.setup.limits.write_within;
        if !self.writer.is_finished() {
            drop(timeout(patience, self.writer).await);
        }
    }
}

/// One message; a ping or pong is an empty one: that there was something is what counts.
async fn one(stream: &mut SplitStream<WebSocket>, deadline: Instant) -> Result<Bytes, Option<CloseCode>> {
    let message = timeout_at(deadline, stream.next()).await;
    match message.map_err(|_| Some(CloseCode::Silent))? {
        Some(Ok(Message::Binary(bytes))) if bytes.is_empty() => Err(Some(CloseCode::Protocol)),
        Some(Ok(Message::Binary(bytes))) => Ok(bytes),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(Bytes::new()),
        Some(Ok(Message::Text(_) | Message::Frame(_))) => Err(Some(CloseCode::Protocol)),
        Some(Err(Error::Capacity(_))) => Err(Some(CloseCode::FrameTooLarge)),
        // More than a hello has.
        Some(Err(Error::Io(error))) if error.kind() == io::ErrorKind::FileTooLarge => {
            Err(Some(CloseCode::FrameTooLarge))
        }
        Some(Ok(Message::Close(_)) | Err(_)) | None => Err(None),
    }
}

async fn write(relay: Arc<Relay>, mut sink: SplitSink<WebSocket, Message>, mut drain: Drain, outbox: Outbox) {
    let limits = &relay.setup.limits;
    // Not all at the same moment: up to a fifth earlier, by the number of the connection.
    let ping_every = limits.ping_every.mul_f64(1.0 - 0.2 * (outbox.id() % 64) as f64 / 64.0);
    let mut ping_at = Instant::now() + ping_every;
    loop {
        let sent = match next(&mut drain, ping_at).await {
            Next::Ping => {
                ping_at = Instant::now() + ping_every;
                send(&mut sink, Message::Ping(Bytes::new()), limits.write_within).await
            }
            Next::Message(message) => {
                relay.counters.messages_out.fetch_add(1, Ordering::Relaxed);
                relay
                    .counters
                    .bytes_out
                    .fetch_add(message.len() as u64, Ordering::Relaxed);
                send_in_pieces(&mut sink, message, limits.write_within).await
            }
            Next::Close(code) => {
                let frame = CloseFrame {
                    code: code.code().into(),
                    reason: Utf8Bytes::from_static(code.name()),
                };
                send(&mut sink, Message::Close(Some(frame)), limits.write_within).await;
                return;
            }
        };
        if !sent {
            return;
        }
    }
}

/// What is to be written.
#[derive(Debug, PartialEq)]
enum Next {
    Ping,
    Message(Bytes),
    Close(CloseCode),
}

/// A ping that is due goes before what waits: there may always be something.
async fn next(drain: &mut Drain, ping_at: Instant) -> Next {
    if Instant::now() >= ping_at {
        return Next::Ping;
    }
    match timeout_at(ping_at, drain.next()).await {
        Err(_) => Next::Ping,
        Ok(Ok(message)) => Next::Message(message),
        Ok(Err(code)) => Next::Close(code),
    }
}

async fn send(sink: &mut SplitSink<WebSocket, Message>, message: Message, within: Duration) -> bool {
    matches!(timeout(within, sink.send(message)).await, Ok(Ok(())))
}

/// Writes one binary message.
async fn send_in_pieces(sink: &mut SplitSink<WebSocket, Message>, message: Bytes, within: Duration) -> bool {
    let sending = async {
        for (frame, is_last) in pieces(message) {
            let frame = Message::Frame(frame);
            if is_last {
                sink.send(frame).await?;
            } else {
                sink.feed(frame).await?;
            }
        }
        Ok::<_, Error>(())
    };
    matches!(timeout(within, sending).await, Ok(Ok(())))
}

/// A message as frames of a WebSocket, and which is its last.
fn pieces(mut rest: Bytes) -> impl Iterator<Item = (Frame, bool)> {
    let mut kind = Some(Data::Binary);
    std::iter::from_fn(move || {
        let kind_of_this = kind.take()?;
        let piece = rest.split_to(rest.len().min(PIECE));
        let is_last = rest.is_empty();
        kind = (!is_last).then_some(Data::Continue);
        Some((Frame::message(piece, OpCode::Data(kind_of_this), is_last), is_last))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::Queues;

    #[test]
    fn a_long_message_is_written_in_pieces_that_make_it_up() {
        for length in [0, 1, PIECE, PIECE + 1, 3 * PIECE, 256 * 1024] {
            let message: Bytes = (0..length).map(|at| at as u8).collect();
            let (mut whole, mut kinds) = (Vec::new(), Vec::new());
            for (frame, is_last) in pieces(message.clone()) {
                assert!(frame.payload().len() <= PIECE);
                let header = frame.header();
                assert_eq!(header.is_final, is_last);
                kinds.push(header.opcode);
                whole.extend_from_slice(frame.payload());
            }
            assert_eq!(whole, message);
            assert_eq!(kinds.len(), length.div_ceil(PIECE).max(1));
            assert_eq!(kinds[0], OpCode::Data(Data::Binary));
            assert!(kinds[1..].iter().all(|kind| *kind == OpCode::Data(Data::Continue)));
        }
    }

    /// A viewer of a busy channel was never pinged, and then closed since it was not heard of.
    #[tokio::test]
    async fn a_connection_that_always_has_something_to_send_is_pinged_too() {
        let (outbox, mut drain) = Queues::new(1_000, 1_000).open();
        let (message, later) = (Bytes::from_static(b"news"), Duration::from_hours(1));
        outbox.push(message.clone());
        assert_eq!(next(&mut drain, Instant::now()).await, Next::Ping);
        assert_eq!(next(&mut drain, Instant::now() + later).await, Next::Message(message));
        outbox.close(CloseCode::Restarting);
        assert_eq!(
            next(&mut drain, Instant::now() + later).await,
            Next::Close(CloseCode::Restarting)
        );
    }
}
