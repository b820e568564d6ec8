//! Frames from a viewer: padded, sealed for one visit, in rising order.

use super::key::{SealingKey, TAG};
use super::{MOST_FRAMES, SealError};
use crate::relay::header::{UpHeader, UpKind};
use crate::relay::ids::Run;
use crate::relay::{FrameError, LONGEST_UP};

/// Lengths are multiples of this.
const PADDED_TO: usize = 256;

/// Seals what a viewer sends under one key.
pub struct UpSealer {
    key: SealingKey,
    kind: UpKind,
    generation: u16,
    viewer: Run,
    context: [u8; 16],
    counter: u64,
}

impl UpSealer {
    /// For a key that has sealed nothing yet. `agent` is the agent's run, which questions and commands are bound to; none
    /// for the first frame of a visit.
    pub fn new(key: SealingKey, kind: UpKind, generation: u16, viewer: Run, agent: Option<Run>) -> Self {
        Self {
            key,
            kind,
            generation,
            viewer,
            context: agent.map_or([0; 16], |run| run.0),
            counter: 0,
        }
    }

    /// Pads and seals one frame.
    ///
    /// # Errors
    /// [`SealError::Exhausted`] at the end of the run, and a frame above the limit.
    pub fn seal(&mut self, body: &[u8]) -> Result<Vec<u8>, SealError> {
        if self.counter >= MOST_FRAMES {
            return Err(SealError::Exhausted);
        }
        let header = UpHeader {
            kind: self.kind,
            generation: self.generation,
            viewer: self.viewer,
            counter: self.counter,
        };
        let mut frame = Vec::new();
        header.put(&mut frame);
        let plain = padded(body)?;
        if frame.len() + plain.len() + TAG > LONGEST_UP {
            return Err(FrameError::TooLarge.into());
        }
        self.counter += 1;
        let aad = self.key.aad(&self.context, &frame);
        let sealed = self.key.seal(header.counter, &aad, &plain)?;
        frame.extend_from_slice(&sealed);
        Ok(frame)
    }
}

/// Opens what a viewer sent under one key: each counter once, rising.
pub struct UpOpener {
    key: SealingKey,
    context: [u8; 16],
    next: u64,
}

impl UpOpener {
    /// For the questions or commands of a visit to the agent's run.
    pub fn new(key: SealingKey, agent: Run) -> Self {
        Self {
            key,
            context: agent.0,
            next: 0,
        }
    }

    /// Opens a frame whose header says that it was sealed under this key.
    ///
    /// # Errors
    /// Why the frame counts for nothing.
    pub fn open(&mut self, frame: &[u8]) -> Result<Vec<u8>, SealError> {
        let (header, body) = opened(&self.key, &self.context, frame)?;
        if header.counter < self.next {
            return Err(SealError::Replayed);
        }
        self.next = header.counter + 1;
        Ok(body)
    }
}

/// Opens the first frame of a visit, whose key is used once.
///
/// # Errors
/// Why the frame counts for nothing.
pub fn open_once(key: &SealingKey, frame: &[u8]) -> Result<Vec<u8>, SealError> {
    let (header, body) = opened(key, &[0; 16], frame)?;
    if header.counter != 0 {
        return Err(SealError::Replayed);
    }
    Ok(body)
}

fn opened(key: &SealingKey, context: &[u8; 16], frame: &[u8]) -> Result<(UpHeader, Vec<u8>), SealError> {
    if frame.len() > LONGEST_UP {
        return Err(FrameError::TooLarge.into());
    }
    let (header, sealed) = UpHeader::read(frame)?;
    if header.counter >= MOST_FRAMES {
        return Err(SealError::Exhausted);
    }
    let head = &frame[..frame.len() - sealed.len()];
    let plain = key.open(header.counter, &key.aad(context, head), sealed)?;
    Ok((header, unpadded(&plain)?))
}

/// `u32 length ‖ body ‖ zeros`, a multiple of 256 bytes.
fn padded(body: &[u8]) -> Result<Vec<u8>, FrameError> {
    let length = u32::try_from(body.len()).map_err(|_| FrameError::TooLarge)?;
    let mut plain = Vec::with_capacity((4 + body.len()).next_multiple_of(PADDED_TO));
    plain.extend_from_slice(&length.to_be_bytes());
    plain.extend_from_slice(body);
    plain.resize(plain.len().next_multiple_of(PADDED_TO), 0);
    Ok(plain)
}

fn unpadded(plain: &[u8]) -> Result<Vec<u8>, FrameError> {
    let (length, rest) = plain.split_first_chunk().ok_or(FrameError::Truncated)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| FrameError::Field("length"))?;
    let (body, padding) = rest.split_at_checked(length).ok_or(FrameError::Truncated)?;
    if padding.iter().any(|byte| *byte != 0) || padding.len() >= PADDED_TO {
        return Err(FrameError::Field("padding"));
    }
    Ok(body.to_vec())
}
