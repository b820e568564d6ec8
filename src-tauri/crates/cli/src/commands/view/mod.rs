//! `sacmes view`: follows an agent from anywhere, through a relay.

mod agents;
mod printing;

use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;
use std::time::Duration;

use agent::export::AtomicFile;
use clap::Args;
use protocol::command::{Command, ExportLayout, Outcome as Done, Selection};
use protocol::ids::{CommandId, OperationId, SessionId};
use protocol::query::{Answer, Query};
use protocol::record::{LiveEvent, OperationOutcome};
use protocol::refusal::Refusal;
use protocol::relay::body::News;
use protocol::relay::words;
use remote::address::RelayAddress;
use remote::following::{Code, Events, FollowEvent, Follower, From, Invitation};
use tokio::time::{Instant, timeout_at};

use crate::ending::{Ending, Failure, Outcome, complain};
use crate::interruption;
use crate::output::Output;
use crate::place::Place;
use agents::Agents;
use printing::{ended, print, tell_states};

/// An export of which nothing is heard for so long does not come any more.
const NOTHING_HEARD: Duration = Duration::from_mins(2);

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub struct View {
    /// User ID, view-only code, link, or the name of a remembered agent; `-` reads a code from standard input. Other users of this
    /// computer can see arguments.
    #[arg(value_name = "CODE")]
    code: Option<String>,

    /// File that holds the code.
    #[arg(long, value_name = "FILE", conflicts_with = "code")]
    code_file: Option<PathBuf>,

    /// Remember the code in the keyring, under this name, and follow.
    #[arg(long, value_name = "NAME")]
    remember: Option<String>,

    /// Where there is no keyring: agree that the code is kept in a file that only you can read.
    #[arg(long, requires = "remember")]
    in_file: bool,

    /// List the remembered agents and end.
    #[arg(long, conflicts_with_all = ["code", "code_file", "remember", "forget", "query", "export"])]
    list: bool,

    /// With `--list`: one JSON object a line instead of a table.
    #[arg(long, requires = "list")]
    json: bool,

    /// Forget a remembered agent and its code, and end.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["code", "code_file", "remember", "query", "export"])]
    forget: Option<String>,

    /// The relay; a link and a remembered agent name it already.
    #[arg(long, value_name = "ADDRESS")]
    relay: Option<String>,

    /// Print the record from its first entry on; the default.
    #[arg(long, conflicts_with = "from_now")]
    since_start: bool,

    /// Print only what is new.
    #[arg(long)]
    from_now: bool,

    /// Ask one query (JSON), print the answer and end.
    #[arg(long, value_name = "JSON", conflicts_with = "export")]
    query: Option<String>,

    /// Export a session there, fetch the file and end; needs the User ID.
    #[arg(long, value_name = "LAYOUT", requires = "out")]
    export: Option<String>,

    /// File for the export; it appears when it is complete.
    #[arg(long, value_name = "FILE", requires = "export")]
    out: Option<PathBuf>,

    /// Session to export; without it, the newest.
    #[arg(long, value_name = "ID", requires = "export")]
    session: Option<SessionId>,

    /// The profile whose agents are remembered.
    #[command(flatten)]
    place: Place,
}

/// What to do once connected.
enum Task {
    Print,
    Query(Box<Query>),
    Export(ExportLayout, PathBuf),
}

impl View {
    /// Follows until asked to end.
    pub fn run(self) -> Outcome {
        if self.list {
            return Agents::of(&self.place)?.print(self.json);
        }
        if let Some(name) = &self.forget {
            return Agents::of(&self.place)?.forget(name);
        }
        let task = self.task()?;
        let (code, relay) = self.whom()?;
        let from = if self.from_now || !matches!(task, Task::Print) {
            From::Now
        } else {
            From::Beginning
        };
        let runtime = super::runtime()?;
        let outcome = runtime.block_on(async {
            let (follower, events) = Follower::start(code, relay, from);
            let telling = tokio::spawn(tell_states(follower.state()));
            let outcome = tokio::select! {
                biased;
                () = interruption::requested() => Ok(Ending::Done),
                outcome = self.follow(&follower, events, task) => outcome,
            };
            telling.abort();
            outcome
        });
        runtime.shutdown_background();
        outcome
    }

    async fn follow(&self, follower: &Follower, mut events: Events, task: Task) -> Outcome {
        match task {
            Task::Print => print(follower, &mut events).await,
            Task::Query(query) => {
                // Events that nobody reads would hold nothing up, but the end of following would not be noticed.
                let draining = tokio::spawn(async move { while events.next().await.is_some() {} });
                let answer = follower.query(*query).await;
                draining.abort();
                let mut output = Output::standard();
                output.json_line(&answer?)?;
                output.finish()?;
                Ok(Ending::Done)
            }
            Task::Export(layout, out) => self.export(follower, &mut events, layout, &out).await,
        }
    }

    async fn export(
        &self,
        follower: &Follower,
        events: &mut Events,
        layout: ExportLayout,
        out: &std::path::Path,
    ) -> Outcome {
        let shown = out.display().to_string();
        if out.exists() {
            return Err(file_exists(&shown));
        }
        let session = match self.session {
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

    /// The code and the relay, given or remembered; remembers what is to be.
    fn whom(&self) -> Result<(Code, RelayAddress), Failure> {
        let text = self.code()?;
        let invitation: Invitation = match text.parse() {
            Ok(invitation) => invitation,
            Err(_) if self.is_name() => return self.remembered(&text),
            Err(error) => return Err(Failure::Usage(words::not_a_code(error))),
        };
        let relay = self.relay_of(invitation.relay.as_ref())?;
        if let Some(name) = &self.remember {
            Agents::of(&self.place)?.remember(name, &relay, &invitation.code, self.in_file)?;
        }
        Ok((invitation.code, relay))
    }

    /// Whether what was given may be the name of a remembered agent.
    fn is_name(&self) -> bool {
        let word = self.code.as_deref().unwrap_or("-").trim();
        self.remember.is_none() && !matches!(word, "" | "-")
    }

    fn remembered(&self, name: &str) -> Result<(Code, RelayAddress), Failure> {
        let (relay, code) = Agents::of(&self.place)?.open(name)?;
        Ok((code, self.relay_of(Some(&relay))?))
    }

    fn code(&self) -> Result<String, Failure> {
        let read = match (&self.code_file, self.code.as_deref()) {
            (Some(file), _) => fs::read_to_string(file).map_err(|error| (file.display().to_string(), error)),
            (None, Some("-")) => {
                let mut text = String::new();
                let read = io::stdin().take(4_096).read_to_string(&mut text);
                read.map(|_| text).map_err(|error| ("Standard input".to_owned(), error))
            }
            (None, code) => Ok(code.unwrap_or_default().to_owned()),
        };
        read.map_err(|(place, error)| {
            Failure::Usage(Refusal::new(
                "code_not_readable",
                format!("{place} cannot be read: {error}."),
                "Name a file that holds the code.",
            ))
        })
    }

    fn relay_of(&self, known: Option<&RelayAddress>) -> Result<RelayAddress, Failure> {
        match (&self.relay, known) {
            (Some(text), _) => text.parse().map_err(|error| {
                Failure::Usage(Refusal::new(
                    "not_an_address",
                    format!("{error}."),
                    "Give it as in https://relay.example.org.",
                ))
            }),
            (None, Some(relay)) => Ok(relay.clone()),
            (None, None) => Err(Failure::Usage(Refusal::new(
                "no_relay",
                "No relay was named.",
                "Name it with --relay, or give the whole link.",
            ))),
        }
    }

    fn task(&self) -> Result<Task, Failure> {
        let usage = |code: &str, message: String, hint: &str| Failure::Usage(Refusal::new(code, message, hint));
        if let Some(query) = &self.query {
            let query = serde_json::from_str(query);
            return query.map(|query| Task::Query(Box::new(query))).map_err(|error| {
                let hint = "Give it as in '{\"query\":\"sessions\"}'.";
                usage("not_a_query", format!("This is not a query: {error}."), hint)
            });
        }
        let (Some(layout), Some(out)) = (&self.export, &self.out) else {
            return Ok(Task::Print);
        };
        let layout = serde_json::from_value(serde_json::Value::String(layout.clone()));
        layout.map(|layout| Task::Export(layout, out.clone())).map_err(|error| {
            let hint = "Choose csv, jsonl, sacmes-web, sacmes, trends, xlsx or archive.";
            usage("not_a_layout", format!("There is no such form: {error}."), hint)
        })
    }
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
