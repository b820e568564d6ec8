//! What the engine answers to questions from afar.

use std::sync::Arc;

use agent::Engine;
use protocol::query::{ColumnQuery, Query};
use protocol::record::RecordEntry;
use protocol::refusal::Refusal;
use protocol::relay::body::{Reply, WholeAnswer, to_json};
use tokio::sync::Semaphore;

use crate::named_session::explained;

/// Questions that the engine works on at a time, for all viewers together; the others wait in the order in which they came.
const AT_A_TIME: usize = 3;
/// Entries in a piece of history, and their JSON, bytes.
const HISTORY_ENTRIES: u32 = 4_000;
const HISTORY_JSON: usize = 2 << 20;
/// An answer unpacks to at most this, bytes.
const LONGEST: usize = 64 << 20;

/// A question that the engine is asked.
pub enum Asked {
    Query(Query),
    Columns(ColumnQuery),
    History { after: u64, through: u64 },
}

/// Asks the engine.
#[derive(Clone)]
pub struct Questions {
    engine: Engine,
    turns: Arc<Semaphore>,
}

impl Questions {
    pub fn new(engine: Engine) -> Self {
        Self {
            engine,
            turns: Arc::new(Semaphore::new(AT_A_TIME)),
        }
    }

    /// The bytes of the whole answer, which may be a refusal; `is_deleted`: the session that it is about was deleted.
    ///
    /// It can be given up while it waits for its turn. What the engine has begun goes on to its end and keeps its turn as
    /// long: whoever asks and lets go again makes the engine work on no more at a time.
    pub async fn answer(self, asked: Asked, is_deleted: bool) -> Vec<u8> {
        let Ok(turn) = Arc::clone(&self.turns).acquire_owned().await else {
            return Vec::new();
        };
        let work = tokio::spawn(async move {
            let _turn = turn;
            self.work_on(asked, is_deleted).await
        });
        work.await.unwrap_or_else(|error| {
            tracing::error!("a question ended in a panic: {error}");
            refused(Refusal::new(
                "question_failed",
                "The question could not be answered.",
                "Please report this.",
            ))
        })
    }

    async fn work_on(&self, asked: Asked, is_deleted: bool) -> Vec<u8> {
        let answer = match asked {
            Asked::Query(query) => self.engine.query(query).await.map(|answer| {
                WholeAnswer::Reply(Box::new(Reply::Answer {
                    answer: Box::new(answer),
                }))
            }),
            Asked::Columns(query) => match self.engine.columns(query).await {
                Ok(columns) => packed(move || Ok(WholeAnswer::Columns(columns.to_bytes()))).await,
                Err(refusal) => Err(refusal),
            },
            Asked::History { after, through } => self.history(after, through).await,
        };
        bytes(answer.map_err(|refusal| explained(refusal, is_deleted))).await
    }

    async fn history(&self, after: u64, through: u64) -> Result<WholeAnswer, Refusal> {
        let piece = self.engine.history(after, through, HISTORY_ENTRIES).await?;
        packed(move || {
            let (mut entries, mut end): (Vec<RecordEntry>, _) = (piece.entries, piece.through);
            let mut json = 0;
            let fit = entries.iter().position(|entry| {
                json += to_json(entry).map_or(0, |json| json.len());
                json > HISTORY_JSON
            });
            // One entry always comes, or nobody would get on.
            if let Some(fit) = fit.map(|fit| fit.max(1))
                && fit < entries.len()
            {
                entries.truncate(fit);
                end = entries.last().map_or(end, |last| last.offset);
            }
            Ok(WholeAnswer::Reply(Box::new(Reply::Entries { entries, through: end })))
        })
        .await
    }
}

/// Whether a question is about the owner's folders rather than about sessions: those who may only look are not told.
pub fn is_about_folders(asked: &Asked) -> bool {
    matches!(
        asked,
        Asked::Query(Query::FolderPreview { .. } | Query::Lot { .. }) | Asked::Columns(ColumnQuery::FilePreview { .. })
    )
}

/// Folders are for whoever has proven control.
pub fn control_needed() -> Refusal {
    Refusal::new(
        "control_needed",
        "The folders of the agent's computer are shown to those who may steer.",
        "Ask with the User ID, in a frame of the command key.",
    )
}

/// The bytes of a refusal, as an answer.
pub fn refused(refusal: Refusal) -> Vec<u8> {
    reply(Reply::Refused { refusal })
}

/// The bytes of a reply, as an answer.
pub fn reply(reply: Reply) -> Vec<u8> {
    // A reply is JSON by its type.
    WholeAnswer::Reply(Box::new(reply)).bytes().unwrap_or_default()
}

async fn bytes(answer: Result<WholeAnswer, Refusal>) -> Vec<u8> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(refusal) => return refused(refusal),
    };
    let packing = tokio::task::spawn_blocking(move || {
        let too_large = || {
            refused(Refusal::new(
                "answer_too_large",
                "The answer is too large to be sent.",
                "Ask for less at a time.",
            ))
        };
        let unpacked = match &answer {
            WholeAnswer::Columns(bytes) | WholeAnswer::Bytes(bytes) => bytes.len(),
            WholeAnswer::Reply(reply) => to_json(&**reply).map_or(0, |json| json.len()),
        };
        if unpacked > LONGEST {
            return too_large();
        }
        answer.bytes().unwrap_or_default()
    });
    packing.await.unwrap_or_default()
}

async fn packed(make: impl FnOnce() -> Result<WholeAnswer, Refusal> + Send + 'static) -> Result<WholeAnswer, Refusal> {
    let made = tokio::task::spawn_blocking(make).await;
    made.unwrap_or_else(|_| Err(Refusal::new("closing", "The agent ends.", "Try again later.")))
}
