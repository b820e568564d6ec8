//! Files exported there and fetched.

use std::io;
use std::path::Path;
use std::time::Duration;

use agent::export::AtomicFile;
use protocol::command::{Command, ExportLayout, Outcome as Done, Selection};
use protocol::ids::{CommandId, OperationId, SessionId};
use protocol::query::{Answer, Query};
use protocol::record::{LiveEvent, OperationOutcome};
use protocol::refusal::Refusal;
use protocol::relay::body::News;
use protocol::relay::words;
use remote::following::{Events, FollowEvent, Follower};
use tokio::time::{Instant, timeout_at};

use super::printing::ended;
use crate::ending::{Ending, Failure, Outcome, complain};

/// An export of which nothing is heard for so long does not come any more.
const NOTHING_HEARD: Duration = Duration::from_mins(2);

/// Has a session exported there, the newest where none is named, fetches the file and checks it.
pub async fn export(
    follower: &Follower,
    events: &mut Events,
    session: Option<SessionId>,
    layout: ExportLayout,
    out: &Path,
) -> Outcome {
    let shown = out.display().to_string();
    if out.exists() {
        return Err(file_exists(&shown));
    }
    let session = match session {
        Some(session) => session,
        None => newest_session(follower).await?,
    };
    let name = out.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let command = Command::Export {
        session,
        layout,
        destination: name,
        selection: Selection::default(),
    };
    let ready = made(follower, events, command).await?;
    let mut file = AtomicFile::create(out).map_err(|error| Failure::of_output(&error, &shown))?;
    let bytes = follower.fetch(&ready, &mut file).await?;
    file.finish_new().map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => file_exists(&shown),
        _ => Failure::of_output(&error, &shown),
    })?;
    complain(&format!("wrote {bytes} bytes to {shown}"));
    Ok(Ending::Done)
}

/// Has a file made there, until it can be fetched.
async fn made(follower: &Follower, events: &mut Events, command: Command) -> Result<News, Failure> {
    let id = CommandId::new();
    let Done::Accepted { operation } = follower.command(id, command.clone()).await? else {
        return Err(words::answer_unreadable().into());
    };
    let is_of = |of: &OperationId| *of == operation;
    let mut deadline = Instant::now() + NOTHING_HEARD;
    loop {
        let Ok(event) = timeout_at(deadline, events.next()).await else {
            return Err(Failure::Refused(Refusal::new(
                "export_lost",
                "The export was begun, and nothing more was heard of it.",
                "Export it again.",
            )));
        };
        match event {
            Some(FollowEvent::Ready(ready)) if matches!(&ready, News::Ready { operation: of, .. } if is_of(of)) => {
                return Ok(ready);
            }
            Some(FollowEvent::Live(LiveEvent::Progress {
                operation: of,
                outcome: Some(OperationOutcome::Failed { refusal }),
                ..
            })) if is_of(&of) => return Err(refusal.into()),
            Some(FollowEvent::Live(LiveEvent::Progress { operation: of, .. })) if is_of(&of) => {
                deadline = Instant::now() + NOTHING_HEARD;
            }
            // Another visit, which the agent tells nothing of what was begun before: the command again is not carried out twice.
            Some(FollowEvent::Live(LiveEvent::AgentStatus { online: true })) => {
                follower.command(id, command.clone()).await?;
                deadline = Instant::now() + NOTHING_HEARD;
            }
            Some(_) => {}
            None => return Err(ended(follower)),
        }
    }
}

fn file_exists(shown: &str) -> Failure {
    Failure::Refused(Refusal::new(
        "file_exists",
        format!("{shown} exists already, and was left as it is."),
        "Choose another name, or remove that file.",
    ))
}

async fn newest_session(follower: &Follower) -> Result<SessionId, Failure> {
    match follower.query(Query::Sessions).await? {
        Answer::Sessions { sessions } => match sessions.first() {
            Some(newest) => Ok(newest.session),
            None => Err(Failure::Refused(Refusal::new(
                "no_session",
                "There is no session yet.",
                "Wait until an experiment has begun.",
            ))),
        },
        _ => Err(words::answer_unreadable().into()),
    }
}
