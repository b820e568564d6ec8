//! The system's notifications, from here and not from the page.

#[cfg(target_os = "linux")]
mod freedesktop;
#[cfg(not(target_os = "linux"))]
mod plugin;

use protocol::ids::SessionId;
use protocol::refusal::Refusal;
use tauri::{AppHandle, Manager, Runtime};

use crate::attention::{Cause, Notice};
use crate::window;
use crate::wishes::{Wish, Wishes};

#[cfg(target_os = "linux")]
use freedesktop as system;
#[cfg(not(target_os = "linux"))]
use plugin as system;

pub use system::Notifier;

/// Shows a notice. An earlier one of the same cause makes room for it.
///
/// # Errors
/// This system shows none.
pub async fn show<R: Runtime>(app: &AppHandle<R>, notice: &Notice) -> Result<(), Refusal> {
    system::show(app, notice).await
}

/// Takes the notice of a cause that is over from the screen, where the system lets it.
pub async fn withdraw<R: Runtime>(app: &AppHandle<R>, cause: Cause) {
    system::withdraw(app, cause).await;
}

/// The person clicked a notice: the window comes, with the session that it is about.
pub fn clicked<R: Runtime>(app: &AppHandle<R>, session: Option<SessionId>) {
    if let Some(session) = session {
        app.state::<Wishes>().wish(Wish::ShowSession { session });
    }
    window::raise(app);
}

/// Why a notification was not shown.
fn not_shown(why: &dyn std::fmt::Display) -> Refusal {
    Refusal::new(
        "notifications_unavailable",
        format!("This desktop shows no notifications: {why}."),
        "Look into the settings of the system; SACMES shows the same in its window and in the tray.",
    )
}
