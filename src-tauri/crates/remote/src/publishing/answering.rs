//! The open questions of a visit, and their answers, part by part.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use protocol::relay::body::{CREDIT, OPEN_QUESTIONS, PART};
use tokio::task::AbortHandle;

/// What an answer is cut from.
pub enum Source {
    /// A whole answer.
    Memory { bytes: Vec<u8>, at: usize },
    /// A file from a place on, behind the byte that says that it is one.
    File {
        path: PathBuf,
        at: u64,
        length: u64,
        begun: bool,
    },
}

enum State {
    /// The engine works on it; a command goes on even if nobody waits for it.
    Asked(Option<AbortHandle>),
    /// Its parts go out.
    Answered(Source),
}

struct Open {
    question: u32,
    state: State,
}

/// Why a question is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTaken {
    /// Its number came before.
    Number,
    /// Too many are open.
    TooMany,
}

/// A part that is ready.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    pub question: u32,
    pub number: u32,
    pub last: bool,
    pub bytes: Vec<u8>,
}

/// The questions of a visit.
#[derive(Default)]
pub struct Answering {
    newest: u32,
    open: VecDeque<Open>,
    /// Number of the next part.
    next: u32,
    /// Numbers of parts, other than last ones, that are on their way.
    on_the_way: VecDeque<u32>,
}

impl Answering {
    /// Takes a question, if its number is new and not too many are open.
    pub fn take(&mut self, question: u32) -> Result<(), NotTaken> {
        if question <= self.newest {
            return Err(NotTaken::Number);
        }
        self.newest = question;
        if self.open.len() >= OPEN_QUESTIONS {
            return Err(NotTaken::TooMany);
        }
        let state = State::Asked(None);
        self.open.push_back(Open { question, state });
        Ok(())
    }

    /// Refuses a question beyond those that may be open; refusals wait here as well, so that there are never many.
    pub fn refuse(&mut self, question: u32, bytes: Vec<u8>) {
        if self.open.len() < 2 * OPEN_QUESTIONS {
            let state = State::Answered(Source::Memory { bytes, at: 0 });
            self.open.push_back(Open { question, state });
        }
    }

    /// What ends the work on a question that is no longer wanted.
    pub fn works(&mut self, question: u32, work: AbortHandle) {
        if let Some(open) = self.open.iter_mut().find(|open| open.question == question)
            && let State::Asked(abort) = &mut open.state
        {
            *abort = Some(work);
        }
    }

    /// The answer is there; nobody may want it any more.
    pub fn answer(&mut self, question: u32, source: Source) {
        if let Some(open) = self.open.iter_mut().find(|open| open.question == question) {
            open.state = State::Answered(source);
        }
    }

    /// All parts up to this number have come, so that as many more may go.
    pub fn credit(&mut self, through: u32) {
        self.on_the_way.retain(|number| *number > through);
    }

    /// An answer is no longer wanted.
    pub fn drop_question(&mut self, question: u32) {
        self.open.retain(|open| open.question != question);
    }

    /// Whether a part may go.
    pub fn has_part(&self) -> bool {
        self.place_of_next().is_some()
    }

    /// The next part, of each answer in turn; a file that cannot be read any more ends early, which its reader notices by
    /// the length.
    pub async fn next_part(&mut self) -> Option<Part> {
        let mut open = self.open.remove(self.place_of_next()?)?;
        let State::Answered(source) = &mut open.state else {
            return None;
        };
        let (bytes, last) = source.next().await;
        let (question, number) = (open.question, self.next);
        self.next = self.next.wrapping_add(1);
        if !last {
            self.on_the_way.push_back(number);
            self.open.push_back(open);
        }
        Some(Part {
            question,
            number,
            last,
            bytes,
        })
    }

    /// Whose part goes next: last parts may go at any time, others as there is credit.
    fn place_of_next(&self) -> Option<usize> {
        let has_credit = self.on_the_way.len() < CREDIT;
        self.open
            .iter()
            .position(|open| matches!(&open.state, State::Answered(source) if has_credit || source.ends_with_next()))
    }

    /// Bytes of answers that wait in memory.
    pub fn waiting_bytes(&self) -> usize {
        let bytes = |open: &Open| match &open.state {
            State::Answered(Source::Memory { bytes, .. }) => bytes.len(),
            _ => 0,
        };
        self.open.iter().map(bytes).sum()
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let State::Asked(Some(work)) = &self.state {
            work.abort();
        }
    }
}

impl Source {
    /// Whether the next part is the last one.
    fn ends_with_next(&self) -> bool {
        match self {
            Self::Memory { bytes, at } => bytes.len() - *at <= PART,
            Self::File { at, length, begun, .. } => length.saturating_sub(*at) + u64::from(!*begun) <= PART as u64,
        }
    }

    async fn next(&mut self) -> (Vec<u8>, bool) {
        match self {
            Self::Memory { bytes, at } => {
                let end = (*at + PART).min(bytes.len());
                let part = bytes[*at..end].to_vec();
                *at = end;
                (part, end == bytes.len())
            }
            Self::File {
                path,
                at,
                length,
                begun,
            } => {
                let mut part = Vec::new();
                if !*begun {
                    *begun = true;
                    part.push(protocol::relay::body::WholeAnswer::FILE);
                }
                let want = (length.saturating_sub(*at)).min((PART - part.len()) as u64);
                let (file, from) = (path.clone(), *at);
                let read = tokio::task::spawn_blocking(move || piece(&file, from, want)).await;
                let read = match read {
                    Ok(Ok(read)) => read,
                    Ok(Err(error)) => {
                        tracing::warn!("an exported file could not be read: {error}");
                        Vec::new()
                    }
                    Err(_) => Vec::new(),
                };
                *at += read.len() as u64;
                let last = *at >= *length || (read.len() as u64) < want;
                part.extend_from_slice(&read);
                (part, last)
            }
        }
    }
}

fn piece(path: &std::path::Path, from: u64, length: u64) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::with_capacity(length as usize);
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(parts: usize) -> Source {
        Source::Memory {
            bytes: vec![7; parts * PART],
            at: 0,
        }
    }

    #[tokio::test]
    async fn a_long_answer_waits_for_credit() {
        let mut answering = Answering::default();
        answering.take(1).unwrap();
        answering.answer(1, memory(6));
        for _ in 0..CREDIT {
            assert!(!answering.next_part().await.unwrap().last);
        }
        assert!(!answering.has_part());
        answering.credit(1);
        let rest: Vec<_> = [answering.next_part().await, answering.next_part().await]
            .into_iter()
            .flatten()
            .collect();
        assert_eq!(rest.iter().map(|part| part.number).collect::<Vec<_>>(), [3, 4]);
        // The last one needs none.
        assert!(answering.next_part().await.unwrap().last);
        assert_eq!(answering.next_part().await, None);
    }

    /// Four answers at once had 16 parts on their way, 2 MiB: more than a relay lets wait for a connection.
    #[tokio::test]
    async fn all_answers_of_a_visit_share_its_credit() {
        let mut answering = Answering::default();
        for question in 1..=4 {
            answering.take(question).unwrap();
            answering.answer(question, memory(3));
        }
        let mut sent = Vec::new();
        while let Some(part) = answering.next_part().await {
            sent.push((part.question, part.number));
        }
        assert_eq!(sent, [(1, 0), (2, 1), (3, 2)]);
        // Whatever is said of parts that were never sent, no more are on their way than may be.
        answering.credit(u32::MAX);
        let mut on_the_way = 0;
        while let Some(part) = answering.next_part().await {
            on_the_way += usize::from(!part.last);
        }
        assert_eq!(on_the_way, CREDIT);
    }

    #[tokio::test]
    async fn answers_take_turns_and_four_questions_are_open_at_most() {
        let mut answering = Answering::default();
        for question in 1..=4 {
            answering.take(question).unwrap();
            answering.answer(question, memory(2));
        }
        assert_eq!(answering.take(5), Err(NotTaken::TooMany));
        assert_eq!(answering.take(3), Err(NotTaken::Number));
        let mut order = Vec::new();
        while let Some(part) = answering.next_part().await {
            order.push(part.question);
            answering.credit(part.number);
        }
        assert_eq!(order, [1, 2, 3, 4, 1, 2, 3, 4]);
        answering.take(6).unwrap();
        answering.drop_question(6);
        answering.answer(6, memory(1));
        assert!(!answering.has_part());
    }

    #[tokio::test]
    async fn a_file_is_given_from_a_place_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.csv");
        let content: Vec<u8> = (0..3 * PART).map(|k| (k % 251) as u8).collect();
        std::fs::write(&path, &content).unwrap();
        let mut answering = Answering::default();
        answering.take(1).unwrap();
        let source = Source::File {
            path,
            at: 5,
            length: content.len() as u64,
            begun: false,
        };
        answering.answer(1, source);
        let mut whole = Vec::new();
        while let Some(part) = answering.next_part().await {
            assert!(part.bytes.len() <= PART);
            answering.credit(part.number);
            whole.extend(part.bytes);
        }
        assert_eq!((whole[0], &whole[1..]), (3, &content[5..]));
    }
}
