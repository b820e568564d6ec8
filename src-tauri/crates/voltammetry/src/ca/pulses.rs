//! Pulses: found in one recording, and several put together as one transient.

use crate::transient::Transient;

/// A stretch of constant potential after a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pulse {
    /// Position of its first point.
    pub first: usize,
    /// Position of its last point.
    pub last: usize,
    /// When the step was made (s): the time of the last point before it; for a recording that begins with the pulse, of its first
    /// point. The true moment may be up to one sampling step later.
    pub start_s: f64,
    /// Median of its potentials (V).
    pub potential_v: f64,
}

/// A change of potential counts as a step if it exceeds this part of the whole range ...
const STEP_SHARE: f64 = 0.25;

/// ... and this (V), which noise of a constant potential does not.
const LEAST_STEP_V: f64 = 1e-3;

/// Fewest points of a pulse between two others; fewer are the way from one to the other.
const FEWEST_POINTS: usize = 3;

/// A train of pulses comes back to the level before the last within this part of what it jumps; the way from one level to another does not.
const RETURN: f64 = 0.2;

/// So many stretches in a row that come back make a train.
const SHORTEST_TRAIN: usize = 3;

/// Finds the pulses of a recording from its potential: they begin wherever it changes from one point to the next by more than a quarter of its range
/// and more than 1 mV. A recording without a step is one pulse. Points that are not finite end nothing and begin nothing.
///
/// One or two points between two pulses are those at which the potential was still on its way: they belong to the pulse that they lead to, which began
/// with them. Pulses of one potential that follow each other are one, so that a single bad point does not cut a pulse in two. In a train that goes to and
/// fro between two levels at least three times in a row, pulses of one or two points are pulses too, though too short for any fit.
///
/// `time_s` and `potential_v` have the same length; what one has more than the other is not looked at.
pub fn detect_pulses(time_s: &[f64], potential_v: &[f64]) -> Vec<Pulse> {
    let n = time_s.len().min(potential_v.len());
    let usable: Vec<usize> = (0..n)
        .filter(|k| time_s[*k].is_finite() && potential_v[*k].is_finite())
        .collect();
    let (low, high) = usable
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &k| {
            (low.min(potential_v[k]), high.max(potential_v[k]))
        });
    let threshold = (STEP_SHARE * (high - low)).max(LEAST_STEP_V);
    let is_step = |a: &usize, b: &usize| (potential_v[*b] - potential_v[*a]).abs() <= threshold;
    let mut before: Option<usize> = None;
    let stretches = usable
        .chunk_by(is_step)
        .filter_map(|pulse| {
            let (&first, &last) = (pulse.first()?, pulse.last()?);
            let mut potentials: Vec<f64> = pulse.iter().map(|k| potential_v[*k]).collect();
            potentials.sort_by(f64::total_cmp);
            let start_s = time_s[before.unwrap_or(first)];
            before = Some(last);
            Some(Pulse {
                first,
                last,
                start_s,
                potential_v: potentials[potentials.len() / 2],
            })
        })
        .collect();
    joined_pulses(stretches, threshold)
}

/// Stretches of the potential as pulses.
fn joined_pulses(stretches: Vec<Pulse>, threshold: f64) -> Vec<Pulse> {
    let in_train = trains(&stretches);
    let mut pulses: Vec<Pulse> = Vec::with_capacity(stretches.len());
    let mut on_the_way: Option<Pulse> = None;
    let (first, last) = (stretches.first().copied(), stretches.last().copied());
    for (mut stretch, in_train) in stretches.into_iter().zip(in_train) {
        let between = Some(stretch) != first && Some(stretch) != last;
        let begun = on_the_way.take();
        if let Some(begun) = begun {
            (stretch.first, stretch.start_s) = (begun.first, begun.start_s);
        }
        let own_points = stretch.last - begun.map_or(stretch.first, |begun| begun.last + 1) + 1;
        if between && !in_train && own_points < FEWEST_POINTS {
            on_the_way = Some(stretch);
            continue;
        }
        match pulses.last_mut() {
            Some(previous) if (previous.potential_v - stretch.potential_v).abs() <= threshold => {
                previous.last = stretch.last;
            }
            _ => pulses.push(stretch),
        }
    }
    pulses
}

/// Which stretches are too short to stand alone, but belong to a train.
fn trains(stretches: &[Pulse]) -> Vec<bool> {
    let short = |pulse: &Pulse| pulse.last - pulse.first + 1 < FEWEST_POINTS;
    let returns = |k: usize| {
        let Some([before, here, after]) = k.checked_sub(1).and_then(|first| stretches.get(first..k + 2)) else {
            return false;
        };
        let jump = (here.potential_v - before.potential_v).abs();
        short(here) && (after.potential_v - before.potential_v).abs() <= RETURN * jump
    };
    let mut marked = vec![false; stretches.len()];
    let mut from = 0;
    while from < stretches.len() {
        let length = (from..stretches.len()).take_while(|&k| returns(k)).count();
        if length >= SHORTEST_TRAIN {
            marked[from..from + length].fill(true);
        }
        from += length.max(1);
    }
    marked
}

/// One pulse of a recording as a transient of its own, with time counted from its step.
pub fn pulse_transient(transient: &Transient, pulse: &Pulse) -> Transient {
    let last = pulse.last.min(transient.len().saturating_sub(1));
    let pairs = (pulse.first..=last).filter(|_| !transient.is_empty());
    let (time_s, current_a) = pairs
        .map(|k| (transient.time_s()[k] - pulse.start_s, transient.current_a()[k]))
        .unzip();
    joined(time_s, current_a)
}

/// One part of a merged transient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PulsePart<'a> {
    /// The recording.
    pub transient: &'a Transient,
    /// When its pulse began, on its own clock (s).
    pub start_s: f64,
    /// What of it is used (s after the pulse began, both ends included); `None` for all from 0.
    pub range_s: Option<(f64, f64)>,
}

/// Several pulses of the same step, such as a short one sampled fast and a long one sampled slowly, or repeats, as one transient in ascending time
/// after the step.
///
/// Every point is kept: where two pulses have the same time, both count in a fit. Nothing is averaged, interpolated or scaled to fit together. Points whose
/// time or current is no number are in no range.
pub fn merge_pulses(parts: &[PulsePart<'_>]) -> Transient {
    let mut points: Vec<(f64, f64)> = Vec::with_capacity(parts.iter().map(|part| part.transient.len()).sum());
    for part in parts {
        let (low, high) = part.range_s.unwrap_or((0.0, f64::INFINITY));
        let pairs = part.transient.time_s().iter().zip(part.transient.current_a());
        points.extend(
            pairs
                .map(|(time, current)| (time - part.start_s, *current))
                .filter(|(time, current)| (low..=high).contains(time) && time.is_finite() && current.is_finite()),
        );
    }
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (time_s, current_a) = points.into_iter().unzip();
    joined(time_s, current_a)
}

/// Two arrays that are equally long because they were made together.
fn joined(time_s: Vec<f64>, current_a: Vec<f64>) -> Transient {
    Transient::new(time_s, current_a).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_pulses_by_their_steps_and_cuts_them_out() {
        let time_s: Vec<f64> = (0..40).map(|k| 0.1 * f64::from(k)).collect();
        let levels = [0.0, -0.4, 0.0, -0.2];
        let potential_v: Vec<f64> = (0..40usize).map(|k| levels[k / 10] + 2e-4 * (k % 3) as f64).collect();
        let pulses = detect_pulses(&time_s, &potential_v);
        let bounds: Vec<_> = pulses.iter().map(|pulse| (pulse.first, pulse.last)).collect();
        assert_eq!(bounds, [(0, 9), (10, 19), (20, 29), (30, 39)]);
        assert!((pulses[1].potential_v + 0.4).abs() < 1e-3 && (pulses[1].start_s - 0.9).abs() < 1e-12);
        let transient = Transient::new(time_s.clone(), vec![1e-6; 40]).unwrap();
        let cut = pulse_transient(&transient, &pulses[1]);
        assert_eq!(cut.len(), 10);
        assert!((cut.time_s()[0] - 0.1).abs() < 1e-12);

        // A step that needs two points to arrive, and a bad point in the middle of a pulse.
        let mut slow = potential_v.clone();
        (slow[10], slow[11], slow[25]) = (-0.15, -0.3, -0.3);
        let bounds: Vec<_> = detect_pulses(&time_s, &slow)
            .iter()
            .map(|pulse| (pulse.first, pulse.last))
            .collect();
        assert_eq!(bounds, [(0, 9), (10, 19), (20, 29), (30, 39)]);
        assert!((detect_pulses(&time_s, &slow)[1].start_s - 0.9).abs() < 1e-12);

        let constant = detect_pulses(&time_s, &[0.3; 40]);
        assert_eq!((constant.len(), constant[0].start_s), (1, 0.0));
        assert_eq!(detect_pulses(&[], &[]), []);
        assert!(detect_pulses(&[f64::NAN], &[0.0]).is_empty());
        assert!(pulse_transient(&Transient::default(), &pulses[1]).is_empty());
    }

    #[test]
    fn a_train_of_pulses_of_two_points_is_not_one_pulse() {
        let time_s: Vec<f64> = (0..200).map(|k| 0.1 * f64::from(k)).collect();
        let potential_v: Vec<f64> = (0..200).map(|k| if k / 2 % 2 == 0 { 0.0 } else { -0.4 }).collect();
        let pulses = detect_pulses(&time_s, &potential_v);
        assert_eq!(pulses.len(), 100);
        assert!(pulses.iter().all(|pulse| pulse.last == pulse.first + 1));
        // Two points to and fro within a long pulse are bad ones still.
        let mut glitch = vec![0.0; 200];
        glitch[99] = -0.4;
        glitch[100] = -0.4;
        assert_eq!(detect_pulses(&time_s, &glitch).len(), 1);
    }

    #[test]
    fn merging_keeps_every_point_in_order() {
        let short = Transient::new(vec![1.0, 1.001, 1.002, 1.003], vec![9.0, 8.0, 7.0, f64::NAN]).unwrap();
        let long = Transient::new(vec![0.0, 0.001, 0.01, 0.1], vec![5.0, 4.0, 3.0, 2.0]).unwrap();
        let part = |transient, start_s, range_s| PulsePart {
            transient,
            start_s,
            range_s,
        };
        let merged = merge_pulses(&[part(&short, 1.0, None), part(&long, 0.0, Some((1e-3, 0.05)))]);
        assert_eq!(merged.current_a(), [9.0, 8.0, 4.0, 7.0, 3.0].as_slice());
        assert!(merged.time_s().is_sorted());
        assert!(merge_pulses(&[]).is_empty());
    }
}
