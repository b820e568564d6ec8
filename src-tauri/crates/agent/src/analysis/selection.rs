//! Which of a file's sweeps are measured.

use std::cmp::Ordering;

use instrument::names::ScanName;
use instrument::recording::Trace;
use instrument::recording::{ElectrodeSweep, Recording};
use voltammetry::ca::detect_pulses;
use voltammetry::{Sweep, Transient};

use super::rules::{Method, Rules};

/// Why there is no sweep to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoSweep {
    /// The file has no such electrode.
    Missing(u32),
    /// What the file holds of this electrode is not current against potential.
    NotAVoltammogram(u32),
    /// What the file holds of this electrode is not current against time.
    NotATransient(u32),
    /// This electrode was measured at other potentials than the first, so that the two have no mean.
    OtherPotentials(u32),
    /// This electrode was measured at other times than the first, so that the two have no mean.
    OtherTimes(u32),
}

impl NoSweep {
    /// Stable code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Missing(_) => "electrode_missing",
            Self::NotAVoltammogram(_) => "not_a_voltammogram",
            Self::NotATransient(_) => "not_a_transient",
            Self::OtherPotentials(_) => "potentials_differ",
            Self::OtherTimes(_) => "times_differ",
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
            Self::NotATransient(electrode) => {
                format!(
                    "{file} holds no current over time for electrode {electrode}: chronoamperometry needs a column of times, and a \
                     potential that is held."
                )
            }
            Self::OtherTimes(electrode) => format!(
                "In {file} electrode {electrode} was measured at other times than the first; there is no mean of the two. Set \
                 electrodes.average to false, or select electrodes that share their times."
            ),
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
    /// Potentials (V) of a transient, where the file has them.
    pub potential_v: Option<Vec<f64>>,
}

impl Selected {
    /// Current against potential, where it is that.
    pub fn voltammogram(&self) -> Option<&Sweep> {
        match &self.trace {
            Trace::Voltammogram(sweep) => Some(sweep),
            Trace::Transient(_) => None,
        }
    }

    /// Current against time, where it is that.
    pub fn transient(&self) -> Option<&Transient> {
        match &self.trace {
            Trace::Transient(transient) => Some(transient),
            Trace::Voltammogram(_) => None,
        }
    }

    /// What was recorded of an electrode, over time where that is measured and the file has times.
    fn of(sweep: &ElectrodeSweep, over_time: bool) -> Self {
        let trace = match (&sweep.trace, &sweep.time_s) {
            (Trace::Voltammogram(voltammogram), Some(time_s))
                if over_time && !is_swept(time_s, voltammogram.potential_v()) =>
            {
                let (potential_v, current_a) = voltammogram.clone().into_parts();
                match Transient::new(time_s.clone(), current_a) {
                    Ok(transient) => {
                        return Self {
                            trace: Trace::Transient(transient),
                            cycle: None,
                            potential_v: Some(potential_v),
                        };
                    }
                    Err(_) => sweep.trace.clone(),
                }
            }
            (trace, _) => trace.clone(),
        };
        Self {
            trace,
            cycle: sweep.cycle.clone(),
            potential_v: sweep.potential_v.clone(),
        }
    }
}

/// Largest range (V) of a potential that is held: noise, or a drift of the reference.
const HELD_V: f64 = 0.05;

/// Whether a potential goes on and on, instead of being held at one or several levels.
fn is_swept(time_s: &[f64], potential_v: &[f64]) -> bool {
    let mut ordered: Vec<f64> = potential_v
        .iter()
        .copied()
        .filter(|potential| potential.is_finite())
        .collect();
    ordered.sort_by(f64::total_cmp);
    // Single bad points do not make a sweep.
    let at = |part: usize| ordered.get(ordered.len() * part / 20).copied().unwrap_or(0.0);
    at(19) - at(1) > HELD_V && detect_pulses(time_s, potential_v).len() == 1
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
    let over_time = matches!(rules.method, Method::Ca(_));
    if electrodes.average {
        let mean = if over_time {
            average_over_time(&chosen)
        } else {
            average(&chosen)
        };
        return vec![(None, mean)];
    }
    chosen
        .into_iter()
        .map(|found| match found {
            Ok(sweep) => (Some(number(sweep)), Ok(Selected::of(sweep, over_time))),
            Err(missing) => (Some(missing), Err(NoSweep::Missing(missing))),
        })
        .collect()
}

/// Mean current of the chosen electrodes at each potential that all of them have.
fn average(chosen: &[Result<&ElectrodeSweep, u32>]) -> Result<Selected, NoSweep> {
    let mut sweeps = Vec::with_capacity(chosen.len());
    for found in chosen {
        let sweep = found.as_ref().map_err(|missing| NoSweep::Missing(*missing))?;
        let voltammogram = sweep.voltammogram().ok_or(NoSweep::NotAVoltammogram(sweep.electrode))?;
        sweeps.push((sweep.electrode, voltammogram.potential_v(), voltammogram.current_a()));
    }
    let (potential_v, mean) = mean(&sweeps, NoSweep::OtherPotentials)?;
    Ok(Selected {
        trace: Trace::Voltammogram(Sweep::new(potential_v, mean).map_err(|_| NoSweep::Missing(0))?),
        cycle: None,
        potential_v: None,
    })
}

/// Mean current of the chosen electrodes at each time that all of them have, with the potentials of the first.
fn average_over_time(chosen: &[Result<&ElectrodeSweep, u32>]) -> Result<Selected, NoSweep> {
    let mut recorded = Vec::with_capacity(chosen.len());
    for found in chosen {
        let sweep = found.as_ref().map_err(|missing| NoSweep::Missing(*missing))?;
        recorded.push((sweep.electrode, Selected::of(sweep, true)));
    }
    let mut transients = Vec::with_capacity(recorded.len());
    for (electrode, selected) in &recorded {
        let transient = selected.transient().ok_or(NoSweep::NotATransient(*electrode))?;
        transients.push((*electrode, transient.time_s(), transient.current_a()));
    }
    let (time_s, mean) = mean(&transients, NoSweep::OtherTimes)?;
    let potential_v = recorded
        .first()
        .and_then(|(_, first)| first.potential_v.clone())
        .filter(|potential_v| potential_v.len() == time_s.len());
    Ok(Selected {
        trace: Trace::Transient(Transient::new(time_s, mean).map_err(|_| NoSweep::Missing(0))?),
        cycle: None,
        potential_v,
    })
}

/// Abscissa and mean current of traces, each with its electrode, at each abscissa that all of them have. A row in which one of them
/// has no number (the reader says so in a reservation) is left out for all.
fn mean(traces: &[(u32, &[f64], &[f64])], differ: impl Fn(u32) -> NoSweep) -> Result<(Vec<f64>, Vec<f64>), NoSweep> {
    let Some(((_, first, current_a), others)) = traces.split_first() else {
        return Err(NoSweep::Missing(0));
    };
    let mut abscissa = first.to_vec();
    let mut sum = current_a.to_vec();
    for (electrode, other, current_a) in others {
        if !same_bits(&abscissa, other) {
            let rows = common_rows(&abscissa, other).ok_or_else(|| differ(*electrode))?;
            abscissa = rows.iter().map(|(k, _)| abscissa[*k]).collect();
            sum = rows.iter().map(|(k, n)| sum[*k] + current_a[*n]).collect();
            continue;
        }
        for (total, current) in sum.iter_mut().zip(*current_a) {
            *total += current;
        }
    }
    let n = traces.len() as f64;
    Ok((abscissa, sum.into_iter().map(|total| total / n).collect()))
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
    fn decays_are_averaged_over_time() {
        let text = "Time (s),Current E1 (A),Current E2 (A)\n0.1,4,2\n0.2,3,1\n0.3,2,0\n";
        let options = ReadOptions {
            settled: true,
            ..ReadOptions::default()
        };
        let recording = instrument::read(text.as_bytes(), &options).unwrap();
        let mut settings = Settings {
            technique: protocol::settings::Technique::Ca,
            ..Settings::default()
        };
        settings.electrodes.average = true;
        let rules = Rules::new(&settings).unwrap();
        let mean = selected(&recording, &rules, &ScanName::default()).remove(0).1.unwrap();
        assert_eq!(mean.transient().unwrap().current_a(), [3.0, 2.0, 1.0]);
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
        let refused = |chosen: &[Result<&ElectrodeSweep, u32>]| average(chosen).unwrap_err();
        assert_eq!(refused(&[Ok(&first), Ok(&second)]), NoSweep::OtherPotentials(2));
        let back = sweep(3, &[0.2, 0.1, 0.0]);
        assert_eq!(refused(&[Ok(&first), Ok(&back)]), NoSweep::OtherPotentials(3));
        assert_eq!(refused(&[Ok(&first), Err(7)]), NoSweep::Missing(7));
        assert_eq!(average_over_time(&[Ok(&first)]).unwrap_err(), NoSweep::NotATransient(1));
        let codes = [
            NoSweep::Missing(1),
            NoSweep::NotAVoltammogram(1),
            NoSweep::NotATransient(1),
            NoSweep::OtherPotentials(1),
            NoSweep::OtherTimes(1),
        ]
        .map(NoSweep::code);
        assert_eq!(
            codes,
            [
                "electrode_missing",
                "not_a_voltammogram",
                "not_a_transient",
                "potentials_differ",
                "times_differ"
            ]
        );
    }
}
