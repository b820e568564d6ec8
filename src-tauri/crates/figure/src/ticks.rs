//! Where an axis is marked, and what stands there.

use crate::quantity::{RAISE, number};

/// A mark on an axis; small ones have no label.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    /// In data units.
    pub at: f64,
    /// With [`RAISE`].
    pub label: Option<String>,
}

/// Marks of a linear axis over `low..=high` (data units, shown times `factor`), at most `most` of them; `fits` says whether
/// the labels leave room for each other.
pub(crate) fn linear(
    low: f64,
    high: f64,
    factor: f64,
    most: usize,
    whole: bool,
    fits: impl Fn(&[Tick]) -> bool,
) -> Vec<Tick> {
    let (from, to) = (low * factor, high * factor);
    let span = to - from;
    if !(span > 0.0 && span.is_finite()) {
        return Vec::new();
    }
    let mut step = step_at_least(span / most.max(1) as f64);
    if whole {
        step = step.max(1.0);
    }
    for _ in 0..12 {
        if !whole || step.fract() == 0.0 {
            let ticks = at_steps(from, to, step, factor);
            if fits(&ticks) {
                return ticks;
            }
        }
        step = step_at_least(step * 1.01);
    }
    Vec::new()
}

/// The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below.
fn step_at_least(wanted: f64) -> f64 {
    let power = 10_f64.powf(wanted.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .iter()
        .map(|m| m * power)
        .find(|step| *step >= wanted * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

fn at_steps(from: f64, to: f64, step: f64, factor: f64) -> Vec<Tick> {
    let decimals = decimals_of(step);
    let (first, last) = ((from / step - 1e-9).ceil(), (to / step + 1e-9).floor());
    let count = (last - first).clamp(-1.0, 1000.0) as i64;
    (0..=count)
        .map(|k| {
            let value = (first + k as f64) * step;
            Tick {
                at: value / factor,
                label: Some(number(value, decimals)),
            }
        })
        .collect()
}

/// Digits behind the point that tell multiples of a step apart.
fn decimals_of(step: f64) -> usize {
    (0..=12)
        .find(|digits| {
            let scaled = step * 10_f64.powi(*digits);
            (scaled - scaled.round()).abs() < 1e-6 * scaled
        })
        .map_or(12, |digits| digits as usize)
}

/// Marks of a logarithmic axis: decades; with few of them also 2 and 5, all others small. `fits` as in [`linear`].
pub(crate) fn log(low: f64, high: f64, factor: f64, fits: impl Fn(&[Tick]) -> bool) -> Vec<Tick> {
    let (from, to) = (low * factor, high * factor);
    if !(from > 0.0 && to > from && to.is_finite()) {
        return Vec::new();
    }
    let decades = (from.log10().floor() as i32)..=(to.log10().ceil() as i32);
    // Between 0.001 and 10,000 numbers are read more easily than powers.
    let plain = from >= 0.99e-3 && to <= 2.01e4;
    let places: Vec<(f64, i32, i32)> = decades
        .flat_map(|decade| (1..10).map(move |digit| (f64::from(digit) * 10_f64.powi(decade), digit, decade)))
        .filter(|(value, ..)| *value >= from * (1.0 - 1e-9) && *value <= to * (1.0 + 1e-9))
        .collect();
    let labelled = |labels: &dyn Fn(i32, i32) -> bool| -> Vec<Tick> {
        places
            .iter()
            .map(|&(value, digit, decade)| Tick {
                at: value / factor,
                label: labels(digit, decade).then(|| {
                    if plain {
                        number(value, (-decade).max(0) as usize)
                    } else if digit == 1 {
                        format!("10{RAISE}{}", number(f64::from(decade), 0))
                    } else {
                        format!("{digit}×10{RAISE}{}", number(f64::from(decade), 0))
                    }
                }),
            })
            .collect()
    };
    let whole_decades = places.iter().filter(|(_, digit, _)| *digit == 1).count();
    let mut choices: Vec<Vec<Tick>> = Vec::new();
    if whole_decades < 2 {
        choices.push(labelled(&|digit, _| [1, 2, 3, 5, 7].contains(&digit)));
    }
    if whole_decades < 3 {
        choices.push(labelled(&|digit, _| [1, 2, 5].contains(&digit)));
    }
    choices.push(labelled(&|digit, _| digit == 1));
    for apart in 2..=6 {
        choices.push(labelled(&|digit, decade| digit == 1 && decade.rem_euclid(apart) == 0));
    }
    let count = |ticks: &[Tick]| ticks.iter().filter(|t| t.label.is_some()).count();
    choices
        .into_iter()
        .find(|ticks| count(ticks) >= 2 && fits(ticks))
        .unwrap_or_else(|| {
            // Less than a factor of two: even steps say more.
            linear(low, high, factor, 5, false, fits)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: &[Tick]) -> Vec<String> {
        ticks.iter().filter_map(|t| t.label.clone()).collect()
    }

    #[test]
    fn linear_steps_are_round_and_say_as_much_as_needed() {
        let ticks = linear(-0.51e-6, 0.26e-6, 1e9, 6, false, |_| true);
        assert_eq!(labels(&ticks), ["−400", "−200", "0", "200"]);
        let ticks = linear(0.0, 1.0, 1.0, 4, false, |_| true);
        assert_eq!(labels(&ticks), ["0.00", "0.25", "0.50", "0.75", "1.00"]);
        let ticks = linear(1.0, 4.0, 1.0, 10, true, |_| true);
        assert_eq!(labels(&ticks), ["1", "2", "3", "4"]);
    }

    #[test]
    fn labels_that_do_not_fit_are_fewer() {
        let ticks = linear(0.0, 100.0, 1.0, 10, false, |ticks| ticks.len() <= 3);
        assert_eq!(labels(&ticks), ["0", "50", "100"]);
    }

    #[test]
    fn log_axes_have_decades_or_what_lies_between() {
        assert_eq!(labels(&log(1.0, 1000.0, 1.0, |_| true)), ["1", "10", "100", "1000"]);
        assert_eq!(
            labels(&log(8.0, 300.0, 1.0, |_| true)),
            ["10", "20", "50", "100", "200"]
        );
        assert_eq!(labels(&log(1e-9, 1e-1, 1.0, |_| true))[0], "10\u{e000}−9");
        assert_eq!(
            labels(&log(0.9, 1.1, 1.0, |_| true)),
            ["0.90", "0.95", "1.00", "1.05", "1.10"]
        );
    }

    #[test]
    fn what_is_no_range_has_no_ticks() {
        assert!(linear(1.0, 1.0, 1.0, 5, false, |_| true).is_empty());
        assert!(linear(0.0, f64::INFINITY, 1.0, 5, false, |_| true).is_empty());
        assert!(log(0.0, 1.0, 1.0, |_| true).is_empty());
    }
}
