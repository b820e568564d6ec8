//! Holes in the times of a transient, where the instrument paused or lost points.

/// An interval this many times longer than all those around it is a hole.
const HOLE: f64 = 10.0;

/// Start and end of the longest hole in ascending times; `None` where there is none.
///
/// A hole is more than ten times as long as every interval that lies, in part or wholly, within its own length on either side. So neither sampling that slows
/// down, nor a fast recording that a slow one continues, nor the interleaved times of repeats look like one.
pub(super) fn longest(times: &[f64]) -> Option<(f64, f64)> {
    let holes = (1..times.len()).filter(|&end| is_hole(times, end));
    let length = |end: usize| times[end] - times[end - 1];
    let end = holes.max_by(|a, b| length(*a).total_cmp(&length(*b)))?;
    Some((times[end - 1], times[end]))
}

fn is_hole(times: &[f64], end: usize) -> bool {
    let (from, to) = (times[end - 1], times[end]);
    let length = to - from;
    let short = |pair: &[f64]| HOLE * (pair[1] - pair[0]) < length;
    let before = times[..end].windows(2).rev().take_while(|pair| from - pair[1] < length);
    let after = times[end..].windows(2).take_while(|pair| pair[0] - to < length);
    let neighbours = end - 1 > 0 || end + 1 < times.len();
    neighbours && length > 0.0 && before.chain(after).all(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn even(count: usize, interval: f64) -> Vec<f64> {
        (0..count).map(|k| interval * k as f64).collect()
    }

    #[test]
    fn a_hole_is_found_wherever_it_is() {
        for at in [1, 2, 50, 98, 99] {
            let mut times = even(100, 0.1);
            for time in &mut times[at..] {
                *time += 1.5;
            }
            let found = longest(&times).unwrap();
            assert_eq!(found, (times[at - 1], times[at]), "{at}");
        }
        let mut two = even(100, 0.1);
        two[30..].iter_mut().for_each(|time| *time += 2.0);
        two[70..].iter_mut().for_each(|time| *time += 3.0);
        assert_eq!(longest(&two), Some((two[69], two[70])));
    }

    #[test]
    fn other_sampling_is_no_hole() {
        assert_eq!(longest(&even(100, 0.1)), None);
        let mut missed = even(100, 0.1);
        missed.drain(40..48);
        assert_eq!(longest(&missed), None, "nine intervals");
        let growing: Vec<f64> = (0..200).map(|k| 1e-4 * 1.1f64.powi(k)).collect();
        assert_eq!(longest(&growing), None);
        let mut slower = even(200, 5e-5);
        slower.extend(even(200, 2e-3).iter().map(|time| 0.01 + 2e-3 + time));
        assert_eq!(longest(&slower), None, "fast, then slow");
        let mut repeats: Vec<f64> = (0..1000)
            .flat_map(|repeat| {
                even(20, 0.1)
                    .into_iter()
                    .map(move |time| time + 1e-9 * f64::from(repeat))
            })
            .collect();
        repeats.sort_by(f64::total_cmp);
        assert_eq!(longest(&repeats), None, "repeats, point beside point");
        for few in [&[][..], &[1.0], &[1.0, 5.0], &[1.0, 1.0, 1.0]] {
            assert_eq!(longest(few), None);
        }
    }
}
