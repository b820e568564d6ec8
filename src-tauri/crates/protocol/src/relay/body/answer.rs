//! Whole answers, which travel in parts.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{BodyError, from_json, packing, to_json};
use crate::command::Outcome;
use crate::query::Answer;
use crate::record::RecordEntry;
use crate::refusal::Refusal;

/// An answer that is not columns and not the bytes of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub enum Reply {
    /// To a query.
    Answer {
        /// Which.
        answer: Box<Answer>,
    },
    /// To a command.
    Outcome {
        /// What came of it.
        outcome: Outcome,
    },
    /// Entries of the record.
    Entries {
        /// In order; those of deleted sessions are left out.
        entries: Vec<RecordEntry>,
        /// Last offset that this answer covers.
        #[ts(type = "number")]
        through: u64,
    },
    /// Not answered, or not done.
    Refused {
        /// Why.
        refusal: Refusal,
    },
}

/// All parts of an answer, put together: `form 1 ‖ content`.
#[derive(Debug, Clone, PartialEq)]
pub enum WholeAnswer {
    /// Form 1: packed JSON.
    Reply(Box<Reply>),
    /// Form 2: packed columns ([`crate::columns::Columns::to_bytes`]).
    Columns(Vec<u8>),
    /// Form 3: bytes of a file, as they are.
    Bytes(Vec<u8>),
}

impl WholeAnswer {
    const REPLY: u8 = 1;
    const COLUMNS: u8 = 2;
    const BYTES: u8 = Self::FILE;

    /// Stands before the bytes of a file, which are not held in memory as a whole.
    pub const FILE: u8 = 3;

    /// What the parts are cut from.
    ///
    /// # Errors
    /// None that occur: a reply is JSON.
    pub fn bytes(&self) -> Result<Vec<u8>, BodyError> {
        let (form, content) = match self {
            Self::Reply(reply) => (Self::REPLY, packing::pack(&to_json(reply)?)),
            Self::Columns(columns) => (Self::COLUMNS, packing::pack(columns)),
            Self::Bytes(bytes) => (Self::BYTES, bytes.clone()),
        };
        Ok([&[form], &content[..]].concat())
    }

    /// The answer that was cut into parts.
    ///
    /// # Errors
    /// It is none, or unpacks to more than `most` bytes.
    pub fn read(bytes: &[u8], most: usize) -> Result<Self, BodyError> {
        let (form, content) = bytes.split_first().ok_or(BodyError::Packing)?;
        Ok(match *form {
            Self::REPLY => Self::Reply(from_json(&packing::unpack(content, most)?)?),
            Self::COLUMNS => Self::Columns(packing::unpack(content, most)?),
            Self::BYTES => Self::Bytes(content.to_vec()),
            _ => return Err(BodyError::Packing),
        })
    }
}
