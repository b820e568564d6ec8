//! What scripts answer.

use bytes::Bytes;
use protocol::relay::hello::SealedLabel;
use protocol::relay::{Epoch, Position, Process, Run};
use redis::Value;

use super::super::news::{FENCE_DIGITS, kept, number};
use super::super::{Door, Lease, Lost, RelayId, View};

/// The fields of an answer; the first is often a word that says which it is.
pub(super) struct Answer(Vec<Value>);

impl Answer {
    pub fn new(fields: Vec<Value>) -> Self {
        Self(fields)
    }

    pub fn word(&self) -> &[u8] {
        self.bytes(0)
    }

    /// A field's bytes; nothing where it is none.
    pub fn bytes(&self, at: usize) -> &[u8] {
        match self.0.get(at) {
            Some(Value::BulkString(bytes)) => bytes,
            Some(Value::SimpleString(text)) => text.as_bytes(),
            _ => &[],
        }
    }

    pub fn number(&self, at: usize) -> Option<u64> {
        number(self.bytes(at))
    }

    fn array<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.bytes(at).try_into().ok()
    }

    /// Epoch, run and offset from a field on.
    pub fn position(&self, at: usize) -> Option<Position> {
        Some(Position {
            epoch: Epoch(self.array(at)?),
            run: Run(self.array(at + 1)?),
            offset: self.number(at + 2)?,
        })
    }

    /// The answer, unless it says that the claim no longer counts.
    pub fn lost(self) -> Result<Self, Lost> {
        match self.word() {
            b"FENCED" => Err(Lost::Fenced),
            b"RETIRED" => Err(Lost::Retired),
            _ => Ok(self),
        }
    }

    pub fn lease(&self, at: usize) -> Option<Lease> {
        let bytes = self.bytes(at);
        let (fence, rest) = bytes.split_at_checked(FENCE_DIGITS)?;
        let (relay, rest) = rest.split_first_chunk()?;
        let (process, rest) = rest.split_first_chunk()?;
        let (run, label) = rest.split_first_chunk()?;
        Some(Lease {
            fence: number(fence)?,
            process: Process(*process),
            run: Run(*run),
            label: SealedLabel(label.try_into().ok()?),
            relay: RelayId(*relay),
        })
    }

    pub fn door(&self) -> Option<Door> {
        Some(Door {
            generation: self.number(0)?.try_into().ok()?,
            join_hash: self.array(1)?,
            retired: !self.bytes(2).is_empty(),
        })
    }

    pub fn view(self) -> Option<View> {
        let epoch = self.array(4).map(Epoch);
        let list = |at: usize| match self.0.get(at) {
            Some(Value::Array(values)) => values
                .iter()
                .filter_map(|value| match value {
                    Value::BulkString(bytes) => Some(Bytes::copy_from_slice(bytes)),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        Some(View {
            owner: self.array(0)?,
            generation: self.number(1)?.try_into().ok()?,
            epoch,
            floor: self.number(5)?,
            top: self.number(6)?,
            agent_present: self.bytes(8) == b"1",
            seen_s: self.number(7)?,
            is_whole: self.bytes(9) == b"1",
            frames: list(10)
                .into_iter()
                .filter_map(|message| kept(epoch?, message))
                .collect(),
            latest: list(11),
        })
    }
}
