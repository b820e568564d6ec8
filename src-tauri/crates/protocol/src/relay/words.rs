//! What people are told when sharing or following does not go on: one sentence that says what happened and one that says what
//! to do, under stable codes. Window, page and command line all say these.

use super::CloseCode;
use super::version::VersionMismatch;
use crate::codes::CodeError;
use crate::refusal::Refusal;

/// A text is no code.
pub fn not_a_code(error: CodeError) -> Refusal {
    match error {
        CodeError::Empty => Refusal::new(
            "no_code",
            "No code was given.",
            "Paste the User ID or the view-only code of the experiment that you want to follow.",
        ),
        CodeError::NotACode => Refusal::new(
            "not_a_code",
            "This is not a valid code.",
            "Copy it again, whole: a User ID has 36 characters, a view-only code 63.",
        ),
    }
}

/// The relay knows no agent for the code at the moment. `last_seen` is the relay's claim, for people.
pub fn no_agent(last_seen: Option<&str>) -> Refusal {
    let message = match last_seen {
        Some(at) => format!("No agent is online for this code; the relay last saw it {at}."),
        None => "No agent is online for this code, and the relay has never seen one.".to_owned(),
    };
    Refusal::new(
        "no_agent",
        message,
        "Start SACMES at the instrument and turn sharing on there; this goes on by itself.",
    )
}

/// Another running program holds the channel. `computer` is its name, where it could be read.
pub fn in_use(computer: Option<&str>) -> Refusal {
    let message = match computer {
        Some(name) => format!("This User ID is in use by another running app on {name}."),
        None => "This User ID is in use by another running app.".to_owned(),
    };
    Refusal::new(
        "in_use",
        message,
        "Turn sharing off there. If this data folder is a copy of the one there, renew the User ID and say that this is a copy. It is tried again by itself.",
    )
}

/// A command by somebody who may only look.
pub fn view_only() -> Refusal {
    Refusal::new(
        "view_only",
        "This code lets you look, not steer.",
        "Ask the owner of the experiment for the User ID.",
    )
}

/// What was asked for is gone.
pub fn session_deleted() -> Refusal {
    Refusal::new(
        "session_deleted",
        "The session was deleted at the instrument.",
        "Choose another session.",
    )
}

/// There is no way to the relay. `since` is a time for people, `why` the system's reason.
pub fn unreachable(relay: &str, since: &str, why: &str) -> Refusal {
    Refusal::new(
        "relay_unreachable",
        format!("The relay {relay} is unreachable since {since}: {why}."),
        "Check the network and the address; it is tried again by itself.",
    )
}

/// The agent is said to be there, and nothing that it signed comes.
pub fn no_news(since: &str) -> Refusal {
    Refusal::new(
        "no_news",
        format!("No news from the agent since {since}."),
        "What is shown is from then; this goes on by itself.",
    )
}

/// Two programs without a common version.
pub fn versions_differ(mismatch: &VersionMismatch) -> Refusal {
    Refusal::new(
        "versions_differ",
        format!(
            "This program is version {}, the agent's is {}; they do not understand each other.",
            mismatch.own, mismatch.other
        ),
        "Update the older one.",
    )
}

/// Frames that the agent never sent like this.
pub fn altered_data() -> Refusal {
    Refusal::new(
        "altered_data",
        "The relay sends altered data; none of it was used, and the connection is made anew.",
        "If it happens again, use another relay and tell whoever runs this one.",
    )
}

/// A command that could not be answered in time.
pub fn too_late() -> Refusal {
    Refusal::new(
        "too_late",
        "The agent did not answer within 30 s, so that it is not known whether this was done.",
        "Look at the experiment before you try again.",
    )
}

/// A question without an answer for too long.
pub fn no_answer() -> Refusal {
    Refusal::new("no_answer", "The agent did not answer within 30 s.", "Try again.")
}

/// What was received is not what the agent announced.
pub fn transfer_damaged(name: &str) -> Refusal {
    Refusal::new(
        "transfer_damaged",
        format!("The bytes of {name} are not those that the agent announced; nothing was kept."),
        "Export it again.",
    )
}

/// An answer that cannot be read.
pub fn answer_unreadable() -> Refusal {
    Refusal::new(
        "answer_unreadable",
        "The agent's answer could not be read.",
        "Update the older of the two programs.",
    )
}

/// The following was ended.
pub fn not_following() -> Refusal {
    Refusal::new(
        "not_following",
        "The agent is not followed any more.",
        "Follow it again.",
    )
}

/// Why a relay closed the connection, as a viewer or an agent is told.
pub fn closed(code: CloseCode) -> Refusal {
    let (message, hint) = match code {
        CloseCode::Restarting => ("The relay restarts.", "This goes on by itself."),
        CloseCode::TooSlow => ("The connection did not keep up.", "This goes on by itself."),
        CloseCode::Silent => ("The relay heard nothing for too long.", "This goes on by itself."),
        CloseCode::Fenced => ("Another connection took over.", "This goes on by itself."),
        CloseCode::Rate => ("The relay was asked too often.", "This goes on by itself."),
        CloseCode::Full => (
            "The relay, or this experiment's place on it, is full.",
            "It is tried again by itself; if it stays so, use another relay.",
        ),
        CloseCode::InUse => return in_use(None),
        CloseCode::Protocol | CloseCode::FrameTooLarge => (
            "The relay did not understand this program.",
            "Update this program or the relay.",
        ),
        CloseCode::Version => (
            "The relay speaks another version of the protocol.",
            "Update the older one.",
        ),
        CloseCode::Ownership => (
            "The relay does not accept this computer's proof of ownership.",
            "Check that the relay is reached under a name of its own.",
        ),
        CloseCode::AccessToken => (
            "The relay asks for another access token.",
            "Ask whoever runs the relay.",
        ),
        CloseCode::CodeRenewed => (
            "This view-only code was renewed and no longer opens anything.",
            "Ask the owner of the experiment for the new one.",
        ),
        CloseCode::Retired => (
            "This User ID was given up for a new one.",
            "Ask the owner of the experiment for the new one.",
        ),
    };
    Refusal::new(code.name(), message, hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_are_told_is_this() {
        let mismatch = VersionMismatch {
            own: "0.1.0".to_owned(),
            other: "2.0.0".to_owned(),
        };
        let relay = "https://relay.example.org";
        for (refusal, code, message) in [
            (not_a_code(CodeError::Empty), "no_code", "No code was given."),
            (
                not_a_code(CodeError::NotACode),
                "not_a_code",
                "This is not a valid code.",
            ),
            (
                no_agent(None),
                "no_agent",
                "No agent is online for this code, and the relay has never seen one.",
            ),
            (
                no_agent(Some("2026-11-30 08:00:00 UTC")),
                "no_agent",
                "No agent is online for this code; the relay last saw it 2026-11-30 08:00:00 UTC.",
            ),
            (
                in_use(Some("LAB-PC-7")),
                "in_use",
                "This User ID is in use by another running app on LAB-PC-7.",
            ),
            (view_only(), "view_only", "This code lets you look, not steer."),
            (
                session_deleted(),
                "session_deleted",
                "The session was deleted at the instrument.",
            ),
            (
                unreachable(relay, "08:00:00", "nothing listens there"),
                "relay_unreachable",
                "The relay https://relay.example.org is unreachable since 08:00:00: nothing listens there.",
            ),
            (
                versions_differ(&mismatch),
                "versions_differ",
                "This program is version 0.1.0, the agent's is 2.0.0; they do not understand each other.",
            ),
            (no_news("08:00:00"), "no_news", "No news from the agent since 08:00:00."),
            (
                closed(CloseCode::CodeRenewed),
                "code_renewed",
                "This view-only code was renewed and no longer opens anything.",
            ),
            (
                closed(CloseCode::Retired),
                "retired",
                "This User ID was given up for a new one.",
            ),
            (
                closed(CloseCode::Full),
                "full",
                "The relay, or this experiment's place on it, is full.",
            ),
        ] {
            assert_eq!((refusal.code.as_str(), refusal.message.as_str()), (code, message));
            assert!(refusal.hint.ends_with('.'), "{refusal:?}");
        }
    }
}
