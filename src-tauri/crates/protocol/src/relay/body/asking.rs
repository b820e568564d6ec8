//! What a viewer asks and orders.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::command::Command;
use crate::ids::CommandId;
use crate::query::{ColumnQuery, Query};

/// In a *query* frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Number of the question in its visit, from 1, rising; parts of the answer carry it. Shared with [`Order::question`].
    pub question: u32,
    /// What it is.
    pub ask: Ask,
}

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub enum Ask {
    /// A query of the engine; answered by [`super::Reply::Answer`].
    Query {
        /// Which.
        query: Query,
    },
    /// A query that is answered by columns.
    Columns {
        /// Which.
        query: ColumnQuery,
    },
    /// Entries of the record that the relay no longer has; answered by [`super::Reply::Entries`], which may end earlier.
    History {
        /// Entries after this offset.
        #[ts(type = "number")]
        after: u64,
        /// Up to this one.
        #[ts(type = "number")]
        through: u64,
    },
    /// The bytes of a finished export, from a place on.
    Transfer {
        /// Which, as [`super::News::Ready`] said.
        #[ts(type = "string")]
        transfer: Uuid,
        /// First byte.
        #[ts(type = "number")]
        from: u64,
    },
    /// Parts have come, and as many more may be sent; there is no answer to this.
    Credit {
        /// All parts of the visit up to this number.
        through: u32,
    },
    /// The answer to a question is no longer wanted; there is no answer to this.
    Drop {
        /// Which question.
        of: u32,
    },
}

/// In a *command* frame: changes something. Answered like a question, by [`super::Reply::Outcome`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Number of the question whose answer is the outcome.
    pub question: u32,
    /// Identity of the command: a repeat, in whatever visit, gets the first outcome and has no second effect.
    pub id: CommandId,
    /// [`super::AgentStatus::tick_ms`] that the viewer saw last: what is older than 30 s is refused as `too_late`.
    #[ts(type = "number")]
    pub tick_ms: u64,
    /// What to do. `destination` of an export is the name of the file that the viewer wants, never a path.
    pub command: Command,
}
