//! A viewer that checks everything that it hears.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use protocol::ids::{OperationId, SessionId};
use protocol::record::{LiveEvent, RecordEntry};
use protocol::relay::Position;
use protocol::relay::body::News;
use remote::following::{Code, Events, FollowEvent, FollowState, Follower, From};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::lab::Lab;
use super::road::Road;

/// What a viewer has heard.
#[derive(Default)]
pub struct Heard {
    /// The record, as the viewer knows it.
    pub entries: Vec<RecordEntry>,
    /// Files that can be fetched.
    pub ready: Vec<News>,
    /// Operations of which something was told.
    pub operations: HashSet<OperationId>,
    /// Newest word of operations.
    pub progress: Vec<LiveEvent>,
    /// How often everything came anew.
    pub started_over: usize,
    deleted: HashSet<SessionId>,
    position: Option<Position>,
    wrong: Vec<String>,
}

impl Heard {
    fn take(&mut self, event: FollowEvent) {
        match event {
            FollowEvent::Record { entries, position } => {
                for entry in entries {
                    if let Some(last) = self.entries.last()
                        && entry.offset <= last.offset
                    {
                        self.wrong.push(format!("entry {} after {}", entry.offset, last.offset));
                    }
                    self.entries.push(entry);
                }
                self.position = Some(position);
            }
            FollowEvent::StartedOver => {
                self.started_over += 1;
                self.entries.clear();
                self.position = None;
            }
            FollowEvent::Live(LiveEvent::SessionDeleted { session }) => {
                self.deleted.insert(session);
            }
            FollowEvent::Live(event @ LiveEvent::Progress { operation, .. }) => {
                self.operations.insert(operation);
                self.progress.push(event);
            }
            FollowEvent::Ready(ready) => {
                if let News::Ready { operation, .. } = &ready {
                    self.operations.insert(*operation);
                }
                self.ready.push(ready);
            }
            event @ (FollowEvent::OutOfOrder(_) | FollowEvent::AlteredData { .. }) => {
                self.wrong.push(format!("{event:?}"));
            }
            FollowEvent::Live(_) | FollowEvent::AsOf { .. } | FollowEvent::BeginsLate { .. } => {}
        }
    }

    /// The entries of sessions that were not deleted as far as this viewer was told.
    fn standing(&self) -> Vec<&RecordEntry> {
        let stands = |entry: &&RecordEntry| !self.deleted.contains(&entry.session);
        self.entries.iter().filter(stands).collect()
    }

    /// Whether this is the whole record.
    fn is(&self, record: &[RecordEntry]) -> bool {
        self.standing().into_iter().eq(record)
    }

    fn difference(&self, record: &[RecordEntry]) -> String {
        let standing = self.standing();
        let mine: HashSet<u64> = standing.iter().map(|entry| entry.offset).collect();
        let theirs: HashSet<u64> = record.iter().map(|entry| entry.offset).collect();
        let missing: Vec<_> = record.iter().map(|e| e.offset).filter(|o| !mine.contains(o)).collect();
        let besides: Vec<_> = standing
            .iter()
            .map(|e| e.offset)
            .filter(|o| !theirs.contains(o))
            .collect();
        format!(
            "{} of {} entries, through {:?}; missing {missing:?}, besides {besides:?}, deleted {:?}",
            standing.len(),
            record.len(),
            self.position.map(|position| position.offset),
            self.deleted
        )
    }
}

/// Somebody who follows an agent, on and off.
pub struct Onlooker {
    pub name: String,
    pub road: Road,
    code: Code,
    heard: Arc<Mutex<Heard>>,
    looks: Mutex<Option<(Follower, JoinHandle<()>)>>,
}

impl Onlooker {
    /// Does not look yet.
    pub async fn new(name: String, code: Code) -> Self {
        Self {
            name,
            road: Road::new().await,
            code,
            heard: Arc::default(),
            looks: Mutex::default(),
        }
    }

    pub fn may_steer(&self) -> bool {
        matches!(self.code, Code::Owner(_))
    }

    /// Looks from the beginning, as somebody new.
    pub async fn look_anew(&self) {
        self.leave().await;
        {
            let mut heard = self.heard.lock().unwrap();
            let before = std::mem::take(&mut *heard);
            heard.wrong = before.wrong;
            heard.operations = before.operations;
        }
        self.look(From::Beginning);
    }

    /// Goes on from where it was.
    pub async fn look_on(&self) {
        self.leave().await;
        let position = self.heard.lock().unwrap().position;
        match position {
            Some(position) => self.look(From::After(position)),
            None => self.look_anew().await,
        }
    }

    fn look(&self, from: From) {
        let (follower, events) = Follower::start(self.code, self.road.authority.parse().unwrap(), from);
        let hearing = tokio::spawn(hear(events, Arc::clone(&self.heard)));
        *self.looks.lock().unwrap() = Some((follower, hearing));
    }

    /// Looks no more.
    pub async fn leave(&self) {
        let looked = self.looks.lock().unwrap().take();
        if let Some((_, hearing)) = looked {
            hearing.abort();
            // Whatever it was taking is taken, or not, before anything else begins.
            drop(hearing.await);
        }
    }

    /// To ask with, while it looks.
    pub fn follower(&self) -> Option<Follower> {
        let looks = self.looks.lock().unwrap();
        looks.as_ref().map(|(follower, _)| follower.clone())
    }

    /// How following goes.
    pub fn state(&self) -> FollowState {
        let follower = self.follower().expect("it looks");
        follower.state().borrow().clone()
    }

    /// Waits until it is live.
    pub async fn live(&self) {
        let mut state = self.follower().expect("it looks").state();
        let live = state.wait_for(|state| matches!(state, FollowState::Live { .. }));
        let live = tokio::time::timeout(crate::bench::PATIENCE, live).await.map(drop);
        assert!(live.is_ok(), "{} is not live, but {:?}", self.name, self.state());
    }

    /// Waits until it has the whole record of a lab, and nothing else.
    pub async fn has_everything_of(&self, lab: &Lab, patience: Duration) {
        let until = Instant::now() + patience;
        loop {
            // Read anew: a command that was on its way may still have come.
            let record = lab.record().await;
            if self.heard(|heard| heard.is(&record)) {
                return self.is_content();
            }
            if Instant::now() > until {
                let difference = self.heard(|heard| heard.difference(&record));
                panic!("{} has {difference}; it is {:?}", self.name, self.state());
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Nothing came twice, in another order, or altered.
    pub fn is_content(&self) {
        let wrong = &self.heard.lock().unwrap().wrong;
        assert!(wrong.is_empty(), "{}: {wrong:?}", self.name);
    }

    pub fn heard<T>(&self, look: impl FnOnce(&Heard) -> T) -> T {
        look(&self.heard.lock().unwrap())
    }
}

async fn hear(mut events: Events, heard: Arc<Mutex<Heard>>) {
    while let Some(event) = events.next().await {
        heard.lock().unwrap().take(event);
    }
}

impl Drop for Onlooker {
    fn drop(&mut self) {
        if let Some((_, hearing)) = self.looks.lock().unwrap().take() {
            hearing.abort();
        }
    }
}
