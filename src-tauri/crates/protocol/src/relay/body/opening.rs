//! How a visit begins.

use super::BodyError;
use crate::relay::bytes::{FrameError, Reader, put_optional};
use crate::relay::ids::{Epoch, Offset, Position, Run, Visit};
use crate::relay::version::Versions;

/// A viewer's first frame: `versions ‖ optional position`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// What it speaks.
    pub versions: Versions,
    /// How far it has come in the record.
    pub position: Option<Position>,
}

impl Opening {
    /// The bytes to seal.
    pub fn bytes(&self) -> Vec<u8> {
        let mut to = Vec::with_capacity(64);
        self.versions.put(&mut to);
        put_optional(&mut to, self.position, |to, position| position.put(to));
        to
    }

    /// Reads one.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, BodyError> {
        let mut from = Reader::new(bytes);
        let opening = Self {
            versions: Versions::read(&mut from)?,
            position: from.optional("position", Position::read)?,
        };
        from.end()?;
        Ok(opening)
    }
}

/// Whether what a viewer has is still the beginning of what the agent has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Go on after the position.
    GoOn = 0,
    /// The position is not one of this record: forget what was shown.
    StartOver = 1,
}

/// The agent's answer: `verdict 1 ‖ visit 16 ‖ epoch 16 ‖ run 16 ‖ head 8 ‖ tick 8 ‖ versions`. Only it may change the epoch,
/// lower the head or make a viewer start over; what came before it is shown "as of" its time, and not called live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// About the position that the viewer named; [`Verdict::StartOver`] where it named none.
    pub verdict: Verdict,
    /// In all further keys of the visit.
    pub visit: Visit,
    /// Life of the record.
    pub epoch: Epoch,
    /// The agent's run.
    pub run: Run,
    /// Offset of the newest entry.
    pub head: Offset,
    /// Milliseconds of the agent's run.
    pub tick_ms: u64,
    /// What it speaks.
    pub versions: Versions,
}

impl Opened {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut to = Vec::with_capacity(96);
        to.push(self.verdict as u8);
        to.extend_from_slice(&self.visit.0);
        to.extend_from_slice(&self.epoch.0);
        to.extend_from_slice(&self.run.0);
        to.extend_from_slice(&self.head.to_be_bytes());
        to.extend_from_slice(&self.tick_ms.to_be_bytes());
        self.versions.put(&mut to);
        to
    }

    pub(super) fn read(mut from: Reader<'_>) -> Result<Self, FrameError> {
        let verdict = if from.flag("verdict")? {
            Verdict::StartOver
        } else {
            Verdict::GoOn
        };
        let opened = Self {
            verdict,
            visit: Visit(from.array()?),
            epoch: Epoch(from.array()?),
            run: Run(from.array()?),
            head: from.u64()?,
            tick_ms: from.u64()?,
            versions: Versions::read(&mut from)?,
        };
        from.end()?;
        Ok(opened)
    }
}
