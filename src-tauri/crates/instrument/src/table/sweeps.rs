//! From the columns of a table to the sweeps of its electrodes.

use voltammetry::{Sweep, Transient};

use super::course;
use super::electrodes::{Counted, Current, Electrode, Plan, Scaled, Timed};
use super::layout::Found;
use super::number::parse_cell;
use super::rows::{self, Rows, Tail, Wanted};
use crate::recording::{ElectrodeSweep, Trace};
use crate::reservation::{LineNumbers, Reservation};
use crate::text::Lines;
use crate::units::TimeUnit;

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
pub fn read(text: &[u8], table: &Found, mut plan: Plan, settled: bool, known: impl Fn(&[u8]) -> bool) -> Sweeps {
    let first = Lines::from(text, table.start, table.line).next();
    let cells = first.map_or_else(Vec::new, |line| table.layout.cells(line.content));
    plan.without_text(|column| {
        let cell = cells.get(column);
        cell.is_some_and(|cell| parse_cell(cell, table.layout.mark).is_some())
    });
    let wanted = wanted(&plan);
    assemble(rows::read(text, table, &wanted, settled, known), &wanted, &plan)
}

/// The columns without which an electrode has no point.
fn columns_of(electrode: &Electrode) -> impl Iterator<Item = usize> {
    let current = match electrode.current {
        Current::Column(current) => Some(current),
        Current::ForwardMinusReverse => None,
    };
    let time = electrode.time.filter(|_| electrode.potential.is_none());
    [electrode.potential, current, electrode.forward, electrode.reverse]
        .into_iter()
        .flatten()
        .map(|used| used.column)
        .chain(time.map(|time| time.column))
}

/// The columns of times, potentials and cycles beside an electrode's trace.
fn columns_beside(electrode: &Electrode) -> impl Iterator<Item = usize> {
    let time = electrode.time.filter(|_| electrode.potential.is_some());
    let held = electrode.held.map(|held| held.column);
    let cycle = electrode.cycle.map(|cycle| cycle.column);
    time.map(|time| time.column).into_iter().chain(held).chain(cycle)
}

fn abscissa(electrode: &Electrode) -> Option<usize> {
    let time = || electrode.time.map(|time| time.column);
    electrode.potential.map(|potential| potential.column).or_else(time)
}

fn wanted(plan: &Plan) -> Vec<Wanted> {
    let used = |electrode| columns_of(electrode).chain(columns_beside(electrode));
    let mut columns: Vec<usize> = plan.electrodes.iter().flat_map(used).collect();
    columns.sort_unstable();
    columns.dedup();
    let required = |column| {
        plan.electrodes
            .iter()
            .all(|electrode| abscissa(electrode) == Some(column))
    };
    columns
        .into_iter()
        .map(|column| Wanted {
            column,
            required: required(column),
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
        if let Some(recorded) = columns.sweep(electrode, &gaps, &mut reservations) {
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
        let all = |electrode| columns_of(electrode).chain(columns_beside(electrode));
        let used: Vec<usize> = plan.electrodes.iter().flat_map(all).collect();
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

    /// The values of a column without the rows at which the electrode has no point.
    fn taken(&mut self, column: usize, gaps: &[(usize, usize)]) -> Option<Vec<f64>> {
        let position = self.position(column)?;
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
        Some(values)
    }

    fn scaled(&mut self, used: Scaled, gaps: &[(usize, usize)]) -> Option<Vec<f64>> {
        let mut values = self.taken(used.column, gaps)?;
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

    fn times(&mut self, time: Timed, gaps: &[(usize, usize)]) -> Option<Vec<f64>> {
        let mut values = self.taken(time.column, gaps)?;
        if time.unit != TimeUnit::Second {
            for value in &mut values {
                *value = time.unit.to_seconds(*value);
            }
        }
        Some(values)
    }

    /// Lines at which a column has no number although the electrode has a point.
    fn holes(&self, column: usize, gaps: &[(usize, usize)]) -> LineNumbers {
        let mut lines = LineNumbers::default();
        let missing = self
            .position(column)
            .map_or(&[][..], |position| &self.missing[position]);
        for (row, line) in missing {
            if gaps.binary_search_by_key(row, |(gap, _)| *gap).is_err() {
                lines.add(*line);
            }
        }
        lines
    }

    /// The times beside a voltammogram; all or none.
    fn times_beside(&mut self, time: Timed, gaps: &[(usize, usize)]) -> Result<Vec<f64>, LineNumbers> {
        let holes = self.holes(time.column, gaps);
        let values = self.times(time, gaps).unwrap_or_default();
        if holes.is_empty() && values.iter().all(|value| value.is_finite()) {
            Ok(values)
        } else {
            Err(holes)
        }
    }

    /// The cycles beside a voltammogram; all or none.
    fn cycles_beside(&mut self, cycle: Counted, gaps: &[(usize, usize)]) -> Result<Vec<u32>, LineNumbers> {
        let holes = self.holes(cycle.column, gaps);
        let values = self.taken(cycle.column, gaps).unwrap_or_default();
        let counts = |value: &f64| value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(value);
        if !holes.is_empty() || !values.iter().all(counts) {
            return Err(holes);
        }
        let from_zero = values.contains(&0.0);
        let number = |value: &f64| match (*value as u32, cycle.half) {
            (number, false) => number,
            (segment, true) if from_zero => segment / 2 + 1,
            (segment, true) => segment.div_ceil(2),
        };
        Ok(values.iter().map(number).collect())
    }

    /// What one electrode recorded; nothing if it has no point.
    fn sweep(
        &mut self,
        electrode: &Electrode,
        gaps: &[(usize, usize)],
        reservations: &mut Vec<Reservation>,
    ) -> Option<ElectrodeSweep> {
        let abscissa = match electrode.potential {
            Some(potential) => self.scaled(potential, gaps)?,
            None => self.times(electrode.time?, gaps)?,
        };
        let forward = electrode.forward.and_then(|column| self.scaled(column, gaps));
        let reverse = electrode.reverse.and_then(|column| self.scaled(column, gaps));
        let current = match electrode.current {
            Current::Column(column) => self.scaled(column, gaps)?,
            Current::ForwardMinusReverse => forward
                .iter()
                .flatten()
                .zip(reverse.iter().flatten())
                .map(|(forward, reverse)| forward - reverse)
                .collect(),
        };
        let trace = if electrode.potential.is_some() {
            Trace::Voltammogram(Sweep::new(abscissa, current).ok()?)
        } else {
            Trace::Transient(Transient::new(abscissa, current).ok()?)
        };
        if trace.is_empty() {
            return None;
        }
        let mut recorded = ElectrodeSweep {
            forward_a: forward,
            reverse_a: reverse,
            ..ElectrodeSweep::new(electrode.number, electrode.stated, trace)
        };
        let mut say = |reservation: Reservation| {
            if !reservations.contains(&reservation) {
                reservations.push(reservation);
            }
        };
        if let Some(time) = electrode.time.filter(|_| electrode.potential.is_some()) {
            match self.times_beside(time, gaps) {
                Ok(times) => recorded.time_s = Some(times),
                Err(lines) => say(Reservation::TimesLeftOut(lines)),
            }
        }
        // The current over time does not need it, and the others tell the steps where a potential is missing.
        if let Some(held) = electrode.held.filter(|_| electrode.potential.is_none()) {
            let any = |values: &Vec<f64>| values.iter().any(|value| value.is_finite());
            recorded.potential_v = self.scaled(held, gaps).filter(any);
        }
        if let Some(cycle) = electrode.cycle {
            match self.cycles_beside(cycle, gaps) {
                Ok(cycles) => recorded.cycle = Some(cycles),
                Err(lines) => say(Reservation::CyclesLeftOut(lines)),
            }
            if cycle.half && recorded.cycle.is_some() {
                say(Reservation::CyclesFromSegments);
            }
        }
        Some(recorded)
    }
}

impl Sweeps {
    /// Makes transients of voltammograms whose potential stays the same and that have times; gives whether it did.
    /// All electrodes have to agree.
    pub fn constant_to_transients(&mut self) -> bool {
        let constant = |recorded: &ElectrodeSweep| {
            recorded.time_s.as_ref()?;
            course::constant_v(recorded.voltammogram()?.potential_v())
        };
        let Some(potential_v) = self.electrodes.first().and_then(constant) else {
            return false;
        };
        if !self.electrodes.iter().all(|recorded| constant(recorded).is_some()) {
            return false;
        }
        self.potentials_to_times();
        self.reservations.push(Reservation::ConstantPotential { potential_v });
        true
    }

    /// Makes transients of all voltammograms that have times, whatever their potential.
    pub fn potentials_to_times(&mut self) {
        for recorded in &mut self.electrodes {
            let Trace::Voltammogram(sweep) = &mut recorded.trace else {
                continue;
            };
            let Some(times) = recorded.time_s.take() else { continue };
            let (potential_v, current_a) = std::mem::take(sweep).into_parts();
            if let Ok(transient) = Transient::new(times, current_a) {
                recorded.trace = Trace::Transient(transient);
                recorded.potential_v = Some(potential_v);
            }
        }
    }

    /// How many cycles the first electrode's points belong to, if the table numbers them.
    pub fn cycles(&self) -> Option<u32> {
        let cycle = self.electrodes.first()?.cycle.as_ref()?;
        let turns = cycle.windows(2).filter(|pair| pair[0] != pair[1]).count();
        u32::try_from(turns + 1).ok()
    }
}
