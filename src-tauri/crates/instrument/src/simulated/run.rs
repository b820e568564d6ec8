//! What a simulated instrument measures file by file, whatever the technique.

use super::content::FileContent;
use super::error::SimulationError;
use super::file::FileFormat;
use super::play::ScanTime;
use jiff::SignedDuration;
use jiff::civil::DateTime;

/// The place of one file in a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slot {
    /// Index, from 1.
    pub index: u32,
    /// Square-wave frequency in Hz, of a technique that has one.
    pub frequency_hz: Option<f64>,
    /// The only electrode in the file, where several electrodes do not fit into one; else all are in it.
    pub electrode: Option<u8>,
}

impl Slot {
    /// What each electrode in the file measures.
    ///
    /// # Errors
    /// The first that `scan` gives.
    pub(super) fn scans<T>(
        &self,
        electrodes: u8,
        scan: impl Fn(u8) -> Result<T, SimulationError>,
    ) -> Result<Vec<T>, SimulationError> {
        match self.electrode {
            Some(electrode) => Ok(vec![scan(electrode)?]),
            None => (1..=electrodes).map(scan).collect(),
        }
    }
}

/// A run of files: what an instrument is asked to measure, and what each file then holds.
///
/// Every number is a function of the settings, the seed and the slot, in whatever order it is asked for.
pub trait Run {
    /// Electrodes, numbered from 1.
    fn electrodes(&self) -> u8;

    /// Indices, numbered from 1.
    fn indices(&self) -> u32;

    /// The frequencies in Hz measured at each index; empty for a technique without any.
    fn frequencies_hz(&self) -> &[f64];

    /// Duration in s of the scan at `position` of [`Run::frequencies_hz`] (0 without any).
    fn duration_s(&self, index: u32, position: usize) -> f64;

    /// Time in s from the start of the run to that of a scan, if one is measured after the other.
    fn starts_after_s(&self, index: u32, position: usize) -> f64;

    /// The content of a file. `name` and `measured_at` are what formats repeat inside.
    ///
    /// # Errors
    /// [`SimulationError`] if the run has no such slot.
    fn content(
        &self,
        slot: &Slot,
        format: FileFormat,
        name: &str,
        measured_at: DateTime,
    ) -> Result<FileContent, SimulationError>;
}

/// Files that one scan needs: one for all electrodes, or one for each.
pub(super) fn files_per_scan(run: &dyn Run, format: FileFormat) -> u8 {
    if format.holds_one_electrode() {
        run.electrodes()
    } else {
        1
    }
}

/// Number of files of a whole run in a format.
pub fn file_count(run: &dyn Run, format: FileFormat) -> u64 {
    let scans = run.frequencies_hz().len().max(1) as u64;
    u64::from(run.indices()) * scans * u64::from(files_per_scan(run, format))
}

/// The files of one index, in the order in which they are measured, each with the position of its scan.
pub(super) fn slots(run: &dyn Run, format: FileFormat, index: u32) -> Vec<(usize, Slot)> {
    let frequencies: Vec<Option<f64>> = match run.frequencies_hz() {
        [] => vec![None],
        stated => stated.iter().copied().map(Some).collect(),
    };
    let electrodes: Vec<Option<u8>> = match files_per_scan(run, format) {
        1 => vec![None],
        several => (1..=several).map(Some).collect(),
    };
    let place = |(position, frequency_hz)| {
        let slot = move |electrode| Slot {
            index,
            frequency_hz,
            electrode,
        };
        electrodes
            .iter()
            .map(move |&electrode| (position, slot(electrode)))
            .collect::<Vec<_>>()
    };
    frequencies.into_iter().enumerate().flat_map(place).collect()
}

/// Date and time that the file of a slot states.
pub(super) fn measured_at(
    run: &dyn Run,
    format: FileFormat,
    scan_time: ScanTime,
    position: usize,
    slot: &Slot,
) -> DateTime {
    match scan_time {
        ScanTime::Now => jiff::Zoned::now().datetime(),
        ScanTime::From(start) => {
            // An instrument that writes one electrode a file measures them one after the other.
            let times = f64::from(files_per_scan(run, format));
            let before = f64::from(slot.electrode.map_or(0, |electrode| electrode - 1));
            let after_s =
                times * run.starts_after_s(slot.index, position) + before * run.duration_s(slot.index, position);
            start.saturating_add(SignedDuration::from_secs(after_s as i64))
        }
    }
}
