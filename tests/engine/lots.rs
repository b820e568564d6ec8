//! What files, folders and archives that come together would become.

use std::path::Path;

use agent::lot::sorted;
use instrument::simulated::{FileFormat, SimulatedTechnique};
use protocol::settings::Technique;

use crate::bench::play_technique;

fn play_into(folder: &Path, technique: SimulatedTechnique, files: u32) {
    play_technique(folder, technique, 1, files, FileFormat::ChiText);
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[test]
fn a_folder_is_one_part_with_all_of_its_files_and_a_binary_is_counted_in_it() {
    let folder = tempfile::tempdir().unwrap();
    play_into(folder.path(), SimulatedTechnique::Swv, 3);
    std::fs::write(folder.path().join("setup.bin"), [0_u8, 255, 3, 9].repeat(200)).unwrap();
    std::fs::create_dir(folder.path().join("below")).unwrap();
    let lot = sorted(&[text(folder.path())]).unwrap();
    assert_eq!(lot.parts.len(), 1);
    let part = &lot.parts[0];
    assert_eq!((part.count, part.not_understood, part.files.len()), (7, 1, 0));
    assert_eq!(part.technique, Some(Technique::Swv));
    assert!(lot.refused.is_empty());
}

#[test]
fn several_techniques_are_a_part_each_and_what_is_not_understood_goes_with_the_most() {
    let folder = tempfile::tempdir().unwrap();
    play_into(folder.path(), SimulatedTechnique::Swv, 4);
    play_into(folder.path(), SimulatedTechnique::Cv, 2);
    std::fs::write(folder.path().join("readme.txt"), "how it was done\n").unwrap();
    let lot = sorted(&[text(folder.path())]).unwrap();
    let told: Vec<_> = lot
        .parts
        .iter()
        .map(|p| (p.technique, p.count, p.not_understood))
        .collect();
    assert_eq!(told, [(Some(Technique::Swv), 9, 1), (Some(Technique::Cv), 2, 0)]);
    assert_eq!(lot.parts[1].files, ["CV_1.txt", "CV_2.txt"]);
}

#[test]
fn files_of_several_folders_are_a_part_each_and_what_is_not_there_is_told() {
    let (one, other, empty) = (
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    play_into(one.path(), SimulatedTechnique::Swv, 2);
    play_into(other.path(), SimulatedTechnique::Swv, 1);
    let paths = [
        text(&one.path().join("SWV_15Hz_2.txt")),
        text(&one.path().join("SWV_15Hz_2.txt")),
        text(&other.path().join("SWV_200Hz_1.txt")),
        text(&other.path().join("gone.txt")),
        text(empty.path()),
    ];
    let lot = sorted(&paths).unwrap();
    let mut files: Vec<_> = lot.parts.iter().map(|part| part.files.clone()).collect();
    files.sort();
    assert_eq!(files, [["SWV_15Hz_2.txt"], ["SWV_200Hz_1.txt"]]);
    let reasons: Vec<_> = lot.refused.iter().map(|refused| refused.reason.as_str()).collect();
    assert_eq!(reasons, ["file_absent", "folder_empty"]);
    assert_eq!(sorted(&[]).unwrap_err().code, "nothing_given");
}

#[test]
fn a_lone_binary_is_a_part_without_a_technique() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("photo.jpg");
    std::fs::write(&path, [255_u8, 216, 255, 224, 0].repeat(300)).unwrap();
    let lot = sorted(&[text(&path)]).unwrap();
    let part = &lot.parts[0];
    assert_eq!((part.technique, part.count, part.not_understood), (None, 1, 1));
}

#[test]
fn thousands_of_files_are_sorted_by_those_that_are_named_alike() {
    let folder = tempfile::tempdir().unwrap();
    play_into(folder.path(), SimulatedTechnique::Swv, 1);
    let content = std::fs::read(folder.path().join("SWV_15Hz_1.txt")).unwrap();
    for index in 2..=2_100 {
        std::fs::write(folder.path().join(format!("SWV_15Hz_{index}.txt")), &content).unwrap();
    }
    let lot = sorted(&[text(folder.path())]).unwrap();
    assert_eq!(
        (lot.parts.len(), lot.parts[0].count, lot.parts[0].not_understood),
        (1, 2_101, 0)
    );
}

/// A pipe was waited for, and an endless device was read until the memory was full.
#[cfg(unix)]
#[test]
fn pipes_and_devices_are_told_as_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("SWV_15Hz_1.txt");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let lot = sorted(&[text(&pipe), "/dev/zero".to_owned()]).unwrap();
    let reasons: Vec<_> = lot.refused.iter().map(|refused| refused.reason.as_str()).collect();
    assert_eq!(reasons, ["cannot_be_read", "cannot_be_read"]);
    assert!(lot.parts.is_empty() && lot.archives.is_empty());

    // One that takes the place of a file after it was listed.
    let rules = agent::analysis::Rules::new(&protocol::settings::Settings::default()).unwrap();
    for path in [pipe.as_path(), Path::new("/dev/zero")] {
        let inspection = agent::preview::inspect_file(path, "SWV_15Hz_1.txt", &rules);
        assert_eq!(inspection.reason.as_deref(), Some("cannot_be_read"));
    }
}
