//! The channels of a relay that is alone.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use protocol::codes::Channel;

use super::SharedChannel;

/// Channels in the memory of one process.
#[derive(Default)]
pub struct Memory {
    channels: Mutex<HashMap<Channel, SharedChannel>>,
}

impl Memory {
    /// Works on a channel, which is new if it was not there.
    pub fn with<T>(&self, channel: Channel, work: impl FnOnce(&mut SharedChannel) -> T) -> T {
        work(self.locked().entry(channel).or_default())
    }

    /// Looks at a channel, where there is one.
    pub fn look<T>(&self, channel: Channel, look: impl FnOnce(&SharedChannel) -> T) -> Option<T> {
        self.locked().get(&channel).map(look)
    }

    /// Forgets channels that nobody has held since a moment, then frees memory until all windows together have at most so
    /// many bytes: those without an agent go first, then the largest give up their oldest frames, which agents still have.
    ///
    /// That a channel was retired is remembered longer.
    pub fn tidy(&self, before_s: u64, retired_before_s: u64, most_bytes: usize) {
        let mut channels = self.locked();
        channels.retain(|_, channel| {
            let before_s = if channel.is_retired() {
                retired_before_s
            } else {
                before_s
            };
            channel.abandoned_since_s().is_none_or(|since| since >= before_s)
        });
        let mut bytes: usize = channels.values().map(SharedChannel::bytes).sum();
        if bytes <= most_bytes {
            return;
        }
        let mut by_size: Vec<&mut SharedChannel> = channels.values_mut().collect();
        by_size.sort_by_key(|channel| (channel.run().is_some(), std::cmp::Reverse(channel.bytes())));
        for channel in by_size {
            if bytes <= most_bytes {
                break;
            }
            let before = channel.bytes();
            if channel.run().is_some() {
                channel.shrink(before / 2);
            } else {
                channel.free();
            }
            bytes -= before - channel.bytes();
        }
    }

    /// How many channels there are, and bytes in them.
    pub fn size(&self) -> (usize, usize) {
        let channels = self.locked();
        (channels.len(), channels.values().map(SharedChannel::bytes).sum())
    }

    /// Nobody panics while holding this lock; if somebody did, every channel is still whole after every step.
    fn locked(&self) -> MutexGuard<'_, HashMap<Channel, SharedChannel>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
