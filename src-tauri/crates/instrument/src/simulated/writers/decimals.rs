//! How many decimals a column of an even grid needs.

/// Decimals that `values` (the step and the origin of a grid) need to be printed exactly: at least three, as CHI prints
/// them, at most nine.
pub(super) fn decimals(values: &[f64]) -> usize {
    let even = |decimals: i32| {
        let scale = 10_f64.powi(decimals);
        values
            .iter()
            .all(|value| ((value * scale).round() - value * scale).abs() < 1e-6)
    };
    (3_u8..9).find(|&decimals| even(decimals.into())).unwrap_or(9).into()
}
