//! What is in front of the person: nothing is told that is on the screen anyway.

use std::sync::{Mutex, PoisonError};

use protocol::ids::SessionId;
use tauri::{AppHandle, Manager, Runtime};

use crate::window;

/// The session that the window shows, as its page says.
#[derive(Debug, Default)]
pub struct Sight(Mutex<Option<SessionId>>);

impl Sight {
    /// The page shows this session, or none.
    pub fn shows(&self, session: Option<SessionId>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = session;
    }

    fn session(&self) -> Option<SessionId> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the person has this session in front of them: the window shows it, and is the one that is used.
pub fn is_in_front<R: Runtime>(app: &AppHandle<R>, session: SessionId) -> bool {
    if app.state::<Sight>().session() != Some(session) {
        return false;
    }
    let Some(window) = app.get_webview_window(window::MAIN) else {
        return false;
    };
    // A system that does not say is taken for one where nobody looks: to be told twice is better than not at all.
    window.is_visible().unwrap_or(false)
        && !window.is_minimized().unwrap_or(true)
        && window.is_focused().unwrap_or(false)
}
