//! The answer: `{"version": "1.2.3", "page": "https://…", "notes": "…"}`, of which only the version is needed.

use semver::Version;
use serde::Deserialize;
use url::Url;

use super::Found;

/// What is new is one sentence.
const LONGEST_NOTES: usize = 500;

#[derive(Deserialize)]
struct Answer {
    version: Version,
    page: Option<String>,
    notes: Option<String>,
}

/// The answer against this program's version.
///
/// # Errors
/// Why that is no answer.
pub fn compare(answer: &[u8], own: &Version) -> Result<Found, String> {
    let answer: Answer = serde_json::from_slice(answer).map_err(|error| error.to_string())?;
    let version = answer.version.to_string();
    if answer.version <= *own {
        return Ok(Found::Newest { version });
    }
    // A page is opened in a browser: nothing but a page of the web.
    let page = answer.page.filter(|page| is_page(page));
    let notes = answer
        .notes
        .map(|notes| notes.chars().filter(|c| !c.is_control()).take(LONGEST_NOTES).collect());
    Ok(Found::Newer { version, page, notes })
}

/// Whether this is a page that a browser may be sent to.
pub fn is_page(text: &str) -> bool {
    text.parse::<Url>()
        .is_ok_and(|page| page.scheme() == "https" && page.host().is_some())
}
