//! What the shell asks of the page: to show something.

use std::sync::{Mutex, PoisonError};

use protocol::ids::SessionId;
use serde::Serialize;
use tauri::ipc::Channel;

/// What the page is asked to do.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "wish", rename_all = "snake_case")]
pub enum Wish {
    /// Show a session of this computer.
    ShowSession {
        /// Which.
        session: SessionId,
    },
}

/// The way to the page; a wish from before it listened waits for it, the newest one only.
#[derive(Default)]
pub struct Wishes(Mutex<Way>);

#[derive(Default)]
struct Way {
    page: Option<Channel<Wish>>,
    waiting: Option<Wish>,
}

impl Wishes {
    /// Asks the page.
    pub fn wish(&self, wish: Wish) {
        let mut way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_heard = way.page.as_ref().is_some_and(|page| page.send(wish.clone()).is_ok());
        if !is_heard {
            way.waiting = Some(wish);
        }
    }

    /// The page listens here from now on.
    pub fn listen(&self, page: Channel<Wish>) {
        let mut way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(wish) = way.waiting.take()
            && let Err(error) = page.send(wish)
        {
            tracing::warn!(%error, "the page could not be asked to show something");
        }
        way.page = Some(page);
    }
}
