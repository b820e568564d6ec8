//! A visit: what a viewer and an agent's run have between them.

use std::collections::HashMap;
use std::time::SystemTime;

use protocol::relay::body::{Ask, Opened, Opening, Order, Question, to_json};
use protocol::relay::header::UpKind;
use protocol::relay::sealing::{SealError, UpSealer};
use protocol::relay::{ControlKey, Position, Run, Versions, ViewKey};
use tokio::time::Instant;

/// Credit is given for so many parts at a time: each word of it is a frame.
const CREDIT_STEP: u32 = 2;

/// A visit that was begun, and perhaps answered.
pub struct Visit {
    /// The viewer's run.
    pub viewer: Run,
    /// When the first frame was sent.
    pub begun: Instant,
    /// Whether it named a position: only then the agent's verdict is about what was taken before.
    pub named: bool,
    /// What the agent's answer gave.
    pub open: Option<OpenVisit>,
    generation: u16,
}

/// An answered visit.
pub struct OpenVisit {
    /// The agent's run.
    pub agent: Run,
    /// Newest tick of the agent's run.
    pub tick_ms: u64,
    /// When the newest signed status came.
    pub heard: Instant,
    /// The same by the clock, for people.
    pub heard_at: SystemTime,
    query: UpSealer,
    command: Option<UpSealer>,
    direct: Option<u64>,
    latest: HashMap<u16, u64>,
    /// Number of the next part.
    next_part: u32,
    /// Parts, other than last ones, that came since credit was given.
    unpaid: u32,
}

/// How a frame's counter lies to those before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sequence {
    /// It is newer.
    Newer,
    /// It is the same frame again: a relay repeats the newest of a kind when it greets.
    Same,
    /// It was overtaken, or comes once more.
    Older,
}

impl Visit {
    /// A fresh visit, and its first frame.
    ///
    /// # Errors
    /// No randomness, or no room in the frame: neither occurs.
    pub fn begin(view: &ViewKey, generation: u16, position: Option<Position>) -> Result<(Self, Vec<u8>), SealError> {
        let viewer = Run::random().map_err(|_| SealError::Exhausted)?;
        let opening = Opening {
            versions: Versions::own(),
            position,
        };
        let frame = UpSealer::new(view.open(viewer), UpKind::Open, generation, viewer, None).seal(&opening.bytes())?;
        let visit = Self {
            viewer,
            begun: Instant::now(),
            named: position.is_some(),
            open: None,
            generation,
        };
        Ok((visit, frame))
    }

    /// The agent answered. `counter` is that of its frame.
    pub fn answered(&mut self, view: &ViewKey, control: Option<&ControlKey>, opened: &Opened, counter: u64) {
        let seals = |key, kind| UpSealer::new(key, kind, self.generation, self.viewer, Some(opened.run));
        self.open = Some(OpenVisit {
            agent: opened.run,
            tick_ms: opened.tick_ms,
            heard: Instant::now(),
            heard_at: SystemTime::now(),
            query: seals(view.query(self.viewer, opened.visit), UpKind::Query),
            command: control.map(|key| seals(key.command(self.viewer, opened.visit), UpKind::Command)),
            direct: Some(counter),
            latest: HashMap::new(),
            next_part: 0,
            unpaid: 0,
        });
    }
}

impl OpenVisit {
    /// Seals a question; `with_control`: so that it proves control, where the code gives any.
    ///
    /// # Errors
    /// It is too long for a frame.
    pub fn question(&mut self, question: &Question, with_control: bool) -> Result<Vec<u8>, SealError> {
        let sealer = match &mut self.command {
            Some(command) if with_control => command,
            _ => &mut self.query,
        };
        sealer.seal(&to_json(question).unwrap_or_default())
    }

    /// Seals a command; none where the code only looks.
    ///
    /// # Errors
    /// It is too long for a frame.
    pub fn order(&mut self, order: &Order) -> Option<Result<Vec<u8>, SealError>> {
        let sealer = self.command.as_mut()?;
        Some(sealer.seal(&to_json(order).unwrap_or_default()))
    }

    /// Whether a frame for this viewer is new.
    pub fn takes_direct(&mut self, counter: u64) -> bool {
        let order = order(self.direct, counter);
        if order == Sequence::Newer {
            self.direct = Some(counter);
        }
        order == Sequence::Newer
    }

    /// Whether a part is the next one: the relay has held none back.
    pub fn takes_part(&mut self, number: u32, last: bool) -> bool {
        let is_next = number == self.next_part;
        if is_next {
            self.next_part = number.wrapping_add(1);
            self.unpaid += u32::from(!last);
        }
        is_next
    }

    /// What is to be said so that more parts come, if it is time to.
    pub fn credit(&mut self) -> Option<Ask> {
        let through = self.next_part.checked_sub(1)?;
        (self.unpaid >= CREDIT_STEP).then(|| {
            self.unpaid = 0;
            Ask::Credit { through }
        })
    }

    /// How the newest of a kind lies to the one before.
    pub fn takes_latest(&mut self, key: u16, counter: u64) -> Sequence {
        let order = order(self.latest.get(&key).copied(), counter);
        if order == Sequence::Newer {
            self.latest.insert(key, counter);
        }
        order
    }
}

fn order(before: Option<u64>, counter: u64) -> Sequence {
    match before {
        Some(before) if counter < before => Sequence::Older,
        Some(before) if counter == before => Sequence::Same,
        _ => Sequence::Newer,
    }
}
