//! The tables of a file as one trace.

use voltammetry::{Sweep, Transient};

use crate::recording::{ElectrodeSweep, Trace};
use crate::reservation::Reservation;
use crate::table::sweeps::Sweeps;

/// All tables as one trace, each point with the cycle it belongs to; nothing if there is no point.
pub(super) fn merged(
    runs: Vec<(u32, Sweeps)>,
    cyclic: bool,
    reservations: &mut Vec<Reservation>,
) -> Option<ElectrodeSweep> {
    let mut whole: Option<Parts> = None;
    for (cycle, run) in runs {
        for reservation in run.reservations {
            if !reservations.contains(&reservation) {
                reservations.push(reservation);
            }
        }
        let Some(recorded) = run.electrodes.into_iter().next() else {
            continue;
        };
        let parts = Parts::of(recorded, cycle);
        match &mut whole {
            Some(whole) => whole.append(parts),
            None => whole = Some(parts),
        }
    }
    whole.and_then(|parts| parts.into_electrode(cyclic))
}

/// A trace taken apart, to be joined with others.
struct Parts {
    over_time: bool,
    abscissa: Vec<f64>,
    current_a: Vec<f64>,
    forward_a: Option<Vec<f64>>,
    reverse_a: Option<Vec<f64>>,
    time_s: Option<Vec<f64>>,
    potential_v: Option<Vec<f64>>,
    cycle: Vec<u32>,
}

impl Parts {
    fn of(recorded: ElectrodeSweep, cycle: u32) -> Self {
        let (over_time, (abscissa, current_a)) = match recorded.trace {
            Trace::Voltammogram(sweep) => (false, sweep.into_parts()),
            Trace::Transient(transient) => (true, transient.into_parts()),
        };
        Self {
            over_time,
            cycle: vec![cycle; abscissa.len()],
            abscissa,
            current_a,
            forward_a: recorded.forward_a,
            reverse_a: recorded.reverse_a,
            time_s: recorded.time_s,
            potential_v: recorded.potential_v,
        }
    }

    fn append(&mut self, next: Self) {
        fn both(first: &mut Option<Vec<f64>>, next: Option<Vec<f64>>) {
            match (first.as_mut(), next) {
                (Some(first), Some(next)) => first.extend(next),
                _ => *first = None,
            }
        }
        self.abscissa.extend(next.abscissa);
        self.current_a.extend(next.current_a);
        self.cycle.extend(next.cycle);
        both(&mut self.forward_a, next.forward_a);
        both(&mut self.reverse_a, next.reverse_a);
        both(&mut self.time_s, next.time_s);
        both(&mut self.potential_v, next.potential_v);
    }

    fn into_electrode(self, cyclic: bool) -> Option<ElectrodeSweep> {
        let trace = if self.over_time {
            Trace::Transient(Transient::new(self.abscissa, self.current_a).ok()?)
        } else {
            Trace::Voltammogram(Sweep::new(self.abscissa, self.current_a).ok()?)
        };
        Some(ElectrodeSweep {
            forward_a: self.forward_a,
            reverse_a: self.reverse_a,
            time_s: self.time_s,
            potential_v: self.potential_v,
            cycle: cyclic.then_some(self.cycle),
            ..ElectrodeSweep::new(1, false, trace)
        })
    }
}
