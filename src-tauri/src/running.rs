//! How many sessions go on, for the tray and for the question whether closing may end the app.

use std::sync::atomic::{AtomicUsize, Ordering};

use agent::Engine;
use protocol::query::{Answer, Query};
use protocol::record::{Event, LiveEvent, RecordEvent};
use protocol::refusal::Refusal;
use protocol::session::SessionState;

/// How many sessions go on, as far as is known.
#[derive(Debug, Default)]
pub struct Running(AtomicUsize);

impl Running {
    /// How many sessions go on.
    pub fn sessions(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }

    /// Remembers how many sessions go on.
    pub fn set(&self, sessions: usize) {
        self.0.store(sessions, Ordering::Release);
    }
}

/// Tells the number whenever it may have changed, until the engine closes.
///
/// # Errors
/// Where the engine cannot be listened to.
pub async fn follow(engine: Engine, tell: impl Fn(usize)) -> Result<(), Refusal> {
    let mut subscription = engine.subscribe()?;
    if let Some(sessions) = count(&engine).await {
        tell(sessions);
    }
    while let Some(events) = subscription.next().await {
        if events.iter().any(may_change_the_number)
            && let Some(sessions) = count(&engine).await
        {
            tell(sessions);
        }
    }
    Ok(())
}

fn may_change_the_number(event: &Event) -> bool {
    match event {
        Event::Record(entry) => matches!(
            entry.event,
            RecordEvent::SessionStarted { .. } | RecordEvent::SessionChanged { .. } | RecordEvent::SessionEnded { .. }
        ),
        Event::Live(news) => matches!(news, LiveEvent::SessionDeleted { .. }),
    }
}

async fn count(engine: &Engine) -> Option<usize> {
    match engine.query(Query::Sessions).await {
        Ok(Answer::Sessions { sessions }) => {
            let goes_on = |state| matches!(state, SessionState::Waiting | SessionState::Running);
            Some(sessions.iter().filter(|session| goes_on(session.state)).count())
        }
        Ok(_) => None,
        Err(refusal) => {
            tracing::warn!(code = refusal.code, "the sessions could not be counted");
            None
        }
    }
}

/// The number for people.
pub fn in_words(sessions: usize) -> String {
    match sessions {
        0 => "No session is running".to_owned(),
        1 => "1 session is running".to_owned(),
        n => format!("{n} sessions are running"),
    }
}
