//! A connection to a relay, in messages of the protocol.

use std::io;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use protocol::relay::message::Message;
use protocol::relay::{CloseCode, FrameError, LONGEST_DOWN};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::protocol::frame::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message as Frame};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// A connection is made within this time.
const CONNECT_WITHIN: Duration = Duration::from_secs(15);
/// A write ends within this time.
const WRITE_WITHIN: Duration = Duration::from_secs(10);
/// The relay pings at least every 20 s: a connection without anything for so long is dead, whatever the system thinks of it.
const SILENCE: Duration = Duration::from_secs(35);

/// Why a connection ended, or was never made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Ended {
    /// The relay closed it and said why.
    #[error("the relay closed the connection: {0:?}")]
    Closed(CloseCode),
    /// Nobody is there, or the network ended it. The text is the system's.
    #[error("the relay cannot be reached: {0}")]
    Unreachable(String),
    /// Nothing came for too long.
    #[error("the relay was silent")]
    Silent,
    /// It does not speak the protocol.
    #[error("what answers there is not a relay: {0}")]
    NotARelay(String),
}

impl From<FrameError> for Ended {
    fn from(error: FrameError) -> Self {
        Self::NotARelay(error.to_string())
    }
}

/// A connection to a relay.
pub struct Connection {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    heard: Instant,
}

impl Connection {
    /// Connects to one of the relay's sockets.
    ///
    /// # Errors
    /// Why there is no connection.
    pub async fn open(url: &str) -> Result<Self, Ended> {
        let config = WebSocketConfig::default()
            .max_message_size(Some(LONGEST_DOWN + 1))
            .max_frame_size(Some(LONGEST_DOWN + 1));
        // The first one counts; a program that chose another library keeps it.
        drop(rustls::crypto::ring::default_provider().install_default());
        // Small frames must leave at once: the delay of Nagle's algorithm is off.
        let connecting = tokio_tungstenite::connect_async_with_config(url, Some(config), true);
        match timeout(CONNECT_WITHIN, connecting).await {
            Ok(Ok((socket, _))) => Ok(Self {
                socket,
                heard: Instant::now(),
            }),
            Ok(Err(error)) => Err(ended(error)),
            Err(_) => Err(Ended::Unreachable("it did not answer within 15 s".to_owned())),
        }
    }

    /// Sends one message.
    ///
    /// # Errors
    /// Why it was not sent.
    pub async fn say(&mut self, message: &impl Message) -> Result<(), Ended> {
        let frame = Frame::Binary(message.bytes().into());
        match timeout(WRITE_WITHIN, self.socket.send(frame)).await {
            Ok(Ok(())) => Ok(()),
            // The relay's reason, if it gave one, waits to be read.
            Ok(Err(error)) => Err(self.reason().await.unwrap_or_else(|| ended(error))),
            Err(_) => Err(Ended::Silent),
        }
    }

    /// The next message. Safe to drop and call again: nothing that came is lost.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn hear<M: Message>(&mut self) -> Result<M, Ended> {
        loop {
            // Counted over calls: who waits for other things beside this drops it again and again.
            let heard = timeout_at(self.heard + SILENCE, self.socket.next()).await;
            if let Ok(Some(Ok(_))) = &heard {
                self.heard = Instant::now();
            }
            match heard {
                Err(_) => return Err(Ended::Silent),
                Ok(Some(Ok(Frame::Binary(bytes)))) => return Ok(M::read(&bytes)?),
                Ok(Some(Ok(Frame::Close(frame)))) => return Err(closed(frame)),
                Ok(Some(Ok(_))) => {}
                Ok(Some(Err(error))) => return Err(ended(error)),
                Ok(None) => return Err(Ended::Unreachable("the connection ended".to_owned())),
            }
        }
    }

    /// Says goodbye, as far as the relay still listens.
    pub async fn close(mut self) {
        drop(timeout(Duration::from_secs(1), self.socket.close(None)).await);
    }

    async fn reason(&mut self) -> Option<Ended> {
        let heard = timeout(Duration::from_secs(1), async {
            while let Some(Ok(frame)) = self.socket.next().await {
                if let Frame::Close(frame) = frame {
                    return Some(closed(frame));
                }
            }
            None
        });
        heard.await.ok().flatten()
    }
}

fn closed(frame: Option<CloseFrame>) -> Ended {
    match frame.and_then(|frame| CloseCode::from_code(frame.code.into())) {
        Some(code) => Ended::Closed(code),
        None => Ended::Unreachable("the connection was closed".to_owned()),
    }
}

fn ended(error: Error) -> Ended {
    match error {
        Error::Io(error) => Ended::Unreachable(in_words(&error)),
        Error::ConnectionClosed | Error::AlreadyClosed => Ended::Unreachable("the connection ended".to_owned()),
        // A relay that was killed, or a network that broke: it was one.
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => {
            Ended::Unreachable("the connection broke".to_owned())
        }
        Error::Http(response) if response.status().is_server_error() => {
            Ended::Unreachable(format!("it answered {}", response.status()))
        }
        Error::Http(response) => Ended::NotARelay(format!("it answered {}", response.status())),
        other => Ended::NotARelay(other.to_string()),
    }
}

fn in_words(error: &io::Error) -> String {
    let of_tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match error.kind() {
        _ if matches!(of_tls, Some(rustls::Error::InvalidCertificate(_))) => {
            format!("its certificate is not trusted ({error})")
        }
        io::ErrorKind::ConnectionRefused => "nothing listens there".to_owned(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof => {
            "the connection broke".to_owned()
        }
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_that_was_killed_is_not_said_to_be_none() {
        let killed = ended(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake));
        assert_eq!(killed, Ended::Unreachable("the connection broke".to_owned()));
    }
}
