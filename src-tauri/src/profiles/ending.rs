//! Ending an open profile.

use std::time::Duration;

use agent::Engine;
use protocol::command::Command;
use protocol::ids::CommandId;
use protocol::query::{Answer, Query};
use protocol::refusal::Refusal;
use protocol::session::{SessionState, SessionSummary};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::opening::OpenProfile;

/// The engine commits what it is about to write and lets go of the profile; longer than this it is not waited for.
/// Nothing is lost even then: what is committed is safe, and what is not is read again from the instrument's folder.
const ENGINE_MAY_TAKE: Duration = Duration::from_secs(10);

/// The relay frees the channel; a relay that does not answer notices by itself.
const SHARING_MAY_TAKE: Duration = Duration::from_secs(3);

/// Ends profiles, side by side.
pub async fn end_all(profiles: Vec<OpenProfile>) {
    let mut ends = JoinSet::new();
    for profile in profiles {
        ends.spawn(async move { end(&profile).await });
    }
    while ends.join_next().await.is_some() {}
}

/// Ends one; gives what did not go as it should.
pub(super) async fn end(profile: &OpenProfile) -> Vec<String> {
    let mut warnings = Vec::new();
    profile.following.end();
    // First: what the channel's viewers are told last is that the agent went, not that it is silent.
    if timeout(SHARING_MAY_TAKE, profile.sharing.end()).await.is_err() {
        tracing::warn!("the relay was not told in time");
        warnings.push("The relay did not answer; followers notice after a while that nobody is there.".to_owned());
    }
    if let Some(engine) = profile.engine.ready()
        && timeout(ENGINE_MAY_TAKE, engine.close()).await.is_err()
    {
        tracing::warn!("the engine did not close in time");
        warnings.push(
            "Its last files are still being written; what is missing is read again when it is opened.".to_owned(),
        );
    }
    profile.running.set(0);
    warnings
}

/// Stops the sessions that go on; gives how many, and what did not go as it should.
pub(super) async fn stop_sessions(engine: &Engine) -> (usize, Vec<String>) {
    let sessions = match going_on(engine).await {
        Ok(sessions) => sessions,
        Err(refusal) => return (0, vec![refusal.to_string()]),
    };
    let (mut stopped, mut warnings) = (0, Vec::new());
    for SessionSummary { session, name, .. } in sessions {
        match engine.command(CommandId::new(), Command::StopSession { session }).await {
            Ok(_) => stopped += 1,
            // It ended by itself meanwhile.
            Err(refusal) if refusal.code == "wrong_state" => {}
            Err(refusal) => warnings.push(format!(
                "“{name}” was not stopped and goes on when its profile is opened again: {}",
                refusal.message
            )),
        }
    }
    (stopped, warnings)
}

/// The sessions that go on.
pub(super) async fn going_on(engine: &Engine) -> Result<Vec<SessionSummary>, Refusal> {
    let Answer::Sessions { mut sessions } = engine.query(Query::Sessions).await? else {
        return Ok(Vec::new());
    };
    sessions.retain(|session| matches!(session.state, SessionState::Waiting | SessionState::Running));
    Ok(sessions)
}
