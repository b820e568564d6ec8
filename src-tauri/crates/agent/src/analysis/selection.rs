//! Which of a file's sweeps are measured.

use std::cmp::Ordering;

use instrument::names::ScanName;
use instrument::recording::Trace;
use instrument::recording::{ElectrodeSweep, Recording};
use voltammetry::Sweep;

use super::rules::Rules;

/// Why there is no sweep to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoSweep {
    /// The file has no such electrode.
    Missing(u32),
    /// What the file holds of this electrode is not current against potential.
    NotAVoltammogram(u32),
    /// This electrode was measured at other potentials than the first, so that the two have no mean.
    OtherPotentials(u32),
}

impl NoSweep {
    /// Stable code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Missing(_) => "electrode_missing",
            Self::NotAVoltammogram(_) => "not_a_voltammogram",
            Self::OtherPotentials(_) => "potentials_differ",
        }
    }

    /// For people, with the way out.
    pub(super) fn message(self, file: &str, recording: &Recording) -> String {
        match self {
            Self::Missing(electrode) => {
                let there: Vec<String> = recording.electrodes.iter().map(|e| e.electrode.to_string()).collect();
                format!(
                    "{file} has no column for electrode {electrode}; it holds electrode {}.",
                    there.join(", ")
                )
            }
            Self::NotAVoltammogram(electrode) => {
                format!("{file} holds no current against potential for electrode {electrode}.")
            }
            Self::OtherPotentials(electrode) => format!(
                "In {file} electrode {electrode} was measured at other potentials than the first; there is no mean of the \
                 two. Set electrodes.average to false, or select electrodes that share their potentials."
            ),
        }
    }
}

/// A trace to measure.
#[derive(Debug, Clone)]
pub(super) struct Selected {
    /// What was recorded.
    pub trace: Trace,
    /// Cycle of each point, where the file has it.
    pub cycle: Option<Vec<u32>>,
}

impl Selected {
    /// Current against potential, where it is that.
    pub fn voltammogram(&self) -> Option<&Sweep> {
        match &self.trace {
            Trace::Voltammogram(sweep) => Some(sweep),
            Trace::Transient(_) => None,
        }
    }
}

/// The traces that the settings select, each with the electrode number to show, or why there is none.
pub(super) fn selected(
    recording: &Recording,
    rules: &Rules,
    name: &ScanName,
) -> Vec<(Option<u32>, Result<Selected, NoSweep>)> {
    let electrodes = &rules.settings.electrodes;
    let number = |sweep: &ElectrodeSweep| {
        // A name can only state the electrode of a file that holds one.
        if sweep.stated || recording.electrodes.len() > 1 {
            sweep.electrode
        } else {
            name.electrode.unwrap_or(sweep.electrode)
        }
    };
    let chosen: Vec<Result<&ElectrodeSweep, u32>> = if electrodes.selected.is_empty() {
        recording.electrodes.iter().map(Ok).collect()
    } else {
        // A single-electrode file whose name states another electrode is simply not one of those selected.
        let find = |n: u32| recording.electrodes.iter().find(|s| number(s) == n).ok_or(n);
        let multiplex = recording.electrodes.len() == 1 && name.electrode.is_some();
        electrodes
            .selected
            .iter()
            .map(|n| find(*n))
            .filter(|found| !multiplex || found.is_ok())
            .collect()
    };
    if electrodes.average {
        let mean = average(&chosen).map(|sweep| Selected {
            trace: Trace::Voltammogram(sweep),
            cycle: None,
        });
        return vec![(None, mean)];
    }
    chosen
        .into_iter()
        .map(|found| match found {
            Ok(sweep) => {
                let (trace, cycle) = (sweep.trace.clone(), sweep.cycle.clone());
                (Some(number(sweep)), Ok(Selected { trace, cycle }))
            }
            Err(missing) => (Some(missing), Err(NoSweep::Missing(missing))),
        })
        .collect()
}

/// Mean current of the chosen electrodes at each potential that all of them have. A row in which one of them has no
/// number (the reader says so in a reservation) is left out for all.
fn average(chosen: &[Result<&ElectrodeSweep, u32>]) -> Result<Sweep, NoSweep> {
    let mut sweeps = Vec::with_capacity(chosen.len());
    for found in chosen {
        let sweep = found.as_ref().map_err(|missing| NoSweep::Missing(*missing))?;
        let voltammogram = sweep.voltammogram().ok_or(NoSweep::NotAVoltammogram(sweep.electrode))?;
        sweeps.push((sweep.electrode, voltammogram));
    }
    let Some(((_, first), others)) = sweeps.split_first() else {
        return Err(NoSweep::Missing(0));
    };
    let mut potential_v = first.potential_v().to_vec();
    let mut sum = first.current_a().to_vec();
    for (electrode, sweep) in others {
        if !same_bits(&potential_v, sweep.potential_v()) {
            let rows = common_rows(&potential_v, sweep.potential_v()).ok_or(NoSweep::OtherPotentials(*electrode))?;
            potential_v = rows.iter().map(|(k, _)| potential_v[*k]).collect();
            sum = rows.iter().map(|(k, n)| sum[*k] + sweep.current_a()[*n]).collect();
            continue;
        }
        for (total, current) in sum.iter_mut().zip(sweep.current_a()) {
            *total += current;
        }
    }
    let n = sweeps.len() as f64;
    let mean = sum.into_iter().map(|total| total / n).collect();
    Sweep::new(potential_v, mean).map_err(|_| NoSweep::Missing(0))
}

/// Whether two arrays are the same, a potential that is not a number included.
fn same_bits(left: &[f64], right: &[f64]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(l, r)| l.to_bits() == r.to_bits())
}

/// Positions of the potentials that two sweeps share, where both go one way and most are shared; rows without a potential
/// are shared by nobody.
fn common_rows(left: &[f64], right: &[f64]) -> Option<Vec<(usize, usize)>> {
    let finite = |values: &[f64]| -> Vec<(usize, f64)> {
        values
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, v)| v.is_finite())
            .collect()
    };
    let (left, right) = (finite(left), finite(right));
    let direction = direction(&left)?;
    if self::direction(&right)? != direction {
        return None;
    }
    let (mut k, mut n, mut rows) = (0, 0, Vec::with_capacity(left.len().min(right.len())));
    while k < left.len() && n < right.len() {
        match left[k].1.total_cmp(&right[n].1) {
            Ordering::Equal => {
                rows.push((left[k].0, right[n].0));
                (k, n) = (k + 1, n + 1);
            }
            // The one that is behind moves on.
            order if order == direction => k += 1,
            _ => n += 1,
        }
    }
    (rows.len() * 2 > left.len().max(right.len())).then_some(rows)
}

/// `Less` where every potential is below the next, `Greater` where it is above.
fn direction(values: &[(usize, f64)]) -> Option<Ordering> {
    let first = values.first()?.1.total_cmp(&values.get(1)?.1);
    let one_way = first != Ordering::Equal && values.windows(2).all(|pair| pair[0].1.total_cmp(&pair[1].1) == first);
    one_way.then_some(first)
}

#[cfg(test)]
mod tests {
    use instrument::options::ReadOptions;
    use protocol::settings::Settings;

    use super::*;

    fn mean_of(rows: &str) -> Result<Sweep, NoSweep> {
        let text = format!("Potential (V),Current E1 (A),Current E2 (A),Current E3 (A)\n{rows}");
        let options = ReadOptions {
            settled: true,
            ..ReadOptions::default()
        };
        let recording = instrument::read(text.as_bytes(), &options).unwrap();
        let mut settings = Settings::default();
        settings.electrodes.average = true;
        let rules = Rules::new(&settings).unwrap();
        let mut chosen = selected(&recording, &rules, &ScanName::default());
        assert_eq!((chosen.len(), chosen[0].0), (1, None));
        chosen
            .remove(0)
            .1
            .map(|selected| selected.voltammogram().unwrap().clone())
    }

    #[test]
    fn a_missing_cell_leaves_out_its_row_and_nothing_else() {
        let mean =
            mean_of("-0.1,1,2,3\n-0.2,1,,3\n-0.3,2,4,6\n-0.4,3,3,\n-0.5,1,1,4\n-0.6,1,1,1\n-0.7,2,2,2\n").unwrap();
        assert_eq!(mean.potential_v(), [-0.1, -0.3, -0.5, -0.6, -0.7]);
        assert_eq!(mean.current_a(), [2.0, 4.0, 2.0, 1.0, 2.0]);
    }

    #[test]
    fn a_potential_that_is_not_a_number_is_the_same_for_all() {
        let mean = mean_of("-0.1,1,2,3\nnan,1,1,1\n-0.3,2,4,6\n-0.4,3,3,3\n").unwrap();
        assert_eq!(mean.current_a(), [2.0, 1.0, 4.0, 3.0]);
        assert!(mean.potential_v()[1].is_nan());
    }

    #[test]
    fn a_potential_that_is_not_a_number_and_a_missing_cell_go_together() {
        let mean = mean_of("-0.1,1,2,3\nnan,1,1,1\n-0.3,2,,6\n-0.4,3,3,3\n-0.5,3,3,3\n-0.6,3,3,3\n").unwrap();
        assert_eq!(mean.potential_v(), [-0.1, -0.4, -0.5, -0.6]);
        assert_eq!(mean.current_a(), [2.0, 3.0, 3.0, 3.0]);
    }

    #[test]
    fn sweeps_without_common_potentials_have_no_mean_and_say_so() {
        let sweep = |electrode, potentials: &[f64]| ElectrodeSweep {
            electrode,
            ..ElectrodeSweep::new(
                electrode,
                true,
                Trace::Voltammogram(Sweep::new(potentials.to_vec(), vec![1.0; potentials.len()]).unwrap()),
            )
        };
        let (first, second) = (sweep(1, &[0.0, 0.1, 0.2]), sweep(2, &[0.05, 0.15, 0.2]));
        assert_eq!(average(&[Ok(&first), Ok(&second)]), Err(NoSweep::OtherPotentials(2)));
        let back = sweep(3, &[0.2, 0.1, 0.0]);
        assert_eq!(average(&[Ok(&first), Ok(&back)]), Err(NoSweep::OtherPotentials(3)));
        assert_eq!(average(&[Ok(&first), Err(7)]), Err(NoSweep::Missing(7)));
        let codes = [
            NoSweep::Missing(1),
            NoSweep::NotAVoltammogram(1),
            NoSweep::OtherPotentials(1),
        ]
        .map(NoSweep::code);
        assert_eq!(codes, ["electrode_missing", "not_a_voltammogram", "potentials_differ"]);
    }
}
