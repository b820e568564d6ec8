//! As much of NATS as a yardstick needs: its server, and a client of its text protocol.

use std::path::Path;
use std::process::Command;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::Outcome;
use crate::program::{Program, Says};

/// Where Debian puts it, beside what is on the path.
const PLACES: [&str; 2] = ["/usr/sbin/nats-server", "/usr/local/bin/nats-server"];
const SUBJECT: &str = "bench";

/// A NATS server with its usual settings, on a port of its own.
pub struct Nats {
    pub program: Program,
    authority: String,
}

impl Nats {
    /// Starts it; none where it is not installed.
    pub fn start() -> Outcome<Option<Self>> {
        let on_path = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
        let mut places = on_path
            .unwrap_or_default()
            .into_iter()
            .map(|folder| folder.join("nats-server"));
        let found = places.find(|place| place.is_file());
        let elsewhere = || {
            PLACES
                .iter()
                .map(Path::new)
                .find(|place| place.is_file())
                .map(Path::to_owned)
        };
        let Some(server) = found.or_else(elsewhere) else {
            return Ok(None);
        };
        let mut command = Command::new(server);
        // Port -1: any that is free.
        command.args(["--addr", "127.0.0.1", "--port", "-1"]);
        let program = Program::start("nats-server", &mut command, &Says::Errors)?;
        let authority = program.hear(|line| {
            let address = line.split_once("Listening for client connections on ")?.1;
            Some(address.trim().to_owned())
        })?;
        Ok(Some(Self { program, authority }))
    }

    /// A connection that hears what is published.
    pub async fn subscribe(&self) -> Outcome<Client> {
        let mut client = self.connect().await?;
        client.say(format!("SUB {SUBJECT} 1\r\nPING\r\n").as_bytes()).await?;
        client.is_answered().await?;
        Ok(client)
    }

    /// A connection that publishes.
    pub async fn publisher(&self) -> Outcome<Client> {
        let mut client = self.connect().await?;
        client.say(b"PING\r\n").await?;
        client.is_answered().await?;
        Ok(client)
    }

    async fn connect(&self) -> Outcome<Client> {
        let stream = TcpStream::connect(&self.authority).await?;
        stream.set_nodelay(true)?;
        let mut client = Client {
            stream: BufReader::with_capacity(4 * 1024, stream),
            line: String::new(),
            payload: Vec::new(),
        };
        client
            .say(b"CONNECT {\"verbose\":false,\"pedantic\":false}\r\n")
            .await?;
        Ok(client)
    }
}

/// One connection.
pub struct Client {
    stream: BufReader<TcpStream>,
    line: String,
    payload: Vec<u8>,
}

impl Client {
    /// Publishes a message.
    pub async fn publish(&mut self, payload: &[u8]) -> Outcome {
        let mut message = format!("PUB {SUBJECT} {}\r\n", payload.len()).into_bytes();
        message.extend_from_slice(payload);
        message.extend_from_slice(b"\r\n");
        self.say(&message).await
    }

    /// The next message's content. Pings are answered on the way.
    pub async fn next(&mut self) -> Outcome<&[u8]> {
        loop {
            self.read_line().await?;
            if self.line.starts_with("PING") {
                self.say(b"PONG\r\n").await?;
            } else if let Some(fields) = self.line.strip_prefix("MSG ") {
                let length: usize = fields.trim().rsplit(' ').next().unwrap_or_default().parse()?;
                // The line's end belongs to it.
                self.payload.resize(length + 2, 0);
                self.stream.read_exact(&mut self.payload).await?;
                return Ok(&self.payload[..length]);
            }
        }
    }

    async fn is_answered(&mut self) -> Outcome {
        loop {
            self.read_line().await?;
            if self.line.starts_with("PONG") {
                return Ok(());
            }
        }
    }

    async fn read_line(&mut self) -> Outcome {
        self.line.clear();
        match self.stream.read_line(&mut self.line).await? {
            0 => Err("NATS closed the connection".into()),
            _ if self.line.starts_with("-ERR") => Err(format!("NATS refuses: {}", self.line.trim()).into()),
            _ => Ok(()),
        }
    }

    async fn say(&mut self, bytes: &[u8]) -> Outcome {
        Ok(self.stream.get_mut().write_all(bytes).await?)
    }
}
