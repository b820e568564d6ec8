//! Looks at the start and once a day, where the owner wants that.

use std::time::Duration;

use tauri::{AppHandle, Manager, Runtime};
use tokio::time::{MissedTickBehavior, interval};

use super::{Fetcher, Found, Known, look};
use crate::attention::{Cause, Notice};
use crate::preferences::Preferences;
use crate::{notify, profiles};

const DAY: Duration = Duration::from_hours(24);

/// Begins to look, for as long as the app runs. Whether it is wanted is read each time.
pub fn begin<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let mut days = interval(DAY);
        days.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut told = None;
        loop {
            days.tick().await;
            let wanted = Preferences::of(&profiles::of(&app).current().location).value.updates;
            if !wanted.check {
                continue;
            }
            let fetcher = Fetcher::trusting_the_system();
            match look(&fetcher, &wanted, &app.package_info().version).await {
                Ok(found) => {
                    app.state::<Known>().keep(&found);
                    if let Found::Newer { version, notes, .. } = found
                        && told.as_ref() != Some(&version)
                    {
                        tell(&app, &version, notes.as_deref()).await;
                        told = Some(version);
                    }
                }
                Err(refusal) => tracing::warn!(code = refusal.code, "{}", refusal.message),
            }
        }
    });
}

async fn tell<R: Runtime>(app: &AppHandle<R>, version: &str, notes: Option<&str>) {
    let notice = Notice {
        cause: Cause::NewVersion,
        title: format!("SACMES {version} can be had"),
        body: format!(
            "{} Nothing is installed by itself: Settings, On this computer, tells where it is.",
            notes.unwrap_or_default()
        )
        .trim()
        .to_owned(),
    };
    if let Err(refusal) = notify::show(app, &notice).await {
        tracing::warn!(code = refusal.code, "{}", refusal.message);
    }
}
