//! How many points the parameters announce, and whether they are all there.

use super::conditions::Conditions;
use crate::recording::{Completeness, Technique};

/// What the parameters announce.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Announced {
    /// Points of the finished file.
    pub points: usize,
    /// Points that are missing at most in a finished file, because instruments round differently.
    slack: usize,
    /// Whether the last potential in the file is the last one announced, where that can be told.
    end_reached: Option<bool>,
    /// Whether the table begins where the parameters say. If not, somebody has edited it, and the parameters prove
    /// nothing about it.
    begins_there: bool,
}

/// Points that a file announces at most; more are a typing error in the parameters.
const LIMIT: f64 = 1e8;

impl Announced {
    /// Complete if all announced points are there and reach the announced end; partial if certainly some are missing.
    pub fn judge(self, points: usize) -> Completeness {
        if !self.begins_there {
            Completeness::Unproven
        } else if points >= self.points && self.end_reached != Some(false) {
            Completeness::Complete
        } else if self.lacks_points(points) && self.end_reached != Some(true) {
            Completeness::Partial
        } else {
            Completeness::Unproven
        }
    }

    /// Whether fewer points are there than in any finished file with these parameters.
    pub const fn lacks_points(self, points: usize) -> bool {
        points + self.slack < self.points
    }
}

/// What the parameters announce for a table with these potentials.
pub(super) fn points(conditions: &Conditions, technique: Technique, potential_v: &[f64]) -> Option<Announced> {
    match technique {
        Technique::Cv => cyclic(conditions),
        _ => staircase(conditions, potential_v),
    }
}

/// One way from the initial to the final potential. The first potential in the table is one step behind the initial one.
fn staircase(conditions: &Conditions, potential_v: &[f64]) -> Option<Announced> {
    let (init_v, final_v) = (conditions.init_v?, conditions.final_v?);
    let step_v = printed_step(conditions.increment_v.or(conditions.interval_v)?, init_v, potential_v);
    let steps = (final_v - init_v).abs() / step_v;
    if !(0.5..LIMIT).contains(&steps) {
        return None;
    }
    let whole = (steps - steps.round()).abs() < 1e-6 * steps.max(1.0);
    let direction = (final_v - init_v).signum();
    // Potentials are printed with three decimals, and 0.0005 V steps end up to half a millivolt off.
    let tolerance_v = (0.5 * step_v).max(0.000_51);
    let end_reached = potential_v
        .last()
        .map(|last| (final_v - last) * direction <= tolerance_v);
    Some(Announced {
        points: if whole { steps.round() } else { steps.ceil() } as usize,
        slack: usize::from(!whole),
        end_reached: end_reached.filter(|_| whole),
        begins_there: potential_v
            .first()
            .is_some_and(|first| (first - init_v).abs() <= 1.5 * step_v + tolerance_v),
    })
}

/// The step in the table: the declared increment, or the whole multiple of it that some pulse techniques really take.
fn printed_step(increment_v: f64, init_v: f64, potential_v: &[f64]) -> f64 {
    let [first, .., last] = potential_v else {
        return increment_v;
    };
    let mean = (last - first).abs() / (potential_v.len() - 1) as f64;
    let multiple = (mean / increment_v).round();
    let start = (first - init_v).abs();
    let consistent = multiple >= 2.0
        && (mean - multiple * increment_v).abs() < 0.01 * increment_v
        && (start - mean).abs() < 0.5 * increment_v;
    if consistent {
        multiple * increment_v
    } else {
        increment_v
    }
}

/// Current over time: a whole run, or steps of equal length. The table may begin at 0 or one interval later.
pub(super) fn over_time(conditions: &Conditions, time_s: &[f64]) -> Option<Announced> {
    let interval_s = conditions.interval_s?;
    let total_s = match (conditions.run_time_s, conditions.steps, conditions.step_s) {
        (Some(run), ..) => run,
        (None, Some(steps), Some(step)) => steps * step,
        _ => return None,
    };
    let points = total_s / interval_s;
    if !(0.5..LIMIT).contains(&points) {
        return None;
    }
    Some(Announced {
        points: points.round() as usize,
        slack: 1,
        end_reached: time_s.last().map(|last| *last >= total_s - 1.01 * interval_s),
        begins_there: time_s.first().is_some_and(|first| *first <= 1.01 * interval_s),
    })
}

/// From the initial potential to one vertex, then to and fro between both.
fn cyclic(conditions: &Conditions) -> Option<Announced> {
    let (high_v, low_v, init_v) = (conditions.high_v?, conditions.low_v?, conditions.init_v?);
    let segments = conditions.segments?;
    let first_v = if conditions.positive_first? {
        high_v - init_v
    } else {
        init_v - low_v
    };
    let way_v = first_v.abs() + f64::from(segments - 1) * (high_v - low_v).abs();
    let steps = way_v / conditions.interval_v?;
    if !(0.5..LIMIT).contains(&steps) {
        return None;
    }
    Some(Announced {
        points: steps.round() as usize,
        // Each turn may cost a point or two, depending on the model.
        slack: 2 * segments as usize,
        end_reached: None,
        begins_there: true,
    })
}
