//! Square wave voltammetry: the peak of one sweep.

mod analysis;
pub mod arpls;
mod background;
pub mod gaussian;
mod marked;
mod points;
pub mod polynomial;
mod reason;
pub mod sacmes;
pub mod sacmes_web;
mod settings;
pub mod tangent;

pub use analysis::{
    EffectiveFilters, FittedPeak, Polarity, Quality, QualityMetrics, SwvAnalysis, SwvCurves, SwvStatus,
};
pub use marked::MarkedPoints;
pub use reason::SwvReason;
pub use settings::{
    Hampel, MAX_POLYNOMIAL_DEGREE, MAX_SAVGOL_DEGREE, MAX_WINDOW, PeakCount, PolarityChoice, Quantity, SavitzkyGolay,
    SwvMethod, SwvSettings, SwvSettingsError,
};

use crate::sweep::Sweep;

/// Analyses one sweep with the method in `settings`.
pub fn analyze(sweep: &Sweep, settings: &SwvSettings) -> SwvAnalysis {
    run(sweep, settings, None)
}

/// [`analyze`], and the curves that are needed to draw the result.
pub fn analyze_with_curves(sweep: &Sweep, settings: &SwvSettings) -> (SwvAnalysis, SwvCurves) {
    let mut curves = SwvCurves::default();
    let analysis = run(sweep, settings, Some(&mut curves));
    (analysis, curves)
}

/// Measures one sweep at points that a person marked in it; what is not marked is found by the method in `settings`. See
/// `docs/methods/marks.md`.
pub fn analyze_marked(sweep: &Sweep, settings: &SwvSettings, marked: &MarkedPoints) -> SwvAnalysis {
    marked::analyze(sweep, settings, marked, None).finite()
}

/// [`analyze_marked`], and the curves that are needed to draw the result.
pub fn analyze_marked_with_curves(
    sweep: &Sweep,
    settings: &SwvSettings,
    marked: &MarkedPoints,
) -> (SwvAnalysis, SwvCurves) {
    let mut curves = SwvCurves::default();
    let analysis = marked::analyze(sweep, settings, marked, Some(&mut curves));
    (analysis.finite(), curves)
}

fn run(sweep: &Sweep, settings: &SwvSettings, curves: Option<&mut SwvCurves>) -> SwvAnalysis {
    let analysis = match settings.method {
        SwvMethod::Tangent => tangent::analyze(sweep, settings, curves),
        SwvMethod::Polynomial => polynomial::analyze(sweep, settings, curves),
        SwvMethod::Arpls => arpls::analyze(sweep, settings, curves),
        SwvMethod::Gaussian => gaussian::analyze(sweep, settings, curves),
        SwvMethod::Sacmes => sacmes::analyze(sweep, settings, curves),
        SwvMethod::SacmesWeb => sacmes_web::analyze(sweep, settings, curves),
    };
    analysis.finite()
}
