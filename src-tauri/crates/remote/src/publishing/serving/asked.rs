//! Questions of viewers, and their answers.

use protocol::refusal::Refusal;
use protocol::relay::Run;
use protocol::relay::body::{Ask, PART, Question};
use uuid::Uuid;

use super::{ANSWERS, ANSWERS_OF_VISIT, Finished, Serving};
use crate::publishing::answering::{NotTaken, Source};
use crate::publishing::questions::{self, Asked};

/// What the key of a question's frame proves. The query key of a visit follows from the view key and from what the relay
/// sees and every viewer reads: that the visit has shown control before proves nothing of a frame under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    None,
    Control,
}

impl Serving<'_> {
    /// Answers a question with a refusal.
    pub(super) fn refuse(&mut self, viewer: Run, question: u32, refusal: Refusal) {
        if self.is_taken(viewer, question) {
            self.answer(viewer, question, questions::refused(refusal));
        }
    }

    /// Whether a question's number may be answered; says so to its visit where too many are open.
    pub(super) fn is_taken(&mut self, viewer: Run, question: u32) -> bool {
        let Some(visiting) = self.visits.of(viewer) else {
            return false;
        };
        match visiting.answering.take(question) {
            Ok(()) => true,
            Err(NotTaken::Number) => {
                self.refused.count_dropped("a question's number that came before");
                false
            }
            Err(NotTaken::TooMany) => {
                let refusal = Refusal::new(
                    "too_many_questions",
                    "Four questions are open already.",
                    "Wait for an answer, then ask again.",
                );
                visiting.answering.refuse(question, questions::refused(refusal));
                self.has_part(viewer);
                false
            }
        }
    }

    pub(super) fn answer(&mut self, viewer: Run, question: u32, bytes: Vec<u8>) {
        // A short answer needs no credit and waits for nobody: what became of a command is always told.
        let is_long = bytes.len() > PART;
        let of_visit = self
            .visits
            .of(viewer)
            .map_or(0, |visiting| visiting.answering.waiting_bytes());
        let no_room = of_visit + bytes.len() > ANSWERS_OF_VISIT || self.visits.waiting_bytes() + bytes.len() > ANSWERS;
        let bytes = if is_long && no_room {
            questions::refused(Refusal::new(
                "agent_busy",
                "Too many answers wait for those who asked.",
                "Try again later.",
            ))
        } else {
            bytes
        };
        if let Some(visiting) = self.visits.of(viewer) {
            visiting.answering.answer(question, Source::Memory { bytes, at: 0 });
            self.has_part(viewer);
        }
    }

    fn has_part(&mut self, viewer: Run) {
        let has_part = self
            .visits
            .of(viewer)
            .is_some_and(|visiting| visiting.answering.has_part());
        if has_part && !self.turns.contains(&viewer) {
            self.turns.push_back(viewer);
        }
    }

    pub(super) fn ask(&mut self, viewer: Run, Question { question, ask }: Question, proof: Proof) {
        let (is_deleted, asked) = match ask {
            Ask::Credit { through } => {
                if let Some(visiting) = self.visits.of(viewer) {
                    visiting.answering.credit(through);
                }
                return self.has_part(viewer);
            }
            Ask::Drop { of } => {
                if let Some(visiting) = self.visits.of(viewer) {
                    visiting.answering.drop_question(of);
                }
                return;
            }
            Ask::Transfer { transfer, from } => return self.transfer(viewer, question, (transfer, from), proof),
            Ask::Query { mut query } => {
                // The profile's other notes are its owner's.
                if let (Some(filter), Proof::None) = (query.of_notes(), proof) {
                    filter.of_sessions_only = true;
                }
                (self.status.names_deleted(&query), Asked::Query(query))
            }
            Ask::Columns { query } => (self.status.names_deleted(&query), Asked::Columns(query)),
            Ask::History { after, through } => (false, Asked::History { after, through }),
        };
        if questions::is_about_folders(&asked) && proof == Proof::None {
            return self.refuse(viewer, question, questions::control_needed());
        }
        if !self.is_taken(viewer, question) {
            return;
        }
        let questions = self.questions.clone();
        let abort = self.work.spawn(async move {
            let bytes = questions.answer(asked, is_deleted).await;
            Finished::Answered {
                viewer,
                question,
                bytes,
            }
        });
        if let Some(visiting) = self.visits.of(viewer) {
            visiting.answering.works(question, abort);
        }
    }

    fn transfer(&mut self, viewer: Run, question: u32, (transfer, from): (Uuid, u64), proof: Proof) {
        if proof == Proof::None {
            let refusal = Refusal::new(
                "control_needed",
                "An exported file goes to whoever proves control.",
                "Ask with the User ID, in a frame of the command key.",
            );
            return self.refuse(viewer, question, refusal);
        }
        let Some(offered) = self.transfers.offered(transfer) else {
            let refusal = Refusal::new(
                "no_such_transfer",
                "The exported file is no longer kept.",
                "Export it again.",
            );
            return self.refuse(viewer, question, refusal);
        };
        if self.is_taken(viewer, question)
            && let Some(visiting) = self.visits.of(viewer)
        {
            let source = Source::File {
                path: offered.path,
                at: from.min(offered.bytes),
                length: offered.bytes,
                begun: false,
            };
            visiting.answering.answer(question, source);
            self.has_part(viewer);
        }
    }
}
