//! Long operations that viewers began: their progress goes to whoever began them, and to nobody else.

use std::collections::{HashMap, VecDeque};

use protocol::ids::OperationId;
use protocol::record::LiveEvent;
use protocol::relay::Run;

/// Operations whose beginner is known.
const MOST: usize = 1_024;
/// Operations whose newest word came before it was known who began them.
const EARLY: usize = 64;

/// Who began what.
#[derive(Default)]
pub struct Operations {
    began: HashMap<OperationId, Run>,
    early: VecDeque<(OperationId, LiveEvent)>,
}

impl Operations {
    /// A viewer began an operation; gives the newest word of it, if one came already.
    pub fn began(&mut self, operation: OperationId, viewer: Run) -> Option<LiveEvent> {
        if self.began.len() < MOST {
            self.began.insert(operation, viewer);
        }
        let k = self.early.iter().position(|(early, _)| *early == operation)?;
        self.early.remove(k).map(|(_, event)| event)
    }

    /// Who hears of an operation. Where that is not known yet the word is kept for a while.
    pub fn beginner(&mut self, operation: OperationId, event: &LiveEvent) -> Option<Run> {
        if let Some(viewer) = self.began.get(&operation) {
            return Some(*viewer);
        }
        self.early.retain(|(early, _)| *early != operation);
        if self.early.len() == EARLY {
            self.early.pop_front();
        }
        self.early.push_back((operation, event.clone()));
        None
    }

    /// Who began an operation.
    pub fn who(&self, operation: OperationId) -> Option<Run> {
        self.began.get(&operation).copied()
    }

    /// An operation is over.
    pub fn over(&mut self, operation: OperationId) {
        self.began.remove(&operation);
    }
}
