//! `sacmes scan-rates`: how the peaks of cyclic voltammograms depend on the scan rate.

mod rows;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use agent::querying::current_settings;
use agent::study::{RateSource, ScanRateFacts, rate_source};
use clap::{Args, ValueEnum};
use protocol::refusal::Refusal;
use protocol::settings::{Settings, Technique};
use protocol::study::{Couple, ScanRates};

use super::analyze::{Tally, gather};
use super::study_output::{StudyForm, StudyOutput};
use super::study_sources::{Named, Sessions, named};
use crate::ending::{Ending, Outcome, complain};
use crate::output::Output;
use crate::place::Place;
use crate::settings_file;

/// Form of the study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatChoice {
    /// One object a line: studies, peaks, what was left out.
    Jsonl,
    /// One row per electrode and process.
    Csv,
}

impl StudyForm for FormatChoice {
    const JSONL: Self = Self::Jsonl;
    const CSV: Self = Self::Csv;
}

#[derive(Debug, Args)]
pub struct ScanRatesCommand {
    /// Sessions (id, beginning of an id, or name), folders and files; their voltammograms are studied together.
    #[arg(value_name = "SESSION_OR_PATH", required = true)]
    what: Vec<String>,

    /// Settings for files; sessions have their own.
    #[arg(long, value_name = "FILE.toml")]
    settings: Option<PathBuf>,

    /// Scan rate of a file that does not state it, by the file's name.
    #[arg(long = "rate", value_name = "FILE=V/S", value_parser = rate)]
    rates: Vec<(String, f64)>,

    /// Only this cycle.
    #[arg(long, value_name = "N")]
    cycle: Option<u32>,

    /// Electrons per molecule, instead of the settings' `cv.electrons`.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    electrons: Option<u32>,

    /// Area of the electrode, m², instead of the settings' `cv.area_m2`.
    #[arg(long, value_name = "M2", allow_negative_numbers = true, value_parser = positive)]
    area: Option<f64>,

    /// Its standard error, m².
    #[arg(long, value_name = "M2", allow_negative_numbers = true, value_parser = positive, requires = "area")]
    area_error: Option<f64>,

    /// Concentration in solution, mol/m³ (the same number as mmol/l).
    #[arg(long, value_name = "MOL_M3", allow_negative_numbers = true, value_parser = positive)]
    concentration: Option<f64>,

    /// Its standard error, mol/m³.
    #[arg(long, value_name = "MOL_M3", allow_negative_numbers = true, value_parser = positive, requires = "concentration")]
    concentration_error: Option<f64>,

    /// Temperature, K; 298.15 without it.
    #[arg(long, value_name = "K", allow_negative_numbers = true, value_parser = positive)]
    temperature: Option<f64>,

    #[command(flatten)]
    output: StudyOutput<FormatChoice>,

    #[command(flatten)]
    place: Place,
}

fn positive(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if number.is_finite() && number > 0.0 {
        Ok(number)
    } else {
        Err("must be positive".to_owned())
    }
}

fn rate(text: &str) -> Result<(String, f64), String> {
    let (file, rate) = text.rsplit_once('=').ok_or("not of the form FILE=V/S")?;
    Ok((file.to_owned(), positive(rate)?))
}

impl ScanRatesCommand {
    /// Writes the study.
    pub fn run(self, verbose: bool) -> Outcome {
        let sources = named(&self.what);
        let mut settings = settings_file::read_or_default(self.settings.as_deref())?;
        settings.technique = Technique::Cv;
        let facts = ScanRateFacts {
            rates_v_s: self.rates.iter().cloned().collect::<BTreeMap<_, _>>(),
            cycle: self.cycle,
        };
        let mut sessions = Sessions::of(&self.place);
        if let Some(out) = &self.output.out {
            sessions.refuse_inside(&sources, out)?;
        }
        let mut of_first_session: Option<Settings> = None;
        let mut taken: Vec<RateSource> = Vec::new();
        let mut files: Option<Tally> = None;
        let mut without_file: BTreeSet<&str> = self.rates.iter().map(|(file, _)| file.as_str()).collect();
        for source in &sources {
            taken.push(match source {
                Named::Session(words) => {
                    let (store, row) = sessions.find(words)?;
                    let session = row.summary.session;
                    if of_first_session.is_none() {
                        of_first_session = Some(current_settings(store, session)?);
                    }
                    if !without_file.is_empty() {
                        for file in store.files(row.row)? {
                            found(&mut without_file, &file.entry.file);
                        }
                    }
                    rate_source(store, session, &facts)?
                }
                Named::Files { name, paths } => {
                    let mut source = RateSource::new(name, &settings);
                    let tally = gather(paths, &settings, verbose, |m| {
                        found(&mut without_file, &m.file);
                        source.take(m, &facts);
                    })?;
                    files = Some(files.unwrap_or_default().with(&tally));
                    source
                }
            });
        }
        for file in &without_file {
            complain(&format!(
                "--rate names {file}, which is not among the files; its scan rate was not used. Name it as the file is named."
            ));
        }
        // What the options leave open is as the settings that were named say, else as those of the first session.
        let known = match (&self.settings, of_first_session) {
            (None, Some(of_session)) => of_session,
            _ => settings,
        };
        let study = RateSource::study(taken, &self.couple(), &known);
        let without_rate = tell_missing_rates(&study);
        if study.studies.is_empty() {
            return nothing(files.as_ref(), verbose);
        }
        let mut output = Output::to(self.output.out.as_deref())?;
        match self.output.form() {
            Some(FormatChoice::Jsonl) => rows::json_lines(&mut output, &study)?,
            Some(FormatChoice::Csv) => output.bytes(&rows::csv(&study)?)?,
            None => output.bytes(tables::text(&study).as_bytes())?,
        }
        output.finish()?;
        match files.map_or(Ok(Ending::Done), |tally| tally.ending(verbose)) {
            Ok(Ending::Done) if without_rate => Ok(Ending::SomeFilesUnusable),
            ending => ending,
        }
    }

    fn couple(&self) -> Couple {
        Couple {
            electrons: self.electrons,
            area_m2: self.area,
            area_error_m2: self.area_error,
            concentration_mol_m3: self.concentration,
            concentration_error_mol_m3: self.concentration_error,
            temperature_k: self.temperature,
            temperature_error_k: None,
        }
    }
}

/// A rate may be given by a file's path in its folder or by the last part of it.
fn found(without_file: &mut BTreeSet<&str>, file: &str) {
    without_file.remove(file);
    if let Some(name) = file.rsplit(['/', '\\']).next() {
        without_file.remove(name);
    }
}

/// Names every file that has peaks and no scan rate, once.
fn tell_missing_rates(study: &ScanRates) -> bool {
    let mut told: Vec<&str> = Vec::new();
    for left_out in study
        .left_out
        .iter()
        .filter(|left_out| left_out.reason == "no_scan_rate")
    {
        if told.last() != Some(&left_out.file.as_str()) {
            told.push(&left_out.file);
            let file = &left_out.file;
            complain(&format!(
                "{file}: The file does not state its scan rate. Give it with --rate {file}=V/S. (no_scan_rate)"
            ));
        }
    }
    !told.is_empty()
}

fn nothing(files: Option<&Tally>, verbose: bool) -> Outcome {
    if let Some(tally) = files {
        tally.ending(verbose)?;
    }
    Err(Refusal::new(
        "nothing_to_study",
        "There is no peak with a scan rate.",
        "Name cyclic voltammograms that state their scan rates, or give them with --rate FILE=V/S.",
    )
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_given_by_the_name_of_the_file() {
        assert_eq!(rate("a=b.csv=0.025"), Ok(("a=b.csv".to_owned(), 0.025)));
        assert!(rate("a.csv").is_err() && rate("a.csv=0").is_err() && rate("a.csv=fast").is_err());
    }
}
