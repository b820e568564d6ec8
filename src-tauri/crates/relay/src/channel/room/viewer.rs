//! One viewer, and how far it has come.

use bytes::Bytes;
use protocol::relay::message::{Message, ToViewer};
use protocol::relay::{Epoch, Offset, Position, Run};
use tokio::time::Instant;

use crate::channel::Kept;
use crate::connection::Outbox;
use crate::shared::View;

/// Whether a viewer was greeted, and with which life of the record; an agent that has come may not have begun one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Greeted {
    NotYet,
    With(Option<Epoch>),
}

pub(super) struct Viewer {
    pub(super) outbox: Outbox,
    pub(super) join_hash: [u8; 32],
    pub(super) run: Option<Run>,
    pub(super) greeted: Greeted,
    /// When it came.
    pub(super) since: Instant,
    /// It was told that there is no agent.
    pub(super) told_absent: bool,
    pub(super) progress: Progress,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Progress {
    /// The window is being read. What came meanwhile is in the window: how far that must have come is kept here, and how far
    /// the viewer has come, for a reading that begins anew.
    Reading {
        ticket: u64,
        news: Option<(Epoch, Offset)>,
        position: Option<Position>,
    },
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
    /// Number of the newest word on the agent's presence when this began.
    pub(super) presence: u64,
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

impl Viewer {
    pub(super) fn greet(&mut self, view: &View, agent_present: bool) {
        let joined = ToViewer::Joined {
            owner: view.owner,
            generation: view.generation,
            epoch: view.epoch,
            floor: view.floor,
            top: view.top,
            agent_present,
        };
        self.outbox.push(Bytes::from(joined.bytes()));
        self.told_absent = !agent_present;
        if !agent_present {
            let last_seen_s = Some(view.seen_s);
            self.outbox.push(Bytes::from(ToViewer::Absent { last_seen_s }.bytes()));
        }
        for words in &view.latest {
            self.outbox.offer(words.clone());
        }
    }

    /// Takes a frame of the log; false where an entry before it is missing.
    pub(super) fn take(&mut self, kept: &Kept) -> bool {
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
pub(super) fn at(epoch: Epoch, offset: Offset) -> Position {
    Position {
        epoch,
        run: Run([0; 16]),
        offset,
    }
}
