//! Files to measurements in the form in which they are written; runs on all cores at once.

use std::cell::RefCell;

use agent::analysis::{
    FileFacts, PulseFile, Reading, Rules, ScanFile, Unused, failed_measurement, measured_together, not_read,
    read_and_measure,
};
use agent::export::csv_columns;
use protocol::measurement::{Measurement, Status};

use super::inputs::Input;
use super::pulses::Group;
use super::reading::{NotRead, read};
use super::writing::Form;

thread_local! {
    /// The content of one file after the other.
    static CONTENT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Capacity that is kept from one file to the next; a rare large file does not keep its memory.
const KEPT_CAPACITY: usize = 4 * 1024 * 1024;

/// What every core needs.
pub struct Bench {
    /// For files that were found in a folder.
    found: Rules,
    /// For files that were named.
    chosen: Rules,
    form: Form,
    columns: Vec<&'static str>,
}

/// Some files, measured.
#[derive(Debug, Default)]
pub struct Part {
    /// Measurements as they are written, where they can be written one by one.
    pub bytes: Vec<u8>,
    /// Measurements, where they are needed together.
    pub measurements: Vec<Measurement>,
    /// Files with at least one usable sweep.
    pub used: usize,
    /// A line for every file that could not be used, or not completely: its name and the reason.
    pub failures: Vec<String>,
    /// A line for every file that the settings leave out.
    pub left_out: Vec<String>,
}

/// What became of a file.
enum Analysed {
    /// At least one measurement.
    Measured(Vec<Measurement>),
    /// It could not be used.
    Failed(Box<Measurement>),
    /// The settings leave it out; the reason.
    LeftOut(String),
}

impl Bench {
    /// Files are read by these rules and written in this form.
    pub fn new(rules: Rules, form: Form) -> Self {
        Self {
            columns: csv_columns(&rules.settings),
            chosen: rules.clone().for_chosen_files(),
            found: rules,
            form,
        }
    }

    /// Measures files, in order.
    pub fn measure(&self, files: &[Input]) -> Part {
        let mut part = Part::default();
        CONTENT.with_borrow_mut(|content| {
            for file in files {
                match self.analyse(file, content) {
                    Analysed::Measured(measurements) => self.put(&mut part, &file.shown, measurements),
                    Analysed::Failed(measurement) => self.put(&mut part, &file.shown, vec![*measurement]),
                    Analysed::LeftOut(line) => part.left_out.push(line),
                }
                if content.capacity() > KEPT_CAPACITY {
                    *content = Vec::new();
                }
            }
        });
        part
    }

    /// Measures files that belong together as one each, in order.
    pub fn measure_together(&self, groups: &[Group]) -> Part {
        let mut part = Part::default();
        for group in groups {
            let measurements = self.analyse_together(group);
            let shown = measurements.first().map(|m| m.file.clone()).unwrap_or_default();
            self.put(&mut part, &shown, measurements);
        }
        part
    }

    fn analyse_together(&self, group: &Group) -> Vec<Measurement> {
        let mut contents = Vec::with_capacity(group.files.len());
        for (file, range_s) in &group.files {
            let mut content = Vec::new();
            match read(&file.path, &mut content) {
                Ok(modified_ns) => contents.push((file, *range_s, content, modified_ns)),
                Err(_) => {
                    return match self.analyse(file, &mut content) {
                        Analysed::Measured(measurements) => measurements,
                        Analysed::Failed(measurement) => vec![*measurement],
                        Analysed::LeftOut(_) => Vec::new(),
                    };
                }
            }
        }
        let names: Vec<_> = contents
            .iter()
            .map(|(file, ..)| file.path.file_name().unwrap_or_default().to_string_lossy())
            .collect();
        let files: Vec<PulseFile<'_>> = contents
            .iter()
            .zip(&names)
            .map(|((_, range_s, content, modified_ns), name)| PulseFile {
                file: ScanFile {
                    name,
                    content,
                    modified_ns: *modified_ns,
                },
                range_s: *range_s,
            })
            .collect();
        let mut measured = measured_together(&files, &self.chosen);
        // What came of all of them names all of them.
        let first = names.first().map(AsRef::as_ref);
        let shown: Vec<&str> = contents.iter().map(|(file, ..)| file.shown.as_str()).collect();
        for measurement in measured.iter_mut().filter(|m| Some(m.file.as_str()) == first) {
            measurement.file = shown.join(" + ");
        }
        measured
    }

    fn put(&self, part: &mut Part, shown: &str, measurements: Vec<Measurement>) {
        if let Some(failed) = measurements.iter().find(|m| m.status == Status::Failed) {
            part.failures.push(complaint(shown, failed));
        }
        part.used += usize::from(measurements.iter().any(|m| m.status != Status::Failed));
        self.form
            .write_measurements(&mut part.bytes, &self.columns, &measurements);
        if self.form.needs_all() {
            part.measurements.extend(measurements);
        }
    }

    fn analyse(&self, file: &Input, content: &mut Vec<u8>) -> Analysed {
        let name = file
            .path
            .file_name()
            .map(|name| name.to_string_lossy())
            .unwrap_or_default();
        let rules = if file.chosen { &self.chosen } else { &self.found };
        let read = read(&file.path, content);
        let scan = ScanFile {
            name: &name,
            content,
            modified_ns: *read.as_ref().unwrap_or(&0),
        };
        let failed = |facts: &FileFacts, reason: &str, message: &str| {
            Analysed::Failed(Box::new(failed_measurement(&scan, facts, reason, message)))
        };
        let mut analysed = match read {
            Err(NotRead { reason, message }) => match not_read(&scan, rules, reason, message) {
                Unused {
                    measurement: Some(mut failed),
                    ..
                } => {
                    (failed.time, failed.time_source) = (None, None);
                    Analysed::Failed(failed)
                }
                Unused {
                    measurement: None,
                    message,
                    ..
                } => Analysed::LeftOut(message),
            },
            Ok(_) => match read_and_measure(&scan, rules, true) {
                Reading::Measured { measurements, .. } => Analysed::Measured(measurements),
                Reading::Partial {
                    facts, reason, message, ..
                } => failed(&facts, reason, &message),
                Reading::Unusable {
                    measurement: Some(measurement),
                    ..
                } => Analysed::Failed(measurement),
                Reading::Unusable {
                    measurement: None,
                    message,
                    ..
                } => Analysed::LeftOut(message),
            },
        };
        if file.shown != name {
            analysed.rename(&file.shown);
        }
        analysed
    }
}

impl Analysed {
    fn rename(&mut self, shown: &str) {
        match self {
            Self::Measured(measurements) => {
                for measurement in measurements {
                    shown.clone_into(&mut measurement.file);
                }
            }
            Self::Failed(measurement) => shown.clone_into(&mut measurement.file),
            Self::LeftOut(_) => {}
        }
    }
}

/// The line that names a file and its reason; the message often begins with the name already.
fn complaint(shown: &str, failed: &Measurement) -> String {
    let reason = failed.reason.as_deref().unwrap_or("failed");
    let message = failed.message.as_deref().unwrap_or("The file cannot be used.");
    let name = shown.rsplit(['/', '\\']).next().unwrap_or(shown);
    match message.strip_prefix(name) {
        Some(rest) => format!("{shown}{rest} ({reason})"),
        None => format!("{shown}: {message} ({reason})"),
    }
}
