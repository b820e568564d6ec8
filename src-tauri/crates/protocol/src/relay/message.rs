//! What agents, viewers and a relay say to each other: one message in each binary WebSocket message, `kind 1 ‖ body`.

use super::bytes::{FrameError, Reader, put_optional};
use super::hello::SealedLabel;
use super::ids::{Epoch, Offset, Position, Run};
use super::retirement::Retirement;
use crate::codes::Channel;

/// From an agent to the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FromAgent {
    /// Who it is, with the proof ([`super::hello::AgentHello`]).
    Hello(Vec<u8>),
    /// The log begins anew: forget what is kept, and expect entry `first` next.
    Begin {
        /// Life of the record.
        epoch: Epoch,
        /// Offset of the first entry that follows.
        first: Offset,
    },
    /// A sealed frame ([`super::header::DownHeader`]).
    Frame(Vec<u8>),
    /// A channel is given up for ever: this one, or one that the agent's User ID had before it was renewed.
    Retire(Retirement),
    /// A clean end: the channel is free at once.
    Release,
    /// Close a viewer that does not behave.
    Dismiss(Run),
    /// Answers [`ToAgent::Probe`]: the program runs.
    Alive,
}

/// From the relay to an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToAgent {
    /// What to sign; valid once.
    Challenge([u8; 32]),
    /// The channel is the agent's.
    Claimed {
        /// Rises with every claim; what an older one sends is refused.
        fence: u64,
        /// How far the relay's log has come.
        position: Option<Position>,
    },
    /// Viewers can get everything up to here from the relay.
    Ack(Offset),
    /// The relay has something else than the agent thinks: go on from here.
    Have(Option<Position>),
    /// A sealed frame of a viewer ([`super::header::UpHeader`]).
    Frame(Vec<u8>),
    /// How many look.
    Viewers(u32),
    /// A viewer is gone.
    Gone(Run),
    /// Somebody else uses the channel: sent before the connection is closed with [`super::CloseCode::InUse`].
    InUse {
        /// The run of the holder.
        run: Run,
        /// Name of its computer.
        label: SealedLabel,
    },
    /// Somebody else wants the channel: does the program still run?
    Probe,
    /// Another channel than this one is given up for ever, as the agent wished.
    Retired(Channel),
}

/// From a viewer to the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FromViewer {
    /// What it asks for ([`super::hello::ViewerHello`]).
    Hello(Vec<u8>),
    /// A sealed frame for the agent.
    Frame(Vec<u8>),
    /// Something is missing after this position: send it again.
    Resume(Position),
}

/// From the relay to a viewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToViewer {
    /// The viewer is in; entries of the window follow, then live ones.
    Joined {
        /// Public half of the owner key; the viewer checks it against the channel.
        owner: [u8; 32],
        /// Generation of the view-only code.
        generation: u16,
        /// Life of the record, where an agent has begun one.
        epoch: Option<Epoch>,
        /// First entry that the relay has.
        floor: Offset,
        /// Last entry that the relay has.
        top: Offset,
        /// Whether the agent is connected, as the relay says.
        agent_present: bool,
    },
    /// A sealed frame of the agent.
    Frame(Vec<u8>),
    /// There is no agent now.
    Absent {
        /// When it was last there, seconds since 1970 by the relay's clock: the relay's claim.
        last_seen_s: Option<u64>,
    },
    /// The agent is back.
    Present,
    /// The code was renewed: the current generation. Holders of the User ID derive it and come back.
    Renewed {
        /// Current generation.
        generation: u16,
    },
}

/// One direction of one kind of connection.
pub trait Message: Sized {
    /// The bytes to send.
    fn bytes(&self) -> Vec<u8>;

    /// Reads one.
    ///
    /// # Errors
    /// What is wrong with it.
    fn read(bytes: &[u8]) -> Result<Self, FrameError>;
}

impl Message for FromAgent {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Hello(hello) => message(1, hello),
            Self::Begin { epoch, first } => message(2, &[&epoch.0[..], &first.to_be_bytes()].concat()),
            Self::Frame(frame) => message(3, frame),
            Self::Retire(retirement) => message(4, &retirement.bytes()),
            Self::Release => message(5, &[]),
            Self::Dismiss(run) => message(6, &run.0),
            Self::Alive => message(7, &[]),
        }
    }

    fn read(bytes: &[u8]) -> Result<Self, FrameError> {
        let mut from = Reader::new(bytes);
        let read = match from.u8()? {
            1 => return Ok(Self::Hello(from.rest().to_vec())),
            2 => Self::Begin {
                epoch: Epoch::read(&mut from)?,
                first: from.u64()?,
            },
            3 => return Ok(Self::Frame(from.rest().to_vec())),
            4 => Self::Retire(Retirement::read(&mut from)?),
            5 => Self::Release,
            6 => Self::Dismiss(Run::read(&mut from)?),
            7 => Self::Alive,
            other => return Err(FrameError::Kind(other)),
        };
        from.end()?;
        Ok(read)
    }
}

impl Message for ToAgent {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Challenge(challenge) => message(1, challenge),
            Self::Claimed { fence, position } => {
                let mut to = message(2, &fence.to_be_bytes());
                put_optional(&mut to, *position, |to, position| position.put(to));
                to
            }
            Self::Ack(top) => message(3, &top.to_be_bytes()),
            Self::Have(position) => {
                let mut to = message(4, &[]);
                put_optional(&mut to, *position, |to, position| position.put(to));
                to
            }
            Self::Frame(frame) => message(5, frame),
            Self::Viewers(count) => message(6, &count.to_be_bytes()),
            Self::Gone(run) => message(7, &run.0),
            Self::InUse { run, label } => message(8, &[&run.0[..], &label.0].concat()),
            Self::Probe => message(9, &[]),
            Self::Retired(channel) => message(10, &channel.0),
        }
    }

    fn read(bytes: &[u8]) -> Result<Self, FrameError> {
        let mut from = Reader::new(bytes);
        let read = match from.u8()? {
            1 => Self::Challenge(from.array()?),
            2 => Self::Claimed {
                fence: from.u64()?,
                position: from.optional("position", Position::read)?,
            },
            3 => Self::Ack(from.u64()?),
            4 => Self::Have(from.optional("position", Position::read)?),
            5 => return Ok(Self::Frame(from.rest().to_vec())),
            6 => Self::Viewers(from.u32()?),
            7 => Self::Gone(Run::read(&mut from)?),
            8 => Self::InUse {
                run: Run::read(&mut from)?,
                label: SealedLabel::read(&mut from)?,
            },
            9 => Self::Probe,
            10 => Self::Retired(Channel(from.array()?)),
            other => return Err(FrameError::Kind(other)),
        };
        from.end()?;
        Ok(read)
    }
}

impl Message for FromViewer {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Hello(hello) => message(1, hello),
            Self::Frame(frame) => message(2, frame),
            Self::Resume(position) => {
                let mut to = message(3, &[]);
                position.put(&mut to);
                to
            }
        }
    }

    fn read(bytes: &[u8]) -> Result<Self, FrameError> {
        let mut from = Reader::new(bytes);
        let read = match from.u8()? {
            1 => return Ok(Self::Hello(from.rest().to_vec())),
            2 => return Ok(Self::Frame(from.rest().to_vec())),
            3 => Self::Resume(Position::read(&mut from)?),
            other => return Err(FrameError::Kind(other)),
        };
        from.end()?;
        Ok(read)
    }
}

impl Message for ToViewer {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Joined {
                owner,
                generation,
                epoch,
                floor,
                top,
                agent_present,
            } => {
                let mut to = message(1, owner);
                to.extend_from_slice(&generation.to_be_bytes());
                put_optional(&mut to, *epoch, |to, epoch| to.extend_from_slice(&epoch.0));
                to.extend_from_slice(&floor.to_be_bytes());
                to.extend_from_slice(&top.to_be_bytes());
                to.push(u8::from(*agent_present));
                to
            }
            Self::Frame(frame) => message(2, frame),
            Self::Absent { last_seen_s } => {
                let mut to = message(3, &[]);
                put_optional(&mut to, *last_seen_s, |to, at| to.extend_from_slice(&at.to_be_bytes()));
                to
            }
            Self::Present => message(4, &[]),
            Self::Renewed { generation } => message(5, &generation.to_be_bytes()),
        }
    }

    fn read(bytes: &[u8]) -> Result<Self, FrameError> {
        let mut from = Reader::new(bytes);
        let read = match from.u8()? {
            1 => Self::Joined {
                owner: from.array()?,
                generation: from.u16()?,
                epoch: from.optional("epoch", Epoch::read)?,
                floor: from.u64()?,
                top: from.u64()?,
                agent_present: from.flag("agent present")?,
            },
            2 => return Ok(Self::Frame(from.rest().to_vec())),
            3 => Self::Absent {
                last_seen_s: from.optional("last seen", Reader::u64)?,
            },
            4 => Self::Present,
            5 => Self::Renewed {
                generation: from.u16()?,
            },
            other => return Err(FrameError::Kind(other)),
        };
        from.end()?;
        Ok(read)
    }
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + body.len());
    bytes.push(kind);
    bytes.extend_from_slice(body);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const POSITION: Position = Position {
        epoch: Epoch([1; 16]),
        run: Run([2; 16]),
        offset: 77,
    };

    fn comes_back<M: Message + PartialEq + std::fmt::Debug>(messages: &[M]) {
        let mut kinds = Vec::new();
        for message in messages {
            let bytes = message.bytes();
            assert_eq!(M::read(&bytes).as_ref(), Ok(message));
            kinds.push(bytes[0]);
        }
        kinds.dedup();
        let count = kinds.len();
        assert_eq!(kinds, (1..=count as u8).collect::<Vec<_>>(), "every kind is tried");
        let unknown = [count as u8 + 1];
        assert_eq!(M::read(&unknown).unwrap_err(), FrameError::Kind(count as u8 + 1));
        assert_eq!(M::read(&[]).unwrap_err(), FrameError::Truncated);
    }

    #[test]
    fn messages_come_back_from_their_bytes() {
        comes_back(&[
            FromAgent::Hello(vec![1, 2]),
            FromAgent::Begin {
                epoch: Epoch([3; 16]),
                first: 9,
            },
            FromAgent::Frame(vec![4]),
            FromAgent::Retire(Retirement {
                owner: [4; 32],
                signature: [5; 64],
            }),
            FromAgent::Release,
            FromAgent::Dismiss(Run([6; 16])),
            FromAgent::Alive,
        ]);
        comes_back(&[
            ToAgent::Challenge([1; 32]),
            ToAgent::Claimed {
                fence: 2,
                position: None,
            },
            ToAgent::Claimed {
                fence: 3,
                position: Some(POSITION),
            },
            ToAgent::Ack(4),
            ToAgent::Have(None),
            ToAgent::Have(Some(POSITION)),
            ToAgent::Frame(vec![5]),
            ToAgent::Viewers(6),
            ToAgent::Gone(Run([7; 16])),
            ToAgent::InUse {
                run: Run([8; 16]),
                label: SealedLabel([9; 80]),
            },
            ToAgent::Probe,
            ToAgent::Retired(Channel([7; 16])),
        ]);
        comes_back(&[
            FromViewer::Hello(vec![1]),
            FromViewer::Frame(Vec::new()),
            FromViewer::Resume(POSITION),
        ]);
        let joined = |epoch| ToViewer::Joined {
            owner: [1; 32],
            generation: 2,
            epoch,
            floor: 3,
            top: 4,
            agent_present: true,
        };
        comes_back(&[
            joined(None),
            joined(Some(Epoch([5; 16]))),
            ToViewer::Frame(vec![6]),
            ToViewer::Absent { last_seen_s: None },
            ToViewer::Absent { last_seen_s: Some(7) },
            ToViewer::Present,
            ToViewer::Renewed { generation: 8 },
        ]);
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_message_panic(bytes: Vec<u8>) {
            let _ = FromAgent::read(&bytes);
            let _ = ToAgent::read(&bytes);
            let _ = FromViewer::read(&bytes);
            let _ = ToViewer::read(&bytes);
        }
    }
}
