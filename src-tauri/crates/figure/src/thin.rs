//! Fewer points than the data have, and the same picture: within each column of the page the first, lowest, highest and
//! last point of a line stay. Nothing is averaged.

/// Thins runs whose x are page coordinates, in columns of this width. Runs that a gap narrower than a column separates
/// become one: such a gap cannot be seen. Lines that turn back (cyclic voltammograms) keep their order.
pub(crate) fn thin(runs: Vec<Vec<(f64, f64)>>, column: f64) -> Vec<Vec<(f64, f64)>> {
    let at = |x: f64| (x / column).floor();
    let joined = join(runs, |last, first| at(last.0) == at(first.0));
    joined.into_iter().map(|run| thin_run(&run, at)).collect()
}

/// Thins bands (x, lower, upper on the page, where down is more): of each column the first and the last x, with the widest
/// extent.
pub(crate) fn thin_band(runs: Vec<Vec<(f64, f64, f64)>>, column: f64) -> Vec<Vec<(f64, f64, f64)>> {
    let at = |x: f64| (x / column).floor();
    let thin_run = |run: Vec<(f64, f64, f64)>| {
        run.chunk_by(|a, b| at(a.0) == at(b.0))
            .flat_map(|part| match part {
                [first, _, .., last] => {
                    let lower = part.iter().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
                    let upper = part.iter().map(|p| p.2).fold(f64::INFINITY, f64::min);
                    vec![(first.0, lower, upper), (last.0, lower, upper)]
                }
                few => few.to_vec(),
            })
            .collect()
    };
    let joined = join(runs, |last, first| at(last.0) == at(first.0));
    joined.into_iter().map(thin_run).collect()
}

/// Joins runs whose ends meet.
fn join<T>(runs: Vec<Vec<T>>, meet: impl Fn(&T, &T) -> bool) -> Vec<Vec<T>> {
    let mut joined: Vec<Vec<T>> = Vec::new();
    for run in runs {
        let last = joined.last().and_then(|before| before.last());
        let meets = last.zip(run.first()).is_some_and(|(last, first)| meet(last, first));
        match joined.last_mut() {
            Some(before) if meets => before.extend(run),
            _ => joined.push(run),
        }
    }
    joined
}

fn thin_run(run: &[(f64, f64)], at: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    run.chunk_by(|a, b| at(a.0) == at(b.0))
        .flat_map(|part| {
            if part.len() <= 4 {
                return part.to_vec();
            }
            let by_height = |a: &(usize, &(f64, f64)), b: &(usize, &(f64, f64))| a.1.1.total_cmp(&b.1.1);
            let place = |found: Option<(usize, _)>| found.map_or(0, |(k, _)| k);
            let lowest = place(part.iter().enumerate().min_by(by_height));
            let highest = place(part.iter().enumerate().max_by(by_height));
            let mut kept = vec![0, lowest, highest, part.len() - 1];
            kept.sort_unstable();
            kept.dedup();
            kept.into_iter().filter_map(|k| part.get(k).copied()).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_ends_and_order_stay() {
        let run: Vec<(f64, f64)> = (0..1000)
            .map(|k| (f64::from(k) * 0.001, if k == 437 { 9.0 } else { f64::from(k % 7) }))
            .collect();
        let thinned = thin(vec![run.clone()], 0.5);
        assert_eq!(thinned.len(), 1);
        assert!(thinned[0].len() <= 8);
        assert!(thinned[0].contains(&run[437]));
        assert_eq!((thinned[0].first(), thinned[0].last()), (run.first(), run.last()));
        assert!(thinned[0].is_sorted_by(|a, b| a.0 <= b.0));
    }

    #[test]
    fn few_points_stay_as_they_are_and_gaps_stay_gaps() {
        let runs = vec![
            vec![(0.0, 1.0), (1.0, 2.0)],
            vec![(3.0, 1.0)],
            vec![(3.9, 1.0), (3.95, 0.0)],
        ];
        let thinned = thin(runs.clone(), 0.5);
        assert_eq!(thinned, runs);
        assert_eq!(thin(runs, 1.0).len(), 2, "a gap within a column cannot be seen");
    }

    #[test]
    fn a_band_keeps_its_widest_extent() {
        let run: Vec<(f64, f64, f64)> = (0..100)
            .map(|k| (f64::from(k) * 0.01, 5.0 + f64::from(k % 3), 4.0 - f64::from(k % 2)))
            .collect();
        let thinned = thin_band(vec![run, vec![(3.0, 2.0, 1.0)]], 0.5);
        assert_eq!(thinned.len(), 2);
        assert_eq!(thinned[0].len(), 4);
        assert!(thinned[0].iter().all(|p| (p.1, p.2) == (7.0, 3.0)));
    }

    #[test]
    fn a_hundred_thousand_single_points_become_few() {
        let runs: Vec<Vec<(f64, f64)>> = (0..100_000)
            .map(|k| vec![(f64::from(k) * 8e-4, f64::from(k % 13))])
            .collect();
        let thinned = thin(runs, 0.1);
        assert!(thinned.iter().map(Vec::len).sum::<usize>() <= 4 * 801);
    }
}
