//! Turning the window, the tray and everything that they show to another profile.

use agent::profile::ProfileLocation;
use protocol::refusal::Refusal;
use serde::Deserialize;
use tauri::{AppHandle, Manager, Runtime};

use super::ending::{end, going_on, stop_sessions};
use super::watching::{show_running, watch};
use super::{Profiles, Report, blocking, of};
use crate::feed::Feeds;
use crate::opening::{self, OpenProfile};
use crate::window;

/// What becomes of the experiments of the profile before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meanwhile {
    /// They go on in the background, shared as they were.
    Keep,
    /// They are stopped, and can be reopened later.
    Stop,
}

/// Uses another profile. The page is loaded anew at once, and told what was done ([`Profiles::take_report`]).
///
/// # Errors
/// There is no such profile, or it cannot be opened: then everything stays as it was.
pub async fn use_profile<R: Runtime>(app: &AppHandle<R>, name: &str, meanwhile: Meanwhile) -> Result<Report, Refusal> {
    let profiles = of(app);
    let _turn = profiles.turn().await;
    let location = {
        let (library, name) = (profiles.library(), name.to_owned());
        blocking(move || library.find(&name)).await?
    };
    if profiles.current().location == location {
        let profile = location.profile().to_owned();
        return Ok(Report::Already { profile });
    }
    let next = match profiles.take_kept(&location) {
        Some(kept) => kept,
        None => open(app, &profiles, location.clone()).await?,
    };
    let previous = profiles.replace(next);
    turn_to(app, &previous);
    let mut warnings = remember_used(&profiles, &location).await;
    let left = leave(&profiles, previous.clone(), meanwhile).await;
    warnings.extend(left.warnings);
    show_running(app);
    let report = Report::Switched {
        profile: location.profile().to_owned(),
        previous: previous.location.profile().to_owned(),
        kept: left.kept,
        stopped: left.stopped,
        shared: left.shared,
        warnings,
    };
    profiles.report(report.clone());
    Ok(report)
}

/// Opens a profile beside those that are open.
pub(super) async fn open<R: Runtime>(
    app: &AppHandle<R>,
    profiles: &Profiles,
    location: ProfileLocation,
) -> Result<OpenProfile, Refusal> {
    let (opening, profile) = opening::prepare(location, &profiles.inner.instance);
    // Its User ID may wait for the keyring; the window shows that.
    tauri::async_runtime::spawn(opening.run(|_| {}));
    profile.engine.get().await?;
    watch(app, &profile);
    Ok(profile)
}

/// Everything shows the current profile: nothing of the one before is told any more, and its page goes.
pub(super) fn turn_to<R: Runtime>(app: &AppHandle<R>, previous: &OpenProfile) {
    previous.following.end();
    app.state::<Feeds>().end_all();
    window::show_whose(app, None);
    show_running(app);
    for window in app.webview_windows().values() {
        if let Err(error) = window.reload() {
            tracing::warn!(%error, "the page could not be loaded anew");
        }
    }
}

/// The window opens this profile at its next start.
async fn remember_used(profiles: &Profiles, location: &ProfileLocation) -> Vec<String> {
    let (library, name) = (profiles.library(), location.profile().to_owned());
    match blocking(move || library.use_next(&name)).await {
        Ok(_) => Vec::new(),
        Err(refusal) => vec![refusal.to_string()],
    }
}

/// What became of the profile before.
#[derive(Default)]
struct Left {
    kept: usize,
    stopped: usize,
    shared: bool,
    warnings: Vec<String>,
}

async fn leave(profiles: &Profiles, previous: OpenProfile, meanwhile: Meanwhile) -> Left {
    let mut left = Left::default();
    // One that could not be opened has nothing to go on with.
    let Some(engine) = previous.engine.ready() else {
        return left;
    };
    match meanwhile {
        Meanwhile::Keep => {
            left.kept = going_on(&engine).await.map_or(0, |sessions| sessions.len());
            left.shared = previous.sharing.is_on().await;
            if left.kept > 0 || left.shared || engine.operations() > 0 {
                profiles.keep(previous);
                return left;
            }
        }
        Meanwhile::Stop => {
            (left.stopped, left.warnings) = stop_sessions(&engine).await;
            if engine.operations() > 0 {
                left.warnings
                    .push("An export that was being written was cancelled.".to_owned());
            }
        }
    }
    left.warnings.extend(end(&previous).await);
    left
}
