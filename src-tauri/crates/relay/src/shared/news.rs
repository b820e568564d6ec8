//! What relays tell each other about a channel: over Redis as bytes, within one process as it is.

use bytes::Bytes;
use protocol::relay::header::{Destination, DownHeader};
use protocol::relay::{Epoch, Run};

use super::Fence;
use crate::channel::Kept;

/// Something that happened to a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The log has one more frame.
    Log(Kept),
    /// The newest of its kind.
    Latest(Bytes),
    /// For one viewer.
    Direct(Run, Bytes),
    /// An agent claimed the channel.
    Claimed {
        /// Its claim: older ones count no more.
        fence: Fence,
        /// SHA-256 of the join token that counts now.
        join_hash: [u8; 32],
        /// No agent has ever been here: those who waited are let in.
        first: bool,
    },
    /// The log begins anew.
    Began,
    /// There is no agent now; when it was seen last.
    Absent(u64),
    /// The channel was given up for ever.
    Retired,
    /// The agent wishes that a viewer be closed.
    Dismissed(Run),
    /// A viewer's frame, for the agent.
    Up(Bytes),
    /// A viewer is gone, for the agent.
    Gone(Run),
    /// How many look, for the agent.
    Viewers(u32),
}

/// Digits of a fence in Redis: as many as any has, so that equal ones are equal texts.
pub(super) const FENCE_DIGITS: usize = 20;

impl News {
    /// The bytes that go through Redis. Scripts write some of them; the letters are the same there.
    pub(super) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Log(kept) => [b"L", &kept.epoch.0[..], &kept.frame].concat(),
            Self::Latest(frame) => [b"N", &frame[..]].concat(),
            Self::Direct(run, frame) => [b"D", &run.0[..], frame].concat(),
            Self::Claimed {
                fence,
                join_hash,
                first,
            } => [b"C", &padded(*fence)[..], &[b'0' + u8::from(*first)], join_hash].concat(),
            Self::Began => b"B".to_vec(),
            Self::Absent(seen_s) => [b"A", seen_s.to_string().as_bytes()].concat(),
            Self::Retired => b"R".to_vec(),
            Self::Dismissed(run) => [b"X", &run.0[..]].concat(),
            Self::Up(frame) => [b"U", &frame[..]].concat(),
            Self::Gone(run) => [b"G", &run.0[..]].concat(),
            Self::Viewers(count) => [b"V", count.to_string().as_bytes()].concat(),
        }
    }

    /// Reads them; none where they are no news that this version knows.
    pub(super) fn read(bytes: &Bytes) -> Option<Self> {
        let (letter, rest) = bytes.split_first()?;
        let body = bytes.slice(1..);
        Some(match letter {
            b'L' => {
                let (epoch, _) = rest.split_first_chunk()?;
                Self::Log(kept(Epoch(*epoch), body.slice(16..))?)
            }
            b'N' => Self::Latest(body),
            b'D' => Self::Direct(run(rest)?, body.slice(16..)),
            b'C' => {
                let (fence, rest) = rest.split_at_checked(FENCE_DIGITS)?;
                let (first, join_hash) = rest.split_first()?;
                Self::Claimed {
                    fence: number(fence)?,
                    first: *first == b'1',
                    join_hash: join_hash.try_into().ok()?,
                }
            }
            b'B' => Self::Began,
            b'A' => Self::Absent(number(rest)?),
            b'R' => Self::Retired,
            b'X' => Self::Dismissed(run(rest)?),
            b'U' => Self::Up(body),
            b'G' => Self::Gone(run(rest)?),
            b'V' => Self::Viewers(number(rest)?.try_into().ok()?),
            _ => return None,
        })
    }
}

/// A frame of the log as it is kept: a message for viewers, whose header names its entries.
pub(super) fn kept(epoch: Epoch, message: Bytes) -> Option<Kept> {
    let (header, _) = DownHeader::read(message.get(1..)?).ok()?;
    let Destination::Log { first, .. } = header.destination else {
        return None;
    };
    let last = header.destination.last()?;
    Some(Kept {
        epoch,
        first,
        last,
        frame: message,
    })
}

pub(super) fn padded(fence: Fence) -> Vec<u8> {
    format!("{fence:0FENCE_DIGITS$}").into_bytes()
}

pub(super) fn number(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn run(bytes: &[u8]) -> Option<Run> {
    bytes.first_chunk().copied().map(Run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn news_come_back_from_their_bytes() {
        let run = Run([7; 16]);
        let frame = Bytes::from_static(b"\x02sealed");
        for news in [
            News::Latest(frame.clone()),
            News::Direct(run, frame.clone()),
            News::Claimed {
                fence: 1_790_000_000_000_000,
                join_hash: [3; 32],
                first: true,
            },
            News::Began,
            News::Absent(1_790_000_000),
            News::Retired,
            News::Dismissed(run),
            News::Up(frame),
            News::Gone(run),
            News::Viewers(17),
        ] {
            assert_eq!(News::read(&Bytes::from(news.bytes())), Some(news));
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = News::read(&Bytes::from(bytes));
        }
    }
}
