//! Every kind of bad file: the same clear reason from `analyze` and in a session's `results`, and nothing lost.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::agent_process::take_in;
use crate::arguments;
use crate::program::run;
use crate::scans::{put_old, rows, table};

const HEADER: &str = "Potential (V),Current (A)\n";

/// A scan row by row; what a row's text is changed to is up to the caller.
fn scan(text: impl Fn(usize, f64, f64) -> String) -> String {
    rows(&[1e-7])
        .enumerate()
        .map(|(k, (potential, currents))| text(k, potential, currents[0]))
        .collect()
}

fn row(potential: f64, current: f64) -> String {
    format!("{potential:.3},{current:e}\n")
}

/// Name, content, status, reason.
fn bad_files() -> Vec<(&'static str, Vec<u8>, &'static str, Option<&'static str>)> {
    let with_header = |rows: String| format!("{HEADER}{rows}").into_bytes();
    let good = scan(|_, e, i| row(e, i));
    let utf_16: Vec<u8> = format!("\u{feff}{HEADER}{good}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let not_numbers = scan(|k, e, i| match k {
        30 => format!("{e:.3},nan\n"),
        40 => format!("{e:.3},inf\n"),
        _ => row(e, i),
    });
    let with_commas = |separator: &str| scan(|_, e, i| format!("{e:.3}{separator}{:.4}\n", i * 1e6).replace('.', ","));
    let mut unordered: Vec<&str> = good.split_inclusive('\n').collect();
    unordered.sort_by_key(|line| {
        line.bytes()
            .map(u64::from)
            .fold(7, |hash: u64, byte| hash.wrapping_mul(31) ^ byte)
    });
    vec![
        ("empty_15Hz_1.txt", Vec::new(), "failed", Some("empty")),
        ("blank_15Hz_2.txt", b"  \r\n\r\n".to_vec(), "failed", Some("empty")),
        ("header_15Hz_3.txt", HEADER.into(), "failed", Some("header_only")),
        (
            "binary_15Hz_4.txt",
            [0, 159, 146, 150, 0, 1, 2, 3].repeat(100),
            "failed",
            Some("binary"),
        ),
        (
            "letter_15Hz_5.txt",
            b"Dear all,\nno numbers here.\n".to_vec(),
            "failed",
            Some("no_numbers"),
        ),
        (
            "nan_15Hz_6.txt",
            with_header(not_numbers),
            "warning",
            Some("non_finite_points"),
        ),
        (
            "all_nan_15Hz_7.txt",
            with_header(scan(|_, e, _| format!("{e:.3},nan\n"))),
            "failed",
            Some("no_finite_points"),
        ),
        (
            "two_15Hz_8.txt",
            with_header(good.split_inclusive('\n').take(2).collect()),
            "failed",
            Some("too_few_points"),
        ),
        (
            "flat_15Hz_9.txt",
            with_header(scan(|_, e, _| row(e, 1e-7))),
            "warning",
            Some("flat_trace"),
        ),
        (
            "slope_15Hz_10.txt",
            with_header(scan(|_, e, _| row(e, 1e-7 + 1e-7 * e))),
            "warning",
            Some("no_peak"),
        ),
        (
            "repeated_15Hz_11.txt",
            with_header(scan(|_, e, i| row(e, i).repeat(2))),
            "warning",
            Some("repeated_potentials"),
        ),
        ("unordered_15Hz_12.txt", with_header(unordered.concat()), "ok", None),
        (
            "comma_15Hz_13.txt",
            format!("Potential (V);Current (µA)\n{}", with_commas(";")).into(),
            "ok",
            None,
        ),
        (
            "ambiguous_15Hz_14.txt",
            with_commas(",").into(),
            "failed",
            Some("ambiguous_comma"),
        ),
        ("utf16_15Hz_15.txt", utf_16, "ok", None),
        (
            "garbled_15Hz_16.txt",
            with_header(good.replace("-0.200", "-0.2x0")),
            "warning",
            Some("unreadable_lines"),
        ),
        (
            "one_column_15Hz_17.txt",
            scan(|_, _, i| format!("{i:e}\n")).into(),
            "failed",
            Some("missing_column"),
        ),
        (
            "spike_15Hz_18.txt",
            with_header(scan(|k, e, i| row(e, if k == 100 { 1e-3 } else { i }))),
            "warning",
            Some("outliers_ignored"),
        ),
        ("good_15Hz_19.txt", with_header(good), "ok", None),
    ]
}

/// File, status and reason of each measurement.
fn reasons(measurements: &[Value]) -> BTreeMap<String, (String, Option<String>)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    measurements
        .iter()
        .map(|m| {
            (
                text(&m["file"]).unwrap(),
                (text(&m["status"]).unwrap(), text(&m["reason"])),
            )
        })
        .collect()
}

#[test]
fn each_bad_file_has_its_reason_in_analyze_and_in_results() {
    let (folder, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut expected = BTreeMap::new();
    for (name, content, status, reason) in bad_files() {
        put_old(folder.path(), name, content);
        expected.insert(name.to_owned(), (status.to_owned(), reason.map(str::to_owned)));
    }
    // 300 MB that take no space on the disk.
    let huge = "huge_15Hz_20.txt";
    fs::File::create(folder.path().join(huge))
        .unwrap()
        .set_len(300_000_000)
        .unwrap();
    expected.insert(huge.to_owned(), ("failed".to_owned(), Some("too_large".to_owned())));
    // Things that are no files, and a link to nothing, are not looked at.
    fs::create_dir(folder.path().join("folder_15Hz_21.txt")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("nowhere", folder.path().join("link_15Hz_22.txt")).unwrap();

    let analysed = run(arguments!["analyze", folder.path()]).ends_with(3);
    let failed = expected.values().filter(|(status, _)| status == "failed").count();
    for (name, (status, reason)) in &expected {
        let line = analysed.stderr.lines().find(|line| line.contains(name.as_str()));
        assert_eq!(line.is_some(), status == "failed", "{name} in {}", analysed.stderr);
        assert!(
            line.is_none_or(|line| line.contains(reason.as_deref().unwrap())),
            "{line:?}"
        );
    }
    assert_eq!(analysed.stderr.lines().count(), failed + 1);
    assert_eq!(reasons(&analysed.objects()), expected);
    for m in analysed.objects() {
        assert_eq!(m["message"].is_string(), m["reason"].is_string(), "{m}");
        assert!(m["status"] == "ok" || m["reason"].is_string());
        assert!(m["index"].is_u64() && m["frequency_hz"] == 15.0, "{m}");
    }

    take_in(folder.path(), data.path(), &["--name", "bad"]);
    let results = run(arguments!["results", "bad", "--data-dir", data.path()])
        .ends_with(0)
        .objects();
    assert_eq!(reasons(&results), expected);
    let session = run(arguments!["sessions", "--json", "--data-dir", data.path()]).object();
    assert_eq!(session["files"], expected.len());
}

#[test]
fn a_half_written_file_is_never_taken_for_a_whole_one() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("run");
    run(arguments![
        "simulate",
        &folder,
        "--format",
        "chi",
        "--files",
        "1",
        "--interval",
        "0",
        "--frequencies",
        "15"
    ])
    .ends_with(0);
    let file = folder.join("SWV_15Hz_1.txt");
    let whole = fs::read(&file).unwrap();
    let height = |path: &Path| run(arguments!["analyze", path]).ends_with(0).object()["peak_current_a"].clone();
    let truth = height(&file);
    let cuts = folder.join("cuts");
    fs::create_dir(&cuts).unwrap();
    // Before the last line is complete; then the file is whole but for its end of line.
    let last_line = whole[..whole.len() - 2]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .unwrap();
    let step = last_line / 60;
    for length in (0..=last_line).step_by(step).chain(last_line - 3..=last_line + 1) {
        fs::write(cuts.join(format!("cut_15Hz_{length}.txt")), &whole[..length]).unwrap();
    }
    let analysed = run(arguments!["analyze", &cuts]).ends_with(1);
    for m in analysed.objects() {
        assert_eq!(
            (&m["status"], &m["peak_current_a"]),
            (&"failed".into(), &Value::Null),
            "{m}"
        );
        assert!(m["reason"].is_string() && m["message"].is_string(), "{m}");
    }
    assert!(analysed.objects().iter().any(|m| m["reason"] == "partial"));
    assert_eq!(height(&file), truth);
}

#[test]
fn an_electrode_that_a_file_lacks_is_named_and_the_others_are_measured() {
    let data = tempfile::tempdir().unwrap();
    let (folder, settings) = (data.path().join("run"), data.path().join("settings.toml"));
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("CF_15Hz_1.txt"), table(&[1e-7, 2e-7])).unwrap();
    fs::write(&settings, "[electrodes]\nselected = [2, 5]\n").unwrap();
    let analysed = run(arguments!["analyze", &folder, "--settings", &settings])
        .ends_with(3)
        .says("electrode 5");
    let seen: Vec<_> = analysed
        .objects()
        .iter()
        .map(|m| (m["electrode"].clone(), m["status"].clone(), m["reason"].clone()))
        .collect();
    let missing = ("failed".into(), "electrode_missing".into());
    assert_eq!(
        seen,
        [(2.into(), "ok".into(), Value::Null), (5.into(), missing.0, missing.1)]
    );
}

#[test]
fn a_name_that_does_not_fit_the_template_is_listed_with_that_reason() {
    let (folder, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for name in ["CF_15Hz_1.txt", "notes of today.txt"] {
        put_old(folder.path(), name, table(&[1e-7]));
    }
    let settings = data.path().join("settings.toml");
    fs::write(&settings, "[files]\npattern = \"<H>_<F>Hz_<N>\"\n").unwrap();
    let expected = BTreeMap::from([
        ("CF_15Hz_1.txt".to_owned(), ("ok".to_owned(), None)),
        (
            "notes of today.txt".to_owned(),
            ("failed".to_owned(), Some("name_does_not_match".to_owned())),
        ),
    ]);
    let analysed = run(arguments!["analyze", folder.path(), "--settings", &settings])
        .ends_with(3)
        .says("notes of today.txt");
    assert_eq!(reasons(&analysed.objects()), expected);
    take_in(
        folder.path(),
        data.path(),
        &["--name", "template", "--settings", settings.to_str().unwrap()],
    );
    let results = run(arguments!["results", "template", "--data-dir", data.path()])
        .ends_with(0)
        .objects();
    assert_eq!(reasons(&results), expected);
}

#[test]
fn a_replaced_file_is_a_new_revision_and_a_second_file_of_the_same_place_a_duplicate() {
    let (folder, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let put = |name: &str, height: f64| put_old(folder.path(), name, table(&[height]));
    let results = || {
        run(arguments!["results", "series", "--data-dir", data.path()])
            .ends_with(0)
            .objects()
    };
    let take_in = || take_in(folder.path(), data.path(), &["--name", "series"]);
    put("CF_15Hz_1.txt", 1e-7);
    take_in();
    put("CF_15Hz_1.txt", 2e-7);
    let events = take_in();
    assert_eq!(crate::agent_process::measured(&events)[0]["file_revision"], 2);
    let [m] = results().try_into().unwrap_or_else(|all| panic!("{all:#?}"));
    assert_eq!(m["file_revision"], 2);
    assert!((m["peak_current_a"].as_f64().unwrap() / 2e-7 - 1.0).abs() < 0.01, "{m}");

    put("other name_15Hz_1.txt", 3e-7);
    take_in();
    let duplicate = results()
        .into_iter()
        .find(|m| m["file"] == "other name_15Hz_1.txt")
        .unwrap();
    assert_eq!(
        (&duplicate["status"], &duplicate["reason"]),
        (&"warning".into(), &"duplicate_index".into())
    );
    assert!(duplicate["peak_current_a"].is_f64() && duplicate["message"].as_str().unwrap().contains("CF_15Hz_1.txt"));
    let trends = run(arguments!["trends", "series", "--data-dir", data.path()])
        .ends_with(0)
        .objects();
    assert_eq!(trends.len(), 1, "trends use the first");
}
