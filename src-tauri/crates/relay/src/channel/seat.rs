//! The agent's place in a channel.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use protocol::relay::message::{Message, ToAgent};
use protocol::relay::{Epoch, Offset, Position};
use tokio::sync::Notify;

use crate::connection::Outbox;
use crate::shared::Claim;

/// The agent's connection.
#[derive(Clone)]
pub struct Seat {
    /// Its claim's number.
    pub fence: u64,
    /// What it claimed the channel with.
    pub claim: Claim,
    /// Where messages for it are put.
    pub outbox: Outbox,
    state: Arc<SeatState>,
}

#[derive(Default)]
struct SeatState {
    pulse: Notify,
    epoch: Mutex<Option<Epoch>>,
    acknowledged: AtomicU64,
    viewers: Mutex<Option<u32>>,
}

impl Seat {
    /// For a connection that has claimed a channel.
    pub fn new(fence: u64, claim: Claim, outbox: Outbox) -> Self {
        Self {
            fence,
            claim,
            outbox,
            state: Arc::default(),
        }
    }

    /// Something was heard from the agent.
    pub fn heard(&self) {
        self.state.pulse.notify_waiters();
    }

    /// Asks the agent whether it still runs, and waits for anything from it.
    pub async fn answers(&self, within: Duration) -> bool {
        let heard = self.state.pulse.notified();
        tokio::pin!(heard);
        heard.as_mut().enable();
        self.outbox.push(Bytes::from(ToAgent::Probe.bytes()));
        tokio::time::timeout(within, heard).await.is_ok()
    }

    /// The life of the record that the agent sends from, as it and the relay last agreed.
    pub fn epoch(&self) -> Option<Epoch> {
        *locked(&self.state.epoch)
    }

    /// Agent and relay agree on a life of the record.
    pub fn set_epoch(&self, epoch: Option<Epoch>) {
        *locked(&self.state.epoch) = epoch;
    }

    /// Tells the agent that viewers can get everything up to here.
    pub fn acknowledge(&self, top: Offset) {
        self.state.acknowledged.store(top, Ordering::Relaxed);
        self.outbox.push(Bytes::from(ToAgent::Ack(top).bytes()));
    }

    /// Tells the agent where the relay is: it goes on from there.
    pub fn tell_position(&self, position: Option<Position>) {
        self.set_epoch(position.map(|position| position.epoch));
        let top = position.map_or(0, |position| position.offset);
        self.state.acknowledged.store(top, Ordering::Relaxed);
        self.outbox.push(Bytes::from(ToAgent::Have(position).bytes()));
    }

    /// How far the agent thinks that the relay has come.
    pub fn acknowledged(&self) -> Offset {
        self.state.acknowledged.load(Ordering::Relaxed)
    }

    /// Tells the agent how many look, if it does not know.
    pub fn tell_viewers(&self, count: u32) {
        if locked(&self.state.viewers).replace(count) != Some(count) {
            self.outbox.push(Bytes::from(ToAgent::Viewers(count).bytes()));
        }
    }
}

/// Nobody panics while holding these locks; if somebody did, what they guard is still whole after every step.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
