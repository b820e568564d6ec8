//! What the page asks is about the profile that it began with.

use std::ops::Deref;

use protocol::refusal::Refusal;
use tauri::ipc::{CommandArg, CommandItem, InvokeError};
use tauri::{Manager, Runtime};
use uuid::Uuid;

use super::Profiles;
use crate::opening::OpenProfile;

/// The header with the id of the opening that the page began with (`ui/src/platform/desktop-calls.ts`).
const HEADER: &str = "sacmes-profile";

/// The profile that a call of the page is about: an argument of commands. The call is refused where the page began with another one.
pub struct Bound {
    profile: OpenProfile,
    profiles: Profiles,
}

impl Bound {
    /// An answer that took its time, unless the window has turned to another profile meanwhile.
    ///
    /// # Errors
    /// `profile_switched`, or the answer's own.
    pub fn unless_switched<T>(&self, answer: Result<T, Refusal>) -> Result<T, Refusal> {
        self.profiles.bound(self.profile.id)?;
        answer
    }
}

impl Deref for Bound {
    type Target = OpenProfile;

    fn deref(&self) -> &OpenProfile {
        &self.profile
    }
}

impl<'de, R: Runtime> CommandArg<'de, R> for Bound {
    fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        let profiles = command.message.webview().state::<Profiles>().inner().clone();
        let named = command.message.headers().get(HEADER);
        let profile = match named.map(|id| id.to_str().ok().and_then(|id| Uuid::parse_str(id).ok())) {
            // The page's first question is which profile it is.
            None => profiles.current(),
            Some(id) => profiles.bound(id.unwrap_or_default()).map_err(InvokeError::from)?,
        };
        Ok(Self { profile, profiles })
    }
}
