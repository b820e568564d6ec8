//! An agent elsewhere while it is followed.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use protocol::command::{Command, Outcome};
use protocol::ids::CommandId;
use protocol::query::{Answer, ColumnQuery, Query};
use protocol::refusal::Refusal;
use protocol::relay::words;
use remote::address::RelayAddress;
use remote::following::{Code, Events, Follower, From, bare_name};
use remote::remembered::Access;
use serde::Serialize;
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use super::exports::{Exports, News};

/// News of exports that wait for the feed; progress beyond is left out, ends wait.
const NEWS: usize = 64;
/// Destinations that a person chose and that were not used yet.
const CHOSEN: usize = 64;

/// What the page is told of it: nothing that lets anybody in.
#[derive(Debug, Clone, Serialize)]
pub struct About {
    /// By which the page names it.
    pub followed: Uuid,
    /// What its follower calls it; empty where it has no name.
    pub name: String,
    /// What its code lets one do.
    pub access: Access,
    /// The relay's address.
    pub relay: String,
}

/// An agent that is followed.
pub struct Followed {
    id: Uuid,
    name: String,
    code: Code,
    relay: RelayAddress,
    pub(super) follower: Follower,
    pub(super) exports: Exports,
    /// What the feed takes, once.
    sources: Mutex<Option<Sources>>,
    chosen: Mutex<HashSet<PathBuf>>,
    ended: watch::Sender<bool>,
}

/// What happens there, and to exports from there.
pub(super) struct Sources {
    pub(super) events: Events,
    pub(super) news: mpsc::Receiver<News>,
    pub(super) ended: watch::Receiver<bool>,
}

impl Followed {
    /// Begins to connect.
    pub(super) fn start(name: &str, code: Code, relay: RelayAddress) -> Self {
        // The page asks for what there is; told is what comes.
        let (follower, events) = Follower::start(code, relay.clone(), From::Now);
        let (tell, news) = mpsc::channel(NEWS);
        let (ended, has_ended) = watch::channel(false);
        Self {
            id: Uuid::new_v4(),
            name: name.to_owned(),
            code,
            relay,
            exports: Exports::new(follower.clone(), tell),
            follower,
            sources: Mutex::new(Some(Sources {
                events,
                news,
                ended: has_ended,
            })),
            chosen: Mutex::default(),
            ended,
        }
    }

    /// What the page may know.
    pub fn about(&self) -> About {
        About {
            followed: self.id,
            name: self.name.clone(),
            access: Access::of(&self.code),
            relay: self.relay.to_string(),
        }
    }

    /// Its name for the window's title.
    pub fn title(&self) -> &str {
        if self.name.is_empty() {
            "another computer"
        } else {
            &self.name
        }
    }

    pub(super) fn id(&self) -> Uuid {
        self.id
    }

    pub(super) fn code(&self) -> &Code {
        &self.code
    }

    pub(super) fn relay(&self) -> &RelayAddress {
        &self.relay
    }

    /// Asks the agent.
    ///
    /// # Errors
    /// Its refusal, or why it was not reached.
    pub async fn query(&self, query: Query) -> Result<Answer, Refusal> {
        self.follower.query(query).await.map_err(|refusal| self.why(refusal))
    }

    /// Asks the agent for columns; gives their bytes.
    ///
    /// # Errors
    /// As [`Followed::query`].
    pub async fn columns(&self, query: ColumnQuery) -> Result<Vec<u8>, Refusal> {
        self.follower.columns(query).await.map_err(|refusal| self.why(refusal))
    }

    /// Changes something there. What is exported arrives here, at a place that a person chose ([`Followed::choose`]).
    ///
    /// # Errors
    /// As [`Followed::query`]; `destination_not_chosen` where the page names a place of its own.
    pub async fn command(&self, id: CommandId, mut command: Command) -> Result<Outcome, Refusal> {
        if let Command::Cancel { operation } = &command
            && self.exports.cancel(*operation)
        {
            return Ok(Outcome::Done);
        }
        let destination = match &mut command {
            Command::Export { destination, .. } | Command::ExportFigure { destination, .. } => {
                let path = self.chosen(destination)?;
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                *destination = bare_name(&name);
                Some(path)
            }
            _ => None,
        };
        let _ordering = destination.is_some().then(|| self.exports.order());
        let outcome = self.follower.command(id, command.clone()).await?;
        if let (Some(path), Outcome::Accepted { operation }) = (destination, &outcome) {
            self.exports.began(*operation, id, command, path);
        }
        Ok(outcome)
    }

    /// A person chose where a file is to be written.
    pub fn choose(&self, path: &Path) {
        let mut chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        if chosen.len() >= CHOSEN {
            chosen.clear();
        }
        chosen.insert(path.to_owned());
    }

    fn chosen(&self, path: &str) -> Result<PathBuf, Refusal> {
        let path = PathBuf::from(path);
        let chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        chosen.get(&path).cloned().ok_or_else(|| {
            Refusal::new(
                "destination_not_chosen",
                "A file from another computer is written only where you chose to have it.",
                "Choose its place with “Choose…”.",
            )
        })
    }

    /// What the feed takes; none where it was taken before.
    pub(super) fn take_sources(&self) -> Option<Sources> {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Ends following. The page is told.
    pub(super) fn end(&self) {
        self.exports.end();
        self.ended.send_replace(true);
        // Where no feed was begun there is nobody to tell.
        drop(self.take_sources());
    }

    /// Instead of "no answer": what stands in the way, if that is known.
    fn why(&self, refusal: Refusal) -> Refusal {
        let is_vague = refusal.code == words::no_answer().code;
        let known = self.follower.state().borrow().in_words();
        known.filter(|_| is_vague).unwrap_or(refusal)
    }
}
