//! Frames from an agent: sealed for all who hold the view key, signed by the owner.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::key::{SealingKey, TAG};
use super::{MOST_FRAMES, SealError};
use crate::relay::header::{Destination, DownHeader};
use crate::relay::ids::{Epoch, Run};
use crate::relay::keys::ViewKey;
use crate::relay::{FrameError, LONGEST_DOWN};

const SIGNATURE: usize = 64;

/// Seals what one run of an agent sends.
pub struct DownSealer {
    key: SealingKey,
    owner: SigningKey,
    generation: u16,
    run: Run,
    epoch: Epoch,
    counter: u64,
}

impl DownSealer {
    /// For a run that has sent nothing yet.
    pub fn new(view: &ViewKey, owner: SigningKey, generation: u16, run: Run, epoch: Epoch) -> Self {
        Self {
            key: view.down(run),
            owner,
            generation,
            run,
            epoch,
            counter: 0,
        }
    }

    /// Seals one frame.
    ///
    /// # Errors
    /// [`SealError::Exhausted`] at the end of the run, and a frame above the limit.
    pub fn seal(&mut self, destination: Destination, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        if self.counter >= MOST_FRAMES {
            return Err(SealError::Exhausted);
        }
        let header = DownHeader {
            generation: self.generation,
            run: self.run,
            counter: self.counter,
            destination,
        };
        let mut frame = Vec::with_capacity(46 + plain.len() + TAG + SIGNATURE);
        header.put(&mut frame);
        if frame.len() + plain.len() + TAG + SIGNATURE > LONGEST_DOWN {
            return Err(FrameError::TooLarge.into());
        }
        self.counter += 1;
        let aad = self.key.aad(&context(self.epoch, &destination), &frame);
        let sealed = self.key.seal(header.counter, &aad, plain)?;
        let signature = self.owner.sign(&signed(&aad, &sealed));
        frame.extend_from_slice(&sealed);
        frame.extend_from_slice(&signature.to_bytes());
        Ok(frame)
    }
}

/// A frame of an agent, proven and read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its header.
    pub header: DownHeader,
    /// What was sealed.
    pub plain: Vec<u8>,
}

/// Opens the frames of an agent, of any of its runs.
pub struct DownOpener {
    view: ViewKey,
    owner: VerifyingKey,
    generation: u16,
    // Frames of one run come together: its key is made once.
    newest: Option<(Run, SealingKey)>,
}

impl DownOpener {
    /// For the channel of `owner`, which the caller has checked against the code's channel.
    pub fn new(view: ViewKey, owner: VerifyingKey, generation: u16) -> Self {
        Self {
            view,
            owner,
            generation,
            newest: None,
        }
    }

    /// Verifies, then opens. `epoch` is the life of the record that log frames must belong to.
    ///
    /// Order is not judged here: entries are told apart by their offsets, and what is only for the newest run by
    /// [`DownHeader::counter`].
    ///
    /// # Errors
    /// Why the frame counts for nothing.
    pub fn open(&mut self, epoch: Epoch, frame: &[u8]) -> Result<Opened, SealError> {
        if frame.len() > LONGEST_DOWN {
            return Err(FrameError::TooLarge.into());
        }
        let (header, body) = DownHeader::read(frame)?;
        let (sealed, signature) = body.split_last_chunk::<SIGNATURE>().ok_or(FrameError::Truncated)?;
        let head = &frame[..frame.len() - body.len()];
        let key = match &self.newest {
            Some((run, key)) if *run == header.run => key.clone(),
            _ => self.view.down(header.run),
        };
        let aad = key.aad(&context(epoch, &header.destination), head);
        self.owner
            .verify_strict(&signed(&aad, sealed), &Signature::from_bytes(signature))
            .map_err(|_| SealError::Signature)?;
        // Only the owner's word is one: a relay that writes another generation into a header alters it.
        if header.generation != self.generation {
            return Err(SealError::Generation(header.generation));
        }
        let plain = key.open(header.counter, &aad, sealed)?;
        // Only a run that the owner signed for takes the place of the one before.
        self.newest = Some((header.run, key));
        Ok(Opened { header, plain })
    }
}

fn context(epoch: Epoch, destination: &Destination) -> [u8; 16] {
    match destination {
        Destination::Log { .. } => epoch.0,
        Destination::Latest { .. } | Destination::Direct { .. } => [0; 16],
    }
}

fn signed(aad: &[u8], sealed: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(14 + aad.len() + sealed.len());
    text.extend_from_slice(b"sacmes/1 frame");
    text.extend_from_slice(aad);
    text.extend_from_slice(sealed);
    text
}
