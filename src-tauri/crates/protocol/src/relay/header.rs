//! The clear headers of sealed frames: what a relay may know of them.
//!
//! | Frame | Header |
//! |---|---|
//! | agent -> viewers | `version 1 ‖ kind 1 ‖ generation 2 ‖ run 16 ‖ counter 8`, then *log*: `first 8 ‖ count 2`; *latest*: `key 2`; *direct*: `viewer run 16` |
//! | viewer -> agent | `version 1 ‖ kind 1 ‖ generation 2 ‖ viewer run 16 ‖ counter 8` |

use super::bytes::{FrameError, Reader};
use super::ids::{Offset, Run};
use super::version::PROTOCOL_VERSION;

/// Where a frame of an agent goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Destination {
    /// Entries of the record, `count` of them from `first` on: acknowledged, and kept for a while.
    Log {
        /// Offset of the first entry, from 1.
        first: Offset,
        /// How many, at least 1.
        count: u16,
    },
    /// The newest of its kind: replaces the one before with the same key.
    Latest {
        /// Which kind.
        key: u16,
    },
    /// For one viewer.
    Direct {
        /// Whom.
        viewer: Run,
    },
}

impl Destination {
    const LOG: u8 = 1;
    const LATEST: u8 = 2;
    const DIRECT: u8 = 3;

    /// Offset of the last entry of a log frame.
    pub fn last(&self) -> Option<Offset> {
        match self {
            Self::Log { first, count } => Some(first + u64::from(*count) - 1),
            Self::Latest { .. } | Self::Direct { .. } => None,
        }
    }
}

/// Header of a frame from an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DownHeader {
    /// Generation of the view key that it is sealed under.
    pub generation: u16,
    /// Run that sent it.
    pub run: Run,
    /// Number of the frame in its run, from 0.
    pub counter: u64,
    /// Where it goes.
    pub destination: Destination,
}

impl DownHeader {
    /// Reads the header and gives what follows it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(frame: &[u8]) -> Result<(Self, &[u8]), FrameError> {
        let mut from = Reader::new(frame);
        version(&mut from)?;
        let kind = from.u8()?;
        let (generation, run, counter) = (from.u16()?, Run::read(&mut from)?, from.u64()?);
        let destination = match kind {
            Destination::LOG => {
                let (first, count) = (from.u64()?, from.u16()?);
                // An end that 64 bits cannot hold would make "last" wrap.
                if first == 0 || count == 0 || first.checked_add(u64::from(count)).is_none() {
                    return Err(FrameError::Field("first"));
                }
                Destination::Log { first, count }
            }
            Destination::LATEST => Destination::Latest { key: from.u16()? },
            Destination::DIRECT => Destination::Direct {
                viewer: Run::read(&mut from)?,
            },
            other => return Err(FrameError::Kind(other)),
        };
        let header = Self {
            generation,
            run,
            counter,
            destination,
        };
        Ok((header, from.rest()))
    }

    /// Appends the header.
    pub fn put(&self, to: &mut Vec<u8>) {
        let kind = match self.destination {
            Destination::Log { .. } => Destination::LOG,
            Destination::Latest { .. } => Destination::LATEST,
            Destination::Direct { .. } => Destination::DIRECT,
        };
        put_beginning(to, kind, self.generation, self.run, self.counter);
        match self.destination {
            Destination::Log { first, count } => {
                to.extend_from_slice(&first.to_be_bytes());
                to.extend_from_slice(&count.to_be_bytes());
            }
            Destination::Latest { key } => to.extend_from_slice(&key.to_be_bytes()),
            Destination::Direct { viewer } => to.extend_from_slice(&viewer.0),
        }
    }
}

/// What a frame of a viewer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UpKind {
    /// The first frame of a visit.
    Open = 1,
    /// A question, or room for more of an answer.
    Query = 2,
    /// A command; proves control by its key.
    Command = 3,
}

/// Header of a frame from a viewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UpHeader {
    /// What it is.
    pub kind: UpKind,
    /// Generation of the viewer's view key.
    pub generation: u16,
    /// The viewer's run.
    pub viewer: Run,
    /// Number of the frame under its key, from 0.
    pub counter: u64,
}

impl UpHeader {
    /// Reads the header and gives what follows it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(frame: &[u8]) -> Result<(Self, &[u8]), FrameError> {
        let mut from = Reader::new(frame);
        version(&mut from)?;
        let kind = match from.u8()? {
            1 => UpKind::Open,
            2 => UpKind::Query,
            3 => UpKind::Command,
            other => return Err(FrameError::Kind(other)),
        };
        let header = Self {
            kind,
            generation: from.u16()?,
            viewer: Run::read(&mut from)?,
            counter: from.u64()?,
        };
        Ok((header, from.rest()))
    }

    /// Appends the header.
    pub fn put(&self, to: &mut Vec<u8>) {
        put_beginning(to, self.kind as u8, self.generation, self.viewer, self.counter);
    }
}

fn version(from: &mut Reader<'_>) -> Result<(), FrameError> {
    match from.u8()? {
        PROTOCOL_VERSION => Ok(()),
        other => Err(FrameError::Version(other)),
    }
}

fn put_beginning(to: &mut Vec<u8>, kind: u8, generation: u16, run: Run, counter: u64) {
    to.extend_from_slice(&[PROTOCOL_VERSION, kind]);
    to.extend_from_slice(&generation.to_be_bytes());
    to.extend_from_slice(&run.0);
    to.extend_from_slice(&counter.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn destination() -> impl Strategy<Value = Destination> {
        prop_oneof![
            (1..u64::MAX / 2, 1_u16..).prop_map(|(first, count)| Destination::Log { first, count }),
            any::<u16>().prop_map(|key| Destination::Latest { key }),
            any::<[u8; 16]>().prop_map(|viewer| Destination::Direct { viewer: Run(viewer) }),
        ]
    }

    proptest! {
        #[test]
        fn headers_come_back_from_their_bytes(
            generation: u16, run: [u8; 16], counter: u64, destination in destination(), rest: Vec<u8>
        ) {
            let down = DownHeader { generation, run: Run(run), counter, destination };
            let mut bytes = Vec::new();
            down.put(&mut bytes);
            bytes.extend_from_slice(&rest);
            prop_assert_eq!(DownHeader::read(&bytes), Ok((down, &rest[..])));
            for kind in [UpKind::Open, UpKind::Query, UpKind::Command] {
                let up = UpHeader { kind, generation, viewer: Run(run), counter };
                let mut bytes = Vec::new();
                up.put(&mut bytes);
                prop_assert_eq!(UpHeader::read(&bytes), Ok((up, &[][..])));
            }
        }

        #[test]
        fn no_bytes_make_a_header_panic(bytes: Vec<u8>) {
            if let Ok((header, _)) = DownHeader::read(&bytes) {
                header.destination.last();
            }
            let _ = UpHeader::read(&bytes);
        }
    }

    #[test]
    fn a_log_frame_without_entries_or_beyond_the_last_offset_is_refused() {
        let header = |first, count| {
            let mut bytes = Vec::new();
            let destination = Destination::Log { first, count };
            let header = DownHeader {
                generation: 1,
                run: Run([0; 16]),
                counter: 0,
                destination,
            };
            header.put(&mut bytes);
            DownHeader::read(&bytes).map(|_| ())
        };
        assert_eq!(header(1, 1), Ok(()));
        for (first, count) in [(0, 1), (1, 0), (u64::MAX, 1)] {
            assert_eq!(header(first, count), Err(FrameError::Field("first")), "{first} {count}");
        }
    }
}
