//! An agent without an engine: it claims a channel and seals whatever it is told to.

use std::convert::Infallible;

use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use protocol::codes::{UserId, ViewOnlyCode};
use protocol::relay::body::{Direct, Opened, Verdict};
use protocol::relay::header::{Destination, UpHeader, UpKind};
use protocol::relay::hello::{AgentHello, SealedLabel};
use protocol::relay::message::{FromAgent, Message, ToAgent};
use protocol::relay::sealing::DownSealer;
use protocol::relay::{Epoch, LabelKey, Offset, Process, Run, Versions, ViewKey, Visit};
use sha2::{Digest, Sha256};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::Outcome;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// An agent that has claimed its channel and begun its log.
pub struct RawAgent {
    /// Lets viewers in.
    pub code: ViewOnlyCode,
    sink: SplitSink<Socket, Frame>,
    sealer: DownSealer,
    run: Run,
    epoch: Epoch,
    next: Offset,
    length: usize,
    acknowledged: watch::Receiver<Offset>,
    opens: mpsc::UnboundedReceiver<Run>,
}

impl RawAgent {
    /// Claims a channel that nobody had before.
    pub async fn claim(authority: &str) -> Outcome<Self> {
        let url = format!("ws://{authority}/v1/agent");
        let (mut socket, _) = tokio_tungstenite::connect_async_with_config(url, None, true).await?;
        let ToAgent::Challenge(challenge) = hear(&mut socket).await? else {
            return Err("the relay sent no challenge".into());
        };
        let (id, run, epoch) = (UserId::new_random(), Run::random()?, Epoch::random()?);
        let (owner, code) = (id.owner_key(), id.view_only_code(1));
        let hello = AgentHello {
            owner: owner.verifying_key().to_bytes(),
            channel: id.channel(),
            process: Process::random()?,
            run,
            generation: 1,
            join_hash: Sha256::digest(code.join_token()).into(),
            label: SealedLabel::seal(&LabelKey::of(&id), run, "bench")?,
            versions: Versions::own(),
            access_token: None,
        };
        let hello = FromAgent::Hello(hello.sign(&owner, authority, &challenge));
        socket.send(Frame::Binary(hello.bytes().into())).await?;
        let ToAgent::Claimed { .. } = hear(&mut socket).await? else {
            return Err("the relay did not give the channel".into());
        };
        let sealer = DownSealer::new(&ViewKey::of(&code), owner, 1, run, epoch);
        let (sink, stream) = socket.split();
        let (acknowledge, acknowledged) = watch::channel(0);
        let (opened, opens) = mpsc::unbounded_channel();
        tokio::spawn(listen(stream, acknowledge, opened));
        let mut agent = Self {
            code,
            sink,
            sealer,
            run,
            epoch,
            next: 1,
            length: 0,
            acknowledged,
            opens,
        };
        agent.say(&FromAgent::Begin { epoch, first: 1 }).await?;
        Ok(agent)
    }

    /// Sends a frame with one entry, and gives the entry's offset. `leaves` is called when everything but the sending is done.
    pub async fn publish(&mut self, plain: &[u8], leaves: impl FnOnce(Offset)) -> Outcome<Offset> {
        self.publish_several(1, plain, leaves).await
    }

    /// The same with a frame of several entries.
    pub async fn publish_several(&mut self, count: u16, plain: &[u8], leaves: impl FnOnce(Offset)) -> Outcome<Offset> {
        let first = self.next;
        self.next += u64::from(count);
        let frame = self.sealer.seal(Destination::Log { first, count }, plain)?;
        self.length = frame.len();
        let message = Frame::Binary(FromAgent::Frame(frame).bytes().into());
        leaves(first);
        self.sink.send(message).await?;
        Ok(first)
    }

    /// Length of the newest frame.
    pub fn frame_length(&self) -> usize {
        self.length
    }

    /// Waits until the relay has everything.
    pub async fn is_acknowledged(&mut self) -> Outcome {
        let last = self.next - 1;
        self.acknowledged.wait_for(|top| *top >= last).await?;
        Ok(())
    }

    /// Answers the first frames of visits, until the connection ends.
    pub async fn receive_visitors(&mut self) -> Outcome<Infallible> {
        loop {
            let viewer = self.visitor().await?;
            let opened = Opened {
                verdict: Verdict::StartOver,
                visit: Visit::random()?,
                epoch: self.epoch,
                run: self.run,
                head: self.next - 1,
                tick_ms: 0,
                versions: Versions::own(),
            };
            self.tell(viewer, &Direct::Opened(opened).bytes()?).await?;
        }
    }

    /// The next viewer that has begun a visit.
    pub async fn visitor(&mut self) -> Outcome<Run> {
        Ok(self.opens.recv().await.ok_or("the agent's connection ended")?)
    }

    /// Sends something to one viewer.
    pub async fn tell(&mut self, viewer: Run, plain: &[u8]) -> Outcome {
        let frame = self.sealer.seal(Destination::Direct { viewer }, plain)?;
        self.say(&FromAgent::Frame(frame)).await
    }

    async fn say(&mut self, message: &FromAgent) -> Outcome {
        self.sink.send(Frame::Binary(message.bytes().into())).await?;
        Ok(())
    }
}

async fn hear(socket: &mut Socket) -> Outcome<ToAgent> {
    loop {
        match socket.next().await {
            Some(Ok(Frame::Binary(bytes))) => return Ok(ToAgent::read(&bytes)?),
            Some(Ok(Frame::Close(frame))) => return Err(format!("the relay closed: {frame:?}").into()),
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(error.into()),
            None => return Err("the connection ended".into()),
        }
    }
}

async fn listen(
    mut stream: impl StreamExt<Item = Result<Frame, tokio_tungstenite::tungstenite::Error>> + Unpin,
    acknowledge: watch::Sender<Offset>,
    opened: mpsc::UnboundedSender<Run>,
) {
    while let Some(Ok(message)) = stream.next().await {
        let Frame::Binary(bytes) = message else { continue };
        match ToAgent::read(&bytes) {
            Ok(ToAgent::Ack(top)) => _ = acknowledge.send_replace(top),
            Ok(ToAgent::Frame(frame)) => {
                if let Ok((header, _)) = UpHeader::read(&frame)
                    && header.kind == UpKind::Open
                {
                    // Not every measurement answers.
                    let _ = opened.send(header.viewer);
                }
            }
            _ => {}
        }
    }
}
