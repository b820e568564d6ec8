//! What the simulated potentiostat writes is read back as what it simulated.
#![allow(clippy::unwrap_used, reason = "a test may say what must hold in the shortest way")]

use instrument::simulated::cyclic::{CyclicExperiment, CyclicSettings};
use instrument::simulated::step::{StepExperiment, StepSettings};
use instrument::simulated::{Experiment, ExperimentSettings, FileFormat, Handle, Run, Slot};
use instrument::{Completeness, Format, ReadOptions, Recording, Technique, read};

/// Reads the file of a slot, and what is there of it when a third is written.
fn read_back(run: &dyn Run, slot: &Slot, format: FileFormat) -> Recording {
    let name = Handle::default().name(slot, format);
    let at = jiff::civil::date(2025, 3, 9).at(14, 5, 6, 0);
    let content = run.content(slot, format, &name, at).unwrap();
    let bytes = content.bytes();
    let third: Vec<u8> = content
        .lines()
        .take(content.lines().count() / 3)
        .flat_map(std::borrow::Cow::into_owned)
        .collect();
    if let Ok(partial) = read(&third, &ReadOptions::default()) {
        assert_ne!(partial.completeness, Completeness::Complete, "{format:?}");
    }
    let recording = read(&bytes, &ReadOptions::default()).unwrap();
    assert!(
        recording.reservations.is_empty(),
        "{format:?}: {:?}",
        recording.reservations
    );
    if let Some(started_at) = recording.started_at {
        assert_eq!(started_at, at, "{format:?}");
    }
    recording
}

/// Asserts that values agree within the digits that a format has, and a smallest step.
fn agree(read: &[f64], simulated: &[f64], digits: i32, step: f64) {
    assert_eq!(read.len(), simulated.len());
    for (a, b) in read.iter().zip(simulated) {
        let allowed = 0.51 * 10_f64.powi(1 - digits) * b.abs() + step;
        assert!((a - b).abs() <= allowed, "{a} {b}");
    }
}

#[test]
fn square_waves_are_read_back() {
    let experiment = Experiment::new(ExperimentSettings {
        electrodes: 3,
        ..ExperimentSettings::default()
    })
    .unwrap();
    let slot = Slot {
        index: 7,
        frequency_hz: Some(200.0),
        electrode: None,
    };
    for (written, format, digits, step) in [
        (FileFormat::Csv, Format::Delimited, 7, 0.0),
        (FileFormat::ChiText, Format::ChiText, 4, 0.0),
        (FileFormat::PstraceCsv, Format::PalmsensCsv, 9, 0.6e-15),
    ] {
        let recording = read_back(&experiment, &slot, written);
        assert_eq!((recording.format, recording.points), (format, 500));
        if written != FileFormat::Csv {
            assert_eq!(recording.technique, Technique::Swv);
            assert_eq!(recording.completeness, Completeness::Complete);
        }
        if written == FileFormat::ChiText {
            assert_eq!(recording.frequency_hz, Some(200.0));
        }
        assert_eq!(recording.electrodes.len(), 3);
        for (electrode, number) in recording.electrodes.iter().zip(1_u8..) {
            assert_eq!((electrode.electrode, electrode.stated), (u32::from(number), true));
            let scan = experiment.sweep(number, 200.0, 7).unwrap();
            let sweep = electrode.voltammogram().unwrap();
            agree(sweep.potential_v(), &scan.potential_v, 9, 1e-9);
            agree(sweep.current_a(), &scan.difference_a, digits, step);
            if let Some(forward_a) = &electrode.forward_a {
                agree(forward_a, &scan.forward_a, digits, step);
            }
        }
    }
}

#[test]
fn cycles_are_read_back() {
    for (couple, settings) in [
        ("surface", CyclicSettings::surface()),
        ("solution", CyclicSettings::solution()),
    ] {
        let run = CyclicExperiment::new(CyclicSettings {
            electrodes: 2,
            ..settings
        })
        .unwrap();
        let slot = Slot {
            index: 3,
            frequency_hz: None,
            electrode: None,
        };
        for (written, format, digits, step) in [
            (FileFormat::Csv, Format::Delimited, 7, 0.0),
            (FileFormat::ChiText, Format::ChiText, 4, 0.0),
            (FileFormat::PstraceCsv, Format::PalmsensCsv, 9, 0.6e-15),
        ] {
            let recording = read_back(&run, &slot, written);
            assert_eq!(recording.format, format, "{couple}");
            match written {
                FileFormat::ChiText => {
                    assert_eq!((recording.technique, recording.cycles), (Technique::Cv, Some(3)));
                    assert_eq!(recording.scan_rate_v_s, Some(0.1));
                    assert_eq!(recording.completeness, Completeness::Complete);
                }
                FileFormat::PstraceCsv => {
                    assert_eq!((recording.technique, recording.cycles), (Technique::Cv, Some(3)));
                    assert_eq!(recording.completeness, Completeness::Complete);
                }
                _ => {}
            }
            assert_eq!(recording.electrodes.len(), 2);
            for (electrode, number) in recording.electrodes.iter().zip(1_u8..) {
                assert_eq!((electrode.electrode, electrode.stated), (u32::from(number), true));
                let scan = run.scan(number, 3).unwrap();
                let sweep = electrode.voltammogram().unwrap();
                agree(sweep.potential_v(), &scan.potential_v, 9, 1e-8);
                agree(sweep.current_a(), &scan.current_a, digits, step);
                if let Some(cycle) = &electrode.cycle {
                    assert_eq!(*cycle, scan.cycle);
                }
            }
        }
    }
}

#[test]
fn decays_are_read_back() {
    let run = StepExperiment::new(StepSettings {
        electrodes: 2,
        ..StepSettings::default()
    })
    .unwrap();
    let slot = Slot {
        index: 3,
        frequency_hz: None,
        electrode: None,
    };
    for (written, format, digits, step) in [
        (FileFormat::Csv, Format::Delimited, 7, 0.0),
        (FileFormat::PstraceCsv, Format::PalmsensCsv, 9, 0.6e-15),
    ] {
        let recording = read_back(&run, &slot, written);
        assert_eq!((recording.format, recording.technique), (format, Technique::Ca));
        assert_eq!(recording.electrodes.len(), 2);
        for (electrode, number) in recording.electrodes.iter().zip(1_u8..) {
            assert_eq!((electrode.electrode, electrode.stated), (u32::from(number), true));
            let scan = run.scan(number, 3).unwrap();
            let transient = electrode.transient().unwrap();
            agree(transient.time_s(), &scan.time_s, 9, 1e-8);
            agree(transient.current_a(), &scan.current_a, digits, step);
        }
    }
}
