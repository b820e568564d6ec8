//! The kinds of figures: their data, and the panels that show them.

mod calibration;
mod comparison;
mod cv;
mod decay;
mod frequency_map;
mod trend;
mod voltammogram;

pub use calibration::{Calibration, CalibrationGroup, CalibrationPoint, CurvePoint};
pub use comparison::{Comparison, ComparisonSeries};
pub use cv::{CyclicVoltammogram, Segment};
pub use decay::{Chronoamperogram, FittedDecay};
pub use frequency_map::{FrequencyMap, MapPoint, MapSeries, MeanPoint};
pub use trend::{Event, Trend, TrendAxis, TrendLine, TrendPoint};
pub use voltammogram::{Peak, Trace, Voltammogram};

use crate::error::FigureError;
use crate::panel::{Axis, Entry, Paint, Panel, Scale, Sign};
use crate::quantity::{Quantity, Unit};
use crate::{Figure, Layout, NARROWEST_MM};

/// From this width on, two columns of panels stand beside each other.
const BESIDE_MM: f64 = 2.0 * NARROWEST_MM + 10.0;

/// A mean with its spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// Lower and upper end: mean less and plus SD, SE or the like; absent where a single number has none.
    pub interval: Option<(f64, f64)>,
}

/// A value at a frequency (Hz) or the like; a missing one leaves a gap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValuePoint {
    /// Where.
    pub x: f64,
    /// The value, with what stands around it.
    pub y: Option<f64>,
    /// Ends of the error bar.
    pub interval: Option<(f64, f64)>,
}

/// The panels of a figure in columns.
pub(crate) fn columns(figure: &Figure, layout: &Layout) -> Result<Vec<Vec<Panel>>, FigureError> {
    match figure {
        Figure::Voltammogram(data) => voltammogram::panels(data, layout),
        Figure::Trend(data) => trend::panels(data),
        Figure::FrequencyMap(data) => frequency_map::panels(data, layout),
        Figure::Comparison(data) => comparison::panels(data),
        Figure::Calibration(data) => calibration::panels(data),
        Figure::CyclicVoltammogram(data) => cv::panels(data, layout),
        Figure::Chronoamperogram(data) => decay::panels(data, layout),
    }
}

fn nothing(what: &str) -> FigureError {
    FigureError::Empty(what.to_owned())
}

/// Words about everything else in a legend.
fn heading(words: &str) -> Entry {
    Entry {
        label: words.to_owned(),
        paint: Paint::Ink,
        sign: Sign::Words,
    }
}

fn potential(layout: &Layout) -> Axis {
    let mut axis = Axis::new(Quantity::new("Potential", Unit::Volt), Scale::Linear);
    axis.reversed = layout.reverse_potential;
    axis
}

fn frequency() -> Axis {
    Axis::new(Quantity::new("Frequency", Unit::Hertz), Scale::Log)
}
