//! `sacmes analyze`: files to measurements, once.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::arguments;
use crate::program::{names, run, sacmes};
use crate::scans::{PEAK_V, table};

/// The fields of the measurement object that scripts rely on.
const FIELDS: [&str; 23] = [
    "measurement",
    "session",
    "revision",
    "file",
    "file_revision",
    "electrode",
    "frequency_hz",
    "index",
    "time",
    "time_source",
    "method",
    "status",
    "reason",
    "peak_current_a",
    "peak_potential_v",
    "baseline_current_a",
    "area_va",
    "charge_c",
    "fwhm_v",
    "snr",
    "polarity",
    "quality",
    "excluded",
];

#[test]
fn each_electrode_of_each_file_gives_one_object_in_natural_order() {
    let data = tempfile::tempdir().unwrap();
    for index in [10, 9, 1] {
        fs::write(data.path().join(format!("CF_15Hz_{index}.txt")), table(&[1e-7, 3e-7])).unwrap();
    }
    fs::create_dir(data.path().join("below")).unwrap();
    fs::write(data.path().join("below/CF_15Hz_2.txt"), table(&[1e-7])).unwrap();
    let run = run(arguments!["analyze", data.path()]).ends_with(0);
    assert_eq!(run.stderr, "");
    let objects = run.objects();
    let places: Vec<_> = objects
        .iter()
        .map(|m| (m["index"].as_u64().unwrap(), m["electrode"].as_u64().unwrap()))
        .collect();
    assert_eq!(places, [(1, 1), (1, 2), (9, 1), (9, 2), (10, 1), (10, 2)]);
    for m in &objects {
        let missing: Vec<_> = FIELDS.iter().filter(|field| m.get(**field).is_none()).collect();
        assert!(missing.is_empty(), "{missing:?} in {m}");
        assert!(m["measurement"].is_null() && m["session"].is_null() && m["revision"].is_null());
        assert_eq!(
            (&m["status"], &m["method"], &m["polarity"]),
            (&"ok".into(), &"tangent".into(), &"up".into())
        );
        assert!((m["peak_potential_v"].as_f64().unwrap() - PEAK_V).abs() < 1e-3, "{m}");
        let height = if m["electrode"] == 1 { 1e-7 } else { 3e-7 };
        assert!(
            (m["peak_current_a"].as_f64().unwrap() / height - 1.0).abs() < 0.01,
            "{m}"
        );
        assert_eq!((&m["frequency_hz"], &m["excluded"]), (&15.0.into(), &false.into()));
    }
}

#[test]
fn the_numbers_are_the_same_on_one_core_and_in_every_form() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("run");
    run(arguments![
        "simulate",
        &folder,
        "--files",
        "20",
        "--interval",
        "0",
        "--electrodes",
        "2"
    ])
    .ends_with(0);
    let jsonl = run(arguments!["analyze", &folder]).ends_with(0);
    let mut one_core = sacmes(arguments!["analyze", &folder]);
    one_core.env("RAYON_NUM_THREADS", "1");
    assert_eq!(crate::program::ended(one_core).stdout, jsonl.stdout);

    let out = data.path().join("results.csv");
    run(arguments!["analyze", &folder, "--out", &out]).ends_with(0);
    let text = fs::read_to_string(&out).unwrap();
    let mut lines = text.split_terminator("\r\n");
    let columns: Vec<&str> = lines.next().unwrap().split(',').collect();
    let object = &jsonl.objects()[0];
    assert_eq!(
        columns.iter().copied().collect::<BTreeSet<_>>(),
        object.as_object().unwrap().keys().map(String::as_str).collect()
    );
    let peak = columns.iter().position(|c| *c == "peak_current_a").unwrap();
    for (row, object) in lines.clone().zip(jsonl.objects()) {
        let cell: f64 = row.split(',').nth(peak).unwrap().parse().unwrap();
        assert_eq!(Some(cell), object["peak_current_a"].as_f64());
    }
    assert_eq!(lines.count(), jsonl.objects().len());

    let report = run(arguments!["analyze", &folder, "--format", "sacmes-web"])
        .ends_with(0)
        .stdout;
    assert!(
        report.starts_with("# SACMES Continuous Monitor Analysis Report"),
        "{report}"
    );
    assert!(report.contains("# KDM (%)") && report.contains("E2_Peak_A"), "{report}");
}

#[test]
fn settings_and_options_choose_method_files_and_electrodes() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("run");
    fs::create_dir(&folder).unwrap();
    for name in ["CF_15Hz_1.txt", "CF_200Hz_1.txt", "other_15Hz_1.txt", "CF_15Hz_2.csv"] {
        fs::write(folder.join(name), table(&[1e-7, 3e-7])).unwrap();
    }
    let settings = data.path().join("settings.toml");
    let text = "[files]\nhandle = \"CF\"\nextension = \"txt\"\nfrequencies_hz = [15]\n[electrodes]\nselected = [2]\n";
    fs::write(&settings, text).unwrap();
    let chosen = run(arguments![
        "analyze",
        &folder,
        "--settings",
        &settings,
        "--method",
        "sacmes-web"
    ])
    .ends_with(0);
    let m = chosen.object();
    assert_eq!(
        (&m["file"], &m["electrode"], &m["method"]),
        (&"CF_15Hz_1.txt".into(), &2.into(), &"sacmes-web".into())
    );
    let chosen = chosen.says("3 file(s) were left out");
    assert_eq!(chosen.stderr.lines().count(), 1);
    let named = run(arguments!["--verbose", "analyze", &folder, "--settings", &settings]).ends_with(0);
    assert!(
        named.stderr.contains("other_15Hz_1.txt") && named.stderr.contains("CF_200Hz_1.txt"),
        "{named:?}"
    );
}

#[test]
fn a_file_that_is_named_is_analysed_whatever_its_name() {
    let data = tempfile::tempdir().unwrap();
    let put = |name: &str| {
        let path = data.path().join(name);
        fs::write(&path, table(&[1e-7])).unwrap();
        path
    };
    for name in ["Nov2.22, E#2, W new MN, 0uM", ".hidden", "copy.part", "10-0.bin.txt"] {
        let m = run(arguments!["analyze", put(name)]).ends_with(0).object();
        assert_eq!(
            (&m["status"], &m["electrode"], &m["file"]),
            (&"ok".into(), &1.into(), &name.into())
        );
    }
    // Found in a folder, the hidden and the unfinished are not taken.
    assert_eq!(run(arguments!["analyze", data.path()]).ends_with(0).objects().len(), 2);
    // A handle in the settings chooses among files that are found; a template excludes.
    let settings = data.path().join("settings.toml");
    fs::write(&settings, "[files]\nhandle = \"CF\"\n").unwrap();
    let odd = put("odd name");
    run(arguments!["analyze", &odd, "--settings", &settings]).ends_with(0);
    fs::write(&settings, "[files]\npattern = \"<H>_<F>Hz_<N>\"\n").unwrap();
    let m = run(arguments!["analyze", &odd, "--settings", &settings])
        .ends_with(1)
        .says("odd name")
        .object();
    assert_eq!(
        (&m["status"], &m["reason"]),
        (&"failed".into(), &"name_does_not_match".into())
    );
}

#[test]
fn files_that_cannot_be_used_are_named_and_the_others_are_analysed() {
    let data = tempfile::tempdir().unwrap();
    fs::write(data.path().join("CF_15Hz_1.txt"), table(&[1e-7])).unwrap();
    fs::write(data.path().join("CF_15Hz_2.txt"), "").unwrap();
    let absent = data.path().join("CF_15Hz_3.txt");
    let run = run(arguments!["analyze", data.path(), &absent])
        .ends_with(3)
        .says("CF_15Hz_2.txt")
        .says("CF_15Hz_3.txt");
    let objects = run.objects();
    let seen: Vec<_> = objects
        .iter()
        .map(|m| (m["status"].as_str().unwrap(), m["reason"].as_str()))
        .collect();
    assert_eq!(
        seen,
        [("ok", None), ("failed", Some("empty")), ("failed", Some("file_absent"))]
    );
    assert!(objects[1]["message"].as_str().unwrap().len() > 10 && objects[1]["peak_current_a"].is_null());
}

#[test]
fn nothing_to_analyse_ends_with_1_and_one_line() {
    let data = tempfile::tempdir().unwrap();
    let alone = |arguments: [std::ffi::OsString; 2]| {
        let run = run(arguments).ends_with(1);
        assert_eq!((run.stderr.lines().count(), run.stdout.as_str()), (1, ""), "{run:?}");
    };
    alone(arguments!["analyze", data.path()]);
    fs::write(data.path().join("empty.txt"), "").unwrap();
    let nothing = run(arguments!["analyze", data.path()]).ends_with(1).says("empty.txt");
    assert_eq!(nothing.object()["reason"], "empty");
    let absent = run(arguments!["analyze", data.path().join("absent")])
        .ends_with(1)
        .says("absent");
    assert_eq!(absent.stderr.lines().count(), 1, "{absent:?}");
}

#[test]
fn an_output_file_appears_whole_or_not_at_all() {
    let data = tempfile::tempdir().unwrap();
    let (folder, results) = (data.path().join("run"), data.path().join("results"));
    for made in [&folder, &results] {
        fs::create_dir(made).unwrap();
    }
    fs::write(folder.join("CF_15Hz_1.txt"), table(&[1e-7])).unwrap();
    let out = results.join("out.jsonl");
    let run_1 = run(arguments!["analyze", &folder, "--out", &out]).ends_with(0);
    assert_eq!(run_1.stdout, "");
    assert_eq!(
        run(arguments!["analyze", &folder]).stdout,
        fs::read_to_string(&out).unwrap()
    );
    assert_eq!(names(&results), ["out.jsonl"]);

    let impossible = results.join("none/out.jsonl");
    let refused = run(arguments!["analyze", &folder, "--out", &impossible])
        .ends_with(1)
        .says("out.jsonl");
    assert_eq!(refused.stderr.lines().count(), 1);
    // Not into the instrument's folder, where the next scan of it would find the results.
    run(arguments!["analyze", &folder, "--out", folder.join("out.jsonl")])
        .ends_with(1)
        .says("Choose another folder");
    assert_eq!(names(&folder), ["CF_15Hz_1.txt"]);
    // Nothing to analyse leaves what was there.
    let empty = data.path().join("empty");
    fs::create_dir(&empty).unwrap();
    run(arguments!["analyze", &empty, "--out", &out]).ends_with(1);
    assert!(fs::metadata(&out).unwrap().len() > 0);
    assert_eq!(names(&results), ["out.jsonl"]);
}

#[cfg(unix)]
#[test]
fn a_device_is_written_as_it_is_and_stays_a_device() {
    use std::os::unix::fs::FileTypeExt;
    let data = tempfile::tempdir().unwrap();
    fs::write(data.path().join("CF_15Hz_1.txt"), table(&[1e-7])).unwrap();
    run(arguments!["analyze", data.path(), "--out", "/dev/null"]).ends_with(0);
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    let full = run(arguments!["analyze", data.path(), "--out", "/dev/full"]).ends_with(1);
    assert!(full.stderr.contains("/dev/full"), "{full:?}");
}

#[test]
fn a_reader_that_goes_away_is_a_clean_end() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("run");
    // More than a pipe holds.
    run(arguments!["simulate", &folder, "--files", "300", "--interval", "0"]).ends_with(0);
    let mut child = sacmes(arguments!["analyze", &folder])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::with_capacity(64, child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    assert!(first.contains("\"status\""));
}

#[cfg(unix)]
#[test]
fn the_file_that_standard_output_goes_to_is_not_analysed() {
    let data = tempfile::tempdir().unwrap();
    fs::write(data.path().join("CF_15Hz_1.txt"), table(&[1e-7])).unwrap();
    let out = data.path().join("results.jsonl");
    let mut command = sacmes(["analyze", "."]);
    command.current_dir(data.path()).stdout(fs::File::create(&out).unwrap());
    assert_eq!(command.status().unwrap().code(), Some(0));
    assert_eq!(fs::read_to_string(&out).unwrap().lines().count(), 1);
}
