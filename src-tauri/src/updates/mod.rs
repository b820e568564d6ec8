//! Looking whether there is a newer version: a plain question to one address, and nothing is ever downloaded or installed.
//! Off until the owner turns it on. What is asked, and how the answer looks, is in docs/desktop.md.

mod daily;
mod fetch;
mod told;

use std::sync::{Mutex, PoisonError};

use protocol::refusal::Refusal;
use serde::Serialize;
use url::Url;

use crate::preferences::Updates;

pub use daily::begin;
pub use fetch::Fetcher;

/// Where this build looks, if whoever built it named an address.
const OF_THIS_BUILD: Option<&str> = option_env!("SACMES_UPDATES_ADDRESS");

/// What came of looking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "updates", rename_all = "snake_case")]
pub enum Found {
    /// There is nowhere to look.
    NoAddress,
    /// This version is the newest, or newer than what is given away.
    Newest {
        /// The version that is given away.
        version: String,
    },
    /// There is a newer one.
    Newer {
        /// Its number.
        version: String,
        /// A page that tells more, where it can be had.
        page: Option<String>,
        /// What is new, in a sentence.
        notes: Option<String>,
    },
}

/// The newest answer.
#[derive(Debug, Default)]
pub struct Known(Mutex<Option<Found>>);

impl Known {
    /// What was found last; none where nobody has looked yet.
    pub fn last(&self) -> Option<Found> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Remembers what was found.
    pub fn keep(&self, found: &Found) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(found.clone());
    }
}

/// Where to look: what the owner chose, else what this build has.
///
/// # Errors
/// That is no address where one may look.
pub fn address(chosen: &Updates) -> Result<Option<Url>, Refusal> {
    let known = [Some(chosen.address.trim()), OF_THIS_BUILD];
    let Some(text) = known.into_iter().flatten().find(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let wrong = || {
        Refusal::new(
            "updates_address_invalid",
            format!("\"{text}\" is not an address where SACMES can look for newer versions."),
            "It begins with https://, as whoever gives SACMES away told you.",
        )
    };
    let address: Url = text.parse().map_err(|_| wrong())?;
    if fetch::may_be_asked(&address) {
        Ok(Some(address))
    } else {
        Err(wrong())
    }
}

/// Looks now. `version`: that of this program.
///
/// # Errors
/// The address does not answer, or not in the form that is agreed on.
pub async fn look(fetcher: &Fetcher, chosen: &Updates, version: &semver::Version) -> Result<Found, Refusal> {
    let Some(address) = address(chosen)? else {
        return Ok(Found::NoAddress);
    };
    let answer = fetcher.get(&address).await.map_err(|error| {
        Refusal::new(
            "updates_unreachable",
            format!("Newer versions could not be looked for at {address}: {error}."),
            "Try again later, or check the address.",
        )
    })?;
    told::compare(&answer, version).map_err(|why| {
        Refusal::new(
            "updates_not_understood",
            format!("{address} does not say which version is the newest: {why}."),
            "Check the address.",
        )
    })
}

#[cfg(test)]
mod tests;
