//! The curves behind a measurement, for drawing.

use instrument::recording::Recording;
use protocol::columns::Columns;
use protocol::mark::MarkedPoints;
use protocol::measurement::Measurement;
use serde_json::{Value, json};
use voltammetry::ca::{DecayFit, Step};
use voltammetry::{Sweep, cv, swv};

use super::marked::{at_marks, points_of};
use super::measuring::{self, ca::CaRules};
use super::rules::Method;
use super::selection::{Selected, selected};
use super::{FileFacts, Reading, Rules, ScanFile, read_and_measure};

/// Which of a file's measurements is drawn; what is `None` may be any.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CurvesOf {
    /// Electrode.
    pub electrode: Option<u32>,
    /// Segment of a cyclic voltammogram.
    pub segment: Option<u32>,
    /// Which of several peaks.
    pub peak: Option<u32>,
    /// Points that are marked in it.
    pub marked: Option<MarkedPoints>,
}

impl CurvesOf {
    /// Those of a measurement.
    pub fn of(measurement: &Measurement) -> Self {
        Self {
            electrode: measurement.electrode,
            segment: measurement.segment(),
            peak: measurement.peak,
            marked: None,
        }
    }

    fn fits(&self, measurement: &Measurement) -> bool {
        self.segment
            .is_none_or(|segment| measurement.segment() == Some(segment))
            && self.peak.is_none_or(|peak| measurement.peak == Some(peak))
    }
}

/// Measures one electrode of a file again, keeping the curves: `potential_v, raw_a, smoothed_a, baseline_a`, for cyclic
/// voltammograms with `segment`; for chronoamperograms `time_s, raw_a, fitted_a, residual_a, step`. A baseline is missing where there is no peak. `None` where the file has no such electrode or
/// cannot be read.
pub fn curves_of(file: &ScanFile<'_>, rules: &Rules, wanted: CurvesOf) -> Option<Columns> {
    let name = rules.pattern.parse_name(file.name).unwrap_or_default();
    let options = instrument::options::ReadOptions {
        settled: true,
        ..rules.options.clone()
    };
    let recording = instrument::read(file.content, &options).ok()?;
    let mut sweeps = selected(&recording, rules, &name);
    let at = sweeps
        .iter()
        .position(|(number, _)| wanted.electrode.is_none() || *number == wanted.electrode)?;
    let (number, trace) = sweeps.swap_remove(at);
    let measurement = match read_and_measure(file, rules, true) {
        Reading::Measured { measurements, .. } => measurements
            .into_iter()
            .find(|m| m.electrode == number && wanted.fits(m)),
        Reading::Partial { .. } | Reading::Unusable { .. } => None,
    };
    let marked = wanted.marked.filter(|marked| marked.parts().is_some());
    let measurement = match (measurement, marked) {
        (Some(automatic), Some(marked)) => Some(at_marks(file, rules, &automatic, &marked).unwrap_or(automatic)),
        (measurement, _) => measurement,
    };
    let mut columns = drawn(&trace.ok()?, &rules.method, &recording, marked.as_ref())?;
    columns.about["marked"] = json!(marked);
    columns.about["measurement"] = json!(measurement);
    columns.about["electrode"] = json!(number);
    Some(columns)
}

fn drawn(
    selected: &Selected,
    method: &Method,
    recording: &Recording,
    marked: Option<&MarkedPoints>,
) -> Option<Columns> {
    Some(match method {
        Method::Swv(settings) => of_swv(selected.voltammogram()?, settings, marked),
        Method::Cv(settings) => of_cv(selected.voltammogram()?, selected.cycle.as_deref(), settings, recording),
        Method::Ca(rules) => {
            let steps = rules.steps(selected.transient()?, selected.potential_v.as_deref());
            of_ca(&steps.ok()?, rules)
        }
    })
}

fn of_swv(sweep: &Sweep, settings: &swv::SwvSettings, marked: Option<&MarkedPoints>) -> Columns {
    let marked = marked.map(points_of).unwrap_or_default();
    let (analysis, curves) = swv::analyze_marked_with_curves(sweep, settings, &marked);
    let end = |end: Option<(f64, f64)>| end.map(|(v, a)| json!({"potential_v": v, "current_a": a}));
    let about = json!({
        "baseline_left": end(curves.baseline_left),
        "baseline_right": end(curves.baseline_right),
        "savgol_window": analysis.filters.savgol_window,
        "savgol_degree": analysis.filters.savgol_degree,
        "hampel_window": analysis.filters.hampel_window,
    });
    let mut columns = Columns::new(&["potential_v", "raw_a", "smoothed_a", "baseline_a"], about);
    let n = curves.potential_v.len();
    columns.set("potential_v", curves.potential_v);
    columns.set("raw_a", missing(curves.raw_a, n));
    columns.set("smoothed_a", missing(curves.smoothed_a, n));
    columns.set("baseline_a", missing(curves.baseline_a, n));
    columns
}

/// All analysed segments one after the other.
fn of_cv(sweep: &Sweep, cycle: Option<&[u32]>, settings: &cv::CvSettings, recording: &Recording) -> Columns {
    let settings = measuring::cv::for_file(settings, recording);
    let (analysis, curves) = cv::analyze_with_curves(sweep, cycle, &settings);
    let segments: Vec<Value> = analysis
        .segments
        .iter()
        .map(|s| json!({"segment": s.number, "cycle": s.cycle}))
        .collect();
    let mut columns = Columns::new(
        &["potential_v", "raw_a", "smoothed_a", "baseline_a", "segment"],
        json!({ "segments": segments }),
    );
    let mut all: [Vec<f64>; 5] = Default::default();
    for curve in curves {
        let n = curve.potential_v.len();
        let parts = [
            curve.potential_v,
            missing(curve.raw_a, n),
            missing(curve.smoothed_a, n),
            missing(curve.baseline_a, n),
            vec![f64::from(curve.segment); n],
        ];
        for (whole, part) in all.iter_mut().zip(parts) {
            whole.extend(part);
        }
    }
    for (name, values) in ["potential_v", "raw_a", "smoothed_a", "baseline_a", "segment"]
        .into_iter()
        .zip(all)
    {
        columns.set(name, values);
    }
    columns
}

/// All measured steps one after the other, times after each step; fit and residual within the fit range.
fn of_ca(steps: &[Step], rules: &CaRules) -> Columns {
    let about = |step: &Step| json!({"step": step.number, "start_s": step.start_s, "potential_v": step.potential_v});
    let steps_about: Vec<Value> = steps.iter().map(about).collect();
    let names = ["time_s", "raw_a", "fitted_a", "residual_a", "step"];
    let mut columns = Columns::new(&names, json!({ "steps": steps_about }));
    for step in steps {
        let fit = rules.analyse(step).decay.ok();
        let pairs = step.transient.time_s().iter().zip(step.transient.current_a());
        for (time_s, current_a) in pairs {
            let within = |fit: &&DecayFit| (fit.range_s.0..=fit.range_s.1).contains(time_s);
            let fitted_a = fit.as_ref().filter(within).map(|fit| fit.at(*time_s));
            let residual_a = fitted_a.map(|fitted| current_a - fitted);
            let number = f64::from(step.number);
            columns.push(&[Some(*time_s), Some(*current_a), fitted_a, residual_a, Some(number)]);
        }
    }
    columns
}

fn missing(values: Vec<f64>, n: usize) -> Vec<f64> {
    if values.len() == n { values } else { vec![f64::NAN; n] }
}

impl FileFacts {
    /// Whether two files are the same place in a series: same electrode in the name, frequency and index.
    pub(crate) fn place(&self) -> Option<(Option<u32>, Option<u64>, u32)> {
        self.index
            .map(|index| (self.electrode, self.frequency_hz.map(f64::to_bits), index))
    }
}
