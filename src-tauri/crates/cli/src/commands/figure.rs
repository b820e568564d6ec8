//! `sacmes figure`: a session's results as a figure for a publication.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use agent::export::{ExportError, figure};
use clap::{Args, ValueEnum};
use protocol::command::Selection;
use protocol::figure::{FigureFormat, FigureKind, FigureMean, FigureQuantity, FigureRequest};
use protocol::ids::MeasurementId;
use protocol::refusal::Refusal;

use super::selected::Selected;
use crate::ending::{Ending, Failure, Outcome, complain};
use crate::place::Place;
use crate::progress::Progress;
use crate::{interruption, session_choice};

/// What the figure shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum KindChoice {
    /// Square wave voltammograms with baseline and peak; several over each other.
    Sweep,
    /// A quantity over file number or time, with markers.
    Trends,
    /// Peak current and charge against frequency, on logarithmic axes.
    FrequencyMap,
    /// How the map of a second session differs from this one's (--with).
    Comparison,
    /// A titration with its binding curve.
    Calibration,
    /// A cyclic voltammogram with baselines and peaks.
    Cv,
    /// A current decay with its fit.
    Ca,
}

/// Numbers of trends and comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum QuantityChoice {
    /// Height of the peaks at each frequency.
    PeakCurrent,
    /// Potential of the peaks.
    PeakPotential,
    /// Area of the peaks.
    Area,
    /// Low frequency over its reference.
    NormalizedLow,
    /// High frequency over its reference.
    NormalizedHigh,
    /// High over low frequency; in a comparison the second map over the first.
    Ratio,
    /// Kinetic differential measurement.
    Kdm,
    /// The trend corrected for drift.
    DriftCorrected,
    /// Concentration by the session's calibration.
    Concentration,
    /// Comparison: relative change.
    Gain,
    /// Comparison: second less first.
    Difference,
}

/// What stands around a mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SpreadChoice {
    /// Sample standard deviation.
    Sd,
    /// Standard error of the mean.
    Se,
}

#[derive(Debug, Args)]
pub struct Figure {
    /// Id of a session, the beginning of its id, or its name.
    #[arg(value_name = "SESSION")]
    session: String,

    /// What it shows.
    #[arg(long, value_enum)]
    kind: KindChoice,

    /// File to write, ending in .svg, .pdf or .png; it appears when it is complete.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// Width on paper: single (85 mm), one-and-half (120 mm), double (178 mm), or millimetres.
    #[arg(long, value_name = "WIDTH", default_value = "single", allow_negative_numbers = true, value_parser = width_mm)]
    width: f64,

    /// Resolution of a PNG.
    #[arg(long, value_name = "N", default_value_t = 300)]
    dpi: u32,

    #[command(flatten)]
    selected: Selected,

    /// Only this index, such as one of several frequency maps.
    #[arg(long, value_name = "N", conflicts_with_all = ["first_index", "last_index"], value_parser = clap::value_parser!(u32).range(1..))]
    index: Option<u32>,

    /// These measurements (`measurement` of `sacmes results`); without it the newest of each frequency, of the first electrode
    /// or of those chosen.
    #[arg(long, value_name = "ID,ID", value_delimiter = ',')]
    measurement: Vec<i64>,

    /// Which numbers; without it KDM, with one frequency the peak current; for comparisons the gain.
    #[arg(long, value_enum)]
    quantity: Option<QuantityChoice>,

    /// The mean over the electrodes with its standard deviation, or with --mean=se its standard error.
    #[arg(long, value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "sd")]
    mean: Option<SpreadChoice>,

    /// Session with the second map of a comparison.
    #[arg(long = "with", value_name = "SESSION")]
    compared_with: Option<String>,

    /// Title above the figure.
    #[arg(long, value_name = "TEXT", default_value = "")]
    title: String,

    /// High potentials to the left.
    #[arg(long)]
    reverse_potential: bool,

    #[command(flatten)]
    place: Place,

    /// One JSON object with what was written, on standard output.
    #[arg(long)]
    json: bool,
}

impl Figure {
    /// Writes the file, or nothing.
    pub fn run(self) -> Outcome {
        let shown = self.out.display().to_string();
        let format = format_of(&self.out)?;
        let store = self.place.read_store()?;
        let session = session_choice::find(&store, &self.session)?.summary.session;
        let compared_with = match &self.compared_with {
            Some(other) => Some(session_choice::find(&store, other)?.summary.session),
            None => None,
        };
        let request = FigureRequest {
            kind: self.kind.into(),
            format,
            width_mm: self.width,
            dpi: self.dpi,
            title: self.title,
            reverse_potential: self.reverse_potential,
            selection: match self.index {
                Some(index) => Selection {
                    first_index: index,
                    last_index: index,
                    ..self.selected.selection()
                },
                None => self.selected.selection(),
            },
            measurements: self.measurement.into_iter().map(MeasurementId).collect(),
            quantity: self.quantity.map(Into::into),
            mean: match self.mean {
                None => FigureMean::Off,
                Some(SpreadChoice::Sd) => FigureMean::StandardDeviation,
                Some(SpreadChoice::Se) => FigureMean::StandardError,
            },
            compared_with,
        };
        let cancelled = interruption::flag();
        let progress = Progress::start("Drawing", 0);
        let written = figure::export(&store, session, &request, &self.out, &cancelled, |done, total| {
            progress.set(done, total);
        });
        drop(progress);
        let bytes = written.map_err(|error| match error {
            ExportError::Cancelled if cancelled.load(Ordering::Relaxed) => Failure::Refused(Refusal::new(
                "cancelled",
                format!("The figure was stopped; {shown} was not written."),
                "Start it again to have the file.",
            )),
            other => of_options(other.into()),
        })?;
        if self.json {
            let mut output = crate::output::Output::standard();
            output.json_line(&serde_json::json!({"file": shown, "bytes": bytes}))?;
            output.finish()?;
        } else {
            complain(&format!("wrote a figure to {shown}"));
        }
        Ok(Ending::Done)
    }
}

/// A size or quantity that no figure of this kind can have is wrong usage, whatever the session holds.
fn of_options(refusal: Refusal) -> Failure {
    match refusal.code.as_str() {
        "figure_width_invalid" | "figure_dpi_invalid" | "wrong_quantity" => Failure::Usage(refusal),
        _ => Failure::Refused(refusal),
    }
}

fn width_mm(words: &str) -> Result<f64, String> {
    match words {
        "single" => Ok(85.0),
        "one-and-half" => Ok(120.0),
        "double" => Ok(178.0),
        millimetres => millimetres
            .trim_end_matches("mm")
            .trim()
            .parse()
            .map_err(|_| "a width is single, one-and-half, double or a number of millimetres".to_owned()),
    }
}

fn format_of(file: &Path) -> Result<FigureFormat, Failure> {
    let extension = file.extension().map(|e| e.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("svg") => Ok(FigureFormat::Svg),
        Some("pdf") => Ok(FigureFormat::Pdf),
        Some("png") => Ok(FigureFormat::Png),
        _ => Err(Failure::Usage(Refusal::new(
            "figure_format_unknown",
            format!("{} does not say what form the figure has.", file.display()),
            "Name a file that ends in .svg, .pdf or .png.",
        ))),
    }
}

impl From<KindChoice> for FigureKind {
    fn from(choice: KindChoice) -> Self {
        match choice {
            KindChoice::Sweep => Self::Sweep,
            KindChoice::Trends => Self::Trends,
            KindChoice::FrequencyMap => Self::FrequencyMap,
            KindChoice::Comparison => Self::Comparison,
            KindChoice::Calibration => Self::Calibration,
            KindChoice::Cv => Self::Cv,
            KindChoice::Ca => Self::Ca,
        }
    }
}

impl From<QuantityChoice> for FigureQuantity {
    fn from(choice: QuantityChoice) -> Self {
        match choice {
            QuantityChoice::PeakCurrent => Self::PeakCurrent,
            QuantityChoice::PeakPotential => Self::PeakPotential,
            QuantityChoice::Area => Self::Area,
            QuantityChoice::NormalizedLow => Self::NormalizedLow,
            QuantityChoice::NormalizedHigh => Self::NormalizedHigh,
            QuantityChoice::Ratio => Self::Ratio,
            QuantityChoice::Kdm => Self::Kdm,
            QuantityChoice::DriftCorrected => Self::DriftCorrected,
            QuantityChoice::Concentration => Self::Concentration,
            QuantityChoice::Gain => Self::Gain,
            QuantityChoice::Difference => Self::Difference,
        }
    }
}
