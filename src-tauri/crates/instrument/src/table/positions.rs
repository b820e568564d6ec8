//! Columns without names: what they are, from their numbers.

use super::rows::Rows;

/// Points that are looked at.
const PROBE: usize = 500;
/// Smallest range of a potential in volt. Currents in ampere stay far below it.
const POTENTIAL_RANGE: f64 = 0.02;
/// Largest potential in volt.
const POTENTIAL_LIMIT: f64 = 20.0;

/// What the columns of a table without names are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Positions {
    /// Columns of numbers, the potential first.
    pub used: Vec<usize>,
    /// A column of times in front of the potential.
    pub time: Option<usize>,
}

/// The columns that hold numbers, potential first: text columns are left out, and so is a time or row number in front
/// of the potential. Whole numbers that grow by one number the rows; what else grows by equal steps is a time.
pub fn of(rows: &Rows) -> Positions {
    let mostly_numbers = |column: &usize| rows.missing[*column].len() * 2 < rows.len().max(1);
    let mut used: Vec<usize> = (0..rows.columns.len()).filter(mostly_numbers).collect();
    let mut time = None;
    if used.len() > 2 {
        let (first, second) = (probe(rows, used[0]), probe(rows, used[1]));
        if is_clock(first) && is_staircase(second) {
            let clock = used.remove(0);
            let counts = first.windows(2).all(|pair| pair[1] - pair[0] == 1.0) && first[0].fract() == 0.0;
            time = (!counts).then_some(clock);
        }
    }
    Positions { used, time }
}

fn probe(rows: &Rows, column: usize) -> &[f64] {
    let values = &rows.columns[column];
    &values[..values.len().min(PROBE)]
}

/// Whether values increase by equal steps, as time and row numbers do.
fn is_clock(values: &[f64]) -> bool {
    let [first, .., last] = values else { return false };
    if values.len() < 4 {
        return false;
    }
    let step = (last - first) / (values.len() - 1) as f64;
    // Printed times are rounded, so single steps may deviate by half a step.
    step > 0.0
        && values
            .windows(2)
            .all(|pair| (pair[1] - pair[0] - step).abs() <= 0.5 * step)
}

/// Whether values move up and down by equal steps, or stay, as an applied potential does.
fn is_staircase(values: &[f64]) -> bool {
    let mut sizes: Vec<f64> = values
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).abs())
        .filter(|size| *size > 0.0)
        .collect();
    let (low, high) = values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
            (low.min(*v), high.max(*v))
        });
    // The probe may end inside a waiting time at the start.
    if sizes.is_empty() {
        return !values.is_empty() && low.abs() <= POTENTIAL_LIMIT && low.is_finite();
    }
    if !(high - low >= POTENTIAL_RANGE && low >= -POTENTIAL_LIMIT && high <= POTENTIAL_LIMIT) {
        return false;
    }
    sizes.sort_by(f64::total_cmp);
    let typical = sizes[sizes.len() / 2];
    let equal = sizes
        .iter()
        .filter(|size| (**size - typical).abs() <= 0.5 * typical)
        .count();
    equal * 10 >= sizes.len() * 9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_row_numbers_are_clocks() {
        assert!(is_clock(&[0.01, 0.02, 0.03, 0.04]));
        assert!(is_clock(&[0.3, 0.7, 1.0, 1.3, 1.7, 2.0]));
        assert!(!is_clock(&[0.3, 0.2, 0.1, 0.0]));
        assert!(!is_clock(&[1.0, 1.1, 3.0, 4.0]));
        assert!(!is_clock(&[1.0, f64::NAN, 3.0, 4.0]));
    }

    #[test]
    fn applied_potentials_are_staircases_and_currents_are_not() {
        let triangle: Vec<f64> = (0..60).map(|i| 0.01 * f64::from((i - 30_i32).abs())).collect();
        assert!(is_staircase(&triangle));
        let peak: Vec<f64> = (0..60)
            .map(|i| 1e-6 * (-(f64::from(i) - 30.0).powi(2) / 50.0).exp())
            .collect();
        assert!(!is_staircase(&peak));
        let microamperes: Vec<f64> = peak.iter().map(|current| current * 1e6).collect();
        assert!(!is_staircase(&microamperes));
    }
}
