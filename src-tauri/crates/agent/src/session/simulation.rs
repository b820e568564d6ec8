//! The simulated potentiostat of a session: writes real files into the session's own folder, on a thread of its own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use instrument::simulated::{
    FileFormat, Handle, PlayOutcome, PlaySettings, RealPace, Run, RunSettings, ScanTime, SimulatedTechnique, Slot,
    StopSignal, WritingStyle as Style, cut_short, play,
};
use protocol::refusal::Refusal;
use protocol::session::{FileState, SimulatedFormat, SimulatedInstrument, WritingStyle};
use protocol::settings::Technique;
use tokio::sync::watch;

use super::known::KnownFiles;

/// A running or ended simulation.
pub struct Simulation {
    stop: StopSignal,
    ended: watch::Receiver<Option<Result<PlayOutcome, Refusal>>>,
    told: bool,
    names: Names,
}

struct Names {
    handle: Option<Handle>,
    format: FileFormat,
    /// Of each index.
    frequencies_hz: Vec<Option<f64>>,
    files: u32,
}

impl Simulation {
    /// Starts, or goes on after what is already in the folder.
    pub fn start(folder: &Path, instrument: &SimulatedInstrument) -> Self {
        let stop = StopSignal::new();
        let (tell, ended) = watch::channel(None);
        let names = Names {
            handle: Handle::new(&instrument.handle).ok(),
            format: format_of(instrument),
            frequencies_hz: match &*instrument.frequencies_hz {
                [] => vec![None],
                frequencies => frequencies.iter().copied().map(Some).collect(),
            },
            files: instrument.files,
        };
        let (folder, instrument, signal) = (folder.to_owned(), instrument.clone(), stop.clone());
        let thread = std::thread::Builder::new()
            .name("simulated potentiostat".to_owned())
            .spawn(move || {
                let outcome = run(folder, &instrument, signal);
                tell.send_replace(Some(outcome));
            });
        if let Err(error) = thread {
            tracing::error!("the simulated potentiostat could not be started: {error}");
        }
        Self {
            stop,
            ended,
            told: false,
            names,
        }
    }

    /// Whether it has written everything, or failed.
    pub fn ended(&self) -> bool {
        self.ended.borrow().is_some() || self.ended.has_changed().is_err()
    }

    /// Why it failed.
    pub fn failure(&self) -> Option<Refusal> {
        self.ended.borrow().as_ref().and_then(|r| r.as_ref().err().cloned())
    }

    /// Whether each of its files was measured or skipped.
    pub fn all_seen(&self, known: &KnownFiles) -> bool {
        let Some(handle) = &self.names.handle else { return true };
        // From the end: the last file is the last to be seen.
        (1..=self.names.files).rev().all(|index| {
            self.names.frequencies_hz.iter().all(|&frequency_hz| {
                let slot = Slot {
                    index,
                    frequency_hz,
                    electrode: None,
                };
                let state = known
                    .get(&handle.name(&slot, self.names.format))
                    .and_then(super::known::KnownFile::state);
                matches!(state, Some(FileState::Measured | FileState::Skipped))
            })
        })
    }

    /// Returns once, when it has ended; never where there is none.
    pub async fn changed(simulation: &mut Option<Self>) {
        match simulation {
            Some(simulation) if !simulation.told => {
                drop(simulation.ended.wait_for(Option::is_some).await);
                simulation.told = true;
            }
            _ => std::future::pending().await,
        }
    }

    /// Stops it and waits until it writes nothing more.
    pub async fn stop(mut self) {
        self.stop.stop();
        drop(self.ended.wait_for(Option::is_some).await);
    }
}

/// The description with everything filled in that it left to its technique.
///
/// # Errors
/// A refusal that names the value which cannot be simulated.
pub(crate) fn checked(instrument: SimulatedInstrument) -> Result<SimulatedInstrument, Refusal> {
    let (run, handle) = experiment(&instrument)?;
    Ok(SimulatedInstrument {
        frequencies_hz: run.frequencies_hz().to_vec(),
        handle: handle.as_str().to_owned(),
        ..instrument
    })
}

/// The experiment that a description stands for.
fn experiment(instrument: &SimulatedInstrument) -> Result<(Box<dyn Run + Send + Sync>, Handle), Refusal> {
    let refuse = |e: instrument::simulated::SimulationError| Refusal::new(e.code(), format!("{e}."), e.hint());
    let technique = match instrument.technique {
        Technique::Swv => SimulatedTechnique::Swv,
        Technique::FrequencyMap => SimulatedTechnique::FrequencyMap,
        Technique::Cv => SimulatedTechnique::Cv,
        Technique::Ca => SimulatedTechnique::Ca,
    };
    let given = |values: &[f64]| (!values.is_empty()).then(|| values.to_vec());
    let settings = RunSettings {
        technique,
        electrodes: u8::try_from(instrument.electrodes).unwrap_or(u8::MAX),
        frequencies_hz: given(&instrument.frequencies_hz),
        scan_rates_v_s: given(&instrument.scan_rates_v_s),
        files: instrument.files,
        seed: u64::from(instrument.seed),
        ..RunSettings::default()
    };
    let handle = match instrument.handle.as_str() {
        "" => technique.default_handle(),
        handle => handle,
    };
    Ok((settings.run().map_err(refuse)?, Handle::new(handle).map_err(refuse)?))
}

fn format_of(instrument: &SimulatedInstrument) -> FileFormat {
    match instrument.format {
        SimulatedFormat::Csv => FileFormat::Csv,
        SimulatedFormat::Chi => FileFormat::ChiText,
    }
}

fn run(folder: PathBuf, instrument: &SimulatedInstrument, stop: StopSignal) -> Result<PlayOutcome, Refusal> {
    let (experiment, handle) = experiment(instrument)?;
    let interval = Duration::try_from_secs_f64(instrument.interval_s.clamp(0.0, 86_400.0)).unwrap_or_default();
    let settings = PlaySettings {
        folder,
        handle,
        format: format_of(instrument),
        style: match instrument.style {
            WritingStyle::Atomic => Style::Atomic,
            WritingStyle::Append => Style::Append,
            WritingStyle::Burst => Style::Burst,
        },
        interval,
        // The same bytes after a restart, so that what was written counts as done.
        scan_time: ScanTime::for_interval(Duration::ZERO),
    };
    remove_cut_short(&*experiment, &settings)?;
    play(&*experiment, &settings, &RealPace::start(stop), |_| {})
        .map_err(|e| Refusal::new(e.code(), format!("{e}."), e.hint()))
}

/// What was cut short when the program ended is written anew. The folder is our own.
fn remove_cut_short(experiment: &dyn Run, settings: &PlaySettings) -> Result<(), Refusal> {
    let cut = cut_short(experiment, settings).map_err(|e| Refusal::new(e.code(), format!("{e}."), e.hint()))?;
    for path in cut {
        if let Err(error) = std::fs::remove_file(&path) {
            tracing::warn!("{} could not be removed: {error}", path.display());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn what_was_cut_short_is_written_anew_whatever_the_clock_says() {
        let folder = tempfile::tempdir().unwrap();
        let instrument = SimulatedInstrument {
            electrodes: 1,
            files: 3,
            interval_s: 0.0,
            frequencies_hz: vec![15.0],
            format: SimulatedFormat::Csv,
            style: WritingStyle::Burst,
            ..SimulatedInstrument::default()
        };
        let go = || run(folder.path().to_owned(), &instrument, StopSignal::new());
        assert_eq!(go().unwrap().written, 3);
        let path = |index| {
            let (_, handle) = experiment(&instrument).unwrap();
            folder.path().join(handle.file_name(15.0, index))
        };
        let whole = std::fs::read(path(2)).unwrap();
        // Killed in the middle of the second file, with a clock that had been set back by a day before that.
        std::fs::remove_file(path(3)).unwrap();
        let cut = std::fs::File::options().write(true).open(path(2)).unwrap();
        cut.set_len(whole.len() as u64 / 2).unwrap();
        cut.set_modified(SystemTime::now() - Duration::from_hours(24)).unwrap();
        drop(cut);
        let outcome = go().unwrap();
        assert_eq!((outcome.written, outcome.already_there), (2, 1));
        assert_eq!(std::fs::read(path(2)).unwrap(), whole);
        // What somebody else wrote there is not ours to remove.
        std::fs::write(path(2), "something else").unwrap();
        assert_eq!(go().unwrap_err().code, "file_occupied");
        assert_eq!(std::fs::read(path(2)).unwrap(), b"something else");
    }
}
