//! What an agent says to one viewer.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::{BodyError, Opened, from_json, to_json};
use crate::ids::OperationId;
use crate::record::LiveEvent;
use crate::relay::bytes::{FrameError, Reader};

/// Body of a *direct* frame: `kind 1 ‖ …`.
#[derive(Debug, Clone, PartialEq)]
pub enum Direct {
    /// Kind 1, [`Opened`]: answers the first frame of a visit.
    Opened(Opened),
    /// Kind 2, `question 4 ‖ number 4 ‖ last 1 ‖ bytes`: a part of an answer.
    Part {
        /// Of which question.
        question: u32,
        /// Number of the part in its visit, from 0, over all answers: one that was held back shows.
        number: u32,
        /// Whether it is the last one.
        last: bool,
        /// Piece of [`super::WholeAnswer::bytes`], at most [`super::PART`] long.
        bytes: Vec<u8>,
    },
    /// Kind 3, JSON.
    News(News),
}

/// What only the viewer hears that asked for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "news", rename_all = "snake_case")]
pub enum News {
    /// How an operation gets on that the viewer began.
    Progress {
        /// A [`LiveEvent::Progress`].
        event: LiveEvent,
    },
    /// An export is finished and can be fetched for 10 minutes.
    Ready {
        /// Which operation made it.
        operation: OperationId,
        /// What to ask for ([`super::Ask::Transfer`]).
        #[ts(type = "string")]
        transfer: Uuid,
        /// Name of the file, without a path.
        name: String,
        /// Its length.
        #[ts(type = "number")]
        bytes: u64,
        /// SHA-256 of it, 64 hexadecimal digits.
        sha256: String,
    },
}

impl Direct {
    const OPENED: u8 = 1;
    const PART: u8 = 2;
    const NEWS: u8 = 3;

    /// The bytes to seal.
    ///
    /// # Errors
    /// None that occur: news are JSON.
    pub fn bytes(&self) -> Result<Vec<u8>, BodyError> {
        Ok(match self {
            Self::Opened(opened) => [&[Self::OPENED], &opened.bytes()[..]].concat(),
            Self::Part {
                question,
                number,
                last,
                bytes,
            } => {
                let (question, number) = (question.to_be_bytes(), number.to_be_bytes());
                [&[Self::PART], &question[..], &number, &[u8::from(*last)], bytes].concat()
            }
            Self::News(news) => [&[Self::NEWS], &to_json(news)?[..]].concat(),
        })
    }

    /// Reads one.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, BodyError> {
        let mut from = Reader::new(bytes);
        Ok(match from.u8()? {
            Self::OPENED => Self::Opened(Opened::read(from)?),
            Self::PART => Self::Part {
                question: from.u32()?,
                number: from.u32()?,
                last: from.flag("last")?,
                bytes: from.rest().to_vec(),
            },
            Self::NEWS => Self::News(from_json(from.rest())?),
            other => return Err(FrameError::Kind(other).into()),
        })
    }
}
