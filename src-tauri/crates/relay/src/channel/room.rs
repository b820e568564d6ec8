//! The connections of one process to one channel, and what of the agent's frames goes to which of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use protocol::relay::message::{Message, ToAgent};
use protocol::relay::{CloseCode, Offset, Run};
use tokio::sync::Notify;

use super::window::Kept;
use crate::connection::{Outbox, Pushed};

/// Who of this process is in a channel.
#[derive(Default)]
pub struct Room {
    agent: Option<Seat>,
    viewers: HashMap<u64, Viewer>,
    runs: HashMap<Run, u64>,
}

/// The agent's connection.
#[derive(Clone)]
pub struct Seat {
    /// Its claim.
    pub fence: u64,
    /// Where messages for it are put.
    pub outbox: Outbox,
    pulse: Arc<Notify>,
}

impl Seat {
    /// For a connection that has claimed a channel.
    pub fn new(fence: u64, outbox: Outbox) -> Self {
        Self {
            fence,
            outbox,
            pulse: Arc::default(),
        }
    }

    /// Something was heard from the agent.
    pub fn heard(&self) {
        self.pulse.notify_waiters();
    }

    /// Asks the agent whether it still runs, and waits for anything from it.
    pub async fn answers(&self, within: Duration) -> bool {
        let heard = self.pulse.notified();
        tokio::pin!(heard);
        heard.as_mut().enable();
        self.outbox.push(Bytes::from(ToAgent::Probe.bytes()));
        tokio::time::timeout(within, heard).await.is_ok()
    }
}

struct Viewer {
    outbox: Outbox,
    join_hash: [u8; 32],
    run: Option<Run>,
    progress: Progress,
}

enum Progress {
    /// The window is being read; what comes meanwhile is kept here.
    Joining { meanwhile: Vec<Kept>, bytes: usize },
    /// Everything up to here is on its way.
    Live { through: Offset },
}

/// A viewer's frame cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunInUse;

impl Room {
    /// Gives the agent's place to a connection; the one before is closed.
    pub fn seat(&mut self, seat: Seat) {
        if let Some(before) = self.agent.replace(seat) {
            before.outbox.close(CloseCode::Fenced);
        }
    }

    /// Frees the agent's place, if this claim still has it.
    pub fn unseat(&mut self, fence: u64) {
        if self.agent.as_ref().is_some_and(|seat| seat.fence == fence) {
            self.agent = None;
        }
    }

    /// The agent's connection, where it is one of this process.
    pub fn agent(&self) -> Option<&Seat> {
        self.agent.as_ref()
    }

    /// Takes a viewer in that is not live yet: what comes from now on is kept for it. `join_hash` is that of its join token.
    pub fn admit(&mut self, outbox: Outbox, join_hash: [u8; 32]) {
        let viewer = Viewer {
            outbox,
            join_hash,
            run: None,
            progress: Progress::Joining {
                meanwhile: Vec::new(),
                bytes: 0,
            },
        };
        self.viewers.insert(viewer.outbox.id(), viewer);
    }

    /// Has a viewer wait again while the window is read anew for it.
    pub fn rejoin(&mut self, id: u64) {
        if let Some(viewer) = self.viewers.get_mut(&id) {
            viewer.progress = Progress::Joining {
                meanwhile: Vec::new(),
                bytes: 0,
            };
        }
    }

    /// Makes a viewer live: `first_words`, then the frames of the window, then what came meanwhile, each entry once.
    pub fn go_live(&mut self, id: u64, first_words: Vec<Bytes>, window: &[Kept], top: Offset) {
        let Some(viewer) = self.viewers.get_mut(&id) else {
            return;
        };
        let Progress::Joining { meanwhile, .. } = &mut viewer.progress else {
            return;
        };
        let meanwhile = std::mem::take(meanwhile);
        for words in first_words {
            viewer.outbox.push(words);
        }
        for kept in window {
            viewer.outbox.push(kept.frame.clone());
        }
        viewer.progress = Progress::Live { through: top };
        for kept in meanwhile {
            viewer.take(&kept);
        }
    }

    /// Takes a viewer out. Its run, if it had one, is for the agent to forget.
    pub fn leave(&mut self, id: u64) -> Option<Run> {
        let run = self.viewers.remove(&id)?.run?;
        self.runs.remove(&run);
        Some(run)
    }

    /// Binds a run to the connection that uses it first; frames for the run go there alone.
    ///
    /// # Errors
    /// When another connection has it.
    pub fn bind(&mut self, id: u64, run: Run) -> Result<(), RunInUse> {
        match self.runs.get(&run) {
            Some(holder) if *holder == id => return Ok(()),
            Some(_) => return Err(RunInUse),
            None => {}
        }
        let Some(viewer) = self.viewers.get_mut(&id) else {
            return Err(RunInUse);
        };
        if let Some(before) = viewer.run.replace(run) {
            self.runs.remove(&before);
        }
        self.runs.insert(run, id);
        Ok(())
    }

    /// Hands a frame of the log to all viewers. Those for whom something lies between are named: they read the window again.
    pub fn log(&mut self, kept: &Kept) -> Vec<u64> {
        let behind = |(id, viewer): (&u64, &mut Viewer)| (!viewer.take(kept)).then_some(*id);
        self.viewers.iter_mut().filter_map(behind).collect()
    }

    /// Hands the newest of its kind to all who are live.
    pub fn latest(&self, message: &Bytes) {
        for viewer in self.viewers.values() {
            if matches!(viewer.progress, Progress::Live { .. }) {
                viewer.outbox.offer(message.clone());
            }
        }
    }

    /// Hands a frame to one viewer, if it is here.
    pub fn direct(&self, run: Run, message: Bytes) -> Option<Pushed> {
        let id = self.runs.get(&run)?;
        Some(self.viewers.get(id)?.outbox.push(message))
    }

    /// Tells all viewers something about the channel.
    pub fn tell(&self, message: &Bytes) {
        for viewer in self.viewers.values() {
            viewer.outbox.push(message.clone());
        }
    }

    /// Closes the viewers that do not hold the code with this hash, and names the others.
    pub fn check(&mut self, join_hash: &[u8; 32]) -> Vec<u64> {
        let (right, wrong): (Vec<_>, Vec<_>) = self.viewers.iter().partition(|(_, v)| v.join_hash == *join_hash);
        for (_, viewer) in wrong {
            viewer.outbox.close(CloseCode::CodeRenewed);
        }
        right.into_iter().map(|(id, _)| *id).collect()
    }

    /// Closes all viewers.
    pub fn close_viewers(&mut self, code: CloseCode) {
        for viewer in self.viewers.values() {
            viewer.outbox.close(code);
        }
    }

    /// Closes the viewer of a run.
    pub fn dismiss(&self, run: Run, code: CloseCode) {
        if let Some(viewer) = self.runs.get(&run).and_then(|id| self.viewers.get(id)) {
            viewer.outbox.close(code);
        }
    }

    /// All viewers of this process.
    pub fn everybody(&self) -> Vec<u64> {
        self.viewers.keys().copied().collect()
    }

    /// Number of viewers of this process.
    pub fn viewers(&self) -> usize {
        self.viewers.len()
    }

    /// Whether nobody is here.
    pub fn is_empty(&self) -> bool {
        self.agent.is_none() && self.viewers.is_empty()
    }
}

impl Viewer {
    /// Takes a frame of the log; false where an entry before it is missing.
    fn take(&mut self, kept: &Kept) -> bool {
        match &mut self.progress {
            Progress::Joining { meanwhile, bytes } => {
                *bytes += kept.frame.len();
                // As much as may wait for a connection: more would not be written either.
                if *bytes > self.outbox.room() {
                    self.outbox.close(CloseCode::TooSlow);
                } else {
                    meanwhile.push(kept.clone());
                }
                true
            }
            Progress::Live { through } if kept.last <= *through => true,
            Progress::Live { through } if kept.first > *through + 1 => false,
            Progress::Live { through } => {
                *through = kept.last;
                self.outbox.push(kept.frame.clone());
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::{Drain, Queues};

    const RUN: Run = Run([5; 16]);

    struct Guest {
        id: u64,
        drain: Drain,
        outbox: Outbox,
    }

    impl Guest {
        fn enter(room: &mut Room, queues: &Queues) -> Self {
            let (outbox, drain) = queues.open();
            room.admit(outbox.clone(), [1; 32]);
            Self {
                id: outbox.id(),
                drain,
                outbox,
            }
        }

        async fn reads(mut self) -> Vec<u8> {
            self.outbox.close(CloseCode::Restarting);
            let mut read = Vec::new();
            while let Ok(message) = self.drain.next().await {
                read.push(message[0]);
            }
            read
        }
    }

    fn kept(first: Offset, last: Offset) -> Kept {
        Kept {
            first,
            last,
            frame: Bytes::from(vec![last as u8; 10]),
        }
    }

    fn words(letter: u8) -> Bytes {
        Bytes::from(vec![letter])
    }

    #[tokio::test]
    async fn a_viewer_gets_the_window_then_what_came_meanwhile_then_live_each_once() {
        let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
        let guest = Guest::enter(&mut room, &queues);
        assert!(room.log(&kept(2, 2)).is_empty());
        assert!(room.log(&kept(3, 3)).is_empty());
        // The window was read after entry 2 came.
        room.go_live(guest.id, vec![words(b'j')], &[kept(1, 1), kept(2, 2)], 2);
        assert!(room.log(&kept(4, 4)).is_empty());
        assert!(room.log(&kept(4, 4)).is_empty());
        assert_eq!(guest.reads().await, [b'j', 1, 2, 3, 4]);
    }

    #[tokio::test]
    async fn a_viewer_with_a_hole_reads_the_window_again() {
        let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
        let guest = Guest::enter(&mut room, &queues);
        room.go_live(guest.id, Vec::new(), &[], 0);
        assert!(room.log(&kept(1, 1)).is_empty());
        assert_eq!(room.log(&kept(3, 3)), [guest.id]);
        room.rejoin(guest.id);
        assert!(room.log(&kept(4, 4)).is_empty());
        room.go_live(guest.id, Vec::new(), &[kept(2, 2), kept(3, 3)], 3);
        assert_eq!(guest.reads().await, [1, 2, 3, 4]);
    }

    #[tokio::test]
    async fn a_frame_for_one_viewer_reaches_nobody_else() {
        let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
        let [one, other] = [(); 2].map(|()| Guest::enter(&mut room, &queues));
        for guest in [&one, &other] {
            room.go_live(guest.id, Vec::new(), &[], 0);
        }
        assert_eq!(room.bind(one.id, RUN), Ok(()));
        assert_eq!(room.bind(one.id, RUN), Ok(()));
        assert_eq!(room.bind(other.id, RUN), Err(RunInUse));
        assert_eq!(room.direct(RUN, words(b'd')), Some(Pushed::Queued));
        assert_eq!(room.leave(one.id), Some(RUN));
        assert_eq!(room.direct(RUN, words(b'e')), None);
        assert_eq!(room.bind(other.id, RUN), Ok(()));
        assert_eq!(one.reads().await, [b'd']);
        assert_eq!(other.reads().await, [] as [u8; 0]);
    }

    #[tokio::test]
    async fn the_newest_of_a_kind_goes_to_those_who_are_live() {
        let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
        let [live, joining] = [(); 2].map(|()| Guest::enter(&mut room, &queues));
        room.go_live(live.id, Vec::new(), &[], 0);
        room.latest(&words(b'l'));
        room.tell(&words(b't'));
        assert_eq!(live.reads().await, [b'l', b't']);
        assert_eq!(joining.reads().await, [b't']);
    }

    #[test]
    fn those_who_waited_with_another_code_have_to_leave() {
        let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
        let [(one, _one), (other, _other)] = [(); 2].map(|()| queues.open());
        room.admit(one.clone(), [1; 32]);
        room.admit(other.clone(), [2; 32]);
        assert_eq!(room.check(&[1; 32]), [one.id()]);
        assert_eq!((one.closed(), other.closed()), (None, Some(CloseCode::CodeRenewed)));
    }

    #[test]
    fn a_new_claim_closes_the_connection_of_the_old_one_and_is_not_undone_by_it() {
        let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
        let [(old, _old), (new, _new)] = [(); 2].map(|()| queues.open());
        let seat = |fence, outbox: &Outbox| Seat::new(fence, outbox.clone());
        room.seat(seat(1, &old));
        room.seat(seat(2, &new));
        assert_eq!((old.closed(), new.closed()), (Some(CloseCode::Fenced), None));
        room.unseat(1);
        assert_eq!(room.agent().map(|seat| seat.fence), Some(2));
        room.unseat(2);
        assert!(room.is_empty());
    }
}
