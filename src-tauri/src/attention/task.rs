//! Lets the watch run beside the engine of the open profile.

use std::sync::{Mutex, PoisonError};

use agent::Engine;
use protocol::query::{Answer, Query};
use protocol::session::SessionSummary;
use protocol::sharing::SharingStatus;
use tauri::async_runtime::JoinHandle;
use tauri::{AppHandle, Manager, Runtime};
use tokio::time::{Instant, sleep_until};

use super::notice::Word;
use super::sight::is_in_front;
use super::watch::Watch;
use crate::notify;
use crate::opening::Profile;
use crate::preferences::Preferences;
use crate::sharing::Sharing;
use crate::tray::Tray;

/// The watch that runs.
#[derive(Default)]
pub struct Attention(Mutex<Option<JoinHandle<()>>>);

/// Begins to watch over the open profile, in place of an earlier watch: whoever opens another profile begins anew.
pub fn begin<R: Runtime>(app: &AppHandle<R>) {
    let task = tauri::async_runtime::spawn(run(app.clone()));
    let attention = app.state::<Attention>();
    let earlier = attention.0.lock().unwrap_or_else(PoisonError::into_inner).replace(task);
    if let Some(earlier) = earlier {
        earlier.abort();
    }
}

async fn run<R: Runtime>(app: AppHandle<R>) {
    let profile = app.state::<Profile>().inner().clone();
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
    let mut sharing = app.state::<Sharing>().watch();
    let mut status = SharingStatus::Off { relay: None };
    loop {
        let words = tokio::select! {
            happened = events.next() => {
                let Some(happened) = happened else { return };
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
        if let Some(tray) = app.try_state::<Tray<R>>() {
            tray.show_attention(watch.stalled(), &status);
        }
    }
}

async fn tell<R: Runtime>(app: &AppHandle<R>, profile: &Profile, word: Word) {
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
