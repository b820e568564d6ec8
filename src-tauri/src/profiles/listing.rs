//! The profiles of the data directory as the window lists them.

use agent::identity::KeepingPolicy;
use agent::profile::ProfileLocation;
use agent::profiles::ProfileSummary;
use protocol::refusal::Refusal;
use remote::remembered::RememberedAgents;
use serde::Serialize;

use super::{Profiles, blocking};

/// A profile in the window's list.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// What is known of each without opening it.
    #[serde(flatten)]
    pub summary: ProfileSummary,
    /// Agents elsewhere that it remembers; none where the list cannot be read.
    pub remembered_agents: Option<u64>,
    /// What it is in this app.
    pub here: Here,
    /// Whether this app shares it at this moment.
    pub shared: bool,
}

/// What a profile is in this app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Here {
    /// The one that the window uses.
    Current,
    /// One that goes on in the background.
    Kept,
    /// Not open here.
    Closed,
}

/// All profiles, by name.
///
/// # Errors
/// The data directory cannot be used.
pub async fn list(profiles: &Profiles) -> Result<Vec<Line>, Refusal> {
    let library = profiles.library();
    let mut lines: Vec<Line> = blocking(move || {
        library
            .list()?
            .into_iter()
            .map(|summary| line(&library, summary))
            .collect()
    })
    .await?;
    for (at, open) in profiles.open().iter().enumerate() {
        let line = lines
            .iter_mut()
            .find(|line| line.summary.name == open.location.profile());
        if let Some(line) = line {
            line.here = if at == 0 { Here::Current } else { Here::Kept };
            line.shared = open.sharing.is_on().await;
        }
    }
    Ok(lines)
}

fn line(library: &agent::profiles::Profiles, summary: ProfileSummary) -> Result<Line, Refusal> {
    let remembered = agents_of(&library.find(&summary.name)?).list();
    Ok(Line {
        summary,
        remembered_agents: remembered.ok().map(|agents| agents.len() as u64),
        here: Here::Closed,
        shared: false,
    })
}

pub(super) fn agents_of(location: &ProfileLocation) -> RememberedAgents {
    RememberedAgents::of(location, KeepingPolicy::AskBeforeFile)
}
