//! Sessions that the agent has deleted, as its status tells: what is asked of one of them is refused in plain words.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use protocol::ids::SessionId;
use protocol::refusal::Refusal;

use crate::named_session::{explained, session_of};

/// Cloning shares it.
#[derive(Debug, Clone, Default)]
pub struct Deleted(Arc<Mutex<HashSet<SessionId>>>);

impl Deleted {
    /// A session was deleted; false where that was known.
    pub fn note(&self, session: SessionId) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(session)
    }

    /// That the agent knows no such session, said as what it is where the session was deleted.
    pub fn explain(&self, refusal: Refusal, asked: &impl serde::Serialize) -> Refusal {
        let was_deleted = session_of(asked).is_some_and(|session| {
            let deleted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            deleted.contains(&session)
        });
        explained(refusal, was_deleted)
    }
}

#[cfg(test)]
mod tests {
    use protocol::query::Query;

    use super::*;

    #[test]
    fn a_deleted_session_is_said_to_be_one_and_others_are_not() {
        let (deleted, session) = (Deleted::default(), SessionId::new());
        let refusal = Refusal::new("no_such_session", "There is no such session.", "");
        let said = |session| deleted.explain(refusal.clone(), &Query::Session { session });
        assert_eq!(said(session), refusal);
        assert!(deleted.note(session) && !deleted.note(session));
        assert_eq!(said(session).message, "The session was deleted at the instrument.");
        assert_eq!(said(SessionId::new()), refusal);
        let other = Refusal::new("disk_full", "The disk is full.", "");
        assert_eq!(deleted.explain(other.clone(), &Query::Session { session }), other);
    }
}
