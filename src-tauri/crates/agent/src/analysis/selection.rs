//! Which of a file's sweeps are measured.

use instrument::names::ScanName;
use instrument::recording::{ElectrodeSweep, Recording};
use voltammetry::Sweep;

use super::rules::Rules;

/// The sweeps that the settings select, each with the electrode number to show, or the numbers that are missing.
pub(super) fn selected(
    recording: &Recording,
    rules: &Rules,
    name: &ScanName,
) -> Vec<(Option<u32>, Result<Sweep, u32>)> {
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
        return vec![(None, average(&chosen))];
    }
    chosen
        .into_iter()
        .map(|found| match found {
            Ok(sweep) => (
                Some(number(sweep)),
                sweep.voltammogram().cloned().ok_or(sweep.electrode),
            ),
            Err(missing) => (Some(missing), Err(missing)),
        })
        .collect()
}

/// Mean current of the chosen electrodes, point by point; all must have the same potentials.
fn average(chosen: &[Result<&ElectrodeSweep, u32>]) -> Result<Sweep, u32> {
    let mut sweeps = Vec::with_capacity(chosen.len());
    for found in chosen {
        let sweep = found.as_ref().map_err(|missing| *missing)?;
        sweeps.push(sweep.voltammogram().ok_or(sweep.electrode)?);
    }
    let first = sweeps.first().ok_or(0_u32)?;
    let mut sum = vec![0.0; first.len()];
    for (k, sweep) in sweeps.iter().enumerate() {
        if sweep.potential_v() != first.potential_v() {
            return Err(k as u32 + 1);
        }
        for (total, current) in sum.iter_mut().zip(sweep.current_a()) {
            *total += current;
        }
    }
    let n = sweeps.len() as f64;
    Sweep::new(
        first.potential_v().to_vec(),
        sum.into_iter().map(|total| total / n).collect(),
    )
    .map_err(|_| 0)
}
