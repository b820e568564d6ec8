//! `sacmes map`: frequency maps of sessions, folders and files, and how later ones differ from the first.

mod rows;
mod tables;

use std::collections::BTreeMap;
use std::path::PathBuf;

use agent::export::write_sacmes_web_maps;
use agent::study::{MOST_MAPS, MapSource, Maps, map_source, too_many_maps};
use clap::{Args, ValueEnum};
use protocol::refusal::Refusal;
use protocol::settings::Technique;
use protocol::study::LeftOut;

use super::analyze::{Tally, gather};
use super::study_output::{StudyForm, StudyOutput};
use super::study_sources::{Named, Sessions, named};
use crate::ending::{Ending, Failure, Outcome, complain};
use crate::output::Output;
use crate::place::Place;
use crate::settings_file;

/// Form of the maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatChoice {
    /// One object a line: frequencies and electrodes, means, pairs, what was left out.
    Jsonl,
    /// One row per map, frequency and electrode, and one for the mean over the electrodes.
    Csv,
    /// The report of `SACMES_Web`: one map, or several for comparison.
    SacmesWeb,
}

impl StudyForm for FormatChoice {
    const JSONL: Self = Self::Jsonl;
    const CSV: Self = Self::Csv;
}

#[derive(Debug, Args)]
pub struct MapCommand {
    /// Sessions (id, beginning of an id, or name), folders and files; files of one folder are taken together. Every index is
    /// a map of its own.
    #[arg(value_name = "SESSION_OR_PATH", required = true)]
    what: Vec<String>,

    /// Name of the first, second, ... of them, instead of the session's or the folder's.
    #[arg(long = "name", value_name = "NAME")]
    names: Vec<String>,

    /// One map of each: the mean over its indices.
    #[arg(long)]
    mean: bool,

    /// Settings for files; sessions have their own.
    #[arg(long, value_name = "FILE.toml")]
    settings: Option<PathBuf>,

    #[command(flatten)]
    output: StudyOutput<FormatChoice>,

    #[command(flatten)]
    place: Place,
}

impl MapCommand {
    /// Writes the maps and their comparison.
    pub fn run(self, verbose: bool) -> Outcome {
        let sources = named(&self.what);
        if self.names.len() > sources.len() {
            return Err(Failure::Usage(Refusal::new(
                "too_many_names",
                format!("There are {} names for {} maps.", self.names.len(), sources.len()),
                "Files of one folder are one map; give a folder for each.",
            )));
        }
        let mut settings = settings_file::read_or_default(self.settings.as_deref())?;
        settings.technique = Technique::FrequencyMap;
        let mut sessions = Sessions::of(&self.place);
        if let Some(out) = &self.output.out {
            sessions.refuse_inside(&sources, out)?;
        }
        let mut taken: Vec<MapSource> = Vec::new();
        let mut count = 0;
        let mut files: Option<Tally> = None;
        for (at, source) in sources.iter().enumerate() {
            let given = self.names.get(at);
            let source = match source {
                Named::Session(words) => {
                    let (store, row) = sessions.find(words)?;
                    let source = map_source(store, row.summary.session, self.mean)?;
                    match given {
                        Some(name) => source.named(name),
                        None => source,
                    }
                }
                Named::Files { name, paths } => {
                    let mut source = MapSource::new(given.unwrap_or(name), None, &settings, self.mean);
                    let tally = gather(paths, &settings, verbose, |m| source.take(m))?;
                    files = Some(files.unwrap_or_default().with(&tally));
                    source
                }
            };
            count += source.count()?;
            if count > MOST_MAPS {
                return Err(too_many_maps().into());
            }
            taken.push(source);
        }
        let maps = Maps::new(taken);
        if maps.maps.is_empty() {
            return nothing(files.as_ref(), verbose);
        }
        let of_files: Vec<&str> = sources
            .iter()
            .enumerate()
            .filter_map(|(at, source)| match source {
                Named::Files { name, .. } => Some(self.names.get(at).unwrap_or(name).as_str()),
                Named::Session(_) => None,
            })
            .collect();
        let mut output = Output::to(self.output.out.as_deref())?;
        write(&mut output, self.output.form(), maps, &of_files)?;
        output.finish()?;
        match files {
            Some(tally) => tally.ending(verbose),
            None => Ok(Ending::Done),
        }
    }
}

fn nothing(files: Option<&Tally>, verbose: bool) -> Outcome {
    if let Some(tally) = files {
        tally.ending(verbose)?;
    }
    Err(Refusal::new(
        "nothing_to_map",
        "There is no measurement of a known frequency.",
        "Name square-wave voltammograms whose files or names state a frequency.",
    )
    .into())
}

/// Without a form, tables for people.
fn write(output: &mut Output, form: Option<FormatChoice>, maps: Maps, of_files: &[&str]) -> Result<(), Failure> {
    if form == Some(FormatChoice::SacmesWeb) {
        let mut whole = Vec::new();
        write_sacmes_web_maps(&mut whole, &maps).map_err(|error| Failure::of_output(&error, "The report"))?;
        output.bytes(&whole)?;
        left_out(&maps.study(), of_files);
        return Ok(());
    }
    let study = maps.study();
    match form {
        Some(FormatChoice::Jsonl) => rows::json_lines(output, &study),
        Some(FormatChoice::Csv) => {
            output.bytes(&rows::csv(&study)?)?;
            for changes in &study.comparisons {
                complain(&tables::pair(changes));
            }
            left_out(&study, of_files);
            Ok(())
        }
        Some(FormatChoice::SacmesWeb) | None => {
            output.bytes(tables::text(&study).as_bytes())?;
            left_out(&study, of_files);
            Ok(())
        }
    }
}

/// Of what was left out for one reason, as many are named as people read.
const MOST_NAMED: usize = 10;

/// What has no place in a table is told on standard error. `of_files`: sources whose files have told of their failures as they were measured.
fn left_out(study: &protocol::study::FrequencyMaps, of_files: &[&str]) {
    let mut by_reason: BTreeMap<&str, Vec<&LeftOut>> = BTreeMap::new();
    let is_told = |left_out: &&LeftOut| {
        !matches!(left_out.reason.as_str(), "no_frequency" | "duplicate_index")
            && of_files.contains(&left_out.source.as_str())
    };
    for left_out in study.left_out.iter().filter(|left_out| !is_told(left_out)) {
        by_reason.entry(&left_out.reason).or_default().push(left_out);
    }
    for (reason, all) in by_reason {
        for left_out in all.iter().take(MOST_NAMED) {
            complain(&format!("{}: {} ({reason})", left_out.file, left_out.message));
        }
        if let Some(more) = all.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
            complain(&format!("{more} more left out ({reason}); --json names every one"));
        }
    }
}
