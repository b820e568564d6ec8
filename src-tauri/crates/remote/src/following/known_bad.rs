//! Frames that failed their check before: a relay that keeps one sends it to every new connection, which is one alteration and not
//! another each time. Without this a viewer would make its connection anew for ever, and never ask the agent for what it misses.

use std::collections::HashSet;

/// Frames that are remembered.
const MOST: usize = 1_024;
/// The end of a frame is its signature, or what came of it.
const END: usize = 64;

/// The ends of frames.
#[derive(Debug, Default)]
pub struct KnownBad(HashSet<Vec<u8>>);

impl KnownBad {
    /// Whether a frame that failed its check is another one than those before.
    pub fn is_new(&mut self, frame: &[u8]) -> bool {
        if self.0.len() >= MOST {
            self.0.clear();
        }
        self.0.insert(frame[frame.len().saturating_sub(END)..].to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_new_once_and_only_so_many_are_remembered() {
        let mut known = KnownBad::default();
        assert!(known.is_new(b"short") && !known.is_new(b"short"));
        for k in 0..10_000_u32 {
            assert!(known.is_new(&[&[0; 100][..], &k.to_be_bytes()].concat()));
            assert!(known.0.len() <= MOST);
        }
    }
}
