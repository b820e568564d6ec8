//! Lets the watch run beside the engine of the open profile.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use agent::Engine;
use protocol::query::{Answer, Query};
use protocol::session::SessionSummary;
use protocol::sharing::SharingStatus;
use tauri::{AppHandle, Runtime};
use tokio::time::{Instant, sleep_until};

use super::notice::Word;
use super::sight::is_in_front;
use super::watch::Watch;
use crate::opening::OpenProfile;
use crate::preferences::Preferences;
use crate::{notify, profiles};

/// What is known of a profile that needs somebody, and how it is shared.
pub struct Attention {
    stalled: AtomicUsize,
    sharing: Mutex<SharingStatus>,
}

impl Default for Attention {
    fn default() -> Self {
        Self {
            stalled: AtomicUsize::default(),
            sharing: Mutex::new(SharingStatus::Off { relay: None }),
        }
    }
}

impl Attention {
    /// How many of its sessions go on without new files.
    pub fn stalled(&self) -> usize {
        self.stalled.load(Ordering::Acquire)
    }

    /// How it is shared.
    pub fn sharing(&self) -> SharingStatus {
        self.sharing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, stalled: usize, sharing: &SharingStatus) {
        self.stalled.store(stalled, Ordering::Release);
        self.sharing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(sharing);
    }
}

/// Watches over an open profile until its engine closes.
pub async fn watch_over<R: Runtime>(app: AppHandle<R>, profile: OpenProfile) {
    // Where the profile cannot be opened, the window says so.
    let Ok(engine) = profile.engine.get().await else { return };
    let mut events = match engine.subscribe() {
        Ok(events) => events,
        Err(refusal) => {
            tracing::warn!(code = refusal.code, "nobody is told what happens");
            return;
        }
    };
    let mut watch = Watch::default();
    watch.begin(Instant::now(), wall_s(), &sessions(&engine).await);
    let mut sharing = profile.sharing.watch();
    let mut status = SharingStatus::Off { relay: None };
    loop {
        let words = tokio::select! {
            happened = events.next() => {
                let Some(happened) = happened else { break };
                let now = Instant::now();
                happened.iter().flat_map(|event| watch.heard(now, event)).collect()
            }
            changed = sharing.next() => {
                status = changed;
                watch.sharing(Instant::now(), &status)
            }
            () = until(watch.due()) => watch.looked(Instant::now()),
        };
        for word in words {
            tell(&app, &profile, word).await;
        }
        profile.attention.set(watch.stalled(), &status);
        profiles::show_running(&app);
    }
    profile.attention.set(0, &SharingStatus::Off { relay: None });
}

async fn tell<R: Runtime>(app: &AppHandle<R>, profile: &OpenProfile, word: Word) {
    match word {
        Word::Over(cause) => notify::withdraw(app, cause).await,
        Word::Tell(notice) => {
            let wanted = Preferences::of(&profile.location).value.notifications;
            if !wanted.has(notice.cause.kind()) {
                return;
            }
            if notice.cause.session().is_some_and(|session| is_in_front(app, session)) {
                return;
            }
            if let Err(refusal) = notify::show(app, &notice).await {
                tracing::warn!(code = refusal.code, "a notification was not shown: {}", refusal.message);
            }
        }
    }
}

async fn sessions(engine: &Engine) -> Vec<SessionSummary> {
    match engine.query(Query::Sessions).await {
        Ok(Answer::Sessions { sessions }) => sessions,
        Ok(_) => Vec::new(),
        Err(refusal) => {
            tracing::warn!(code = refusal.code, "nobody is told of sessions that ran before");
            Vec::new()
        }
    }
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}

fn wall_s() -> f64 {
    agent::clock::seconds(&agent::clock::now()).unwrap_or_default()
}
