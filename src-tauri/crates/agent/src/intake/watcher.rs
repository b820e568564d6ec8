//! File-system events as wake-up calls. Whatever they leave out, the periodic scan finds.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;

/// Names that may wait; when more come the whole folder is scanned instead.
const QUEUE: usize = 4096;

/// Why the scanner is woken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wake {
    /// This file was closed by its writer, or got its name: look now.
    Written(String),
    /// Something happened to this file, and more may be happening.
    Touched(String),
    /// Something happened that events do not tell: scan the folder.
    Folder,
}

/// Watches one folder until dropped.
pub struct Watcher {
    _system: RecommendedWatcher,
    wakes: mpsc::Receiver<Wake>,
    overflowed: Arc<AtomicBool>,
}

impl Watcher {
    /// Watches a folder. Where the system cannot (no such folder, no more watches, some network drives), the reason is
    /// returned and the periodic scan works alone.
    ///
    /// # Errors
    /// What the system said.
    pub fn start(folder: &Path) -> Result<Self, notify::Error> {
        let (sender, wakes) = mpsc::channel(QUEUE);
        let overflowed = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&overflowed);
        let mut system = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            for wake in wakes_of(event) {
                if sender.try_send(wake).is_err() {
                    flag.store(true, Ordering::Relaxed);
                }
            }
        })?;
        system.watch(folder, RecursiveMode::NonRecursive)?;
        Ok(Self {
            _system: system,
            wakes,
            overflowed,
        })
    }

    /// The next wake-up call; waits for ever when there is none.
    pub async fn next(&mut self) -> Wake {
        match self.wakes.recv().await {
            Some(wake) => wake,
            // The system's watcher has gone; the periodic scan goes on.
            None => std::future::pending().await,
        }
    }

    /// A wake-up call that is already there.
    pub fn ready(&mut self) -> Option<Wake> {
        self.wakes.try_recv().ok()
    }

    /// Whether calls were lost since this was last asked.
    pub fn lost_calls(&self) -> bool {
        self.overflowed.swap(false, Ordering::Relaxed)
    }
}

fn wakes_of(event: notify::Result<notify::Event>) -> Vec<Wake> {
    let Ok(event) = event else { return vec![Wake::Folder] };
    if event.need_rescan() {
        return vec![Wake::Folder];
    }
    let names = || {
        event
            .paths
            .iter()
            .filter_map(|p| p.file_name())
            .map(|n| n.to_string_lossy().into_owned())
    };
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) | EventKind::Modify(ModifyKind::Name(_)) => {
            names().map(Wake::Written).collect()
        }
        // Reading is not news.
        EventKind::Access(_) => Vec::new(),
        _ => names().map(Wake::Touched).collect(),
    }
}
