//! The potential steps of a recording, each as a transient of its own with time counted from the step.

use std::collections::HashMap;

use super::pulses::{Pulse, PulsePart, detect_pulses, merge_pulses, pulse_transient};
use crate::transient::Transient;

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its number in the recording, from 1.
    pub number: u32,
    /// Current after it, time counted from it (s).
    pub transient: Transient,
    /// When it was made, on the recording's own clock (s).
    pub start_s: f64,
    /// Potential that it leads to (V), if recorded.
    pub potential_v: Option<f64>,
    /// Potential that it leaves (V), if recorded.
    pub from_v: Option<f64>,
    /// How many steps of the recording it stands for.
    pub repeats: u32,
}

/// The steps of a recording.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Steps {
    /// At least one, if anything was recorded.
    pub steps: Vec<Step>,
    /// Points that belong to no step: before the first, behind the last, or between two where the potential is missing.
    pub points_beside: usize,
}

/// Fewest points of a step at the beginning or end of a recording; fewer, which no model could be fitted to, are the rest
/// before, or the return behind.
const FEWEST_POINTS: usize = 5;

/// Potentials count as the same within this (V): the noise of a measured potential, below any step.
const SAME_POTENTIAL_V: f64 = 5e-3;

/// A first time within so many sampling steps of 0 shows a clock that counts from the step.
const STEPS_FROM_ZERO: f64 = 1.5;

/// The steps of a recording from its potential; without one, the recording is one step.
///
/// What stands before the first change of the potential is a step too, unless it is the rest before it: it ends at or before time 0, from
/// which instruments count, or has fewer than five points. So are fewer than five points at the end. Numbers count from 1 without these.
///
/// Where the recording begins with a step, the step was made at time 0 if the first point is within 1.5 sampling steps of 0; else, as on a clock that runs
/// through several recordings, at the first point.
pub fn steps(transient: &Transient, potential_v: Option<&[f64]>) -> Steps {
    let pulses = potential_v.map_or_else(Vec::new, |potential_v| detect_pulses(transient.time_s(), potential_v));
    let points = |pulse: &Pulse| pulse.last - pulse.first + 1;
    let (mut from, mut to) = (0, pulses.len());
    if let [first, .., last] = pulses.as_slice() {
        let is_rest = transient.time_s().get(first.last).is_some_and(|time| *time <= 0.0);
        if is_rest || points(first) < FEWEST_POINTS {
            from = 1;
        }
        if points(last) < FEWEST_POINTS && to - from > 1 {
            to -= 1;
        }
    }
    let taken = pulses.get(from..to).unwrap_or_default();
    if taken.is_empty() {
        return Steps {
            steps: whole(transient).into_iter().collect(),
            points_beside: 0,
        };
    }
    let steps: Vec<Step> = taken
        .iter()
        .zip(1..)
        .enumerate()
        .map(|(at, (pulse, number))| {
            let before = (from + at).checked_sub(1).and_then(|before| pulses.get(before));
            let start_s = match before {
                Some(_) => start_s(transient, pulse),
                None => origin_s(transient),
            };
            Step {
                number,
                transient: pulse_transient(transient, &Pulse { start_s, ..*pulse }),
                start_s,
                potential_v: Some(pulse.potential_v),
                from_v: before.map(|before| before.potential_v),
                repeats: 1,
            }
        })
        .collect();
    let beside = transient.len().saturating_sub(taken.iter().map(points).sum());
    Steps {
        steps,
        points_beside: beside,
    }
}

/// When a step was made: at the last point before it, or one of its own sampling steps before its first point, whichever is later. The two differ
/// where the sampling changes with the step.
fn start_s(transient: &Transient, pulse: &Pulse) -> f64 {
    let time = |at: usize| transient.time_s().get(at).copied().filter(|time| time.is_finite());
    let second = time(pulse.first + 1).filter(|_| pulse.last > pulse.first);
    match (time(pulse.first), second) {
        (Some(first), Some(second)) if second > first => pulse.start_s.max(first - (second - first)),
        _ => pulse.start_s,
    }
}

/// The recording as one step.
fn whole(transient: &Transient) -> Option<Step> {
    let start_s = origin_s(transient);
    let all = PulsePart {
        transient,
        start_s,
        range_s: Some((f64::NEG_INFINITY, f64::INFINITY)),
    };
    (!transient.is_empty()).then(|| Step {
        number: 1,
        transient: merge_pulses(&[all]),
        start_s,
        potential_v: None,
        from_v: None,
        repeats: 1,
    })
}

/// When the step was made with which a recording begins, on its own clock.
fn origin_s(transient: &Transient) -> f64 {
    let mut times: Vec<f64> = transient
        .time_s()
        .iter()
        .copied()
        .filter(|time| time.is_finite())
        .collect();
    times.sort_by(f64::total_cmp);
    let (Some(&first), Some(&last)) = (times.first(), times.last()) else {
        return 0.0;
    };
    // The first interval, since sampling often slows down later; the mean one where the first two times are the same.
    let interval = times.get(1).map_or(0.0, |second| second - first);
    let interval = if interval > 0.0 {
        interval
    } else {
        (last - first) / times.len() as f64
    };
    if first <= STEPS_FROM_ZERO * interval {
        0.0
    } else {
        first
    }
}

/// Repeats put together: steps that leave the same potential for the same potential (within 5 mV) become one, with every point of all of them, and the
/// number and start of the first. Where several kinds of steps are that near, the first one counts. The time grows with the number of steps, not with
/// its square.
pub fn repeats_merged(steps: Vec<Step>) -> Vec<Step> {
    let same = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= SAME_POTENTIAL_V,
        _ => false,
    };
    let mut groups: Vec<Vec<Step>> = Vec::new();
    let mut at: HashMap<[u64; 2], Vec<usize>> = HashMap::new();
    for step in steps {
        let is_repeat = |index: &usize| {
            let first = groups.get(*index).and_then(|group| group.first());
            first.is_some_and(|first| same(first.potential_v, step.potential_v) && same(first.from_v, step.from_v))
        };
        let (Some(to), Some(from)) = (step.potential_v.map(cells), step.from_v.map(cells)) else {
            groups.push(vec![step]);
            continue;
        };
        let near = to.iter().flat_map(|to| from.iter().map(|from| [*to, *from]));
        let found = near
            .filter_map(|cell| at.get(&cell))
            .flatten()
            .copied()
            .filter(is_repeat)
            .min();
        if let Some(group) = found.and_then(|index| groups.get_mut(index)) {
            group.push(step);
        } else {
            at.entry([to[0], from[0]]).or_default().push(groups.len());
            groups.push(vec![step]);
        }
    }
    groups
        .into_iter()
        .filter_map(|mut group| {
            if group.len() == 1 {
                return group.pop();
            }
            let parts: Vec<PulsePart<'_>> = group
                .iter()
                .map(|step| PulsePart {
                    transient: &step.transient,
                    start_s: 0.0,
                    range_s: None,
                })
                .collect();
            let transient = merge_pulses(&parts);
            let repeats = group.iter().map(|step| step.repeats).sum();
            group.into_iter().next().map(|first| Step {
                transient,
                repeats,
                ..first
            })
        })
        .collect()
}

/// Names of the cell of a grid that a potential lies in, and of the two beside it. Cells are twice as wide as potentials may differ, so that
/// no rounding puts the same potential further away, and few potentials that are not the same share one.
fn cells(potential_v: f64) -> [u64; 3] {
    let cell = (potential_v / (2.0 * SAME_POTENTIAL_V)).floor();
    // Numbers that far away are the same only if they are equal.
    let cell = if cell.is_finite() { cell } else { potential_v };
    // Adding 0 makes one zero of both.
    [0.0, -1.0, 1.0].map(|beside| (cell + beside + 0.0).to_bits())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ca::{CaReason, CaSettings, DecayModel, fit_decay};

    fn recording(levels: &[(f64, usize)], first_s: f64) -> (Transient, Vec<f64>) {
        let potential_v: Vec<f64> = levels
            .iter()
            .flat_map(|(level, points)| std::iter::repeat_n(*level, *points))
            .collect();
        let time_s: Vec<f64> = (0..potential_v.len()).map(|k| first_s + 0.1 * k as f64).collect();
        let current_a = (0..potential_v.len()).map(|k| k as f64).collect();
        (Transient::new(time_s, current_a).unwrap(), potential_v)
    }

    #[test]
    fn a_rest_before_the_step_is_none() {
        let (one_point, potential_v) = recording(&[(0.0, 1), (0.5, 9)], 0.0);
        let found = steps(&one_point, Some(&potential_v));
        assert_eq!((found.steps.len(), found.points_beside), (1, 1));
        let step = &found.steps[0];
        assert_eq!((step.number, step.start_s, step.transient.len()), (1, 0.0, 9));
        assert_eq!((step.from_v, step.potential_v), (Some(0.0), Some(0.5)));
        assert!((step.transient.time_s()[0] - 0.1).abs() < 1e-12);

        let (before_zero, potential_v) = recording(&[(0.0, 11), (0.5, 20), (0.0, 20), (0.5, 2)], -1.0);
        let found = steps(&before_zero, Some(&potential_v));
        let numbers: Vec<_> = found.steps.iter().map(|s| (s.number, s.transient.len())).collect();
        assert_eq!(numbers, [(1, 20), (2, 20)]);
        assert_eq!(found.points_beside, 13);
    }

    #[test]
    fn a_recording_that_begins_with_its_first_step_has_it() {
        let (two, potential_v) = recording(&[(0.5, 20), (0.0, 20)], 0.1);
        let found = steps(&two, Some(&potential_v));
        assert_eq!((found.steps.len(), found.points_beside), (2, 0));
        assert_eq!((found.steps[0].start_s, found.steps[0].from_v), (0.0, None));
        assert!((found.steps[1].start_s - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_step_begins_with_its_own_sampling() {
        let time_s: Vec<f64> = (0..10)
            .map(f64::from)
            .chain((0..20).map(|k| 9.5 + 0.1 * f64::from(k)))
            .collect();
        let potential_v: Vec<f64> = (0..30).map(|k| if k < 10 { 0.0 } else { 1.0 }).collect();
        let transient = Transient::new(time_s, vec![1.0; 30]).unwrap();
        let found = steps(&transient, Some(&potential_v));
        assert!((found.steps[1].start_s - 9.4).abs() < 1e-9, "not 9.0: {found:?}");
    }

    #[test]
    fn without_a_potential_it_is_one_step_from_0_or_from_the_first_point() {
        let (from_zero, _) = recording(&[(0.0, 20)], 0.1);
        assert_eq!(steps(&from_zero, None).steps[0].transient.time_s()[0], 0.1);
        let (running, potential_v) = recording(&[(0.0, 20)], 600.0);
        let found = &steps(&running, Some(&potential_v)).steps[0];
        assert_eq!((found.start_s, found.transient.time_s()[0]), (600.0, 0.0));
        assert_eq!(found.potential_v, Some(0.0));
        let before = Transient::new(vec![-0.2, -0.1, 0.0, 0.1], vec![1.0; 4]).unwrap();
        assert_eq!(steps(&before, None).steps[0].transient.len(), 4, "nothing is dropped");
        assert_eq!(steps(&Transient::default(), None), Steps::default());
    }

    #[test]
    fn repeats_are_those_of_the_same_step() {
        let (pulses, potential_v) = recording(&[(0.0, 10), (-0.4, 10), (0.0, 10), (-0.4, 10), (0.0, 10)], 0.0);
        let merged = repeats_merged(steps(&pulses, Some(&potential_v)).steps);
        let found: Vec<_> = merged
            .iter()
            .map(|s| (s.number, s.repeats, s.transient.len()))
            .collect();
        assert_eq!(found, [(1, 1, 10), (2, 2, 20), (3, 2, 20)]);
        assert!(merged[1].transient.time_s().is_sorted());
    }

    fn step(number: u32, from_v: f64, to_v: f64) -> Step {
        Step {
            number,
            transient: Transient::new(vec![0.1], vec![1.0]).unwrap(),
            start_s: 0.0,
            potential_v: Some(to_v),
            from_v: Some(from_v),
            repeats: 1,
        }
    }

    #[test]
    fn a_million_comparisons_of_steps_find_the_first_that_is_near() {
        // Levels 1 mV apart, around 0, in no order.
        let levels = (0..1000_u32).map(|k| f64::from(k.wrapping_mul(2_654_435_761) >> 16) % 41.0 * 1e-3 - 0.02);
        let levels: Vec<f64> = levels.collect();
        let near = |a: f64, b: f64| (a - b).abs() <= SAME_POTENTIAL_V;
        let mut expected: Vec<(f64, f64, u32)> = Vec::new();
        for pair in levels.windows(2) {
            match expected
                .iter_mut()
                .find(|group| near(group.0, pair[0]) && near(group.1, pair[1]))
            {
                Some(group) => group.2 += 1,
                None => expected.push((pair[0], pair[1], 1)),
            }
        }
        let steps = (1..)
            .zip(levels.windows(2))
            .map(|(number, pair)| step(number, pair[0], pair[1]));
        let merged = repeats_merged(steps.collect());
        let found: Vec<_> = merged
            .iter()
            .map(|s| (s.from_v.unwrap(), s.potential_v.unwrap(), s.repeats))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_million_different_steps_are_told_apart_in_time() {
        // Every pair of them compared would take hours.
        let potential_v = |k: u32| f64::from(k) * 0.011;
        let steps = (1..=1_000_000).map(|k| step(k, potential_v(k), potential_v(k + 1)));
        assert_eq!(repeats_merged(steps.collect()).len(), 1_000_000);
        let far = (1..=1000).map(|k| step(k, 1e307 * f64::from(k % 10), 1e308));
        assert_eq!(repeats_merged(far.collect()).len(), 10);
    }

    #[test]
    fn pulses_of_two_points_say_that_they_have_too_few_each_alone_and_merged() {
        // They were taken for the way to the last one: one step with every level in it, and a decay fitted to that.
        let levels: Vec<(f64, usize)> = (0..100).map(|k| (if k % 2 == 0 { 0.0 } else { -0.4 }, 2)).collect();
        let (train, potential_v) = recording(&levels, 0.0);
        let found = steps(&train, Some(&potential_v)).steps;
        assert_eq!(found.len(), 98, "all but the rest before and the return behind");
        let merged = repeats_merged(found.clone());
        assert!(merged.iter().all(|step| step.repeats == 49), "{merged:?}");
        for model in [DecayModel::Mono, DecayModel::Bi] {
            let settings = CaSettings {
                model,
                fit_range_s: None,
            };
            for step in found.iter().chain(&merged) {
                assert_eq!(fit_decay(&step.transient, &settings), Err(CaReason::TooFewPoints));
            }
        }
    }

    #[test]
    fn points_without_a_potential_between_two_steps_are_counted() {
        let (two, mut potential_v) = recording(&[(0.5, 20), (0.0, 20)], 0.1);
        (potential_v[7], potential_v[20]) = (f64::NAN, f64::NAN);
        let found = steps(&two, Some(&potential_v));
        let lengths: Vec<_> = found.steps.iter().map(|s| s.transient.len()).collect();
        assert_eq!((lengths.as_slice(), found.points_beside), (&[20, 19][..], 1));
    }
}
