//! From lines to the curves of measurement loops.

use super::package::{self, Variable};
use crate::formats::curves::{Axis, Curve};
use crate::formats::pstrace::technique_by_number;
use crate::recording::{Completeness, Technique};
use crate::reservation::{LineNumbers, Reservation};
use crate::text::{Line, is_blank};

/// Potentials, the applied one first; others are measured.
const POTENTIALS: [[u8; 2]; 4] = [*b"da", *b"ab", *b"ag", *b"af"];
const CURRENT: [u8; 2] = *b"ba";
const TIME: [u8; 2] = *b"eb";
const CHANNEL: [u8; 2] = *b"ea";
/// Currents of a package that are kept: difference, forward, reverse.
const CURRENTS: usize = 3;
/// Variables of a package; more are no package.
const MAX_VARIABLES: usize = 64;
/// Channels of one loop; more are no channels.
const MAX_CHANNELS: usize = 256;

/// The lines read so far.
#[derive(Debug, Default)]
pub(super) struct Loops {
    curves: Vec<Curve>,
    open: Option<Open>,
    /// Measurement loops so far.
    count: usize,
    unreadable: LineNumbers,
    withheld: Option<usize>,
    state: State,
}

/// Where in the output the last line was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// Nothing that ends anything.
    #[default]
    Running,
    /// Behind a loop.
    LoopEnded,
    /// Behind the empty line that ends a script.
    ScriptEnded,
}

/// What the lines gave.
pub(super) struct Found {
    /// The curves.
    pub(super) curves: Vec<Curve>,
    /// Whether the script came to its end.
    pub(super) completeness: Completeness,
    /// What has to be said about the lines.
    pub(super) reservations: Vec<Reservation>,
}

/// A measurement loop, or a scan of one.
#[derive(Debug)]
struct Open {
    technique: Option<Technique>,
    scan: Option<u32>,
    measured: Vec<Measured>,
}

/// What was measured at one channel.
#[derive(Debug, Default)]
struct Measured {
    channel: Option<u32>,
    potential_v: Vec<f64>,
    time_s: Vec<f64>,
    currents_a: [Vec<f64>; CURRENTS],
    points: usize,
    overloads: usize,
}

impl Loops {
    /// Takes a line that ends with a line break.
    pub(super) fn line(&mut self, line: &Line<'_>) {
        // The blank of a value without prefix may stand at the end of a line.
        let content = line.content;
        let state = match content.first() {
            None => {
                if self.state == State::LoopEnded {
                    State::ScriptEnded
                } else {
                    self.state
                }
            }
            Some(b'M') if content.len() >= 5 => {
                self.close();
                self.count += 1;
                let number = std::str::from_utf8(&content[1..5])
                    .ok()
                    .and_then(|digits| u32::from_str_radix(digits, 16).ok());
                self.open = Some(Open {
                    technique: number.map(technique_by_number),
                    scan: None,
                    measured: Vec::new(),
                });
                State::Running
            }
            Some(b'C') if content.len() >= 2 => {
                self.scan(None);
                State::Running
            }
            Some(b'-') => {
                let scan = self.open.as_ref().and_then(|open| open.scan).unwrap_or(1);
                if let Some(open) = &mut self.open {
                    open.scan = Some(scan);
                }
                self.scan(Some(scan + 1));
                State::Running
            }
            Some(b'*' | b'+') => {
                self.close();
                State::LoopEnded
            }
            Some(b'P') => {
                self.package(line);
                State::Running
            }
            Some(b'e' | b'L' | b'T') => State::Running,
            _ if is_blank(content) => self.state,
            _ => {
                self.unreadable.add(line.number);
                State::Running
            }
        };
        self.state = state;
    }

    /// Takes note of a last line without line break.
    pub(super) fn withheld(&mut self, line: &Line<'_>) {
        self.withheld = Some(line.number);
    }

    fn package(&mut self, line: &Line<'_>) {
        let Some(variables) = package::variables(line.content) else {
            self.unreadable.add(line.number);
            return;
        };
        let variables: Option<Vec<Variable>> = variables.take(MAX_VARIABLES).collect();
        let taken = variables.is_some_and(|variables| {
            let open = self.open.get_or_insert_with(|| Open {
                technique: None,
                scan: None,
                measured: Vec::new(),
            });
            open.push(&variables)
        });
        if !taken {
            self.unreadable.add(line.number);
        }
    }

    /// A scan begins or ends: what was measured so far is a curve of its own.
    fn scan(&mut self, next: Option<u32>) {
        let Some(open) = self.open.take() else { return };
        let technique = open.technique;
        let scan = next.or(open.scan.map(|scan| scan + u32::from(!open.measured.is_empty())));
        self.keep(open);
        self.open = Some(Open {
            technique,
            scan: scan.or(Some(1)),
            measured: Vec::new(),
        });
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.keep(open);
        }
    }

    fn keep(&mut self, open: Open) {
        let measurement = self.count.saturating_sub(1);
        let Open {
            technique,
            scan,
            measured,
        } = open;
        let curves = measured
            .into_iter()
            .filter(|measured| measured.points > 0)
            .map(|measured| measured.into_curve(technique, scan, measurement));
        self.curves.extend(curves);
    }

    /// The curves, the last one perhaps of a loop that still goes on.
    pub(super) fn finish(mut self) -> Found {
        let open = self.open.is_some();
        self.close();
        let completeness = if open || self.withheld.is_some() {
            Completeness::Partial
        } else if self.state == State::ScriptEnded {
            Completeness::Complete
        } else {
            Completeness::Unproven
        };
        let mut reservations = Vec::new();
        if !self.unreadable.is_empty() {
            reservations.push(Reservation::UnreadableLines(self.unreadable));
        }
        if let Some(line) = self.withheld {
            reservations.push(Reservation::LastLineUnterminated { line });
        }
        Found {
            curves: self.curves,
            completeness,
            reservations,
        }
    }
}

impl Open {
    /// Adds a package; gives false if it has no current.
    fn push(&mut self, variables: &[Variable]) -> bool {
        let first = |kind: [u8; 2]| variables.iter().find(|variable| variable.kind == kind);
        let channel = first(CHANNEL)
            .map(|variable| variable.value)
            .filter(|value| (0.0..1e6).contains(value))
            .map(|value| value as u32);
        if first(CURRENT).is_none() {
            return false;
        }
        let position = match self.measured.iter().position(|measured| measured.channel == channel) {
            Some(position) => position,
            None if self.measured.len() < MAX_CHANNELS => {
                self.measured.push(Measured {
                    channel,
                    ..Measured::default()
                });
                self.measured.len() - 1
            }
            None => return false,
        };
        let measured = &mut self.measured[position];
        let potential = POTENTIALS.into_iter().find_map(first);
        let time = first(TIME);
        // Every point of a curve has the same variables as its first.
        let known = measured.points;
        let same = |values: &Vec<f64>, there: bool| known == 0 || (values.len() == known) == there;
        if !same(&measured.potential_v, potential.is_some())
            || !same(&measured.time_s, time.is_some())
            || (potential.is_none() && time.is_none())
        {
            return false;
        }
        let currents = variables.iter().filter(|variable| variable.kind == CURRENT);
        let count = currents.clone().count().min(CURRENTS);
        if known > 0 && measured.currents_a.iter().filter(|values| !values.is_empty()).count() != count {
            return false;
        }
        for (values, current) in measured.currents_a.iter_mut().zip(currents.clone()) {
            values.push(current.value);
        }
        measured.potential_v.extend(potential.map(|potential| potential.value));
        measured.time_s.extend(time.map(|time| time.value));
        measured.overloads += usize::from(currents.clone().any(|current| current.overload));
        measured.points += 1;
        true
    }
}

impl Measured {
    fn into_curve(self, technique: Option<Technique>, scan: Option<u32>, measurement: usize) -> Curve {
        let Self {
            channel,
            potential_v,
            time_s,
            currents_a: [first, second, third],
            overloads,
            ..
        } = self;
        let over_time = potential_v.is_empty() || technique == Some(Technique::Ca);
        let pulsed = matches!(technique, Some(Technique::Swv | Technique::Dpv));
        let (current_a, forward_a, reverse_a) = if pulsed && third.len() == first.len() {
            in_order(first, second, third)
        } else {
            (first, None, None)
        };
        let has_time = time_s.len() == current_a.len();
        let (axis, x, time_s) = match (over_time && has_time, potential_v.is_empty()) {
            (true, _) => (Axis::Time, time_s, None),
            (false, false) => (Axis::Potential, potential_v, Some(time_s).filter(|_| has_time)),
            (false, true) => (Axis::Other, Vec::new(), None),
        };
        let name = technique.unwrap_or(Technique::Unknown).code();
        Curve {
            title: format!("{name} of loop {}", measurement + 1),
            technique,
            measurement,
            channel,
            scan: scan.filter(|_| technique == Some(Technique::Cv)),
            axis,
            x,
            current_a,
            time_s,
            forward_a,
            reverse_a,
            overloads,
            ..Curve::default()
        }
    }
}

/// Difference, forward and reverse. Scripts nearly always send them in this order; where the numbers contradict it, the
/// difference may be the last of the three. Else the first is taken alone.
fn in_order(first: Vec<f64>, second: Vec<f64>, third: Vec<f64>) -> (Vec<f64>, Option<Vec<f64>>, Option<Vec<f64>>) {
    let is_difference = |difference: &[f64], forward: &[f64], reverse: &[f64]| {
        let rows = || difference.iter().zip(forward).zip(reverse);
        let size = rows()
            .flat_map(|((d, f), r)| [d.abs(), f.abs(), r.abs()])
            .filter(|value| value.is_finite())
            .fold(0.0, f64::max);
        // Each number has its own prefix, so a difference may be rounded more coarsely than its parts.
        rows().all(|((d, f), r)| !((f - r) - d).is_finite() || ((f - r) - d).abs() <= 1e-3 * size)
    };
    if is_difference(&first, &second, &third) {
        (first, Some(second), Some(third))
    } else if is_difference(&third, &first, &second) {
        (third, Some(first), Some(second))
    } else {
        (first, None, None)
    }
}
