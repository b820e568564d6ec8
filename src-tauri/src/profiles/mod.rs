//! The profiles that this process has open: the one that its window shows, and those whose experiments go on beside it.
//!
//! Everything that the page asks is bound to the opening of a profile with which the page began ([`Bound`]): whoever still asks for,
//! or waits for an answer of, another one is refused. A switch ends what the window was told, and has its page loaded anew.

mod bound;
mod changing;
mod ending;
mod listing;
mod report;
mod switching;
mod watching;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use agent::identity::{KeepingPolicy, system_keyring};
use agent::profile::ProfileLocation;
use protocol::refusal::Refusal;
use tauri::{AppHandle, Manager, Runtime};
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

pub use bound::Bound;
pub use changing::{Gone, delete, rename};
pub use ending::end_all;
pub use listing::{Here, Line, list};
pub use report::Report;
pub use switching::{Meanwhile, use_profile};
pub use watching::{show_running, watch};

use crate::opening::OpenProfile;

/// The open profiles. Cloning shares them.
#[derive(Clone)]
pub struct Profiles {
    inner: Arc<Inner>,
}

struct Inner {
    /// What a second start finds this process by.
    instance: String,
    current: Mutex<OpenProfile>,
    /// Those that go on in the background.
    kept: Mutex<Vec<OpenProfile>>,
    /// One change at a time.
    turn: Arc<tokio::sync::Mutex<()>>,
    /// What the page is told that comes after a switch.
    report: Mutex<Option<Report>>,
}

impl Profiles {
    /// The window's first profile, and none beside it.
    pub fn beginning_with(current: OpenProfile, instance: &str) -> Self {
        Self {
            inner: Arc::new(Inner {
                instance: instance.to_owned(),
                current: Mutex::new(current),
                kept: Mutex::default(),
                turn: Arc::default(),
                report: Mutex::default(),
            }),
        }
    }

    /// The profile that the window and the tray are about.
    pub fn current(&self) -> OpenProfile {
        lock(&self.inner.current).clone()
    }

    /// All that are open, the current one first.
    pub fn open(&self) -> Vec<OpenProfile> {
        let mut open = vec![self.current()];
        open.extend(lock(&self.inner.kept).iter().cloned());
        open
    }

    /// The opening of the current profile with this id.
    ///
    /// # Errors
    /// `profile_switched` where another is current by now.
    pub fn bound(&self, id: Uuid) -> Result<OpenProfile, Refusal> {
        let current = self.current();
        if current.id == id {
            return Ok(current);
        }
        Err(Refusal::new(
            "profile_switched",
            format!("The window uses the profile “{}” now.", current.location.profile()),
            "What was asked for another profile is not shown.",
        ))
    }

    /// Makes a new profile; gives its name.
    ///
    /// # Errors
    /// That is no name for it, or the data directory cannot be used.
    pub async fn create(&self, name: String) -> Result<String, Refusal> {
        let library = self.library();
        let made = blocking(move || library.create(&name)).await?;
        Ok(made.profile().to_owned())
    }

    /// How many sessions go on, in all of them.
    pub fn running(&self) -> usize {
        self.open().iter().map(|profile| profile.running.sessions()).sum()
    }

    /// Waits until a switch that is going on has ended, and takes what it reported.
    pub async fn take_report(&self) -> Option<Report> {
        let _turn = self.turn().await;
        lock(&self.inner.report).take()
    }

    /// Where the window's page keeps what it remembers: apart from the profiles' folders, which may be renamed and deleted.
    pub fn window_folder(&self) -> PathBuf {
        let name = match self.inner.instance.trim_start_matches('.') {
            "" => "main",
            instance => instance,
        };
        self.current().location.data_dir().join("window").join(name)
    }

    /// The profiles of the data directory, open or not.
    fn library(&self) -> agent::profiles::Profiles {
        let data_dir = self.current().location.data_dir().to_owned();
        agent::profiles::Profiles::of(data_dir, system_keyring(KeepingPolicy::AskBeforeFile))
    }

    async fn turn(&self) -> OwnedMutexGuard<()> {
        self.inner.turn.clone().lock_owned().await
    }

    /// Takes a profile from those in the background.
    fn take_kept(&self, location: &ProfileLocation) -> Option<OpenProfile> {
        let mut kept = lock(&self.inner.kept);
        let at = kept.iter().position(|profile| profile.location == *location)?;
        Some(kept.swap_remove(at))
    }

    fn keep(&self, profile: OpenProfile) {
        lock(&self.inner.kept).push(profile);
    }

    /// Another profile is current from now on; gives the one before.
    fn replace(&self, next: OpenProfile) -> OpenProfile {
        std::mem::replace(&mut *lock(&self.inner.current), next)
    }

    fn report(&self, report: Report) {
        *lock(&self.inner.report) = Some(report);
    }
}

/// The profiles of an app.
pub fn of<R: Runtime>(app: &AppHandle<R>) -> Profiles {
    app.state::<Profiles>().inner().clone()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Away from the threads that serve everything else: a keyring may wait for its password.
async fn blocking<T: Send + 'static>(call: impl FnOnce() -> Result<T, Refusal> + Send + 'static) -> Result<T, Refusal> {
    let done = tauri::async_runtime::spawn_blocking(call).await;
    done.map_err(|error| {
        Refusal::new(
            "broken_off",
            format!("This was broken off: {error}."),
            "Try again; restart SACMES if it happens again.",
        )
    })?
}
