//! What is in a folder before anything is started.

use std::path::Path;

use agent::preview;
use instrument::simulated::{FileFormat, SimulatedTechnique};
use protocol::query::FolderPreview;
use protocol::settings::{Settings, Technique};

use crate::bench::play_technique;

fn look(folder: &Path) -> FolderPreview {
    preview::folder(folder, &Settings::default(), &[]).unwrap()
}

#[test]
fn broken_files_are_in_no_place_of_the_coverage_and_frequencies_inside_files_are_known() {
    let folder = tempfile::tempdir().unwrap();
    play_technique(folder.path(), SimulatedTechnique::Swv, 2, 3, FileFormat::ChiText);
    // The names say nothing of the frequency any more; the files do.
    for index in 1..=3 {
        for (k, hz) in ["15", "200"].iter().enumerate() {
            let from = folder.path().join(format!("SWV_{hz}Hz_{index}.txt"));
            std::fs::rename(from, folder.path().join(format!("run_{}.txt", 2 * index + k))).unwrap();
        }
    }
    std::fs::write(folder.path().join("run_9.txt"), [0_u8, 159, 146, 150].repeat(300)).unwrap();
    std::fs::write(folder.path().join("run_10.txt"), "nothing but words\n").unwrap();
    let found = look(folder.path());
    assert_eq!((found.files, found.matching, found.unread), (8, 8, 0));
    assert_eq!(
        (found.electrodes, found.frequencies_hz),
        (vec![1, 2], vec![15.0, 200.0])
    );
    let cells: Vec<_> = found
        .coverage
        .iter()
        .map(|cell| (cell.electrode, cell.frequency_hz, cell.files))
        .collect();
    assert_eq!(
        cells,
        [
            (Some(1), Some(15.0), 3),
            (Some(1), Some(200.0), 3),
            (Some(2), Some(15.0), 3),
            (Some(2), Some(200.0), 3)
        ]
    );
    let troubled: Vec<_> = found.inspected.iter().filter(|file| file.points == 0).collect();
    assert_eq!(troubled.len(), 2, "{troubled:?}");
    assert!(troubled.iter().all(|file| file.message.is_some()));
}

#[test]
fn the_technique_is_proposed_from_what_the_files_hold() {
    for (technique, proposed, format) in [
        (SimulatedTechnique::Swv, Technique::Swv, FileFormat::ChiText),
        (
            SimulatedTechnique::FrequencyMap,
            Technique::FrequencyMap,
            FileFormat::ChiText,
        ),
        (SimulatedTechnique::Cv, Technique::Cv, FileFormat::ChiText),
        (SimulatedTechnique::Ca, Technique::Ca, FileFormat::ChiText),
        (SimulatedTechnique::Swv, Technique::Swv, FileFormat::Csv),
        (
            SimulatedTechnique::FrequencyMap,
            Technique::FrequencyMap,
            FileFormat::Csv,
        ),
        (SimulatedTechnique::Cv, Technique::Cv, FileFormat::Csv),
        (SimulatedTechnique::Ca, Technique::Ca, FileFormat::Csv),
    ] {
        let folder = tempfile::tempdir().unwrap();
        play_technique(folder.path(), technique, 1, 2, format);
        let found = look(folder.path());
        assert_eq!(
            found.technique,
            Some(proposed),
            "{technique:?} as {format:?}: {:?}",
            found.inspected
        );
    }
}

#[test]
fn of_chosen_files_only_those_are_looked_into_and_one_that_is_gone_is_told() {
    let folder = tempfile::tempdir().unwrap();
    play_technique(folder.path(), SimulatedTechnique::Swv, 1, 3, FileFormat::ChiText);
    let chosen = ["SWV_15Hz_1.txt", "SWV_15Hz_3.txt", "gone.txt"].map(str::to_owned);
    let found = preview::folder(folder.path(), &Settings::default(), &chosen).unwrap();
    assert_eq!((found.files, found.matching, found.index_range), (2, 2, Some((1, 3))));
    assert_eq!(found.frequencies_hz, [15.0]);
    assert_eq!(
        found
            .refused
            .iter()
            .map(|r| (r.file.as_str(), r.reason.as_str()))
            .collect::<Vec<_>>(),
        [("gone.txt", "absent")]
    );
}

#[test]
fn the_beginning_of_a_table_is_shown_to_whoever_has_to_name_its_columns() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<String> = (0..40).map(|k| format!("{k};0,{k:02};1,5\n")).collect();
    let rows = rows.concat();
    std::fs::write(folder.path().join("log_1.dat"), rows).unwrap();
    let table = look(folder.path()).table.unwrap();
    assert_eq!((table.file.as_str(), table.lines.len()), ("log_1.dat", 24));
    assert_eq!(table.lines[1], "1;0,01;1,5");
}

#[test]
fn where_there_are_very_many_files_names_speak_for_those_that_were_not_read() {
    let folder = tempfile::tempdir().unwrap();
    play_technique(folder.path(), SimulatedTechnique::Swv, 1, 1, FileFormat::ChiText);
    let content = std::fs::read(folder.path().join("SWV_15Hz_1.txt")).unwrap();
    for index in 2..=500 {
        std::fs::write(folder.path().join(format!("SWV_15Hz_{index}.txt")), &content).unwrap();
    }
    let found = look(folder.path());
    assert_eq!((found.matching, found.unread > 0), (501, true));
    let files = |hz: f64| -> u64 {
        let cells = found.coverage.iter().filter(|cell| cell.frequency_hz == Some(hz));
        cells.map(|cell| cell.files).sum()
    };
    assert_eq!((files(15.0), files(200.0)), (500, 1));
    assert!(found.inspected.len() <= 12);
}
