//! What frames are told apart by: runs, epochs, visits and positions.

use std::fmt;

use super::bytes::{FrameError, Reader};

macro_rules! read_from_frames {
    ($($name:ident),*) => {$(
        impl $name {
            pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, FrameError> {
                from.array().map(Self)
            }
        }
    )*};
}

macro_rules! sixteen_bytes {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub [u8; 16]);

        impl $name {
            /// Fresh random bytes.
            ///
            /// # Errors
            /// When the operating system gives no randomness.
            pub fn random() -> Result<Self, getrandom::Error> {
                let mut bytes = [0; 16];
                getrandom::fill(&mut bytes)?;
                Ok(Self(bytes))
            }

        }

        impl fmt::Debug for $name {
            /// The first 8 digits: enough to follow one in a log.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({}…)", stringify!($name), data_encoding::HEXLOWER.encode(&self.0[..4]))
            }
        }
    };
}

sixteen_bytes!(
    /// One connection of an agent, or one visit of a viewer before it is answered. A key seals for one run in one direction.
    Run
);
sixteen_bytes!(
    /// One life of an agent's record: a new one means that positions of before say nothing.
    Epoch
);
sixteen_bytes!(
    /// What the agent answers to a viewer's run with; all further keys of the visit contain it.
    Visit
);
sixteen_bytes!(
    /// One start of an agent's program, by which the relay knows it again when it reconnects.
    Process
);

read_from_frames!(Run, Epoch, Process);

/// Position of an entry in an agent's record, over all its sessions, from 1 without gaps.
pub type Offset = u64;

/// How far somebody has come in an agent's record: the last entry that was accepted, and where it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Position {
    /// Life of the record.
    pub epoch: Epoch,
    /// Run of the agent that the last frame came from.
    pub run: Run,
    /// Last entry that was accepted; 0 before the first.
    pub offset: Offset,
}

impl Position {
    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, FrameError> {
        Ok(Self {
            epoch: Epoch::read(from)?,
            run: Run::read(from)?,
            offset: from.u64()?,
        })
    }

    pub(super) fn put(self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.epoch.0);
        to.extend_from_slice(&self.run.0);
        to.extend_from_slice(&self.offset.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_ids_differ_and_logs_show_their_beginning_only() {
        let (one, other) = (Run::random().unwrap(), Run::random().unwrap());
        assert_ne!(one, other);
        assert_eq!(format!("{:?}", Run([0xab; 16])), "Run(abababab…)");
    }

    #[test]
    fn a_position_comes_back_from_its_bytes() {
        let position = Position {
            epoch: Epoch([1; 16]),
            run: Run([2; 16]),
            offset: 3,
        };
        let mut bytes = Vec::new();
        position.put(&mut bytes);
        assert_eq!(bytes.len(), 40);
        assert_eq!(Position::read(&mut Reader::new(&bytes)), Ok(position));
    }
}
