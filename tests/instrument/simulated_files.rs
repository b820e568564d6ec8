//! What the simulated potentiostat writes is read back as what it simulated.
#![allow(clippy::unwrap_used, reason = "a test may say what must hold in the shortest way")]

use instrument::simulated::cyclic::{CyclicExperiment, CyclicSettings};
use instrument::simulated::step::{StepExperiment, StepSettings};
use instrument::simulated::{Experiment, ExperimentSettings, FileFormat, Handle, Run, Slot};
use instrument::{Completeness, Format, ReadOptions, Recording, Reservation, Technique, read};

/// Reads the file of a slot, and what is there of it when a third is written.
fn read_back(run: &dyn Run, slot: &Slot, format: FileFormat) -> Recording {
    let name = Handle::default().name(slot, format);
    let at = jiff::civil::date(2025, 3, 19).at(14, 5, 6, 0);
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
    // Gamry writes the end of the last cycle into a table of its own, which readers leave out and say so.
    let expected = match (format, recording.technique) {
        (FileFormat::GamryDta, Technique::Cv) => vec![Reservation::StubLeftOut { points: 1 }],
        _ => Vec::new(),
    };
    assert_eq!(recording.reservations, expected, "{format:?}");
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

#[test]
fn gamry_files_are_read_back() {
    let slot = |frequency_hz| Slot {
        index: 2,
        frequency_hz,
        electrode: Some(1),
    };
    let experiment = Experiment::new(ExperimentSettings::default()).unwrap();
    let recording = read_back(&experiment, &slot(Some(15.0)), FileFormat::GamryDta);
    let scan = experiment.sweep(1, 15.0, 2).unwrap();
    assert_eq!(
        (recording.format, recording.technique),
        (Format::GamryDta, Technique::Swv)
    );
    assert_eq!(
        (recording.frequency_hz, recording.expected_points),
        (Some(15.0), Some(500))
    );
    assert_eq!(recording.completeness, Completeness::Complete);
    let sweep = recording.electrodes[0].voltammogram().unwrap();
    agree(sweep.potential_v(), &scan.potential_v, 6, 0.0);
    agree(sweep.current_a(), &scan.difference_a, 6, 0.0);
    agree(
        recording.electrodes[0].forward_a.as_ref().unwrap(),
        &scan.forward_a,
        6,
        0.0,
    );

    let run = CyclicExperiment::new(CyclicSettings::solution()).unwrap();
    let recording = read_back(&run, &slot(None), FileFormat::GamryDta);
    let scan = run.scan(1, 2).unwrap();
    assert_eq!(
        (recording.technique, recording.scan_rate_v_s),
        (Technique::Cv, Some(0.1))
    );
    let sweep = recording.electrodes[0].voltammogram().unwrap();
    agree(sweep.potential_v(), &scan.potential_v, 6, 1e-12);
    agree(sweep.current_a(), &scan.current_a, 6, 0.0);
    assert_eq!(recording.electrodes[0].cycle.as_ref(), Some(&scan.cycle));
    assert_eq!(recording.cycles, Some(3));

    let run = StepExperiment::new(StepSettings::default()).unwrap();
    let recording = read_back(&run, &slot(None), FileFormat::GamryDta);
    let scan = run.scan(1, 2).unwrap();
    assert_eq!(
        (recording.technique, recording.completeness),
        (Technique::Ca, Completeness::Complete)
    );
    let transient = recording.electrodes[0].transient().unwrap();
    agree(transient.time_s(), &scan.time_s, 6, 0.0);
    agree(transient.current_a(), &scan.current_a, 6, 0.0);
}
