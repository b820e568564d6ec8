//! One frequency map: peak current, charge and potential for each frequency and electrode.

use crate::trend::ReplicateValue;

/// Two frequencies are the same if they differ by less than this part: files round what they state.
const SAME_FREQUENCY: f64 = 1e-4;

/// The peak of one measurement.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MapInput {
    /// Number of the electrode; `None` for an averaged trace.
    pub electrode: Option<u32>,
    /// Square wave frequency (Hz); `None` where neither file nor name states it.
    pub frequency_hz: Option<f64>,
    /// Signed height of the peak (A); `None` where none was found.
    pub peak_current_a: Option<f64>,
    /// Potential of the peak (V).
    pub peak_potential_v: Option<f64>,
}

/// Why an input is in no cell of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LeftOut {
    /// Its frequency is not known, or not a positive number.
    NoFrequency,
}

impl LeftOut {
    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoFrequency => "no_frequency",
        }
    }

    /// A sentence for people.
    pub fn message(self) -> &'static str {
        match self {
            Self::NoFrequency => "Neither the file nor its name states a frequency.",
        }
    }
}

/// Why a cell has no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CellReason {
    /// This electrode was not measured at this frequency, or not yet.
    NotMeasured,
    /// It was measured, and no peak was found.
    NoPeak,
}

impl CellReason {
    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotMeasured => "not_measured",
            Self::NoPeak => "no_peak",
        }
    }

    /// A sentence for people.
    pub fn message(self) -> &'static str {
        match self {
            Self::NotMeasured => "This electrode was not measured at this frequency.",
            Self::NoPeak => "No peak was found at this frequency.",
        }
    }
}

/// One frequency at one electrode. Where it was measured more than once, the numbers are means over the repeats that gave a
/// peak, and `repeats` and `deviation_a` say so.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MapCell {
    /// Signed height of the peak (A).
    pub peak_current_a: Option<f64>,
    /// Charge per cycle of the square wave (C): `peak current / frequency`, signed like the current.
    pub charge_c: Option<f64>,
    /// Potential of the peak (V).
    pub peak_potential_v: Option<f64>,
    /// Number of measurements that gave a peak.
    pub repeats: u32,
    /// Sample standard deviation of the current over the repeats (A); `None` with fewer than two.
    pub deviation_a: Option<f64>,
    /// Why there is no current.
    pub reason: Option<CellReason>,
}

/// Mean and spread over the electrodes at one frequency. Each quantity has its own count: any may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MapAverage {
    /// Height (A).
    pub peak_current_a: ReplicateValue,
    /// Charge (C).
    pub charge_c: ReplicateValue,
    /// Potential (V).
    pub peak_potential_v: ReplicateValue,
}

/// A frequency map. Complete or not: a cell without a number says why.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FrequencyMap {
    /// Ascending frequencies (Hz).
    pub frequencies_hz: Vec<f64>,
    /// Ascending electrodes; an averaged trace (`None`) comes first.
    pub electrodes: Vec<Option<u32>>,
    /// One row a frequency, in each one cell an electrode.
    pub cells: Vec<Vec<MapCell>>,
    /// For each frequency, over the electrodes.
    pub averages: Vec<MapAverage>,
    /// Inputs that are in no cell: their position, and why.
    pub left_out: Vec<(usize, LeftOut)>,
}

/// What is summed up over the repeats of one cell.
#[derive(Debug, Clone, Default)]
struct Repeats {
    measured: bool,
    currents: Vec<f64>,
    potentials: Vec<f64>,
}

impl FrequencyMap {
    /// Builds the map from measurements in any order.
    ///
    /// Frequencies that agree within a ten-thousandth are one, stated as the lowest of them; electrodes are those that occur. Cost
    /// `O(n log n)` in the number of measurements, which are those of one map, not of a session.
    pub fn new(inputs: &[MapInput]) -> Self {
        let usable = |input: &MapInput| input.frequency_hz.filter(|hz| hz.is_finite() && *hz > 0.0);
        let left_out = inputs
            .iter()
            .enumerate()
            .filter(|(_, input)| usable(input).is_none())
            .map(|(position, _)| (position, LeftOut::NoFrequency))
            .collect();

        let mut frequencies_hz: Vec<f64> = inputs.iter().filter_map(usable).collect();
        frequencies_hz.sort_by(f64::total_cmp);
        frequencies_hz.dedup_by(|next, kept| is_same_frequency(*kept, *next));
        let mut electrodes: Vec<Option<u32>> = inputs
            .iter()
            .filter(|input| usable(input).is_some())
            .map(|input| input.electrode)
            .collect();
        electrodes.sort_unstable();
        electrodes.dedup();

        let mut repeats = vec![vec![Repeats::default(); electrodes.len()]; frequencies_hz.len()];
        for input in inputs {
            let row = usable(input).and_then(|hz| position_of(&frequencies_hz, hz));
            let (Some(row), Ok(column)) = (row, electrodes.binary_search(&input.electrode)) else {
                continue;
            };
            let cell = &mut repeats[row][column];
            cell.measured = true;
            if let Some(current) = input.peak_current_a.filter(|value| value.is_finite()) {
                cell.currents.push(current);
                cell.potentials
                    .extend(input.peak_potential_v.filter(|value| value.is_finite()));
            }
        }
        let cells: Vec<Vec<MapCell>> = frequencies_hz
            .iter()
            .zip(&repeats)
            .map(|(hz, row)| row.iter().map(|repeats| cell(*hz, repeats)).collect())
            .collect();
        let averages = cells.iter().map(|row| average(row)).collect();
        Self {
            frequencies_hz,
            electrodes,
            cells,
            averages,
            left_out,
        }
    }

    /// The cell of a frequency and an electrode; `None` where the map has no such row or column.
    pub fn cell(&self, frequency_hz: f64, electrode: Option<u32>) -> Option<&MapCell> {
        let row = position_of(&self.frequencies_hz, frequency_hz)?;
        let column = self.electrodes.binary_search(&electrode).ok()?;
        self.cells.get(row)?.get(column)
    }

    /// True if every electrode gave a number at every frequency that occurs.
    pub fn is_complete(&self) -> bool {
        self.cells.iter().flatten().all(|cell| cell.reason.is_none())
    }
}

/// Whether two ascending frequencies are stated with different rounding only.
pub fn is_same_frequency(lower: f64, upper: f64) -> bool {
    upper - lower <= SAME_FREQUENCY * upper
}

/// Row of a frequency among ascending ones.
pub(super) fn position_of(frequencies_hz: &[f64], hz: f64) -> Option<usize> {
    let above = frequencies_hz.partition_point(|other| *other <= hz);
    let below = above.checked_sub(1);
    // The row begins at the lowest of its frequencies, so that the one below decides first.
    if let Some(below) = below.filter(|row| is_same_frequency(frequencies_hz[*row], hz)) {
        return Some(below);
    }
    frequencies_hz
        .get(above)
        .is_some_and(|upper| is_same_frequency(hz, *upper))
        .then_some(above)
}

fn cell(hz: f64, repeats: &Repeats) -> MapCell {
    let currents = ReplicateValue::of(repeats.currents.iter().copied().map(Some));
    let potentials = ReplicateValue::of(repeats.potentials.iter().copied().map(Some));
    MapCell {
        peak_current_a: currents.mean,
        charge_c: currents.mean.map(|current| current / hz),
        peak_potential_v: potentials.mean,
        repeats: currents.count,
        deviation_a: currents.standard_deviation,
        reason: match (repeats.measured, currents.mean) {
            (_, Some(_)) => None,
            (true, None) => Some(CellReason::NoPeak),
            (false, None) => Some(CellReason::NotMeasured),
        },
    }
}

fn average(row: &[MapCell]) -> MapAverage {
    let over = |value: fn(&MapCell) -> Option<f64>| ReplicateValue::of(row.iter().map(value));
    MapAverage {
        peak_current_a: over(|cell| cell.peak_current_a),
        charge_c: over(|cell| cell.charge_c),
        peak_potential_v: over(|cell| cell.peak_potential_v),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(electrode: u32, hz: f64, current: Option<f64>) -> MapInput {
        MapInput {
            electrode: Some(electrode),
            frequency_hz: Some(hz),
            peak_current_a: current,
            peak_potential_v: current.map(|_| -0.3),
        }
    }

    #[test]
    fn an_incomplete_map_says_why_and_averages_what_there_is() {
        let map = FrequencyMap::new(&[
            input(2, 100.0, None),
            input(1, 100.0, Some(8e-7)),
            input(1, 10.0, Some(5e-7)),
            input(2, 10.0, Some(6e-7)),
            input(3, 10.0, Some(f64::NAN)),
            MapInput::default(),
            input(1, 0.0, Some(1.0)),
        ]);
        assert_eq!(map.frequencies_hz, [10.0, 100.0]);
        assert_eq!(map.electrodes, [Some(1), Some(2), Some(3)]);
        assert_eq!(map.left_out, [(5, LeftOut::NoFrequency), (6, LeftOut::NoFrequency)]);
        assert!(!map.is_complete());
        let reason = |hz, electrode| map.cell(hz, Some(electrode)).unwrap().reason;
        assert_eq!(reason(100.0, 1), None);
        assert_eq!(reason(100.0, 2), Some(CellReason::NoPeak));
        assert_eq!(reason(100.0, 3), Some(CellReason::NotMeasured));
        assert_eq!(reason(10.0, 3), Some(CellReason::NoPeak));
        assert_eq!(map.cell(55.0, Some(1)), None);
        let charge = map.averages[0].charge_c;
        assert_eq!(charge.count, 2);
        assert!((charge.mean.unwrap() - 5.5e-8).abs() < 1e-20);
        assert!((charge.standard_deviation.unwrap() - 7.071_068e-9).abs() < 1e-14);
        assert_eq!(
            (
                map.averages[1].charge_c.count,
                map.averages[1].charge_c.standard_deviation
            ),
            (1, None)
        );
    }

    #[test]
    fn repeats_are_averaged_and_say_so_and_rounded_frequencies_are_one() {
        let map = FrequencyMap::new(&[
            input(1, 333.33, Some(2e-6)),
            input(1, 333.333_333, Some(4e-6)),
            input(1, 340.0, Some(4e-6)),
            input(1, 333.33, None),
        ]);
        assert_eq!(map.frequencies_hz, [333.33, 340.0]);
        let cell = map.cell(333.3333, Some(1)).unwrap();
        assert_eq!(cell.repeats, 2);
        assert!((cell.peak_current_a.unwrap() - 3e-6).abs() < 1e-18);
        assert!((cell.deviation_a.unwrap() - 2e-6 / 2f64.sqrt()).abs() < 1e-18);
        assert_eq!(
            (map.cell(333.32, Some(1)).is_some(), map.cell(333.0, Some(1)).is_some()),
            (true, false)
        );
        assert_eq!(FrequencyMap::new(&[]), FrequencyMap::default());
    }
}
