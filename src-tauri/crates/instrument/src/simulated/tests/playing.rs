//! Writing: when, how, and what never happens.

use super::experiment;
use crate::simulated::*;
use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::time::Duration;

fn settings(folder: &Path, style: WritingStyle, interval_ms: u64) -> PlaySettings {
    PlaySettings {
        folder: folder.to_owned(),
        handle: Handle::default(),
        format: FileFormat::Csv,
        style,
        interval: Duration::from_millis(interval_ms),
        scan_time: ScanTime::for_interval(Duration::ZERO),
    }
}

/// Time that passes only by waiting, and stops after a given moment.
struct VirtualPace {
    now: RefCell<Duration>,
    stops_at: Duration,
    on_wait: Box<dyn Fn(Duration)>,
}

impl VirtualPace {
    fn endless() -> Self {
        Self::until(Duration::MAX)
    }

    fn until(stops_at: Duration) -> Self {
        Self {
            now: RefCell::default(),
            stops_at,
            on_wait: Box::new(|_| ()),
        }
    }
}

impl Pace for VirtualPace {
    fn elapsed(&self) -> Duration {
        *self.now.borrow()
    }

    fn wait_until(&self, elapsed: Duration) -> Wait {
        let mut now = self.now.borrow_mut();
        *now = (*now).max(elapsed.min(self.stops_at));
        (self.on_wait)(*now);
        if *now >= self.stops_at {
            Wait::Stopped
        } else {
            Wait::Reached
        }
    }

    fn is_stopped(&self) -> bool {
        *self.now.borrow() >= self.stops_at
    }
}

#[test]
fn every_style_ends_with_the_same_files_and_nothing_else() {
    let experiment = experiment(2, &[15.0, 200.0], 3);
    let mut contents = Vec::new();
    for style in [WritingStyle::Atomic, WritingStyle::Append, WritingStyle::Burst] {
        let folder = tempfile::tempdir().unwrap();
        let mut heard = Vec::new();
        let outcome = play(
            &experiment,
            &settings(folder.path(), style, 0),
            &VirtualPace::endless(),
            |file| {
                heard.push((file.slot.index, file.slot.frequency_hz.map(f64::to_bits), file.done));
            },
        )
        .unwrap();
        assert_eq!(
            outcome,
            PlayOutcome {
                written: 6,
                already_there: 0,
                stopped: false
            }
        );
        assert_eq!(heard.len(), 6);
        assert_eq!(heard[5], (3, Some(200.0_f64.to_bits()), 6));
        let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| {
                (
                    entry.file_name().into_string().unwrap(),
                    fs::read(entry.path()).unwrap(),
                )
            })
            .collect();
        files.sort();
        contents.push(files);
    }
    let names: Vec<&str> = contents[0].iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "SWV_15Hz_1.txt",
            "SWV_15Hz_2.txt",
            "SWV_15Hz_3.txt",
            "SWV_200Hz_1.txt",
            "SWV_200Hz_2.txt",
            "SWV_200Hz_3.txt"
        ]
    );
    assert_eq!(contents[0], contents[1]);
    assert_eq!(contents[1], contents[2]);
}

#[test]
fn appending_spreads_whole_lines_over_the_interval_and_ends_within_it() {
    let experiment = experiment(1, &[15.0], 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("SWV_15Hz_1.txt");
    let seen = std::rc::Rc::new(RefCell::new(Vec::new()));
    let pace = VirtualPace {
        on_wait: Box::new({
            let (seen, path) = (seen.clone(), path.clone());
            move |now| {
                if let Ok(text) = fs::read_to_string(&path) {
                    seen.borrow_mut().push((now, text));
                }
            }
        }),
        ..VirtualPace::endless()
    };
    play(
        &experiment,
        &settings(folder.path(), WritingStyle::Append, 1000),
        &pace,
        |_| (),
    )
    .unwrap();
    let seen = seen.borrow();
    assert_eq!(seen.len(), 501, "one moment per line");
    for (lines, (_, text)) in seen.iter().enumerate() {
        assert_eq!(text.lines().count(), lines, "each line is there at once");
        assert!(text.is_empty() || text.ends_with('\n'));
    }
    let last_ms = seen[500].0.as_secs_f64() * 1e3;
    assert!((last_ms - 900.0).abs() < 1e-3, "{last_ms}");
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 501);
}

#[test]
fn files_start_one_interval_after_the_other() {
    let experiment = experiment(1, &[15.0, 200.0], 2);
    let folder = tempfile::tempdir().unwrap();
    let pace = VirtualPace::endless();
    let mut at = Vec::new();
    play(
        &experiment,
        &settings(folder.path(), WritingStyle::Burst, 250),
        &pace,
        |_| at.push(pace.elapsed().as_millis()),
    )
    .unwrap();
    assert_eq!(at, [0, 250, 500, 750]);
}

#[test]
fn stopping_completes_the_file_at_hand_and_writes_no_more() {
    let experiment = experiment(1, &[15.0], 5);
    let folder = tempfile::tempdir().unwrap();
    let pace = VirtualPace::until(Duration::from_millis(1_300));
    let outcome = play(
        &experiment,
        &settings(folder.path(), WritingStyle::Append, 1000),
        &pace,
        |_| (),
    )
    .unwrap();
    assert_eq!(
        outcome,
        PlayOutcome {
            written: 2,
            already_there: 0,
            stopped: true
        }
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    let second = fs::read_to_string(folder.path().join("SWV_15Hz_2.txt")).unwrap();
    assert_eq!(second.lines().count(), 501);
}

#[test]
fn a_stop_from_another_thread_ends_a_long_wait() {
    let stop = StopSignal::new();
    let folder = tempfile::tempdir().unwrap();
    let play_settings = settings(folder.path(), WritingStyle::Burst, 3_600_000);
    let player = std::thread::spawn({
        let stop = stop.clone();
        move || {
            let pace = RealPace::start(stop.clone());
            play(&experiment(1, &[15.0], 2), &play_settings, &pace, |_| stop.stop()).unwrap()
        }
    });
    assert_eq!(
        player.join().unwrap(),
        PlayOutcome {
            written: 1,
            already_there: 0,
            stopped: true
        }
    );
    assert!(stop.is_stopped());
}

#[test]
fn the_same_files_are_accepted_and_foreign_ones_never_touched() {
    let experiment = experiment(1, &[15.0], 3);
    for style in [WritingStyle::Atomic, WritingStyle::Append, WritingStyle::Burst] {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(folder.path(), style, 0);
        play(&experiment, &settings, &VirtualPace::endless(), |_| ()).unwrap();
        let again = play(&experiment, &settings, &VirtualPace::endless(), |file| {
            assert!(file.already_there);
        })
        .unwrap();
        assert_eq!(
            again,
            PlayOutcome {
                written: 0,
                already_there: 3,
                stopped: false
            }
        );

        let foreign = folder.path().join("SWV_15Hz_2.txt");
        fs::write(&foreign, "precious").unwrap();
        let error = play(&experiment, &settings, &VirtualPace::endless(), |_| ()).unwrap_err();
        assert_eq!(error.code(), "file_occupied");
        assert!(error.to_string().contains("SWV_15Hz_2.txt"));
        assert_eq!(fs::read_to_string(&foreign).unwrap(), "precious");
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            3,
            "no temporary file stays"
        );
    }
}

#[test]
fn a_folder_that_cannot_exist_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = play(
        &experiment(1, &[15.0], 1),
        &settings(&file.join("below"), WritingStyle::Burst, 0),
        &VirtualPace::endless(),
        |_| (),
    )
    .unwrap_err();
    assert_eq!(error.code(), "folder_not_created");
    assert!(error.to_string().contains("below"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_called_that() {
    let mut full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let source = std::io::Write::write_all(&mut full, b"x").unwrap_err();
    let error = PlayError::Write {
        path: "/dev/full".into(),
        source,
    };
    assert_eq!(error.code(), "disk_full");
    assert!(error.hint().contains("space"));
}

#[test]
fn files_made_at_once_are_dated_as_if_measured_one_after_the_other() {
    let experiment = experiment(1, &[15.0, 200.0], 2);
    let folder = tempfile::tempdir().unwrap();
    let settings = PlaySettings {
        format: FileFormat::ChiText,
        ..settings(folder.path(), WritingStyle::Burst, 0)
    };
    play(&experiment, &settings, &VirtualPace::endless(), |_| ()).unwrap();
    let date = |name: &str| {
        fs::read_to_string(folder.path().join(name))
            .unwrap()
            .lines()
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(date("SWV_15Hz_1.txt"), "Jan. 1, 2025   09:00:00");
    assert_eq!(date("SWV_200Hz_1.txt"), "Jan. 1, 2025   09:00:35");
    assert_eq!(date("SWV_15Hz_2.txt"), "Jan. 1, 2025   09:00:39");
    assert_eq!(ScanTime::for_interval(Duration::from_secs(1)), ScanTime::Now);
}

#[test]
fn a_format_for_one_electrode_gets_a_file_for_each() {
    let experiment = experiment(2, &[15.0, 200.0], 2);
    let folder = tempfile::tempdir().unwrap();
    let settings = PlaySettings {
        format: FileFormat::GamryDta,
        ..settings(folder.path(), WritingStyle::Burst, 0)
    };
    let mut names = Vec::new();
    let outcome = play(&experiment, &settings, &VirtualPace::endless(), |file| {
        assert_eq!(file.total, 8);
        names.push(file.path.file_name().unwrap().to_str().unwrap().to_owned());
    })
    .unwrap();
    assert_eq!(outcome.written, 8);
    assert_eq!(
        names[..5],
        [
            "E1_SWV_15Hz_1.DTA",
            "E2_SWV_15Hz_1.DTA",
            "E1_SWV_200Hz_1.DTA",
            "E2_SWV_200Hz_1.DTA",
            "E1_SWV_15Hz_2.DTA"
        ]
    );
    let time = |name: &str| {
        let text = fs::read_to_string(folder.path().join(name)).unwrap();
        let line = text.lines().find(|line| line.starts_with("TIME")).unwrap();
        line.split('\t').nth(2).unwrap().to_owned()
    };
    assert_eq!(time("E1_SWV_15Hz_1.DTA"), "09:00:00");
    assert_eq!(time("E2_SWV_15Hz_1.DTA"), "09:00:35", "one after the other");
    assert_eq!(time("E1_SWV_200Hz_1.DTA"), "09:01:10");
}

#[test]
fn wide_text_is_appended_in_whole_lines_too() {
    let experiment = experiment(2, &[15.0], 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("SWV_15Hz_1.csv");
    let sizes = std::rc::Rc::new(RefCell::new(Vec::new()));
    let pace = VirtualPace {
        on_wait: Box::new({
            let (sizes, path) = (sizes.clone(), path.clone());
            move |_| sizes.borrow_mut().extend(fs::read(&path).ok().map(|bytes| bytes.len()))
        }),
        ..VirtualPace::endless()
    };
    let settings = PlaySettings {
        format: FileFormat::PstraceCsv,
        ..settings(folder.path(), WritingStyle::Append, 1000)
    };
    play(&experiment, &settings, &pace, |_| ()).unwrap();
    let bytes = fs::read(&path).unwrap();
    for &size in sizes.borrow().iter().filter(|size| **size > 0) {
        assert_eq!(bytes[size - 2..size], [0x0A, 0]);
    }
    assert!(bytes.starts_with(&[0xFF, 0xFE]) && bytes.ends_with(&[0x0A, 0, 0xFF, 0xFE]));
}
