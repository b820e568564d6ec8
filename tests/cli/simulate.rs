//! `sacmes simulate`: files as instruments write them.

use std::process::Stdio;

use crate::agent_process::PATIENCE;
use crate::arguments;
use crate::program::{names, run, sacmes};

#[test]
fn every_index_has_a_file_per_frequency_and_the_same_seed_the_same_bytes() {
    let data = tempfile::tempdir().unwrap();
    let (one, two, other) = (
        data.path().join("one"),
        data.path().join("two"),
        data.path().join("other"),
    );
    for (folder, seed) in [(&one, "7"), (&two, "7"), (&other, "8")] {
        let options = [
            "--files",
            "3",
            "--interval",
            "0",
            "--seed",
            seed,
            "--handle",
            "Run a",
            "--frequencies",
            "2.5,100",
        ];
        let mut arguments = arguments!["simulate", folder].to_vec();
        arguments.extend(options.map(Into::into));
        let run = run(arguments).ends_with(0).says("6 of 6 files");
        assert_eq!(run.stdout, "");
    }
    let written = names(&one);
    assert_eq!(
        written,
        [
            "Run a_100Hz_1.txt",
            "Run a_100Hz_2.txt",
            "Run a_100Hz_3.txt",
            "Run a_2.5Hz_1.txt",
            "Run a_2.5Hz_2.txt",
            "Run a_2.5Hz_3.txt"
        ]
    );
    let read = |folder: &std::path::Path, name: &String| std::fs::read(folder.join(name)).unwrap();
    assert!(written.iter().all(|name| read(&one, name) == read(&two, name)));
    assert!(written.iter().all(|name| read(&one, name) != read(&other, name)));
}

#[test]
fn what_it_writes_can_be_analysed_and_shows_a_peak() {
    let data = tempfile::tempdir().unwrap();
    for (format, style) in [("csv", "append"), ("csv", "burst"), ("chi", "atomic")] {
        let folder = data.path().join(format!("{format} {style}"));
        let mut arguments = arguments!["simulate", &folder].to_vec();
        let options = [
            "--format",
            format,
            "--style",
            style,
            "--electrodes",
            "3",
            "--files",
            "2",
            "--interval",
            "0",
        ];
        arguments.extend(options.map(Into::into));
        run(arguments).ends_with(0);
        let measurements = run(arguments!["analyze", &folder]).ends_with(0).objects();
        assert_eq!(measurements.len(), 2 * 2 * 3, "{format} {style}");
        for m in &measurements {
            assert_eq!(m["status"], "ok", "{m}");
            assert!((m["peak_potential_v"].as_f64().unwrap() + 0.26).abs() < 0.03, "{m}");
            assert!(
                m["index"].is_u64() && m["frequency_hz"].is_f64() && m["electrode"].is_u64(),
                "{m}"
            );
        }
    }
}

#[test]
fn every_technique_is_written_in_every_format() {
    let data = tempfile::tempdir().unwrap();
    let techniques: [(&str, &[&str], &[&str]); 4] = [
        ("swv", &["--frequencies", "15"], &["SWV_15Hz_1", "SWV_15Hz_2"]),
        (
            "frequency_map",
            &["--frequencies", "10,500"],
            &["SWV_10Hz_1", "SWV_10Hz_2", "SWV_500Hz_1", "SWV_500Hz_2"],
        ),
        (
            "cv",
            &["--scan-rates", "0.05,0.1", "--cycles", "2", "--couple", "solution"],
            &["CV_1", "CV_2"],
        ),
        ("ca", &[], &["CA_1", "CA_2"]),
    ];
    for (technique, options, files) in techniques {
        for (format, extension) in [("csv", "txt"), ("chi", "txt"), ("gamry", "DTA"), ("pstrace", "csv")] {
            let folder = data.path().join(format!("{technique} {format}"));
            let mut arguments = arguments!["simulate", &folder, "--technique", technique, "--format", format].to_vec();
            arguments.extend(options.iter().map(Into::into));
            arguments.extend(["--files", "2", "--interval", "0"].map(Into::into));
            run(arguments).ends_with(0).says("files");
            let expected: Vec<String> = files.iter().map(|stem| format!("{stem}.{extension}")).collect();
            assert_eq!(names(&folder), expected, "{technique} {format}");
        }
    }
}

#[test]
fn gamry_files_hold_one_electrode_each() {
    let data = tempfile::tempdir().unwrap();
    let options = [
        "--format",
        "gamry",
        "--electrodes",
        "2",
        "--frequencies",
        "15",
        "--files",
        "1",
        "--interval",
        "0",
    ];
    let mut arguments = arguments!["simulate", data.path()].to_vec();
    arguments.extend(options.map(Into::into));
    run(arguments).ends_with(0).says("2 of 2 files");
    assert_eq!(names(data.path()), ["E1_SWV_15Hz_1.DTA", "E2_SWV_15Hz_1.DTA"]);
}

#[test]
fn options_of_another_technique_are_wrong_usage() {
    let data = tempfile::tempdir().unwrap();
    for (technique, option, value) in [
        ("cv", "--frequencies", "15"),
        ("ca", "--frequencies", "15"),
        ("swv", "--scan-rates", "0.1"),
        ("swv", "--cycles", "2"),
        ("ca", "--couple", "surface"),
        ("cv", "--scan-rates", "0"),
        ("cv", "--cycles", "0"),
    ] {
        let folder = data.path().join("none");
        run(arguments!["simulate", &folder, "--technique", technique, option, value]).ends_with(2);
        assert!(!folder.exists());
    }
}

#[test]
fn what_cannot_be_simulated_is_wrong_usage() {
    let data = tempfile::tempdir().unwrap();
    for options in [
        ["--electrodes", "17"],
        ["--electrodes", "0"],
        ["--frequencies", "15,15"],
        ["--frequencies", "-1"],
        ["--files", "0"],
        ["--interval", "-1"],
        ["--interval", "nan"],
        ["--handle", "a/b"],
    ] {
        let mut arguments = arguments!["simulate", data.path().join("none")].to_vec();
        arguments.extend(options.map(Into::into));
        run(arguments).ends_with(2);
    }
    assert!(!data.path().join("none").exists());
}

#[test]
fn files_of_somebody_else_are_never_overwritten() {
    let data = tempfile::tempdir().unwrap();
    let taken = data.path().join("SWV_15Hz_1.txt");
    std::fs::write(&taken, "precious").unwrap();
    run(arguments!["simulate", data.path(), "--interval", "0", "--files", "1"])
        .ends_with(1)
        .says("SWV_15Hz_1.txt");
    assert_eq!(std::fs::read_to_string(&taken).unwrap(), "precious");
    let not_a_folder = taken.join("below");
    run(arguments!["simulate", &not_a_folder, "--interval", "0"])
        .ends_with(1)
        .says("below");
}

#[cfg(unix)]
#[test]
fn asked_to_end_it_completes_the_file_that_it_writes() {
    use rustix::process::{Pid, Signal, kill_process};
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("run");
    // A file would take an hour.
    let mut command = sacmes(arguments![
        "simulate",
        &folder,
        "--interval",
        "3600",
        "--style",
        "append"
    ]);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let file = folder.join("SWV_15Hz_1.txt");
    let deadline = std::time::Instant::now() + PATIENCE;
    while !file.metadata().is_ok_and(|about| about.len() > 0) {
        assert!(std::time::Instant::now() < deadline, "it writes nothing");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(names(&folder), ["SWV_15Hz_1.txt"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 501);
}
