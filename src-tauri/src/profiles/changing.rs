//! Renaming and deleting profiles while some of them are open.

use protocol::refusal::Refusal;
use serde::Serialize;
use tauri::{AppHandle, Runtime};

use super::ending::end;
use super::switching::{open, turn_to};
use super::watching::show_running;
use super::{Report, blocking, of};

/// A profile that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gone {
    /// Its name.
    pub profile: String,
    /// What did not go as it should.
    pub warnings: Vec<String>,
}

/// Gives a profile another name. One that is open is closed for it and opened again: its sessions go on, and the window's page is
/// loaded anew where it is the current one.
///
/// # Errors
/// There is no such profile, another program has it open, or the name is not free: then everything stays as it was.
pub async fn rename<R: Runtime>(app: &AppHandle<R>, name: &str, to: &str) -> Result<Report, Refusal> {
    let profiles = of(app);
    let _turn = profiles.turn().await;
    let (library, from, wanted) = (profiles.library(), name.to_owned(), to.to_owned());
    let location = blocking(move || {
        library.refuse_rename(&from, &wanted)?;
        library.find(&from)
    })
    .await?;
    let current = profiles.current();
    let is_current = current.location == location;
    let opened = if is_current {
        Some(current)
    } else {
        profiles.take_kept(&location)
    };
    let mut warnings = Vec::new();
    if let Some(opened) = &opened {
        warnings.extend(end(opened).await);
    }
    let (library, from, wanted) = (profiles.library(), name.to_owned(), to.to_owned());
    let renamed = blocking(move || library.rename(&from, &wanted)).await;
    // Whatever came of it, what was open is open again.
    let now = renamed.as_ref().map_or(&location, |renamed| &renamed.location).clone();
    if opened.is_some() {
        let reopened = open(app, &profiles, now.clone()).await?;
        if is_current {
            let previous = profiles.replace(reopened);
            turn_to(app, &previous);
        } else {
            profiles.keep(reopened);
        }
    }
    show_running(app);
    warnings.extend(renamed?.warnings);
    let report = Report::Renamed {
        profile: now.profile().to_owned(),
        previous: location.profile().to_owned(),
        warnings,
    };
    if is_current {
        profiles.report(report.clone());
    }
    Ok(report)
}

/// Deletes a profile with its data. One that goes on in the background is ended first.
///
/// # Errors
/// It is the current one, there is no such profile, or another program has it open.
pub async fn delete<R: Runtime>(app: &AppHandle<R>, name: &str) -> Result<Gone, Refusal> {
    let profiles = of(app);
    let _turn = profiles.turn().await;
    let (library, wanted) = (profiles.library(), name.to_owned());
    let location = blocking(move || library.find(&wanted)).await?;
    if profiles.current().location == location {
        return Err(Refusal::new(
            "profile_is_current",
            format!("“{}” is the profile that this window uses.", location.profile()),
            "Switch to another profile first, then delete it.",
        ));
    }
    let mut warnings = Vec::new();
    if let Some(kept) = profiles.take_kept(&location) {
        warnings.extend(end(&kept).await);
        show_running(app);
    }
    let library = profiles.library();
    let deleted = blocking(move || {
        let entries = super::listing::agents_of(&location).keyring_entries()?;
        library.delete(location.profile(), &entries)
    })
    .await?;
    warnings.extend(deleted.warnings);
    Ok(Gone {
        profile: deleted.profile,
        warnings,
    })
}
