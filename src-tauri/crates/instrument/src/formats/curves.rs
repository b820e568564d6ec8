//! Files that hold several measurements: which of their curves belong together, and which electrode each one is.

use jiff::civil::DateTime;
use voltammetry::{Sweep, Transient};

use crate::recording::{ElectrodeSweep, Technique, Trace};
use crate::reservation::{LineNumbers, Names, Reservation};
use crate::unreadable::Problem;

/// Most curves that one file may hold; several are compared with each other.
const MAX_CURVES: usize = 4096;

/// One curve of a file, in SI units.
#[derive(Debug, Clone, Default)]
pub(crate) struct Curve {
    /// Its name, for people.
    pub(crate) title: String,
    /// What was measured, if the file says so.
    pub(crate) technique: Option<Technique>,
    /// Which of the file's measurements it belongs to, counted from 0.
    pub(crate) measurement: usize,
    /// Square wave frequency and scan rate.
    pub(crate) conditions: Conditions,
    /// When.
    pub(crate) started_at: Option<DateTime>,
    /// The channel that the file states.
    pub(crate) channel: Option<u32>,
    /// Scan (cycle) of a cyclic voltammogram.
    pub(crate) scan: Option<u32>,
    /// Which of the currents of square wave voltammetry it is.
    pub(crate) part: Part,
    /// What its abscissa is.
    pub(crate) axis: Axis,
    /// Abscissa.
    pub(crate) x: Vec<f64>,
    /// Current (A); as many values as the abscissa has.
    pub(crate) current_a: Vec<f64>,
    /// Times (s), if the file has one for each point.
    pub(crate) time_s: Option<Vec<f64>>,
    /// Forward current (A), if the file has one for each point.
    pub(crate) forward_a: Option<Vec<f64>>,
    /// Reverse current (A), if the file has one for each point.
    pub(crate) reverse_a: Option<Vec<f64>>,
    /// Lines in which a number is missing.
    pub(crate) missing: LineNumbers,
    /// Points at which the instrument was overloaded.
    pub(crate) overloads: usize,
}

/// Conditions that all curves of one recording have in common.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Conditions {
    /// Square wave frequency in hertz.
    pub(crate) frequency_hz: Option<f64>,
    /// Scan rate in volt per second.
    pub(crate) scan_rate_v_s: Option<f64>,
}

/// What a curve is drawn over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Axis {
    /// Potential (V).
    Potential,
    /// Time (s).
    Time,
    /// Neither, or its ordinate is no current: such a curve cannot be used.
    #[default]
    Other,
}

/// Which current of a pulse technique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Part {
    /// The current, or the difference.
    #[default]
    Whole,
    /// Of the forward pulses.
    Forward,
    /// Of the reverse pulses.
    Reverse,
}

/// What the curves of a file give together.
#[derive(Debug, Clone)]
pub(crate) struct Arranged {
    /// What was measured.
    pub(crate) technique: Technique,
    /// Conditions of all electrodes.
    pub(crate) conditions: Conditions,
    /// When the first of them was measured.
    pub(crate) started_at: Option<DateTime>,
    /// The electrodes; at least one.
    pub(crate) electrodes: Vec<ElectrodeSweep>,
    /// Points of the longest.
    pub(crate) points: usize,
    /// Cycles, if the file states them.
    pub(crate) cycles: Option<u32>,
    /// What has to be said.
    pub(crate) reservations: Vec<Reservation>,
}

impl Curve {
    /// Whether it can be analysed: current against potential, or a chronoamperogram against time.
    fn usable(&self) -> bool {
        let over_time = matches!(self.technique, None | Some(Technique::Ca | Technique::Unknown));
        !self.x.is_empty()
            && self.x.len() == self.current_a.len()
            && match self.axis {
                Axis::Potential => self.technique != Some(Technique::Ca),
                Axis::Time => over_time,
                Axis::Other => false,
            }
    }

    /// How well it can be analysed; smaller is better.
    fn rank(&self) -> usize {
        match self.technique {
            Some(Technique::Swv | Technique::Cv | Technique::Ca | Technique::Dpv | Technique::Lsv) => 0,
            None | Some(Technique::Unknown) => 1,
            Some(Technique::Other) => 2,
        }
    }

    fn same_run(&self, other: &Self) -> bool {
        self.measurement == other.measurement && self.channel == other.channel && self.scan == other.scan
    }
}

/// What the curves of one recording have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Kind {
    technique: Option<Technique>,
    conditions: Conditions,
    axis: Axis,
}

impl Kind {
    fn of(curve: &Curve) -> Self {
        Self {
            technique: curve.technique,
            conditions: curve.conditions,
            axis: curve.axis,
        }
    }
}

/// Arranges the curves of a file: the first technique that can be analysed is taken, with the conditions of its first
/// curve, and what is not taken is named. Scans of one cyclic voltammogram become the cycles of one electrode; several
/// measurements become several electrodes, by their channel or else by their position.
///
/// # Errors
/// [`Problem::NothingToAnalyse`] if no curve can be used, [`Problem::TooManyCurves`] beyond [`MAX_CURVES`].
pub(crate) fn arrange(curves: Vec<Curve>) -> Result<Arranged, Problem> {
    if curves.len() > MAX_CURVES {
        return Err(Problem::TooManyCurves {
            curves: curves.len(),
            limit: MAX_CURVES,
        });
    }
    let first = curves
        .iter()
        .filter(|curve| curve.usable())
        .min_by_key(|curve| curve.rank())
        .map(|first| (Kind::of(first), first.started_at));
    let Some((kind, started_at)) = first else {
        let mut names = Names::default();
        for curve in &curves {
            names.add(&curve.title);
        }
        return Err(Problem::NothingToAnalyse { names });
    };
    let mut left_out = Names::default();
    let mut taken: Vec<Curve> = Vec::with_capacity(curves.len());
    for curve in curves {
        if curve.usable() && Kind::of(&curve) == kind {
            taken.push(curve);
        } else {
            left_out.add(&curve.title);
        }
    }
    let mut reservations = Vec::new();
    if !left_out.is_empty() {
        reservations.push(Reservation::MeasurementsLeftOut(left_out));
    }
    let whole = with_parts(taken, &mut reservations);
    let cyclic = kind.technique == Some(Technique::Cv);
    let runs = if cyclic {
        join_scans(whole)
    } else {
        whole.into_iter().map(Run::of).collect()
    };
    let distinct = |channel: u32| runs.iter().filter(|run| run.curve.channel == Some(channel)).count() == 1;
    let stated = runs.iter().all(|run| run.curve.channel.is_some_and(distinct));
    let mut electrodes = Vec::with_capacity(runs.len());
    let mut non_finite = 0;
    let mut cycles = None;
    for (run, position) in runs.into_iter().zip(1_u32..) {
        let number = run.curve.channel.filter(|_| stated).unwrap_or(position);
        cycles = cycles.max(run.cycles());
        report(&run.curve, number, &mut reservations);
        non_finite += not_finite(&run.curve);
        electrodes.extend(run.electrode(number, stated));
    }
    if non_finite > 0 {
        reservations.push(Reservation::NonFiniteValues { count: non_finite });
    }
    Ok(Arranged {
        technique: kind.technique.unwrap_or(Technique::Unknown),
        conditions: kind.conditions,
        started_at,
        points: electrodes
            .iter()
            .map(|electrode| electrode.trace.len())
            .max()
            .unwrap_or(0),
        electrodes,
        cycles,
        reservations,
    })
}

fn report(curve: &Curve, electrode: u32, reservations: &mut Vec<Reservation>) {
    if !curve.missing.is_empty() {
        reservations.push(Reservation::MissingValues {
            electrode,
            lines: curve.missing.clone(),
        });
    }
    if curve.overloads > 0 {
        reservations.push(Reservation::Overload {
            electrode,
            points: curve.overloads,
        });
    }
}

fn not_finite(curve: &Curve) -> usize {
    curve
        .x
        .iter()
        .chain(&curve.current_a)
        .filter(|value| !value.is_finite())
        .count()
}

/// Puts forward and reverse currents to the difference that they belong to.
fn with_parts(curves: Vec<Curve>, reservations: &mut Vec<Reservation>) -> Vec<Curve> {
    let (mut whole, parts): (Vec<Curve>, Vec<Curve>) = curves.into_iter().partition(|curve| curve.part == Part::Whole);
    let mut waiting: Vec<Curve> = Vec::new();
    for part in parts {
        let fits = |curve: &&mut Curve| curve.same_run(&part) && curve.x.len() == part.x.len();
        let Some(home) = whole.iter_mut().find(fits) else {
            waiting.push(part);
            continue;
        };
        let place = match part.part {
            Part::Forward => &mut home.forward_a,
            _ => &mut home.reverse_a,
        };
        *place = Some(part.current_a);
    }
    // A file without differences: forward minus reverse. One of them alone is taken as it is.
    while let Some(mut part) = waiting.pop() {
        let partner = waiting
            .iter()
            .position(|other| other.same_run(&part) && other.part != part.part && other.x.len() == part.x.len());
        if let Some(partner) = partner.map(|at| waiting.remove(at)) {
            let (forward, reverse) = if part.part == Part::Forward {
                (part.current_a, partner.current_a)
            } else {
                (partner.current_a, part.current_a)
            };
            part.current_a = forward
                .iter()
                .zip(&reverse)
                .map(|(forward, reverse)| forward - reverse)
                .collect();
            part.forward_a = Some(forward);
            part.reverse_a = Some(reverse);
            if !reservations.contains(&Reservation::DifferenceComputed) {
                reservations.push(Reservation::DifferenceComputed);
            }
        }
        part.part = Part::Whole;
        whole.push(part);
    }
    // Parts without a difference were put behind the others.
    whole.sort_by_key(|curve| curve.measurement);
    whole
}

/// One electrode's curve, with the cycle of each of its points if the file counts them.
struct Run {
    curve: Curve,
    cycle: Option<Vec<u32>>,
}

impl Run {
    fn of(curve: Curve) -> Self {
        Self { curve, cycle: None }
    }

    fn cycles(&self) -> Option<u32> {
        let cycle = self.cycle.as_deref()?;
        Some(1 + cycle.windows(2).filter(|pair| pair[0] != pair[1]).count() as u32)
    }

    /// The recorded trace; nothing if there is no point.
    fn electrode(self, number: u32, stated: bool) -> Option<ElectrodeSweep> {
        let Self { curve, cycle } = self;
        let trace = match curve.axis {
            Axis::Time => Trace::Transient(Transient::new(curve.x, curve.current_a).ok()?),
            _ => Trace::Voltammogram(Sweep::new(curve.x, curve.current_a).ok()?),
        };
        let fits = |values: &Vec<f64>| values.len() == trace.len();
        let time_s = curve.time_s.filter(fits).filter(|_| curve.axis != Axis::Time);
        let (forward_a, reverse_a) = (curve.forward_a.filter(fits), curve.reverse_a.filter(fits));
        Some(ElectrodeSweep {
            forward_a,
            reverse_a,
            time_s,
            cycle,
            ..ElectrodeSweep::new(number, stated, trace)
        })
    }
}

/// Joins the scans of each cyclic voltammogram: same measurement, same channel, numbers that go up.
fn join_scans(curves: Vec<Curve>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for curve in curves {
        let Some(scan) = curve.scan else {
            runs.push(Run::of(curve));
            continue;
        };
        let continues = |run: &&mut Run| {
            run.curve.measurement == curve.measurement
                && run.curve.channel == curve.channel
                && run
                    .cycle
                    .as_ref()
                    .and_then(|cycle| cycle.last())
                    .is_some_and(|last| *last < scan)
        };
        if let Some(run) = runs.iter_mut().rev().find(continues) {
            run.cycle
                .get_or_insert_default()
                .extend(std::iter::repeat_n(scan, curve.x.len()));
            run.curve.overloads += curve.overloads;
            run.curve.missing.extend(&curve.missing);
            run.curve.time_s = match (run.curve.time_s.take(), curve.time_s) {
                (Some(mut time_s), Some(more)) => {
                    time_s.extend(more);
                    Some(time_s)
                }
                _ => None,
            };
            run.curve.x.extend(curve.x);
            run.curve.current_a.extend(curve.current_a);
        } else {
            let cycle = Some(vec![scan; curve.x.len()]);
            runs.push(Run { curve, cycle });
        }
    }
    runs
}
