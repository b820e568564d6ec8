//! Statistics over the measurements of a place: electrode, frequency, segment or step, peak.

use std::collections::BTreeMap;

use protocol::measurement::{Measurement, Status};
use serde_json::{Value, json};

/// Headings of the sheet.
pub const HEADINGS: [&str; 16] = [
    "Electrode",
    "Frequency (Hz)",
    "Segment or step",
    "Peak",
    "Quantity",
    "Ok",
    "Warning",
    "Failed",
    "Excluded",
    "Values",
    "Mean",
    "Standard deviation",
    "Relative standard deviation (%)",
    "Smallest",
    "Largest",
    "Mean peak potential (V)",
];

/// Place of a measurement in an experiment, apart from its index. The frequency stands with its bits, positive numbers being ordered
/// like their bits.
type Place = (Option<u32>, Option<u64>, Option<u32>, Option<u32>);

/// Counts and moments of all places.
#[derive(Default)]
pub struct Statistics {
    places: BTreeMap<Place, Counts>,
}

#[derive(Default)]
struct Counts {
    ok: u32,
    warning: u32,
    failed: u32,
    excluded: u32,
    of_time_constants: bool,
    values: Moments,
    second_time_constants: Moments,
    potentials: Moments,
}

/// Count, mean and sum of squared deviations, updated value by value (Welford, *Technometrics* 4 (1962) 419).
#[derive(Default)]
struct Moments {
    count: u32,
    mean: f64,
    squares: f64,
    smallest: Option<f64>,
    largest: Option<f64>,
}

impl Moments {
    fn add(&mut self, value: f64) {
        self.count += 1;
        let before = value - self.mean;
        self.mean += before / f64::from(self.count);
        self.squares += before * (value - self.mean);
        self.smallest = Some(self.smallest.map_or(value, |smallest| smallest.min(value)));
        self.largest = Some(self.largest.map_or(value, |largest| largest.max(value)));
    }

    fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    fn deviation(&self) -> Option<f64> {
        (self.count > 1).then(|| (self.squares / f64::from(self.count - 1)).sqrt())
    }
}

impl Statistics {
    /// Takes a measurement in. Excluded ones are counted, and their numbers left out.
    pub fn add(&mut self, m: &Measurement) {
        let place = (m.electrode, m.frequency_hz.map(f64::to_bits), m.segment(), m.peak);
        let counts = self.places.entry(place).or_default();
        match m.status {
            Status::Ok => counts.ok += 1,
            Status::Warning => counts.warning += 1,
            Status::Failed => counts.failed += 1,
        }
        if m.excluded {
            counts.excluded += 1;
            return;
        }
        let time_constant = m.ca.as_ref().map(|ca| ca.tau1_s);
        counts.of_time_constants |= time_constant.is_some();
        if let Some(value) = time_constant.unwrap_or(m.peak_current_a) {
            counts.values.add(value);
        }
        if let Some(second) = m.ca.as_ref().and_then(|ca| ca.tau2_s) {
            counts.second_time_constants.add(second);
        }
        if let Some(potential) = m.peak_potential_v {
            counts.potentials.add(potential);
        }
    }

    /// One row per place and quantity, cells as in [`HEADINGS`].
    pub fn rows(&self) -> impl Iterator<Item = [Value; 16]> {
        self.places.iter().flat_map(|(place, counts)| {
            let first = if counts.of_time_constants {
                "Time constant τ1 (s)"
            } else {
                "Peak current (A)"
            };
            let second = &counts.second_time_constants;
            let second = (second.count > 0).then(|| row(*place, counts, "Time constant τ2 (s)", second));
            std::iter::once(row(*place, counts, first, &counts.values)).chain(second)
        })
    }
}

fn row(place: Place, counts: &Counts, quantity: &str, values: &Moments) -> [Value; 16] {
    let (electrode, frequency, segment, peak) = place;
    let (mean, deviation) = (values.mean(), values.deviation());
    let relative = mean.zip(deviation).filter(|(mean, _)| *mean != 0.0);
    [
        json!(electrode),
        json!(frequency.map(f64::from_bits)),
        json!(segment),
        json!(peak),
        json!(quantity),
        json!(counts.ok),
        json!(counts.warning),
        json!(counts.failed),
        json!(counts.excluded),
        json!(values.count),
        json!(mean),
        json!(deviation),
        json!(relative.map(|(mean, deviation)| deviation / mean.abs() * 100.0)),
        json!(values.smallest),
        json!(values.largest),
        json!(counts.potentials.mean()),
    ]
}
