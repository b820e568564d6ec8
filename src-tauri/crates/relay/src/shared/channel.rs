//! One channel, as relays share it.

use std::collections::BTreeMap;

use bytes::Bytes;
use protocol::relay::{Epoch, Offset, Position, Run};

use super::{Claim, Claimed, Door, Fence, Lease, Lost, View};
use crate::channel::{Appended, Kept, Window};

/// Whose a channel is, who holds it, and its window. Pure: times are given, nothing is sent.
#[derive(Debug, Clone, Default)]
pub struct SharedChannel {
    identity: Option<Identity>,
    fence: Fence,
    lease: Option<Lease>,
    window: Window,
    latest: BTreeMap<u16, Bytes>,
    seen_s: u64,
    retired: bool,
}

#[derive(Debug, Clone, Copy)]
struct Identity {
    owner: [u8; 32],
    generation: u16,
    join_hash: [u8; 32],
}

impl SharedChannel {
    /// Claims the channel: it is free, held by the same program, or its holder is the one that was found silent.
    pub fn claim(&mut self, claim: &Claim, now_s: u64) -> Claimed {
        if self.retired {
            return Claimed::Retired;
        }
        if let Some(holder) = self.lease
            && holder.process != claim.process
            && claim.silent != Some(holder.fence)
        {
            return Claimed::Held(holder);
        }
        let first = self.identity.is_none();
        let renewed = self.identity.is_some_and(|known| known.generation != claim.generation);
        self.identity = Some(Identity {
            owner: claim.owner,
            generation: claim.generation,
            join_hash: claim.join_hash,
        });
        if renewed {
            // What was sealed under the old code is of no use to holders of the new one.
            self.window = Window::default();
        }
        self.latest.clear();
        self.fence += 1;
        self.seen_s = now_s;
        self.lease = Some(Lease {
            fence: self.fence,
            process: claim.process,
            run: claim.run,
            label: claim.label,
            relay: super::RelayId::default(),
        });
        Claimed::Yes {
            fence: self.fence,
            position: self.window.position(),
            first,
        }
    }

    /// Begins the log anew.
    ///
    /// # Errors
    /// The claim no longer counts.
    pub fn begin(&mut self, fence: Fence, epoch: Epoch, first: Offset) -> Result<(), Lost> {
        let run = self.holder(fence)?.run;
        self.window.begin(epoch, run, first);
        self.latest.clear();
        Ok(())
    }

    /// Appends a frame of the log and gives up the oldest beyond `bytes` and `frames`.
    ///
    /// # Errors
    /// The claim no longer counts.
    pub fn append(&mut self, fence: Fence, kept: Kept, bytes: usize, frames: usize) -> Result<Appended, Lost> {
        let run = self.holder(fence)?.run;
        let appended = self.window.append(run, kept);
        self.window.shrink(bytes, frames);
        Ok(appended)
    }

    /// Keeps the newest of its kind; false where there are too many kinds.
    ///
    /// # Errors
    /// The claim no longer counts.
    pub fn keep_latest(&mut self, fence: Fence, key: u16, message: Bytes, keys: usize) -> Result<bool, Lost> {
        self.holder(fence)?;
        let room = self.latest.len() < keys || self.latest.contains_key(&key);
        if room {
            self.latest.insert(key, message);
        }
        Ok(room)
    }

    /// Gives the channel back, at once: the agent ended, or its connection did.
    pub fn release(&mut self, fence: Fence, now_s: u64) -> bool {
        let held = self.lease.is_some_and(|lease| lease.fence == fence);
        if held {
            self.lease = None;
            self.seen_s = now_s;
        }
        held
    }

    /// Gives the channel up for ever, whoever holds it.
    pub fn retire(&mut self, owner: [u8; 32], now_s: u64) {
        *self = Self {
            identity: self.identity.or(Some(Identity {
                owner,
                generation: 0,
                join_hash: [0; 32],
            })),
            fence: self.fence,
            seen_s: now_s,
            retired: true,
            ..Self::default()
        };
    }

    /// Who holds the channel.
    pub fn lease(&self) -> Option<Lease> {
        self.lease
    }

    /// Whether a claim counts.
    ///
    /// # Errors
    /// It does not.
    pub fn holder(&self, fence: Fence) -> Result<Lease, Lost> {
        if self.retired {
            return Err(Lost::Retired);
        }
        self.lease.filter(|lease| lease.fence == fence).ok_or(Lost::Fenced)
    }

    /// What lets viewers in; none before an agent has ever come.
    pub fn door(&self) -> Option<Door> {
        self.identity.map(|identity| Door {
            generation: identity.generation,
            join_hash: identity.join_hash,
            retired: self.retired,
        })
    }

    /// What a viewer at a position gets, some `bytes` of it at a time; none before an agent has ever come.
    pub fn view(&self, position: Option<Position>, bytes: usize, with_latest: bool) -> Option<View> {
        let identity = self.identity?;
        let mut taken = 0;
        let mut left = self.window.after(position).peekable();
        let mut frames: Vec<Kept> = Vec::new();
        while let Some(kept) = left.next_if(|kept| frames.is_empty() || taken + kept.frame.len() <= bytes) {
            taken += kept.frame.len();
            frames.push(kept.clone());
        }
        Some(View {
            owner: identity.owner,
            generation: identity.generation,
            epoch: self.window.position().map(|position| position.epoch),
            floor: self.window.floor(),
            top: self.window.top(),
            agent_present: self.lease.is_some(),
            seen_s: self.seen_s,
            is_whole: left.peek().is_none(),
            frames,
            latest: if with_latest {
                self.latest.values().cloned().collect()
            } else {
                Vec::new()
            },
        })
    }

    /// How far the window has come.
    pub fn position(&self) -> Option<Position> {
        self.window.position()
    }

    /// Bytes that are kept.
    pub fn bytes(&self) -> usize {
        self.window.bytes() + self.latest.values().map(Bytes::len).sum::<usize>()
    }

    /// Gives up the oldest frames of the log beyond so many bytes.
    pub fn shrink(&mut self, bytes: usize) {
        self.window.shrink(bytes, usize::MAX);
    }

    /// Gives up all frames, of a channel that nobody holds: the agent still has them.
    pub fn free(&mut self) {
        self.window.free();
        self.latest.clear();
    }

    /// When somebody last held the channel, where nobody does now.
    pub fn abandoned_since_s(&self) -> Option<u64> {
        self.lease.is_none().then_some(self.seen_s)
    }

    /// Whether its owner has given it up.
    pub fn is_retired(&self) -> bool {
        self.retired
    }

    /// The run of the holder.
    pub fn run(&self) -> Option<Run> {
        self.lease.map(|lease| lease.run)
    }
}

#[cfg(test)]
mod tests {
    use protocol::codes::Channel;
    use protocol::relay::Process;
    use protocol::relay::hello::SealedLabel;

    use super::*;

    fn claim(process: u8, generation: u16) -> Claim {
        Claim {
            channel: Channel([1; 16]),
            owner: [2; 32],
            generation,
            join_hash: [generation as u8; 32],
            process: Process([process; 16]),
            run: Run([process; 16]),
            label: SealedLabel([process; 80]),
            silent: None,
        }
    }

    fn kept(offset: Offset) -> Kept {
        Kept {
            epoch: Epoch([3; 16]),
            first: offset,
            last: offset,
            frame: Bytes::from_static(b"sealed"),
        }
    }

    fn fence(claimed: &Claimed) -> Fence {
        match claimed {
            Claimed::Yes { fence, .. } => *fence,
            other => panic!("{other:?}"),
        }
    }

    fn append(channel: &mut SharedChannel, fence: Fence, offset: Offset) -> Result<Appended, Lost> {
        channel.append(fence, kept(offset), 1_000, 1_000)
    }

    #[test]
    fn a_second_program_is_told_who_holds_the_channel() {
        let mut channel = SharedChannel::default();
        let first = fence(&channel.claim(&claim(1, 1), 10));
        let held = channel.claim(&claim(2, 1), 11);
        assert_eq!(held, Claimed::Held(channel.lease().unwrap()));
        // Only the holder that was found silent is taken over, not one that came meanwhile.
        let mut takes_over = claim(2, 1);
        takes_over.silent = Some(first + 1);
        assert!(matches!(channel.claim(&takes_over, 12), Claimed::Held(_)));
        takes_over.silent = Some(first);
        assert!(matches!(channel.claim(&takes_over, 13), Claimed::Yes { .. }));
    }

    #[test]
    fn a_program_that_reconnects_goes_on_and_its_old_connection_counts_no_more() {
        let mut channel = SharedChannel::default();
        let old = fence(&channel.claim(&claim(1, 1), 10));
        channel.begin(old, Epoch([3; 16]), 1).unwrap();
        assert_eq!(append(&mut channel, old, 1), Ok(Appended::New(1)));
        let claimed = channel.claim(&claim(1, 1), 11);
        let Claimed::Yes {
            fence: new, position, ..
        } = claimed
        else {
            panic!("{claimed:?}");
        };
        assert_eq!(position.map(|position| position.offset), Some(1));
        assert_eq!(append(&mut channel, old, 2), Err(Lost::Fenced));
        assert_eq!(channel.begin(old, Epoch([4; 16]), 1), Err(Lost::Fenced));
        assert!(!channel.release(old, 12));
        assert_eq!(append(&mut channel, new, 2), Ok(Appended::New(2)));
    }

    #[test]
    fn a_renewed_code_begins_the_window_anew() {
        let mut channel = SharedChannel::default();
        let old = fence(&channel.claim(&claim(1, 1), 10));
        channel.begin(old, Epoch([3; 16]), 1).unwrap();
        append(&mut channel, old, 1).unwrap();
        let claimed = channel.claim(&claim(1, 2), 11);
        assert!(
            matches!(
                claimed,
                Claimed::Yes {
                    position: None,
                    first: false,
                    ..
                }
            ),
            "{claimed:?}"
        );
        assert_eq!(channel.door().unwrap().join_hash, [2; 32]);
        assert!(channel.view(None, usize::MAX, true).unwrap().frames.is_empty());
    }

    #[test]
    fn a_retired_channel_is_refused_and_empty() {
        let mut channel = SharedChannel::default();
        let held = fence(&channel.claim(&claim(1, 1), 10));
        channel.begin(held, Epoch([3; 16]), 1).unwrap();
        append(&mut channel, held, 1).unwrap();
        channel.retire([2; 32], 11);
        assert_eq!(append(&mut channel, held, 2), Err(Lost::Retired));
        assert_eq!(channel.claim(&claim(1, 1), 11), Claimed::Retired);
        assert!(channel.door().unwrap().retired && channel.bytes() == 0);
    }

    #[test]
    fn the_newest_of_each_kind_is_kept_within_a_number_of_kinds() {
        let mut channel = SharedChannel::default();
        let held = fence(&channel.claim(&claim(1, 1), 10));
        let keep = |channel: &mut SharedChannel, key| channel.keep_latest(held, key, Bytes::from_static(b"news"), 2);
        assert_eq!(keep(&mut channel, 1), Ok(true));
        assert_eq!(keep(&mut channel, 2), Ok(true));
        assert_eq!(keep(&mut channel, 3), Ok(false));
        assert_eq!(keep(&mut channel, 2), Ok(true));
        assert_eq!(channel.view(None, usize::MAX, true).unwrap().latest.len(), 2);
        // They come with the first part of the window, once.
        assert!(channel.view(None, usize::MAX, false).unwrap().latest.is_empty());
        // What a run said last is nothing to those who hear the next one.
        channel.claim(&claim(1, 1), 11);
        assert!(channel.view(None, usize::MAX, true).unwrap().latest.is_empty());
    }

    #[test]
    fn whoever_comes_when_the_agent_has_gone_hears_how_it_was_last() {
        let mut channel = SharedChannel::default();
        let held = fence(&channel.claim(&claim(1, 1), 10));
        channel.keep_latest(held, 1, Bytes::from_static(b"news"), 2).unwrap();
        assert!(channel.release(held, 11));
        assert_eq!(channel.view(None, usize::MAX, true).unwrap().latest.len(), 1);
        channel.free();
        assert!(channel.view(None, usize::MAX, true).unwrap().latest.is_empty() && channel.bytes() == 0);
    }

    #[test]
    fn a_channel_that_is_freed_still_knows_where_to_go_on() {
        let mut channel = SharedChannel::default();
        let held = fence(&channel.claim(&claim(1, 1), 10));
        channel.begin(held, Epoch([3; 16]), 1).unwrap();
        append(&mut channel, held, 1).unwrap();
        channel.release(held, 11);
        channel.free();
        let view = channel.view(None, usize::MAX, true).unwrap();
        assert_eq!((channel.bytes(), view.floor, view.top, view.is_whole), (0, 2, 1, true));
        let held = fence(&channel.claim(&claim(1, 1), 12));
        assert_eq!(append(&mut channel, held, 2), Ok(Appended::New(2)));
    }

    #[test]
    fn nobody_is_let_in_where_no_agent_has_ever_been() {
        let channel = SharedChannel::default();
        assert_eq!((channel.door(), channel.view(None, usize::MAX, true)), (None, None));
        assert_eq!(channel.abandoned_since_s(), Some(0));
    }
}
