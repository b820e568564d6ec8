//! Cyclic voltammetry: segments, peaks of each segment, what pairs of segments say about the couple, and how peaks depend on
//! the scan rate.
//!
//! [`analyze`] takes one recorded voltammogram in time order, [`scan_rate`] the peaks of several. `docs/methods/cv.md` gives
//! formulas, sources and limits.

mod analysis;
mod chosen;
pub mod convention;
mod hysteresis;
mod narrow;
mod pairs;
mod peak;
mod points;
mod reason;
pub mod sacmes_web;
pub mod scan_rate;
pub mod segments;
mod settings;
mod solution;
mod surface;
mod tangent;

pub use analysis::{CvAnalysis, CvCurves, CvPair, CvProbe, CvSegmentResult, CvStatus};
pub use convention::{PeakKind, SignConvention};
pub use hysteresis::Hysteresis;
pub use reason::CvReason;
pub use segments::{CvDirection, PotentialSweep, Segment};
pub use settings::{ConventionChoice, CvMethod, CvSettings, CvSettingsError, MAX_ELECTRONS, MAX_PROBES, MassTransport};

use crate::sweep::Sweep;

/// Charge of one mole of electrons (C/mol), exact in the SI.
pub const FARADAY_C_MOL: f64 = 96_485.332_123_310_02;

/// Gas constant (J/(mol K)), exact in the SI.
pub const GAS_J_MOL_K: f64 = 8.314_462_618_153_24;

/// Analyses one voltammogram.
///
/// `cycles` are the file's cycle numbers, one for each point, where the file has them.
pub fn analyze(sweep: &Sweep, cycles: Option<&[u32]>, settings: &CvSettings) -> CvAnalysis {
    run(sweep, cycles, settings, None)
}

/// [`analyze`], and the curves that are needed to draw the results: one for each analysed segment that has points.
pub fn analyze_with_curves(
    sweep: &Sweep,
    cycles: Option<&[u32]>,
    settings: &CvSettings,
) -> (CvAnalysis, Vec<CvCurves>) {
    let mut curves = Vec::new();
    let analysis = run(sweep, cycles, settings, Some(&mut curves));
    (analysis, curves)
}

fn run(sweep: &Sweep, cycles: Option<&[u32]>, settings: &CvSettings, curves: Option<&mut Vec<CvCurves>>) -> CvAnalysis {
    match settings.method {
        CvMethod::Tangent => tangent::analyze(sweep, cycles, settings, curves),
        CvMethod::SacmesWeb => sacmes_web::analyze(sweep, cycles, settings, curves),
    }
}
