//! `sacmes view`: follows an agent from anywhere, through a relay.

mod agents;
mod exporting;
mod printing;

use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;

use clap::Args;
use protocol::command::{Command, ExportLayout};
use protocol::ids::{CommandId, SessionId};
use protocol::query::Query;
use protocol::refusal::Refusal;
use protocol::relay::words;
use remote::address::RelayAddress;
use remote::following::{Code, Events, Follower, From, Invitation};

use crate::ending::{Ending, Failure, Outcome};
use crate::interruption;
use crate::output::Output;
use crate::place::Place;
use agents::Agents;
use printing::{print, tell_states};

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
    #[arg(long, conflicts_with_all = ["code", "code_file", "remember", "forget", "query", "command", "export"])]
    list: bool,

    /// With `--list`: one JSON object a line instead of a table.
    #[arg(long, requires = "list")]
    json: bool,

    /// Forget a remembered agent and its code, and end.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["code", "code_file", "remember", "query", "command", "export"])]
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

    /// Give one command (JSON), print what came of it and end; needs the User ID. The file of an export is fetched by `--export` only.
    #[arg(long, value_name = "JSON", conflicts_with_all = ["query", "export"])]
    command: Option<String>,

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
    Command(Box<Command>),
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
            Task::Query(query) => answered(events, follower.query(*query)).await,
            Task::Command(command) => answered(events, follower.command(CommandId::new(), *command)).await,
            Task::Export(layout, out) => exporting::export(follower, &mut events, self.session, layout, &out).await,
        }
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
        if let Some(command) = &self.command {
            let command = serde_json::from_str(command).map_err(|error| {
                let hint = "Give it as in '{\"command\":\"pause_all\"}'.";
                usage("not_a_command", format!("This is not a command: {error}."), hint)
            })?;
            if matches!(command, Command::Export { .. } | Command::ExportFigure { .. }) {
                let hint = "Use --export and --out.";
                return Err(usage("not_a_command", "The file would stay there.".to_owned(), hint));
            }
            return Ok(Task::Command(Box::new(command)));
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

/// Prints an answer or an outcome.
async fn answered<T: serde::Serialize>(mut events: Events, ask: impl Future<Output = Result<T, Refusal>>) -> Outcome {
    // Events that nobody reads would hold nothing up, but the end of following would not be noticed.
    let draining = tokio::spawn(async move { while events.next().await.is_some() {} });
    let answer = ask.await;
    draining.abort();
    let mut output = Output::standard();
    output.json_line(&answer?)?;
    output.finish()?;
    Ok(Ending::Done)
}
