//! A key that seals for one run in one direction.

use std::fmt;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};

use super::SealError;
use crate::codes::Channel;

/// Length of the authentication tag, bytes.
pub(super) const TAG: usize = 16;

/// Seals and opens for one run in one direction, on one channel.
#[derive(Clone)]
pub struct SealingKey {
    cipher: Aes256Gcm,
    channel: Channel,
}

impl SealingKey {
    pub(in crate::relay) fn new(key: &[u8; 32], channel: Channel) -> Self {
        Self {
            cipher: Aes256Gcm::new(key.into()),
            channel,
        }
    }

    /// `"sacmes/1" ‖ channel ‖ context ‖ header`.
    pub(super) fn aad(&self, context: &[u8; 16], header: &[u8]) -> Vec<u8> {
        let mut aad = Vec::with_capacity(40 + header.len());
        aad.extend_from_slice(b"sacmes/1");
        aad.extend_from_slice(&self.channel.0);
        aad.extend_from_slice(context);
        aad.extend_from_slice(header);
        aad
    }

    /// Ciphertext and tag. The counter must never have been used under this key.
    pub(in crate::relay) fn seal(&self, counter: u64, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let payload = Payload { msg: plain, aad };
        // The only error is a text of more than 64 GiB.
        self.cipher
            .encrypt(&nonce(counter), payload)
            .map_err(|_| SealError::Exhausted)
    }

    /// What was sealed.
    pub(in crate::relay) fn open(&self, counter: u64, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let payload = Payload { msg: sealed, aad };
        self.cipher
            .decrypt(&nonce(counter), payload)
            .map_err(|_| SealError::Altered)
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(secret)")
    }
}

fn nonce(counter: u64) -> Nonce<aes_gcm::aead::consts::U12> {
    let mut nonce = [0; 12];
    nonce[4..].copy_from_slice(&counter.to_be_bytes());
    nonce.into()
}
