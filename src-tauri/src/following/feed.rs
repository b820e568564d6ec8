//! What happens at an agent elsewhere on its way to the page.

use std::sync::Arc;
use std::time::SystemTime;

use protocol::record::{Event, LiveEvent};
use remote::following::FollowEvent;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::exports::News;
use super::followed::{Followed, Sources};
use super::told::{State, Told};
use crate::feed::{BATCH, Batches, FRAME};

/// Tells the page until following ends; the first thing is how it goes. Does nothing where another page is told already.
pub async fn run(followed: Arc<Followed>, batches: Batches<Told>) {
    let Some(sources) = followed.take_sources() else { return };
    let mut ended = sources.ended.clone();
    tokio::select! {
        // Also while the page takes nothing: dropping the events ends following.
        biased;
        () = async { drop(ended.wait_for(|ended| *ended).await) } => {}
        () = tell(&followed, sources, &batches) => {}
    }
    drop(followed);
    batches.send(vec![Told::Ended]).await;
}

async fn tell(followed: &Followed, sources: Sources, batches: &Batches<Told>) {
    let Sources {
        mut events, mut news, ..
    } = sources;
    let mut state = followed.follower.state();
    let mut teller = Teller::default();
    let first = teller.state(&mut state);
    if !batches.send(vec![first]).await {
        return;
    }
    let mut last_sent = Instant::now();
    loop {
        let mut told = Vec::new();
        tokio::select! {
            event = events.next() => match event {
                Some(event) => teller.event(event, followed, &mut told),
                None => break,
            },
            Some(news) = news.recv() => told.push(live(news.into())),
            Ok(()) = state.changed() => told.push(teller.state(&mut state)),
        }
        // The first goes at once; what follows within a frame of the screen goes together.
        while size(&told) < BATCH {
            match timeout_at(last_sent + FRAME, events.next()).await {
                Ok(Some(event)) => teller.event(event, followed, &mut told),
                Ok(None) | Err(_) => break,
            }
        }
        for batch in cut(told) {
            if !batches.send(batch).await {
                return;
            }
        }
        last_sent = Instant::now();
    }
    // It has ended for good, and says why.
    let last = teller.state(&mut state);
    if batches.send(vec![last]).await {
        std::future::pending::<()>().await;
    }
}

#[derive(Default)]
struct Teller {
    has_been_live: bool,
    altered_since: Option<SystemTime>,
}

impl Teller {
    fn state(&mut self, state: &mut watch::Receiver<remote::following::FollowState>) -> Told {
        let now = state.borrow_and_update().clone();
        if matches!(now, remote::following::FollowState::Live { .. }) {
            self.altered_since = None;
        }
        Told::State {
            state: State::of(&now, self.altered_since),
        }
    }

    fn event(&mut self, event: FollowEvent, followed: &Followed, told: &mut Vec<Told>) {
        match event {
            FollowEvent::Record { entries, .. } => {
                let events = entries
                    .into_iter()
                    .map(|entry| Event::Record(Box::new(entry)))
                    .collect();
                told.push(Told::Events { events });
            }
            FollowEvent::Live(event) => {
                let comes_back = matches!(event, LiveEvent::AgentStatus { online: true });
                if let Some(event) = followed.exports.heard(event) {
                    told.push(live(event));
                }
                if comes_back && std::mem::replace(&mut self.has_been_live, true) {
                    // What was refused meanwhile is wanted still, and an agent that was started again does not tell what it deleted.
                    followed.exports.visited();
                    told.push(Told::Anew);
                }
            }
            FollowEvent::Ready(ready) => followed.exports.ready(ready),
            FollowEvent::StartedOver | FollowEvent::OutOfOrder(_) => told.push(Told::Anew),
            FollowEvent::AlteredData { .. } => {
                self.altered_since.get_or_insert_with(SystemTime::now);
                let state = followed.follower.state().borrow().clone();
                told.push(Told::State {
                    state: State::of(&state, self.altered_since),
                });
            }
            // The page begins with what is, and says itself since when nothing comes.
            FollowEvent::BeginsLate { .. } | FollowEvent::AsOf { .. } => {}
        }
    }
}

fn live(event: LiveEvent) -> Told {
    Told::Events {
        events: vec![Event::Live(event)],
    }
}

impl From<News> for LiveEvent {
    fn from(news: News) -> Self {
        news.0
    }
}

fn size(told: &[Told]) -> usize {
    let of = |told: &Told| match told {
        Told::Events { events } => events.len(),
        _ => 1,
    };
    told.iter().map(of).sum()
}

/// In batches of bounded size, in order.
fn cut(told: Vec<Told>) -> Vec<Vec<Told>> {
    let mut batches: Vec<Vec<Told>> = vec![Vec::new()];
    let mut room = BATCH;
    let mut put = |one: Told, size: usize| {
        if size > room {
            batches.push(Vec::new());
            room = BATCH;
        }
        room -= size.min(room);
        if let Some(last) = batches.last_mut() {
            last.push(one);
        }
    };
    for one in told {
        match one {
            Told::Events { mut events } => {
                while !events.is_empty() {
                    let rest = events.split_off(events.len().min(BATCH));
                    let size = events.len();
                    put(Told::Events { events }, size);
                    events = rest;
                }
            }
            other => put(other, 1),
        }
    }
    batches.retain(|batch| !batch.is_empty());
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_small_and_in_order() {
        let viewers = |count| Event::Live(LiveEvent::Viewers { count });
        let many = Told::Events {
            events: (0..600).map(viewers).collect(),
        };
        let batches = cut(vec![Told::Anew, many, Told::Ended]);
        let sizes: Vec<usize> = batches.iter().map(|batch| size(batch)).collect();
        assert_eq!(sizes, [1, 256, 256, 89]);
        let counts: Vec<u32> = batches
            .iter()
            .flatten()
            .filter_map(|told| match told {
                Told::Events { events } => Some(events),
                _ => None,
            })
            .flatten()
            .filter_map(|event| match event {
                Event::Live(LiveEvent::Viewers { count }) => Some(*count),
                _ => None,
            })
            .collect();
        assert_eq!(counts, (0..600).collect::<Vec<_>>());
        assert_eq!(batches.last().and_then(|batch| batch.last()), Some(&Told::Ended));
        assert!(cut(Vec::new()).is_empty());
    }
}
