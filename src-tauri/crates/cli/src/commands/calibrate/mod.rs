//! `sacmes calibrate`: binding curves from a session's titration.

mod table;

use std::path::PathBuf;

use agent::analysis::kept_curve;
use agent::export::refuse_instrument_folder;
use agent::querying;
use clap::{Args, ValueEnum};
use protocol::refusal::Refusal;
use protocol::settings::{CalibrationSettings, CalibrationSource, CalibrationStep, HillChoice, StepValues};

use crate::ending::{Ending, Failure, Outcome, complain};
use crate::output::Output;
use crate::place::Place;
use crate::session_choice;

/// The Hill coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Hill {
    /// As given by --hill-coefficient: 1 unless it says otherwise, the Langmuir isotherm.
    Fixed,
    /// Fitted.
    Fitted,
}

/// What is one point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Values {
    /// The mean of a step.
    Mean,
    /// Each scan.
    Each,
}

#[derive(Debug, Args)]
pub struct Calibrate {
    /// Id of a session, the beginning of its id, or its name.
    #[arg(value_name = "SESSION")]
    session: String,

    /// Concentrations in mol/L with the indices measured in them, as in `0:1-10,1e-6:11-20`; without it, the session's own
    /// calibration, else its markers with concentrations.
    #[arg(long, value_name = "M:FIRST-LAST", value_delimiter = ',', value_parser = step)]
    steps: Vec<CalibrationStep>,

    /// The markers with concentrations, whatever the session's settings say.
    #[arg(long, conflicts_with = "steps")]
    markers: bool,

    /// Scans after each marker that are left out.
    #[arg(long, value_name = "N")]
    settling: Option<u32>,

    /// Hill coefficient: given or fitted.
    #[arg(long, value_enum)]
    hill: Option<Hill>,

    /// The given Hill coefficient.
    #[arg(long, value_name = "N")]
    hill_coefficient: Option<f64>,

    /// One curve through the points of all electrodes.
    #[arg(long)]
    pooled: bool,

    /// What is one point of the titration.
    #[arg(long, value_enum)]
    values: Option<Values>,

    /// Probability of the intervals.
    #[arg(long, value_name = "P")]
    confidence: Option<f64>,

    /// File for the curves as a section `[calibration]`, for the settings of another session.
    #[arg(long, value_name = "FILE.toml")]
    out: Option<PathBuf>,

    #[command(flatten)]
    place: Place,

    /// One JSON object per curve instead of a table.
    #[arg(long)]
    json: bool,
}

impl Calibrate {
    /// Fits, prints, and writes where asked.
    pub fn run(self) -> Outcome {
        let store = self.place.read_store()?;
        let about = session_choice::find(&store, &self.session)?.summary;
        let session = about.session;
        let own = querying::current_settings(&store, session)?.calibration;
        let calibration = self.calibration(own);
        calibration
            .check()
            .map_err(|error| Failure::Usage(error.to_refusal()))?;
        if let Some(path) = &self.out {
            refuse_instrument_folder(&store, path).map_err(|error| Failure::Refused(error.into()))?;
        }
        let found = querying::calibrations(&store, session, Some(&calibration))?;
        let curves: Vec<_> = found.iter().filter_map(kept_curve).collect();
        let mut output = Output::standard();
        if self.json {
            for curve in &found {
                output.json_line(curve)?;
            }
        } else if !curves.is_empty() {
            output.bytes(table::text(&found).as_bytes())?;
        }
        output.finish()?;
        for curve in &found {
            if let (Some(code), Some(message)) = (&curve.reason, &curve.message) {
                complain(&format!("{}: {message} ({code})", table::name(curve)));
            }
        }
        if curves.is_empty() {
            // Where a titration could not be fitted, the line above says why and what to do.
            let has_titration = found.iter().any(|curve| !curve.points.is_empty());
            let hint = if has_titration {
                "Correct the titration or the settings."
            } else {
                "Give steps such as --steps 0:1-10,1e-6:11-20, or set markers with concentrations."
            };
            let message = "There is no calibration of this session.";
            return Err(Failure::Refused(Refusal::new("no_calibration", message, hint)));
        }
        if let Some(path) = &self.out {
            let kept = CalibrationSettings {
                source: CalibrationSource::Curves,
                steps: Vec::new(),
                curves,
                ..calibration
            };
            let response = found
                .first()
                .and_then(|curve| curve.response)
                .map_or("", |r| r.as_str());
            let text = format!(
                "# Binding curves of the session \"{}\" ({session}), fitted to {response}. A session whose settings hold this\n\
                 # section gets concentrations from them; its [trend] must give the same response.\n{}",
                about.name.replace(['\n', '\r'], " "),
                kept.to_toml().map_err(|error| {
                    Failure::Refused(Refusal::new(
                        "curves_not_writable",
                        format!("The curves cannot be written as settings: {error}."),
                        "Use --json.",
                    ))
                })?,
            );
            let mut file = Output::to(Some(path))?;
            file.bytes(text.as_bytes())?;
            file.finish()?;
            complain(&format!("wrote {} curves to {}", kept.curves.len(), path.display()));
        }
        // The lines above name the electrodes without a curve, and why.
        if found.iter().any(|curve| curve.reason.is_some()) {
            return Ok(Ending::SomeFilesUnusable);
        }
        Ok(Ending::Done)
    }

    fn calibration(&self, own: CalibrationSettings) -> CalibrationSettings {
        let source = match own.source {
            _ if !self.steps.is_empty() => CalibrationSource::Steps,
            _ if self.markers => CalibrationSource::Markers,
            CalibrationSource::Off => CalibrationSource::Markers,
            set => set,
        };
        CalibrationSettings {
            source,
            steps: if self.steps.is_empty() {
                own.steps
            } else {
                self.steps.clone()
            },
            settling: self.settling.unwrap_or(own.settling),
            hill: match self.hill {
                Some(Hill::Fixed) => HillChoice::Fixed,
                Some(Hill::Fitted) => HillChoice::Fitted,
                None => own.hill,
            },
            hill_coefficient: self.hill_coefficient.unwrap_or(own.hill_coefficient),
            pooled: self.pooled || own.pooled,
            values: match self.values {
                Some(Values::Mean) => StepValues::Mean,
                Some(Values::Each) => StepValues::Each,
                None => own.values,
            },
            confidence: self.confidence.unwrap_or(own.confidence),
            ..own
        }
    }
}

fn step(text: &str) -> Result<CalibrationStep, String> {
    let understood = || {
        let (concentration, range) = text.trim().split_once(':')?;
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        Some(CalibrationStep {
            concentration_m: concentration.trim().parse().ok()?,
            first_index: first.trim().parse().ok()?,
            last_index: last.trim().parse().ok()?,
        })
    };
    understood().ok_or_else(|| "a step is a concentration in mol/L and its indices, as in 1e-6:11-20".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_understood_or_refused() {
        let found = step("1e-6:11-20").unwrap();
        assert_eq!(
            (found.concentration_m, found.first_index, found.last_index),
            (1e-6, 11, 20)
        );
        let one = step("0:7").unwrap();
        assert_eq!((one.concentration_m, one.first_index, one.last_index), (0.0, 7, 7));
        for text in ["", "1e-6", "1e-6:", "a:1-2", "1:1-b", "1:-3"] {
            assert!(step(text).is_err(), "{text}");
        }
    }
}
