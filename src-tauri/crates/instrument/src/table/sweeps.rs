//! From the columns of a table to the sweeps of its electrodes.

use voltammetry::sweep::Sweep;

use super::electrodes::{Current, Electrode, Plan, Scaled};
use super::layout::Found;
use super::rows::{self, Rows, Tail, Wanted};
use crate::recording::{ElectrodeSweep, Trace};
use crate::reservation::{LineNumbers, Reservation};

/// Largest potential in volt that a cell can have.
const POTENTIAL_LIMIT_V: f64 = 20.0;

/// What a table gave.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sweeps {
    /// One for each electrode that has points.
    pub electrodes: Vec<ElectrodeSweep>,
    /// Rows read.
    pub points: usize,
    /// What has to be said about the table.
    pub reservations: Vec<Reservation>,
    /// What the last line without a line break became.
    pub tail: Tail,
}

/// Reads the columns that a plan needs and puts the sweeps together.
pub fn read(text: &[u8], table: &Found, plan: &Plan, settled: bool, known: impl Fn(&[u8]) -> bool) -> Sweeps {
    let wanted = wanted(plan);
    assemble(rows::read(text, table, &wanted, settled, known), &wanted, plan)
}

fn columns_of(electrode: &Electrode) -> impl Iterator<Item = usize> {
    let current = match electrode.current {
        Current::Column(current) => Some(current),
        Current::ForwardMinusReverse => None,
    };
    [Some(electrode.potential), current, electrode.forward, electrode.reverse]
        .into_iter()
        .flatten()
        .map(|used| used.column)
}

fn wanted(plan: &Plan) -> Vec<Wanted> {
    let mut columns: Vec<usize> = plan.electrodes.iter().flat_map(columns_of).collect();
    columns.sort_unstable();
    columns.dedup();
    let potentials = |column| {
        plan.electrodes
            .iter()
            .all(|electrode| electrode.potential.column == column)
    };
    columns
        .into_iter()
        .map(|column| Wanted {
            column,
            required: potentials(column),
        })
        .collect()
}

/// Puts the sweeps together from the columns that were read.
pub fn assemble(rows: Rows, wanted: &[Wanted], plan: &Plan) -> Sweeps {
    let points = rows.len();
    let mut reservations = Vec::new();
    if plan
        .electrodes
        .iter()
        .any(|electrode| electrode.current == Current::ForwardMinusReverse)
    {
        reservations.push(Reservation::DifferenceComputed);
    }
    let gaps: usize = rows.missing.iter().map(Vec::len).sum();
    let count = |values: &Vec<f64>| -> usize { values.iter().map(|value| usize::from(!value.is_finite())).sum() };
    let not_finite = rows.columns.iter().map(count).sum::<usize>() - gaps;
    if not_finite > 0 {
        reservations.push(Reservation::NonFiniteValues { count: not_finite });
    }
    if !rows.unreadable.is_empty() {
        reservations.push(Reservation::UnreadableLines(rows.unreadable.clone()));
    }
    if !rows.surplus.is_empty() {
        reservations.push(Reservation::SurplusColumns(rows.surplus.clone()));
    }
    match rows.tail {
        Tail::None => {}
        Tail::Withheld(line) => reservations.push(Reservation::LastLineUnterminated { line }),
        Tail::Kept(line) => reservations.push(Reservation::LastLineKept { line }),
    }
    let tail = rows.tail;
    let mut columns = Columns::new(rows, wanted, plan);
    let mut electrodes = Vec::with_capacity(plan.electrodes.len());
    let mut magnitude_v = 0.0_f64;
    for electrode in &plan.electrodes {
        let gaps = columns.gaps(electrode);
        if !gaps.is_empty() {
            let mut lines = LineNumbers::default();
            for (_, line) in &gaps {
                lines.add(*line);
            }
            reservations.push(Reservation::MissingValues {
                electrode: electrode.number,
                lines,
            });
        }
        if let Some(recorded) = columns.sweep(electrode, &gaps) {
            let potential_v = recorded.voltammogram().map_or(&[][..], Sweep::potential_v);
            magnitude_v = magnitude_v.max(beyond_limit(potential_v));
            electrodes.push(recorded);
        }
    }
    if magnitude_v > 0.0 {
        reservations.push(Reservation::ImplausiblePotential { magnitude_v });
    }
    Sweeps {
        electrodes,
        points,
        reservations,
        tail,
    }
}

/// Largest magnitude beyond what a cell can have; 0 if there is none.
fn beyond_limit(potential_v: &[f64]) -> f64 {
    let is_beyond = |potential: &f64| potential.abs() > POTENTIAL_LIMIT_V && potential.is_finite();
    if potential_v
        .iter()
        .map(|potential| usize::from(is_beyond(potential)))
        .sum::<usize>()
        == 0
    {
        return 0.0;
    }
    let beyond = potential_v.iter().filter(|potential| is_beyond(potential));
    beyond.fold(0.0, |largest, potential| largest.max(potential.abs()))
}

/// The columns that were read, each given away at its last use instead of copied.
struct Columns {
    positions: Vec<usize>,
    values: Vec<Vec<f64>>,
    missing: Vec<Vec<(usize, usize)>>,
    uses: Vec<usize>,
}

impl Columns {
    fn new(rows: Rows, wanted: &[Wanted], plan: &Plan) -> Self {
        let positions: Vec<usize> = wanted.iter().map(|wanted| wanted.column).collect();
        let used: Vec<usize> = plan.electrodes.iter().flat_map(columns_of).collect();
        let uses = positions
            .iter()
            .map(|column| used.iter().filter(|at| *at == column).count())
            .collect();
        Self {
            positions,
            values: rows.columns,
            missing: rows.missing,
            uses,
        }
    }

    fn position(&self, column: usize) -> Option<usize> {
        self.positions.binary_search(&column).ok()
    }

    /// Rows and line numbers where one of the electrode's columns has no number.
    fn gaps(&self, electrode: &Electrode) -> Vec<(usize, usize)> {
        let mut gaps: Vec<(usize, usize)> = columns_of(electrode)
            .filter_map(|column| self.position(column))
            .flat_map(|position| self.missing[position].iter().copied())
            .collect();
        gaps.sort_unstable();
        gaps.dedup();
        gaps
    }

    fn take(&mut self, used: Scaled, gaps: &[(usize, usize)]) -> Option<Vec<f64>> {
        let position = self.position(used.column)?;
        self.uses[position] = self.uses[position].saturating_sub(1);
        let mut values = if self.uses[position] == 0 {
            std::mem::take(&mut self.values[position])
        } else {
            self.values[position].clone()
        };
        if !gaps.is_empty() {
            let mut gaps = gaps.iter().map(|(row, _)| *row).peekable();
            let mut row = 0;
            values.retain(|_| {
                let gap = gaps.next_if_eq(&row).is_some();
                row += 1;
                !gap
            });
        }
        #[allow(
            clippy::float_cmp,
            reason = "the divisor is exactly 1 where nothing is to be converted"
        )]
        if used.divisor != 1.0 {
            for value in &mut values {
                *value /= used.divisor;
            }
        }
        Some(values)
    }

    /// The sweep of one electrode; nothing if it has no point.
    fn sweep(&mut self, electrode: &Electrode, gaps: &[(usize, usize)]) -> Option<ElectrodeSweep> {
        let potential = self.take(electrode.potential, gaps)?;
        let forward = electrode.forward.and_then(|column| self.take(column, gaps));
        let reverse = electrode.reverse.and_then(|column| self.take(column, gaps));
        let current = match electrode.current {
            Current::Column(column) => self.take(column, gaps)?,
            Current::ForwardMinusReverse => forward
                .iter()
                .flatten()
                .zip(reverse.iter().flatten())
                .map(|(forward, reverse)| forward - reverse)
                .collect(),
        };
        let sweep = Sweep::new(potential, current).ok().filter(|sweep| !sweep.is_empty())?;
        Some(ElectrodeSweep {
            forward_a: forward,
            reverse_a: reverse,
            ..ElectrodeSweep::new(electrode.number, electrode.stated, Trace::Voltammogram(sweep))
        })
    }
}
