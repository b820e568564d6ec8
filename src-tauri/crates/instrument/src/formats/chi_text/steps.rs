//! The potential of chronoamperometry, which these tables do not hold: as the parameters program it.

use super::conditions::Conditions;

/// Beyond a step's end by less than this part of it, a point still belongs to the step: times are printed with few digits.
const ROUNDING: f64 = 1e-6;

/// The potential (V) at each time (s): steps of one width between the high and the low potential, the first towards the one that
/// `Init P/N` names. A point at the end of a step is its last one. `None` where the parameters do not say all of this, or there is one step
/// only.
pub(super) fn programmed_v(conditions: &Conditions, time_s: &[f64]) -> Option<Vec<f64>> {
    let (high_v, low_v) = (conditions.high_v?, conditions.low_v?);
    let positive_first = conditions.positive_first?;
    let (width_s, steps) = (conditions.step_s?, conditions.steps?);
    if steps < 2.0 {
        return None;
    }
    let at = |time_s: &f64| {
        let step = ((time_s / width_s - ROUNDING).ceil() - 1.0).clamp(0.0, steps - 1.0);
        // Even steps go where the first one goes.
        if (step % 2.0 < 1.0) == positive_first {
            high_v
        } else {
            low_v
        }
    };
    Some(time_s.iter().map(at).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_alternate_and_keep_their_last_point() {
        let mut conditions = Conditions::default();
        (conditions.high_v, conditions.low_v) = (Some(0.0), Some(-0.4));
        (conditions.step_s, conditions.steps) = (Some(0.1), Some(3.0));
        conditions.positive_first = Some(false);
        let time_s = [0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35];
        assert_eq!(
            programmed_v(&conditions, &time_s).unwrap(),
            [-0.4, -0.4, -0.4, 0.0, 0.0, -0.4, -0.4, -0.4]
        );
        conditions.positive_first = None;
        assert_eq!(programmed_v(&conditions, &time_s), None, "not known");
        (conditions.positive_first, conditions.steps) = (Some(true), Some(1.0));
        assert_eq!(programmed_v(&conditions, &time_s), None, "one step is the whole");
    }
}
