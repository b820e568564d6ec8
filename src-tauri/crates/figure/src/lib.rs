//! Figures for publications: data in, SVG, PDF or PNG out.
//!
//! Everything here is pure: no file is read or written, and the same data give the same bytes. A figure is drawn once, through
//! the SVG backend of `plotters`; the PDF and the PNG are made of that SVG, so that all three look alike. Widths are those
//! of journal columns, texts 7 and 8 pt, lines 0.5 to 1 pt at that size. The font is embedded.
//!
//! ```
//! use figure::{Colour, Figure, Layout, Trend, TrendAxis, TrendLine, TrendPoint, Quantity, Unit};
//!
//! let points = (1..=5).map(|k| TrendPoint { x: Some(f64::from(k)), y: Some(1e-6), interval: None });
//! let trend = Trend {
//!     x: TrendAxis::Index,
//!     y: Quantity::new("Peak current", Unit::Ampere),
//!     lines: vec![TrendLine { label: "E1".into(), colour: Colour::Electrode(Some(1)), points: points.collect() }],
//!     events: vec![],
//! };
//! let drawn = figure::draw(&Figure::Trend(trend), &Layout::default()).unwrap();
//! assert!(drawn.pdf().unwrap().starts_with(b"%PDF"));
//! ```

mod canvas;
mod colours;
mod drawing;
mod error;
mod font;
mod kinds;
mod output;
mod panel;
mod quantity;
mod thin;
mod ticks;

pub use colours::Colour;
pub use error::FigureError;
pub use kinds::{
    Calibration, CalibrationGroup, CalibrationPoint, Chronoamperogram, Comparison, ComparisonSeries, CurvePoint,
    CyclicVoltammogram, Event, FittedDecay, FrequencyMap, MapPoint, MapSeries, MeanPoint, Peak, Segment, Spread, Trace,
    Trend, TrendAxis, TrendLine, TrendPoint, ValuePoint, Voltammogram,
};
pub use output::Drawn;
pub use quantity::{Quantity, Unit, value_text};

/// Narrowest figure, mm.
pub const NARROWEST_MM: f64 = 50.0;
/// Widest figure, mm.
pub const WIDEST_MM: f64 = 300.0;
/// Lowest resolution of a picture.
pub const LOWEST_DPI: u32 = 72;
/// Highest resolution of a picture.
pub const HIGHEST_DPI: u32 = 1200;

/// One column of a journal, mm.
pub const SINGLE_COLUMN_MM: f64 = 85.0;
/// One and a half columns, mm.
pub const ONE_AND_A_HALF_COLUMNS_MM: f64 = 120.0;
/// Two columns, mm.
pub const DOUBLE_COLUMN_MM: f64 = 178.0;

/// What is asked of a figure beside its data.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Width of the page, mm; the height follows.
    pub width_mm: f64,
    /// Title; most journals want none.
    pub title: Option<String>,
    /// High potentials to the left.
    pub reverse_potential: bool,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            width_mm: SINGLE_COLUMN_MM,
            title: None,
            reverse_potential: false,
        }
    }
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Figure {
    /// Sweeps of square wave voltammetry.
    Voltammogram(Voltammogram),
    /// A quantity over time or file number.
    Trend(Trend),
    /// Peak current and charge against frequency.
    FrequencyMap(FrequencyMap),
    /// How maps differ from a first one.
    Comparison(Comparison),
    /// A titration with its curve.
    Calibration(Calibration),
    /// A cyclic voltammogram.
    CyclicVoltammogram(CyclicVoltammogram),
    /// A decay with its fit.
    Chronoamperogram(Chronoamperogram),
}

/// Draws a figure.
///
/// # Errors
/// [`FigureError`]: there is nothing to draw, or the width is none of a page.
pub fn draw(figure: &Figure, layout: &Layout) -> Result<Drawn, FigureError> {
    if !(NARROWEST_MM..=WIDEST_MM).contains(&layout.width_mm) {
        return Err(FigureError::Width(layout.width_mm));
    }
    let columns = kinds::columns(figure, layout)?;
    drawing::draw(&columns, layout)
}
