//! What following gives, as lines.

use protocol::relay::words;
use remote::following::{Events, FollowEvent, FollowState, Follower};
use tokio::sync::watch;

use crate::ending::{Failure, Outcome, complain};
use crate::output::Output;

/// Events as JSON lines until following ends.
pub async fn print(follower: &Follower, events: &mut Events) -> Outcome {
    while let Some(event) = events.next().await {
        // One at a time, so that a reader sees each at once.
        let mut output = Output::standard();
        match event {
            FollowEvent::Record { entries, .. } => {
                for entry in &entries {
                    output.json_line(entry)?;
                }
            }
            FollowEvent::Live(event) => output.json_line(&event)?,
            FollowEvent::StartedOver => output.json_line(&serde_json::json!({"event": "started_over"}))?,
            FollowEvent::BeginsLate { first } => {
                output.json_line(&serde_json::json!({"event": "begins_late", "first": first}))?;
            }
            FollowEvent::AsOf { at } => output.json_line(&serde_json::json!({"event": "as_of", "at": at}))?,
            FollowEvent::Ready(_) => {}
            FollowEvent::AlteredData { .. } => complain(&words::altered_data().to_string()),
            FollowEvent::OutOfOrder(wrong) => complain(&format!(
                "entry {} of session {} came instead of {}",
                wrong.came, wrong.session, wrong.expected
            )),
        }
        output.finish()?;
    }
    Err(ended(follower))
}

/// Why following has ended.
pub fn ended(follower: &Follower) -> Failure {
    let words = follower.state().borrow().in_words();
    Failure::Refused(words.unwrap_or_else(words::not_following))
}

/// Says on standard error how it goes, whenever that changes; the end says itself.
pub async fn tell_states(mut state: watch::Receiver<FollowState>) {
    let mut said = None;
    loop {
        let now = state.borrow_and_update().clone();
        let words = match &now {
            FollowState::Connecting => None,
            FollowState::Live { .. } => Some("connected to the agent".to_owned()),
            other => other.in_words().map(|words| words.to_string()),
        };
        if words.is_some() && words != said && !now.is_final() {
            if let Some(words) = &words {
                complain(words);
            }
            said = words;
        }
        if state.changed().await.is_err() {
            return;
        }
    }
}
