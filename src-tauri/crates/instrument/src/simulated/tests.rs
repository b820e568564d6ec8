//! The model against its own truth, the look of the files, and the behaviour of writing.

mod choice;
mod dta;
mod model;
mod playing;
mod pstrace;
mod text;

use super::{Experiment, ExperimentSettings};

fn experiment(electrodes: u8, frequencies_hz: &[f64], files: u32) -> Experiment {
    let frequencies_hz = frequencies_hz.to_vec();
    Experiment::new(ExperimentSettings {
        electrodes,
        frequencies_hz,
        files,
        ..ExperimentSettings::default()
    })
    .unwrap()
}
