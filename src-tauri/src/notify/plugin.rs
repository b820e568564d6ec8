//! Notifications of Windows and macOS. A click on them does what the system makes of it.

use protocol::refusal::Refusal;
use tauri::{AppHandle, Runtime};
use tauri_plugin_notification::NotificationExt;

use super::not_shown;
use crate::attention::{Cause, Notice};

/// Nothing has to be remembered here.
#[derive(Default)]
pub struct Notifier;

pub async fn show<R: Runtime>(app: &AppHandle<R>, notice: &Notice) -> Result<(), Refusal> {
    let shown = app
        .notification()
        .builder()
        .title(&notice.title)
        .body(&notice.body)
        .show();
    shown.map_err(|error| not_shown(&error))
}

/// These systems let no program take a notice back that was shown by this plugin.
pub async fn withdraw<R: Runtime>(_app: &AppHandle<R>, _cause: Cause) {}
