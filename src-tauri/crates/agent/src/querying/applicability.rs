//! Whether a session has trends, and why not.

use protocol::refusal::Refusal;
use protocol::settings::Technique;

use crate::store::{SessionRow, Store, StoreError};

/// What gives files their index.
const PATTERN: &str = "Give the session settings whose `[files] pattern` says where a name has its number, as in \
    pattern = \"F=<F>, M<N>\".";

/// Why trends do not apply to a session, where they do not: a decay has no peak, and a frequency map is one point of a
/// series.
///
/// # Errors
/// What the store reports.
pub fn without_trends(store: &Store, session: &SessionRow) -> Result<Option<Refusal>, StoreError> {
    let name = &session.summary.name;
    let refusal = |what: &str, hint: &str| {
        Some(Refusal::new(
            "no_trends_of_technique",
            format!("The session \"{name}\" {what}."),
            hint,
        ))
    };
    Ok(match session.summary.technique {
        Technique::Ca => refusal(
            "holds chronoamperograms, which have no trends of peaks",
            "Its results and their series have the time constants.",
        ),
        Technique::FrequencyMap if store.first_index(session.row)? == store.last_index(session.row)? => refusal(
            "holds one frequency map, and trends are over several",
            "Its results have the peaks of each frequency.",
        ),
        Technique::FrequencyMap | Technique::Swv | Technique::Cv => None,
    })
}

/// What is left out of everything over the index, where anything is, with the way out.
///
/// # Errors
/// What the store reports.
pub fn without_index(store: &Store, session: &SessionRow) -> Result<Option<Refusal>, StoreError> {
    let count = store.measurements_without_index(session.row)?;
    let have = if count == 1 {
        "measurement has"
    } else {
        "measurements have"
    };
    let message =
        format!("{count} {have} no index, because the names of their files state none, and are not among the trends.");
    Ok((count > 0).then(|| Refusal::new("without_index", message, PATTERN)))
}
