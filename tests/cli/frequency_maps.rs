//! `map`: several files or sessions compared, also in the predecessor's layout.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::agent_process::take_in;
use crate::arguments;
use crate::program::{names, run};
use crate::scans::table;

/// Writes a simulated experiment at once.
pub fn simulate(folder: &Path, technique: &str, more: &[&str]) {
    let mut arguments = arguments![
        "simulate",
        folder,
        "--technique",
        technique,
        "--interval",
        "0",
        "--style",
        "burst"
    ]
    .to_vec();
    arguments.extend(more.iter().map(Into::into));
    run(arguments).ends_with(0);
}

/// Two indices: without target and with 100 µmol/L.
fn simulate_maps(folder: &Path) {
    simulate(
        folder,
        "frequency_map",
        &[
            "--files",
            "2",
            "--electrodes",
            "3",
            "--frequencies",
            "10,30,100,300",
            "--format",
            "chi",
        ],
    );
}

/// A field that must be a number.
pub fn number(object: &Value, field: &str) -> f64 {
    object[field]
        .as_f64()
        .unwrap_or_else(|| panic!("no {field} in {object}"))
}

fn of<'a>(rows: &'a [Value], kind: &str, map: &str) -> Vec<&'a Value> {
    rows.iter()
        .filter(|row| row["row"] == kind && row["map"] == map)
        .collect()
}

#[test]
fn the_indices_of_a_folder_are_maps_and_the_later_one_is_compared_with_the_first() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("maps");
    simulate_maps(&folder);
    let measured = run(arguments!["analyze", &folder, "--technique", "frequency_map"])
        .ends_with(0)
        .objects();
    let mut heights = BTreeMap::new();
    for m in &measured {
        let place = (
            m["index"].as_u64(),
            m["frequency_hz"].as_f64().map(f64::to_bits),
            m["electrode"].as_u64(),
        );
        heights.insert(place, number(m, "peak_current_a"));
    }

    let rows = run(arguments!["map", &folder, "--json"]).ends_with(0).objects();
    assert_eq!(
        (of(&rows, "point", "maps #1").len(), of(&rows, "mean", "maps #1").len()),
        (12, 4)
    );
    let second = of(&rows, "point", "maps #2");
    assert_eq!(second.len(), 12);
    for point in &second {
        let at = |index| {
            let place = (
                Some(index),
                point["frequency_hz"].as_f64().map(f64::to_bits),
                point["electrode"].as_u64(),
            );
            heights[&place]
        };
        assert_eq!(
            (number(point, "peak_current_a"), &point["first"]),
            (at(2), &"maps #1".into())
        );
        assert!((number(point, "charge_c") - at(2) / number(point, "frequency_hz")).abs() < 1e-15);
        assert!((number(point, "difference_a") - (at(2) - at(1))).abs() < 1e-15);
        assert!((number(point, "gain") - (at(2) / at(1) - 1.0)).abs() < 1e-12);
        assert!(point["change_reason"].is_null() && point["reason"].is_null());
    }
    let means = of(&rows, "mean", "maps #2");
    let gains: Vec<(f64, f64)> = means
        .iter()
        .map(|m| (number(m, "gain"), number(m, "frequency_hz")))
        .collect();
    assert!(means.iter().all(|m| m["electrodes"] == 3 && number(m, "gain_sd") > 0.0));
    let pair = of(&rows, "pair", "maps #2")[0];
    let greatest = gains.iter().copied().max_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    let least = gains.iter().copied().min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    assert_eq!(
        (
            number(&pair["pair"], "signal_on_hz"),
            number(&pair["pair"], "signal_off_hz")
        ),
        (greatest.1, least.1)
    );
    let difference = &pair["pair"]["difference"];
    assert!((number(difference, "mean") - 100.0 * (greatest.0 - least.0)).abs() < 1e-9);
    assert!(number(difference, "interval_95") > 0.0 && difference["count"] == 3);
}

#[test]
fn files_and_sessions_are_maps_under_the_names_that_are_given() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("maps");
    simulate_maps(&folder);
    let settings = data.path().join("map.toml");
    fs::write(&settings, "technique = \"frequency_map\"\n").unwrap();
    let store = data.path().join("store");
    take_in(
        &folder,
        &store,
        &["--name", "Kept", "--settings", settings.to_str().unwrap()],
    );

    let before: Vec<_> = names(&folder)
        .iter()
        .filter(|n| n.ends_with("_1.txt"))
        .map(|n| folder.join(n))
        .collect();
    let mut words = arguments![
        "map",
        "Kept",
        "--mean",
        "--json",
        "--data-dir",
        &store,
        "--name",
        "Both",
        "--name",
        "Before"
    ]
    .to_vec();
    words.extend(before.iter().map(Into::into));
    let rows = run(words).ends_with(0).objects();
    let both = of(&rows, "point", "Both");
    assert_eq!(both.len(), 12);
    assert!(
        both.iter()
            .all(|point| point["repeats"] == 2 && number(point, "peak_current_sd_a") > 0.0)
    );
    assert!(
        both.iter()
            .all(|point| point["session"].is_string() && point["index"].is_null())
    );
    assert_eq!(of(&rows, "point", "Before").len(), 12);

    // A session, exported, is the comparison of its maps; so is the command's.
    let exported = data.path().join("report.csv");
    run(arguments![
        "export",
        "Kept",
        "--out",
        &exported,
        "--format",
        "sacmes-web",
        "--data-dir",
        &store
    ])
    .ends_with(0);
    let report = run(arguments![
        "map",
        "Kept",
        "--format",
        "sacmes-web",
        "--data-dir",
        &store
    ])
    .ends_with(0)
    .stdout;
    assert!(
        report.starts_with("# SACMES Frequency Map Data - Hold Mode Comparison\n"),
        "{report}"
    );
    let without_date = |text: &str| {
        text.lines()
            .filter(|l| !l.starts_with("# Export Date"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        without_date(&fs::read_to_string(&exported).unwrap()),
        without_date(&report)
    );
    let inside = folder.join("maps.csv");
    run(arguments!["map", "Kept", "--out", &inside, "--data-dir", &store])
        .ends_with(1)
        .says("never writes");
    // Nor where only files are named that are not the session's.
    let elsewhere = data.path().join("elsewhere");
    simulate(
        &elsewhere,
        "frequency_map",
        &["--files", "1", "--frequencies", "10,100"],
    );
    run(arguments!["map", &elsewhere, "--out", &inside, "--data-dir", &store])
        .ends_with(1)
        .says("never writes");
    assert!(!inside.exists());
}

#[test]
fn an_incomplete_map_says_what_is_missing() {
    let data = tempfile::tempdir().unwrap();
    let (before, after) = (data.path().join("before"), data.path().join("after"));
    simulate(&before, "frequency_map", &["--files", "1", "--frequencies", "10,100"]);
    simulate(&after, "frequency_map", &["--files", "1", "--frequencies", "100,300"]);
    fs::write(after.join("SWV_500Hz_1.txt"), "nothing that could be read\n").unwrap();
    let out = data.path().join("maps.csv");
    run(arguments!["map", &before, &after, "--out", &out])
        .ends_with(3)
        .says("SWV_500Hz_1.txt")
        .says("no pair for KDM");
    let text = fs::read_to_string(&out).unwrap();
    let mut lines = text.split_terminator("\r\n");
    let columns: Vec<&str> = lines.next().unwrap().split(',').collect();
    let rows: Vec<BTreeMap<&str, &str>> = lines
        .map(|line| columns.iter().copied().zip(line.split(',')).collect())
        .collect();
    let reasons: Vec<_> = rows
        .iter()
        .filter(|row| row["row"] == "point" && row["map"] == "after")
        .map(|row| (row["frequency_hz"], row["reason"], row["change_reason"]))
        .collect();
    assert_eq!(
        reasons,
        [
            ("10.0", "not_measured", "missing_in_second"),
            ("100.0", "", ""),
            ("300.0", "", "missing_in_first"),
        ]
    );
    let shown = run(arguments!["map", &before, &after]).ends_with(3).stdout;
    assert!(
        shown.starts_with("before\n") && shown.contains("after against before\n"),
        "{shown}"
    );
}

#[test]
fn what_is_neither_file_nor_session_is_said() {
    let data = tempfile::tempdir().unwrap();
    for command in ["map", "scan-rates"] {
        run(arguments![command, "nowhere", "--data-dir", data.path()])
            .ends_with(1)
            .says("neither a file nor a session \"nowhere\"");
        run(arguments![command, data.path().join("nothing.txt")])
            .ends_with(1)
            .says("no such file");
    }
    let files = data.path().join("files");
    simulate_maps(&files);
    run(arguments!["map", &files, "--name", "a", "--name", "b"])
        .ends_with(2)
        .says("2 names for 1 maps");
}

#[test]
fn what_is_no_map_is_refused_with_the_way_out() {
    let data = tempfile::tempdir().unwrap();
    let cv = data.path().join("cv");
    simulate(&cv, "cv", &["--files", "1"]);
    let settings = data.path().join("cv.toml");
    fs::write(&settings, "technique = \"cv\"\n").unwrap();
    let store = data.path().join("store");
    let words = ["--name", "Voltammograms", "--settings", settings.to_str().unwrap()];
    take_in(&cv, &store, &words);
    let out = data.path().join("map.csv");
    let refused = run(arguments!["map", "Voltammograms", "--out", &out, "--data-dir", &store])
        .ends_with(1)
        .says("The session \"Voltammograms\" holds no frequency maps.")
        .says("frequency_map or swv");
    assert_eq!(refused.stdout, "");
    let figure = data.path().join("map.svg");
    for kind in ["frequency-map", "comparison"] {
        let words = arguments!["figure", "Voltammograms", "--kind", kind, "--with", "Voltammograms"];
        let rest = arguments!["--out", &figure, "--data-dir", &store];
        run(words.iter().chain(&rest))
            .ends_with(1)
            .says("holds no frequency maps");
    }

    let unnamed = data.path().join("unnamed");
    fs::create_dir(&unnamed).unwrap();
    fs::write(unnamed.join("scan.txt"), table(&[1e-7])).unwrap();
    run(arguments!["map", &unnamed, "--out", &out])
        .ends_with(1)
        .says("There is no measurement of a known frequency.");
    assert!(!out.exists() && !figure.exists());
}
