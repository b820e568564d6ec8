//! Which session is meant: by its id, the beginning of its id, or its name.

use agent::store::{SessionRow, Store};
use protocol::refusal::Refusal;

use crate::ending::Failure;

/// The one session that the words mean.
///
/// # Errors
/// None or several fit, or the store cannot be read.
pub fn find(store: &Store, wanted: &str) -> Result<SessionRow, Failure> {
    let sessions = store.sessions()?;
    choose(sessions, wanted, |row| {
        (row.summary.session.to_string(), row.summary.name.clone())
    })
    .map_err(Failure::from)
}

/// A full id wins over a name, a name over the beginning of an id.
fn choose<T>(sessions: Vec<T>, wanted: &str, about: impl Fn(&T) -> (String, String)) -> Result<T, Refusal> {
    let wanted = wanted.trim();
    let lower = wanted.to_lowercase();
    let (mut of_name, mut of_beginning) = (Vec::new(), Vec::new());
    for session in sessions {
        let (id, name) = about(&session);
        if id == lower {
            return Ok(session);
        }
        if name == wanted {
            of_name.push(session);
        } else if !lower.is_empty() && id.starts_with(&lower) {
            of_beginning.push(session);
        }
    }
    let mut found = if of_name.is_empty() { of_beginning } else { of_name };
    match found.len() {
        1 => Ok(found.swap_remove(0)),
        0 => Err(Refusal::new(
            "no_such_session",
            format!("There is no session \"{wanted}\"."),
            "`sacmes sessions` lists all; give an id, the beginning of an id, or a name.",
        )),
        several => {
            let ids: Vec<String> = found.iter().map(|session| about(session).0).collect();
            Err(Refusal::new(
                "several_sessions",
                format!("{several} sessions fit \"{wanted}\": {}.", ids.join(", ")),
                "Give more of the id.",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SESSIONS: [(&str, &str); 4] = [
        ("0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a35", "titration"),
        ("0b5c0000-6f0a-4d3c-9a7e-2f4b8d6c1a35", "titration"),
        ("77777777-6f0a-4d3c-9a7e-2f4b8d6c1a35", "0b5c1"),
        ("88888888-6f0a-4d3c-9a7e-2f4b8d6c1a35", ""),
    ];

    fn chosen(wanted: &str) -> Result<&'static str, String> {
        choose(SESSIONS.to_vec(), wanted, |s| (s.0.to_owned(), s.1.to_owned()))
            .map(|s| s.0)
            .map_err(|r| r.code)
    }

    #[test]
    fn ids_beginnings_and_names_are_understood() {
        assert_eq!(chosen("7777"), Ok(SESSIONS[2].0));
        assert_eq!(chosen("0B5C1E"), Ok(SESSIONS[0].0));
        assert_eq!(chosen("0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a35"), Ok(SESSIONS[0].0));
        assert_eq!(
            chosen("0b5c1"),
            Ok(SESSIONS[2].0),
            "a name wins over the beginning of an id"
        );
    }

    #[test]
    fn what_fits_none_or_several_is_refused() {
        assert_eq!(chosen("titration"), Err("several_sessions".to_owned()));
        assert_eq!(chosen("0b5c"), Err("several_sessions".to_owned()));
        assert_eq!(chosen("nothing"), Err("no_such_session".to_owned()));
    }
}
