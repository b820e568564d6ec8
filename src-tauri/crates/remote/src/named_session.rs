//! Which session a question or a command is about.

use protocol::ids::SessionId;
use protocol::refusal::Refusal;
use protocol::relay::words;

/// The session that something names, if it names one.
pub fn session_of(asked: &impl serde::Serialize) -> Option<SessionId> {
    let asked = serde_json::to_value(asked).ok()?;
    serde_json::from_value(asked.get("session")?.clone()).ok()
}

/// Why something about a session was refused: that there is none is said as what it is where it was deleted.
pub fn explained(refusal: Refusal, was_deleted: bool) -> Refusal {
    if was_deleted && refusal.code == "no_such_session" {
        words::session_deleted()
    } else {
        refusal
    }
}
