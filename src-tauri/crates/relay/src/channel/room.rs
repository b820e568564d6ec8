//! The connections of one process to one channel, and what of the agent's frames goes to which of them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use protocol::relay::message::{Message, ToAgent, ToViewer};
use protocol::relay::{CloseCode, Epoch, Offset, Position, Run};
use tokio::sync::Notify;

use super::window::Kept;
use crate::connection::{Outbox, Pushed};
use crate::limits::Rate;
use crate::rate::Bucket;
use crate::shared::{Claim, View};

/// Who of this process is in a channel.
#[derive(Default)]
pub struct Room {
    agent: Option<Seat>,
    viewers: HashMap<u64, Viewer>,
    runs: HashMap<Run, u64>,
    tickets: u64,
    opens: Option<Bucket>,
}

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

/// Whether a viewer was greeted, and with which life of the record; an agent that has come may not have begun one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Greeted {
    NotYet,
    With(Option<Epoch>),
}

struct Viewer {
    outbox: Outbox,
    join_hash: [u8; 32],
    run: Option<Run>,
    greeted: Greeted,
    progress: Progress,
}

#[derive(Debug, Clone, Copy)]
enum Progress {
    /// The window is being read. What came meanwhile is in the window: how far that must have come is kept here.
    Reading { ticket: u64, news: Option<(Epoch, Offset)> },
    /// Everything up to here is on its way.
    Live { epoch: Option<Epoch>, through: Offset },
}

/// A viewer whose window is to be read.
#[derive(Clone)]
pub struct Reading {
    /// Its connection.
    pub id: u64,
    /// Its connection's queue.
    pub outbox: Outbox,
    /// Tells this reading from the ones before.
    pub ticket: u64,
    /// What it has already.
    pub position: Option<Position>,
}

/// What becomes of a viewer that was given a part of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// There is more, after this position.
    More(Option<Position>),
    /// It has everything, and gets what is new.
    Live,
    /// It has gone, or another reading began.
    Superseded,
}

/// A viewer's frame cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunInUse;

impl Room {
    /// Gives the agent's place to a connection; the one with the older claim is closed.
    pub fn seat(&mut self, seat: Seat) {
        match &self.agent {
            Some(other) if other.fence > seat.fence => seat.outbox.close(CloseCode::Fenced),
            _ => {
                self.fence_out(seat.fence);
                self.agent = Some(seat);
            }
        }
    }

    /// Closes the agent's connection if its claim is older than this one.
    pub fn fence_out(&mut self, fence: u64) {
        if let Some(older) = self.agent.take_if(|seat| seat.fence < fence) {
            older.outbox.close(CloseCode::Fenced);
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

    /// Takes a viewer in whose window is to be read. `join_hash` is that of its join token.
    pub fn admit(&mut self, outbox: Outbox, join_hash: [u8; 32], position: Option<Position>) -> Reading {
        self.tickets += 1;
        let reading = Reading {
            id: outbox.id(),
            outbox: outbox.clone(),
            ticket: self.tickets,
            position,
        };
        let viewer = Viewer {
            outbox,
            join_hash,
            run: None,
            greeted: Greeted::NotYet,
            progress: Progress::Reading {
                ticket: self.tickets,
                news: None,
            },
        };
        self.viewers.insert(reading.id, viewer);
        reading
    }

    /// Has a viewer's window read again, from `position` or else from where the viewer is.
    pub fn read_again(&mut self, id: u64, position: Option<Position>) -> Option<Reading> {
        self.tickets += 1;
        let viewer = self.viewers.get_mut(&id)?;
        let from = match viewer.progress {
            Progress::Live { epoch, through } => epoch.map(|epoch| at(epoch, through)),
            Progress::Reading { .. } => None,
        };
        viewer.progress = Progress::Reading {
            ticket: self.tickets,
            news: None,
        };
        Some(Reading {
            id,
            outbox: viewer.outbox.clone(),
            ticket: self.tickets,
            position: position.or(from),
        })
    }

    /// Has all viewers' windows read again; `greet`: as if they had just come.
    pub fn read_all_again(&mut self, greet: bool) -> Vec<Reading> {
        let ids = self.everybody();
        ids.into_iter().filter_map(|id| self.greet_again(id, greet)).collect()
    }

    /// Has a viewer's window read again; `greet`: as if it had just come.
    pub fn greet_again(&mut self, id: u64, greet: bool) -> Option<Reading> {
        let mut reading = self.read_again(id, None)?;
        if greet {
            self.viewers.get_mut(&id)?.greeted = Greeted::NotYet;
            reading.position = None;
        }
        Some(reading)
    }

    /// Gives a viewer a part of the window. Greeted is whoever has not been in this life of the record.
    pub fn give(&mut self, reading: &Reading, view: &View) -> Given {
        let Some(viewer) = self.viewers.get_mut(&reading.id) else {
            return Given::Superseded;
        };
        let Progress::Reading { ticket, news } = viewer.progress else {
            return Given::Superseded;
        };
        if ticket != reading.ticket {
            return Given::Superseded;
        }
        if viewer.greeted != Greeted::With(view.epoch) {
            viewer.greeted = Greeted::With(view.epoch);
            viewer.greet(view);
        }
        for kept in &view.frames {
            viewer.outbox.push(kept.frame.clone());
        }
        let through = match view.frames.last() {
            Some(last) => last.last,
            None => view.top,
        };
        let is_behind = news.is_some_and(|(epoch, offset)| Some(epoch) != view.epoch || offset > through);
        if view.is_whole && !is_behind {
            let epoch = view.epoch;
            viewer.progress = Progress::Live { epoch, through };
            return Given::Live;
        }
        viewer.progress = Progress::Reading { ticket, news: None };
        Given::More(view.epoch.map(|epoch| at(epoch, through)))
    }

    /// A viewer waits, since no agent has ever come.
    pub fn wait(&mut self, reading: &Reading, words: Bytes) {
        if let Some(viewer) = self.viewers.get_mut(&reading.id)
            && matches!(viewer.progress, Progress::Reading { ticket, .. } if ticket == reading.ticket)
        {
            viewer.outbox.push(words);
            viewer.progress = Progress::Live {
                epoch: None,
                through: 0,
            };
        }
    }

    /// Whether one more visit may begin now.
    pub fn may_open(&mut self, rate: Rate) -> bool {
        let now = tokio::time::Instant::now();
        self.opens.get_or_insert_with(|| Bucket::new(rate, now)).take(now)
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

    /// Whether the viewer with this run is one of this process.
    pub fn has_run(&self, run: Run) -> bool {
        self.runs.contains_key(&run)
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
    fn greet(&self, view: &View) {
        let joined = ToViewer::Joined {
            owner: view.owner,
            generation: view.generation,
            epoch: view.epoch,
            floor: view.floor,
            top: view.top,
            agent_present: view.agent_present,
        };
        self.outbox.push(Bytes::from(joined.bytes()));
        if !view.agent_present {
            let last_seen_s = Some(view.seen_s);
            self.outbox.push(Bytes::from(ToViewer::Absent { last_seen_s }.bytes()));
        }
        for words in &view.latest {
            self.outbox.offer(words.clone());
        }
    }

    /// Takes a frame of the log; false where an entry before it is missing.
    fn take(&mut self, kept: &Kept) -> bool {
        match &mut self.progress {
            Progress::Reading { news, .. } => {
                *news = Some((kept.epoch, kept.last));
                true
            }
            Progress::Live { epoch, .. } if *epoch != Some(kept.epoch) => false,
            Progress::Live { through, .. } if kept.last <= *through => true,
            Progress::Live { through, .. } if kept.first > *through + 1 => false,
            Progress::Live { through, .. } => {
                *through = kept.last;
                self.outbox.push(kept.frame.clone());
                true
            }
        }
    }
}

/// A position in the window: whose run an entry is from does not matter there.
fn at(epoch: Epoch, offset: Offset) -> Position {
    Position {
        epoch,
        run: Run([0; 16]),
        offset,
    }
}

/// Nobody panics while holding these locks; if somebody did, what they guard is still whole after every step.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::{Drain, Queues};

    const EPOCH: Epoch = Epoch([1; 16]);
    const RUN: Run = Run([5; 16]);

    fn claim() -> Claim {
        Claim {
            channel: protocol::codes::Channel([1; 16]),
            owner: [2; 32],
            generation: 1,
            join_hash: [1; 32],
            process: protocol::relay::Process([3; 16]),
            run: RUN,
            label: protocol::relay::hello::SealedLabel([4; 80]),
            silent: None,
        }
    }

    struct Guest {
        id: u64,
        reading: Reading,
        drain: Drain,
        outbox: Outbox,
    }

    impl Guest {
        fn enter(room: &mut Room, queues: &Queues) -> Self {
            let (outbox, drain) = queues.open();
            let reading = room.admit(outbox.clone(), [1; 32], None);
            Self {
                id: outbox.id(),
                reading,
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
            epoch: EPOCH,
            first,
            last,
            frame: Bytes::from(vec![last as u8; 10]),
        }
    }

    fn words(letter: u8) -> Bytes {
        Bytes::from(vec![letter])
    }

    fn view(frames: &[Kept], top: Offset) -> View {
        View {
            owner: [0; 32],
            generation: 1,
            epoch: Some(EPOCH),
            floor: 1,
            top,
            agent_present: true,
            seen_s: 0,
            is_whole: true,
            frames: frames.to_vec(),
            latest: vec![words(b'n')],
        }
    }

    #[tokio::test]
    async fn a_viewer_gets_the_window_then_what_came_meanwhile_then_live_each_once() {
        let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
        let guest = Guest::enter(&mut room, &queues);
        assert!(room.log(&kept(2, 2)).is_empty());
        assert!(room.log(&kept(3, 3)).is_empty());
        // The window was read after entry 2 came, and before entry 3: it is read again.
        let given = room.give(&guest.reading, &view(&[kept(1, 1), kept(2, 2)], 2));
        assert_eq!(given, Given::More(Some(at(EPOCH, 2))));
        assert_eq!(room.give(&guest.reading, &view(&[kept(3, 3)], 3)), Given::Live);
        assert!(room.log(&kept(4, 4)).is_empty());
        assert!(room.log(&kept(4, 4)).is_empty());
        // Greeted once: 1 is the kind of "joined".
        assert_eq!(guest.reads().await, [1, b'n', 1, 2, 3, 4]);
    }

    #[tokio::test]
    async fn a_viewer_with_a_hole_reads_the_window_again() {
        let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
        let guest = Guest::enter(&mut room, &queues);
        assert_eq!(room.give(&guest.reading, &view(&[], 0)), Given::Live);
        assert!(room.log(&kept(1, 1)).is_empty());
        assert_eq!(room.log(&kept(3, 3)), [guest.id]);
        let reading = room.read_again(guest.id, None).unwrap();
        assert_eq!(reading.position, Some(at(EPOCH, 1)));
        assert!(room.log(&kept(4, 4)).is_empty());
        let window = [kept(2, 2), kept(3, 3), kept(4, 4)];
        // An older reading that ends late changes nothing.
        assert_eq!(room.give(&guest.reading, &view(&window, 4)), Given::Superseded);
        assert_eq!(room.give(&reading, &view(&window, 4)), Given::Live);
        assert_eq!(guest.reads().await, [1, b'n', 1, 2, 3, 4]);
    }

    #[tokio::test]
    async fn a_frame_of_another_life_of_the_record_has_the_window_read_again() {
        let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
        let guest = Guest::enter(&mut room, &queues);
        assert_eq!(room.give(&guest.reading, &view(&[], 0)), Given::Live);
        let other = Kept {
            epoch: Epoch([2; 16]),
            ..kept(1, 1)
        };
        assert_eq!(room.log(&other), [guest.id]);
        assert_eq!(guest.reads().await, [1, b'n']);
    }

    #[tokio::test]
    async fn a_frame_for_one_viewer_reaches_nobody_else() {
        let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
        let [one, other] = [(); 2].map(|()| Guest::enter(&mut room, &queues));
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
        room.wait(&live.reading, words(b'w'));
        room.latest(&words(b'l'));
        room.tell(&words(b't'));
        assert_eq!(live.reads().await, [b'w', b'l', b't']);
        assert_eq!(joining.reads().await, [b't']);
    }

    #[test]
    fn those_who_waited_with_another_code_have_to_leave() {
        let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
        let [(one, _one), (other, _other)] = [(); 2].map(|()| queues.open());
        room.admit(one.clone(), [1; 32], None);
        room.admit(other.clone(), [2; 32], None);
        assert_eq!(room.check(&[1; 32]), [one.id()]);
        assert_eq!((one.closed(), other.closed()), (None, Some(CloseCode::CodeRenewed)));
    }

    #[test]
    fn a_new_claim_closes_the_connection_of_the_old_one_and_is_not_undone_by_it() {
        let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
        let [(old, _old), (new, _new)] = [(); 2].map(|()| queues.open());
        let seat = |fence, outbox: &Outbox| Seat::new(fence, claim(), outbox.clone());
        room.seat(seat(1, &old));
        room.seat(seat(2, &new));
        assert_eq!((old.closed(), new.closed()), (Some(CloseCode::Fenced), None));
        room.unseat(1);
        assert_eq!(room.agent().map(|seat| seat.fence), Some(2));
        room.unseat(2);
        assert!(room.is_empty());
    }
}
