//! One session under watch.

use std::time::Duration;

use protocol::ids::SessionId;
use protocol::measurement::Measurement;
use protocol::session::{SessionState, SessionSummary, Source, SourceKind};
use tokio::time::Instant;

use super::electrodes::{Change, Electrodes, IN_A_ROW};
use super::notice::{Cause, Notice, Word, in_words, sentence};
use super::pace::Pace;

/// A session that was quiet for longer when this program started was left to itself: that is not news.
const LEFT_TO_ITSELF_S: f64 = 3600.0;

/// What is known of a session that matters for telling somebody.
#[derive(Debug)]
pub struct Watched {
    id: SessionId,
    name: String,
    folder: String,
    /// Files that were there before are read at once: nothing of that happens behind anybody's back.
    is_import: bool,
    state: SessionState,
    reason: Option<String>,
    pace: Pace,
    is_stalled: bool,
    electrodes: Electrodes,
}

impl Watched {
    /// A session that began just now.
    pub fn started(id: SessionId, name: &str, source: &Source) -> Self {
        Self {
            id,
            name: name.to_owned(),
            folder: source.folder().to_owned(),
            is_import: source.kind() == SourceKind::ImportedFiles,
            state: SessionState::Waiting,
            reason: None,
            pace: Pace::default(),
            is_stalled: false,
            electrodes: Electrodes::default(),
        }
    }

    /// A session that was there before. `quiet_s`: how long ago its last file was measured.
    pub fn found(now: Instant, summary: &SessionSummary, quiet_s: Option<f64>) -> Self {
        let mut pace = Pace::default();
        let goes_on = matches!(summary.state, SessionState::Waiting | SessionState::Running);
        if goes_on && quiet_s.is_some_and(|quiet| quiet < LEFT_TO_ITSELF_S) {
            pace.resume(now);
        }
        Self {
            id: summary.session,
            name: summary.name.clone(),
            folder: summary.folder.clone(),
            is_import: summary.source == SourceKind::ImportedFiles,
            state: summary.state,
            reason: summary.reason.clone(),
            pace,
            is_stalled: false,
            electrodes: Electrodes::default(),
        }
    }

    /// Its name as it is now.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it goes on, but without new files.
    pub fn is_stalled(&self) -> bool {
        self.is_stalled
    }

    /// When to look at it, if nothing happens before.
    pub fn due(&self) -> Option<Instant> {
        self.pace.due().filter(|_| !self.is_stalled && !self.is_import)
    }

    /// A file was measured.
    pub fn measured(&mut self, now: Instant, measurements: &[Measurement]) -> Vec<Word> {
        let mut words = Vec::new();
        if self.end_stall() {
            words.push(Word::Over(Cause::Stalled(self.id)));
        }
        self.pace.arrived(now);
        if self.is_import {
            return words;
        }
        let changes = self.electrodes.measured(measurements);
        words.extend(changes.into_iter().map(|change| self.told(change)));
        words
    }

    /// Its name, state or reason changed.
    pub fn changed(&mut self, now: Instant, name: &str, state: SessionState, reason: Option<&str>) -> Vec<Word> {
        name.clone_into(&mut self.name);
        let before = std::mem::replace(&mut self.state, state);
        self.reason = reason.map(str::to_owned);
        let mut words = Vec::new();
        match state {
            SessionState::Waiting | SessionState::Running => {
                if matches!(
                    before,
                    SessionState::Paused | SessionState::Finished | SessionState::Failed
                ) {
                    if self.end_stall() || before == SessionState::Failed {
                        words.push(Word::Over(Cause::Stalled(self.id)));
                    }
                    self.pace.resume(now);
                }
            }
            SessionState::Paused | SessionState::Finished => {
                self.pace.rest();
                if self.end_stall() {
                    words.push(Word::Over(Cause::Stalled(self.id)));
                }
                if state == SessionState::Finished && before != SessionState::Finished && !self.is_import {
                    words.push(Word::Tell(self.finished()));
                }
            }
            SessionState::Failed => {
                self.pace.rest();
                if before != SessionState::Failed {
                    self.is_stalled = false;
                    words.push(Word::Tell(self.cannot_go_on()));
                }
            }
        }
        words
    }

    /// Time has passed.
    pub fn looked(&mut self, now: Instant) -> Option<Word> {
        if self.due().is_none_or(|due| now < due) {
            return None;
        }
        self.is_stalled = true;
        self.pace.forget_gap();
        Some(Word::Tell(self.stalled(self.pace.quiet_for(now))))
    }

    fn end_stall(&mut self) -> bool {
        std::mem::take(&mut self.is_stalled)
    }

    fn told(&self, change: Change) -> Word {
        let name = &self.name;
        match change {
            Change::Fails { electrode, why } => Word::Tell(Notice {
                cause: Cause::Electrode(self.id, electrode),
                title: format!("Electrode {electrode} of {name} fails"),
                body: format!(
                    "Its last {IN_A_ROW} scans gave no usable result, while other electrodes go on. {} Look at its sweeps, and \
                     check its contact.",
                    sentence(&why)
                ),
            }),
            Change::AllFail { why } => Word::Tell(Notice {
                cause: Cause::Electrodes(self.id),
                title: format!("No electrode of {name} gives a result"),
                body: format!(
                    "Not one usable result in {IN_A_ROW} scans of each. {} Look at the newest sweep, and check the cell and the \
                     session's settings.",
                    sentence(&why)
                ),
            }),
            Change::GoesOn(electrode) => Word::Over(Cause::Electrode(self.id, electrode)),
            Change::NotAll => Word::Over(Cause::Electrodes(self.id)),
        }
    }

    fn stalled(&self, quiet: Duration) -> Notice {
        let before = self.pace.usual().map_or_else(String::new, |usual| {
            format!(" Before, one came at least every {}.", in_words(usual))
        });
        let why = match &self.reason {
            Some(reason) if self.state == SessionState::Waiting => format!(" {}", sentence(reason)),
            _ => String::new(),
        };
        Notice {
            cause: Cause::Stalled(self.id),
            title: format!("{} has stalled", self.name),
            body: format!(
                "No new file for {}.{before}{why} Check that the instrument still measures and saves into {}.",
                in_words(quiet),
                self.folder
            ),
        }
    }

    fn cannot_go_on(&self) -> Notice {
        let why = self.reason.as_deref().map(sentence).unwrap_or_default();
        Notice {
            cause: Cause::Stalled(self.id),
            title: format!("{} cannot go on", self.name),
            body: format!("{why} Open it and resume it when that is mended.")
                .trim()
                .to_owned(),
        }
    }

    fn finished(&self) -> Notice {
        let why = self.reason.as_deref().map(sentence).unwrap_or_default();
        Notice {
            cause: Cause::Finished(self.id),
            title: format!("{} is finished", self.name),
            body: format!("{why} Open it to look at the results and to export them.")
                .trim()
                .to_owned(),
        }
    }
}
