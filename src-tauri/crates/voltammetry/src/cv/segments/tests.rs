use proptest::prelude::*;

use super::*;

/// Potentials of sweeps through `vertices`, `step` apart.
fn path(vertices: &[f64], step: f64) -> Vec<f64> {
    let mut e = vec![vertices[0]];
    for pair in vertices.windows(2) {
        let count = ((pair[1] - pair[0]).abs() / step).round().max(1.0) as usize;
        e.extend((1..=count).map(|k| pair[0] + (pair[1] - pair[0]) * k as f64 / count as f64));
    }
    e
}

fn ends(e: &[f64]) -> Vec<(f64, f64)> {
    find(e, None).iter().map(|s| (s.from_v, s.to_v)).collect()
}

#[test]
fn a_triangle_has_two_segments_that_share_no_point() {
    let e = path(&[-0.4, 0.4, -0.4], 0.004);
    let segments = find(&e, None);
    let got: Vec<_> = segments
        .iter()
        .map(|s| (s.number, s.cycle, s.sweep, s.direction, s.first, s.last))
        .collect();
    assert_eq!(
        got,
        [
            (1, 1, PotentialSweep::Rising, CvDirection::Forward, 0, 200),
            (2, 1, PotentialSweep::Falling, CvDirection::Reverse, 201, 400),
        ]
    );
    assert_eq!(segments[1].points(), 200);
}

#[test]
fn cycles_are_counted_or_taken_from_the_file() {
    let e = path(&[0.1, 0.4, -0.4, 0.4, -0.4, 0.1], 0.004);
    let counted: Vec<u32> = find(&e, None).iter().map(|s| s.cycle).collect();
    assert_eq!(counted, [1, 1, 2, 2, 3]);
    let numbers: Vec<u32> = (0..e.len()).map(|k| if k < 350 { 7 } else { 9 }).collect();
    let from_file: Vec<u32> = find(&e, Some(&numbers)).iter().map(|s| s.cycle).collect();
    assert_eq!(from_file, [7, 7, 9, 9, 9]);
    let wrong_length: Vec<u32> = find(&e, Some(&numbers[1..])).iter().map(|s| s.cycle).collect();
    assert_eq!(wrong_length, counted);
}

#[test]
fn waiting_and_jumping_belong_to_no_segment() {
    // Ten seconds at the start, a jump against and one with the direction of the sweep, a wait at the turn.
    for held in [0.2, -0.6] {
        let mut e = vec![held; 100];
        e.extend(path(&[-0.4, 0.4], 0.004));
        e.extend(vec![0.4; 60]);
        e.extend(path(&[0.4, -0.4], 0.004));
        e.extend(vec![-0.4; 60]);
        let found = find(&e, None);
        let got: Vec<_> = found.iter().map(|s| (s.first, s.last, s.direction.code())).collect();
        assert_eq!(got, [(100, 300, "forward"), (361, 561, "reverse")], "{held}");
    }
}

#[test]
fn repeated_vertices_and_slow_steps_are_no_turns() {
    let mut e = path(&[-0.4, 0.4], 0.004);
    e.extend(path(&[0.4, -0.4], 0.004));
    assert_eq!(ends(&e), [(-0.4, 0.4), (0.4, -0.4)]);
    // A staircase of which every step was recorded seven times.
    let slow: Vec<f64> = path(&[-0.4, 0.4, -0.4], 0.01).iter().flat_map(|v| [*v; 7]).collect();
    let found = find(&slow, None);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|s| s.points() > 79 * 7));
}

#[test]
fn single_wrong_potentials_are_no_turns() {
    let mut e = path(&[-0.4, 0.4, -0.4], 0.004);
    e[90] = 0.4;
    e[250] = -0.9;
    e[251] = -0.9;
    e[330] = f64::NAN;
    let found = find(&e, None);
    let got: Vec<_> = found.iter().map(|s| (s.first, s.last)).collect();
    assert_eq!(got, [(0, 200), (201, 400)]);
}

#[test]
fn what_does_not_sweep_has_no_segments() {
    for e in [vec![], vec![0.1; 3], vec![0.1; 500], vec![f64::NAN; 100]] {
        assert!(find(&e, None).is_empty());
    }
    let mut state = 3u64;
    let noise: Vec<f64> = (0..1000)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f64 * 1e-8
        })
        .collect();
    assert!(find(&noise, None).is_empty());
    let huge: Vec<f64> = (0..100)
        .map(|k| if k % 2 == 0 { f64::MAX } else { -f64::MAX })
        .collect();
    assert!(find(&huge, None).is_empty());
}

#[test]
fn a_linear_sweep_is_one_segment() {
    assert_eq!(ends(&path(&[0.3, -0.5], 0.001)), [(0.3, -0.5)]);
    assert_eq!(ends(&[0.0, 0.1, 0.2, 0.3, 0.4, 0.5]), [(0.0, 0.5)]);
}

proptest! {
    #[test]
    fn jitter_repeats_and_any_start_leave_the_segments(
        low in -1.0..-0.1f64,
        span in 0.3..1.5f64,
        start in 0.12..0.88f64,
        cycles in 1..5usize,
        per_sweep in 60..400usize,
        jitter_steps in 0.0..1.5f64,
        repeats in proptest::collection::vec(0..3usize, 16),
        rising in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let high = low + span;
        let step = span / per_sweep as f64;
        let begin = low + start * span;
        let mut vertices = vec![begin];
        for _ in 0..cycles {
            vertices.extend(if rising { [high, low] } else { [low, high] });
        }
        vertices.push(begin);
        let mut state = seed | 1;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
        };
        // Ten standard deviations of jitter make a turn, so that the shortest sweep must be longer than that.
        let shortest = start.min(1.0 - start) * span;
        let jitter = (jitter_steps * step).min(0.06 * shortest);
        let mut e = Vec::new();
        for (k, v) in path(&vertices, step).into_iter().enumerate() {
            for _ in 0..=repeats[k % repeats.len()] {
                e.push(v + jitter * uniform());
            }
        }
        let found = find(&e, None);
        prop_assert_eq!(found.len(), vertices.len() - 1);
        for (segment, ends) in found.iter().zip(vertices.windows(2)) {
            let tolerance = 3.0 * jitter + 2.0 * step;
            prop_assert!((segment.from_v - ends[0]).abs() <= tolerance, "{:?} {:?}", segment, ends);
            prop_assert!((segment.to_v - ends[1]).abs() <= tolerance, "{:?} {:?}", segment, ends);
            prop_assert_eq!(segment.sweep == PotentialSweep::Rising, ends[1] > ends[0]);
            prop_assert_eq!(segment.direction == CvDirection::Forward, (ends[1] > ends[0]) == rising);
        }
        for pair in found.windows(2) {
            prop_assert!(pair[0].last < pair[1].first && pair[0].cycle <= pair[1].cycle);
        }
    }

    #[test]
    fn segments_of_anything_are_ordered_and_inside(
        e in proptest::collection::vec(prop_oneof![9 => -1.0..1.0f64, 1 => Just(f64::NAN), 1 => Just(0.25), 1 => Just(1e300)], 0..200),
    ) {
        let found = find(&e, None);
        let mut before = None;
        for (at, segment) in found.iter().enumerate() {
            prop_assert_eq!(segment.number as usize, at + 1);
            prop_assert!(segment.first < segment.last && segment.last < e.len());
            prop_assert!(before.is_none_or(|last| last < segment.first));
            prop_assert!(segment.from_v.is_finite() && segment.to_v.is_finite());
            prop_assert_eq!(segment.to_v > segment.from_v, segment.sweep == PotentialSweep::Rising);
            before = Some(segment.last);
        }
    }

    #[test]
    fn scaling_shifting_and_turning_the_potential_keeps_the_segments(
        vertices in proptest::collection::vec(-1.0..1.0f64, 2..6),
        scale in prop_oneof![Just(-1.0), Just(1e-3), Just(8.0), Just(-0.25)],
        shift in -2.0..2.0f64,
    ) {
        let e = path(&vertices, 0.003);
        let moved: Vec<f64> = e.iter().map(|v| scale * v + shift).collect();
        let span = |found: &[Segment]| found.iter().map(|s| (s.first, s.last, s.direction)).collect::<Vec<_>>();
        let (one, other) = (find(&e, None), find(&moved, None));
        prop_assert_eq!(one.len(), other.len());
        for (a, b) in span(&one).iter().zip(span(&other)) {
            prop_assert!(a.0.abs_diff(b.0) <= 1 && a.1.abs_diff(b.1) <= 1 && a.2 == b.2);
        }
    }
}
