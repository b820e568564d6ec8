//! The curves behind a measurement, for drawing.

use protocol::columns::Columns;
use voltammetry::swv::{self, SwvAnalysis};

use super::selection::selected;
use super::{FileFacts, Reading, Rules, ScanFile, read_and_measure};

/// Curves of one electrode, with what was found.
#[derive(Debug)]
pub struct SweepCurves {
    /// `potential_v, raw_a, smoothed_a, baseline_a`; the baseline is missing where there is no peak.
    pub columns: Columns,
    /// What was found.
    pub analysis: SwvAnalysis,
}

/// Measures one electrode of a file again, keeping the curves. `None` where the file has no such electrode or cannot be read.
pub fn curves_of(file: &ScanFile<'_>, rules: &Rules, electrode: Option<u32>) -> Option<SweepCurves> {
    let name = rules.pattern.parse_name(file.name).unwrap_or_default();
    let options = instrument::options::ReadOptions {
        settled: true,
        ..rules.options.clone()
    };
    let recording = instrument::read(file.content, &options).ok()?;
    let mut sweeps = selected(&recording, rules, &name);
    let at = sweeps
        .iter()
        .position(|(number, _)| electrode.is_none() || *number == electrode)?;
    let (number, sweep) = sweeps.swap_remove(at);
    let (analysis, curves) = swv::analyze_with_curves(&sweep.ok()?, &rules.swv);
    let measurement = match read_and_measure(file, rules, true) {
        Reading::Measured { measurements, .. } => measurements.into_iter().find(|m| m.electrode == number),
        Reading::Partial { .. } | Reading::Unusable { .. } => None,
    };
    let end = |end: Option<(f64, f64)>| end.map(|(v, a)| serde_json::json!({"potential_v": v, "current_a": a}));
    let about = serde_json::json!({
        "measurement": measurement,
        "electrode": number,
        "baseline_left": end(curves.baseline_left),
        "baseline_right": end(curves.baseline_right),
        "savgol_window": analysis.filters.savgol_window,
        "savgol_degree": analysis.filters.savgol_degree,
        "hampel_window": analysis.filters.hampel_window,
    });
    let mut columns = Columns::new(&["potential_v", "raw_a", "smoothed_a", "baseline_a"], about);
    let missing = |values: Vec<f64>, n: usize| if values.len() == n { values } else { vec![f64::NAN; n] };
    let n = curves.potential_v.len();
    columns.set("potential_v", curves.potential_v);
    columns.set("raw_a", missing(curves.raw_a, n));
    columns.set("smoothed_a", missing(curves.smoothed_a, n));
    columns.set("baseline_a", missing(curves.baseline_a, n));
    Some(SweepCurves { columns, analysis })
}

impl FileFacts {
    /// Whether two files are the same place in a series: same electrode in the name, frequency and index.
    pub(crate) fn place(&self) -> Option<(Option<u32>, Option<u64>, u32)> {
        self.index
            .map(|index| (self.electrode, self.frequency_hz.map(f64::to_bits), index))
    }
}
