//! What the course of a potential says about the technique.

/// Smallest range in volt over which a potential counts as swept.
const SWEPT_V: f64 = 0.02;
/// Largest range in volt over which a measured potential counts as constant: the noise of a potentiostat, not a sweep.
const CONSTANT_V: f64 = 0.005;
/// Points from which on a noisy potential can be told from the beginning of a sweep.
const NOISY_POINTS: usize = 10;

/// Whether a potential goes to and fro by equal steps, as only cyclic voltammetry does.
///
/// The potential has to be a staircase (nine of ten steps within half a typical step of it) over at least 20 mV that
/// turns at least once and then comes back over at least half of the way out; what turns by less than a tenth of the
/// range, such as jitter or the edge of a quiet time, is no turn. Pulse and linear sweep techniques never turn back, so
/// a fold proves a cyclic voltammogram and its absence proves nothing.
pub fn folds_back(potential_v: &[f64]) -> bool {
    let potential_v = behind_quiet_time(potential_v);
    // One pass over the usual case, a potential that goes one way only.
    let rises = potential_v.windows(2).any(|pair| pair[1] > pair[0]);
    let falls = potential_v.windows(2).any(|pair| pair[1] < pair[0]);
    if !(rises && falls) || potential_v.iter().any(|potential| !potential.is_finite()) {
        return false;
    }
    let low = potential_v.iter().copied().fold(f64::INFINITY, f64::min);
    let high = potential_v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let range = high - low;
    if range < SWEPT_V || !is_staircase(potential_v) {
        return false;
    }
    let ways = ways(potential_v, 0.1 * range);
    matches!(ways[..], [out, back, ..] if back >= 0.5 * out) || ways.len() > 2
}

/// The potentials behind a quiet time from which the sweep starts elsewhere: the jump between them is no way of a cycle.
fn behind_quiet_time(potential_v: &[f64]) -> &[f64] {
    let Some(first) = potential_v.first() else {
        return potential_v;
    };
    let quiet = potential_v.iter().take_while(|potential| *potential == first).count();
    match potential_v.get(quiet..) {
        Some(sweep @ [start, next, ..])
            if quiet > 1 && start != next && (start - first).abs() > 5.0 * (next - start).abs() =>
        {
            sweep
        }
        _ => potential_v,
    }
}

/// Lengths of the ways between turns; a turn counts when the potential has gone back by more than `least`.
fn ways(potential_v: &[f64], least: f64) -> Vec<f64> {
    let [first, rest @ ..] = potential_v else {
        return Vec::new();
    };
    let (mut start, mut extreme, mut upward) = (*first, *first, None);
    let mut ways = Vec::new();
    for potential in rest {
        let onward = match upward {
            Some(true) => *potential >= extreme,
            Some(false) => *potential <= extreme,
            None => true,
        };
        if onward {
            if upward.is_none() && (potential - start).abs() > least {
                upward = Some(*potential > start);
            }
            if upward.is_some() {
                extreme = *potential;
            }
        } else if (potential - extreme).abs() > least {
            ways.push((extreme - start).abs());
            start = extreme;
            extreme = *potential;
            upward = upward.map(|upward| !upward);
        }
    }
    ways.push((extreme - start).abs());
    ways
}

fn is_staircase(potential_v: &[f64]) -> bool {
    let mut steps: Vec<f64> = potential_v
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).abs())
        .filter(|step| *step > 0.0)
        .collect();
    let middle = steps.len() / 2;
    if steps.len() < 4 {
        return false;
    }
    let typical = *steps.select_nth_unstable_by(middle, f64::total_cmp).1;
    let equal = steps.iter().filter(|step| (**step - typical).abs() <= 0.5 * typical);
    equal.count() * 10 >= steps.len() * 9
}

/// The potential (V), if it stays the same throughout: exactly, or within 5 mV of noise without a trend over ten points
/// or more, so that the beginning of a sweep with small steps is not taken for a constant.
pub fn constant_v(potential_v: &[f64]) -> Option<f64> {
    let first = *potential_v.first()?;
    if potential_v.len() < 3 || (potential_v[potential_v.len() - 1] - first).abs() > CONSTANT_V {
        return None;
    }
    if potential_v.iter().all(|potential| *potential == first) {
        return Some(first);
    }
    let low = potential_v.iter().copied().fold(f64::INFINITY, f64::min);
    let high = potential_v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let finite = potential_v.iter().all(|potential| potential.is_finite());
    if potential_v.len() < NOISY_POINTS || !finite || high - low > CONSTANT_V {
        return None;
    }
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    let (before, after) = potential_v.split_at(potential_v.len() / 2);
    // The halves of a sweep lie half a range apart.
    ((mean(after) - mean(before)).abs() < 0.25 * (high - low)).then(|| mean(potential_v))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn triangle(points: usize, out: usize) -> Vec<f64> {
        (0..points).map(|k| 0.005 * out.abs_diff(k) as f64).collect()
    }

    #[test]
    fn only_a_staircase_that_comes_back_is_cyclic() {
        assert!(folds_back(&triangle(80, 40)));
        assert!(folds_back(&triangle(61, 40)));
        assert!(!folds_back(&triangle(55, 40)), "not half of the way back yet");
        assert!(!folds_back(&triangle(40, 40)));
        assert!(!folds_back(&[0.1, 0.2, 0.1]));
        let jitter: Vec<f64> = (0..60)
            .map(|k| 0.01 * f64::from(k) - if k % 10 == 9 { 0.015 } else { 0.0 })
            .collect();
        assert!(!folds_back(&jitter));
        let peak: Vec<f64> = (0..60).map(|k| (-(f64::from(k) - 30.0).powi(2) / 40.0).exp()).collect();
        assert!(!folds_back(&peak), "a peak has no equal steps");
        let starts_inside: Vec<f64> = (0..100)
            .map(|k| 0.01 * f64::from((((k + 10) % 40) - 20_i32).abs()))
            .collect();
        assert!(folds_back(&starts_inside));
        assert!(!folds_back(&[f64::NAN; 20]));
    }

    #[test]
    fn a_constant_potential_may_be_noisy_but_never_drifts() {
        assert_eq!(constant_v(&[0.2; 3]), Some(0.2));
        assert_eq!(constant_v(&[0.2; 2]), None);
        let noisy: Vec<f64> = (0..40).map(|k| 0.2 + 0.0005 * f64::from(k * 7 % 5)).collect();
        assert!(constant_v(&noisy).is_some());
        let sweep: Vec<f64> = (0..12).map(|k| 0.0003 * f64::from(k)).collect();
        assert_eq!(constant_v(&sweep), None);
        assert_eq!(constant_v(&triangle(80, 40)), None);
        assert_eq!(constant_v(&[f64::NAN; 12]), None);
    }

    #[test]
    fn a_jump_behind_a_quiet_time_is_no_turn() {
        let mut sweep = vec![0.0; 20];
        sweep.extend((0..200).map(|k| -0.8 + 0.01 * f64::from(k)));
        assert!(!folds_back(&sweep));
        sweep.extend((0..200).map(|k| 1.2 - 0.01 * f64::from(k)));
        assert!(folds_back(&sweep));
    }
}
