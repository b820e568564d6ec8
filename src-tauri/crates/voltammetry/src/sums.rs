//! Sums in several lanes at a time, so that one addition need not wait for the one before.

const LANES: usize = 4;

/// Sum of `term(a, b)` over two slices of the same length.
pub(crate) fn sum2(a: &[f64], b: &[f64], term: impl Fn(f64, f64) -> f64) -> f64 {
    let mut lanes = [0.0; LANES];
    let (mut left, mut right) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    for (a, b) in (&mut left).zip(&mut right) {
        for (lane, (a, b)) in lanes.iter_mut().zip(a.iter().zip(b)) {
            *lane += term(*a, *b);
        }
    }
    let rest: f64 = left
        .remainder()
        .iter()
        .zip(right.remainder())
        .map(|(a, b)| term(*a, *b))
        .sum();
    (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]) + rest
}

/// Sum of a slice.
pub(crate) fn sum(values: &[f64]) -> f64 {
    sum2(values, values, |value, _| value)
}

/// Largest absolute value; 0 for no values.
pub(crate) fn largest(values: &[f64]) -> f64 {
    let mut lanes = [0.0f64; LANES];
    let mut chunks = values.chunks_exact(LANES);
    for chunk in &mut chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = lane.max(value.abs());
        }
    }
    lanes
        .iter()
        .chain(chunks.remainder())
        .fold(0.0, |most, value| most.max(value.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up_any_length() {
        for n in 0..20u32 {
            let values: Vec<f64> = (1..=n).map(f64::from).collect();
            assert_eq!(sum(&values), f64::from(n * (n + 1) / 2));
            assert_eq!(sum2(&values, &values, |a, b| a - b), 0.0);
            assert_eq!(largest(&values), f64::from(n));
        }
        assert_eq!(largest(&[1.0, -3.0, 2.0, 0.0, -1.0]), 3.0);
    }
}
