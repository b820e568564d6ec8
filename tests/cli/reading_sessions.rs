//! `sessions`, `results`, `trends`, `sweep`, `export` and `stats`: reading what is kept.

use std::fs;
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::agent_process::take_in;
use crate::arguments;
use crate::program::{Run, names, run};
use crate::scans::{put_old, table};

/// A profile with two sessions; made once, only read.
struct Kept {
    data: TempDir,
    folder: TempDir,
}

fn kept() -> &'static Kept {
    static KEPT: OnceLock<Kept> = OnceLock::new();
    KEPT.get_or_init(|| {
        let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for index in [1, 2, 4] {
            // The signal at the high frequency grows, the other stays.
            let height = 2e-7 * (1.0 + f64::from(index - 1) / 10.0);
            let scans = [("15", table(&[1e-7, 1e-7])), ("200", table(&[height, 2e-7]))];
            for (hertz, text) in scans {
                put_old(folder.path(), &format!("CF_{hertz}Hz_{index}.txt"), text);
            }
        }
        put_old(folder.path(), "CF_15Hz_5.txt", "");
        take_in(folder.path(), data.path(), &["--name", "Titration 1"]);
        let other = tempfile::tempdir().unwrap();
        put_old(other.path(), "CF_15Hz_1.txt", table(&[1e-7]));
        take_in(other.path(), data.path(), &["--name", "Other"]);
        Kept { data, folder }
    })
}

fn ask(words: &[&str]) -> Run {
    let mut arguments = arguments![].to_vec();
    arguments.extend(words.iter().map(Into::into));
    arguments.extend(arguments!["--data-dir", kept().data.path()]);
    run(arguments)
}

#[test]
fn sessions_are_listed_for_people_and_for_programs() {
    let listed = ask(&["sessions", "--json"]).ends_with(0).objects();
    let [other, titration] = listed.as_slice() else {
        panic!("{listed:#?}")
    };
    assert_eq!(other["name"], "Other");
    for field in ["session", "created_at"] {
        assert!(titration[field].is_string(), "{titration}");
    }
    assert_eq!(
        (
            &titration["name"],
            &titration["technique"],
            &titration["source"],
            &titration["state"]
        ),
        (
            &"Titration 1".into(),
            &"swv".into(),
            &"watched_folder".into(),
            &"finished".into()
        )
    );
    assert_eq!(
        (&titration["files"], &titration["measurements"]),
        (&7.into(), &13.into())
    );
    assert_eq!(titration["folder"], *kept().folder.path().to_string_lossy());
    assert!(titration.get("reason").is_some());

    let table = ask(&["sessions"]).ends_with(0).stdout;
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 3, "{table}");
    assert!(
        lines[0].starts_with("SESSION") && lines[2].contains("Titration 1"),
        "{table}"
    );
    assert!(lines[2].starts_with(&titration["session"].as_str().unwrap()[..8]));
}

#[test]
fn a_session_is_found_by_id_beginning_and_name() {
    let id = ask(&["sessions", "--json"]).objects()[1]["session"]
        .as_str()
        .unwrap()
        .to_owned();
    let by_name = ask(&["results", "Titration 1"]).ends_with(0).stdout;
    assert_eq!(by_name.lines().count(), 13);
    for wanted in [id.as_str(), &id[..8], &id.to_uppercase()] {
        assert_eq!(ask(&["results", wanted]).ends_with(0).stdout, by_name);
    }
    let none = ask(&["results", "Titration"])
        .ends_with(1)
        .says("There is no session \"Titration\"");
    assert_eq!((none.stdout.as_str(), none.stderr.lines().count()), ("", 1));
    ask(&["results", ""]).ends_with(1);
}

#[test]
fn results_hold_every_current_measurement_and_failed_files_with_their_reason() {
    let results = ask(&["results", "Titration 1", "--json"]).ends_with(0).objects();
    let failed: Vec<&Value> = results.iter().filter(|m| m["status"] == "failed").collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(
        (&failed[0]["file"], &failed[0]["reason"]),
        (&"CF_15Hz_5.txt".into(), &"empty".into())
    );
    let mut places: Vec<_> = results
        .iter()
        .map(|m| (m["file"].to_string(), m["electrode"].to_string()))
        .collect();
    places.sort();
    places.dedup();
    assert_eq!(places.len(), results.len());
    assert!(
        results
            .iter()
            .all(|m| m["measurement"].is_i64() && m["session"].is_string() && m["revision"] == 1)
    );
    let ids: Vec<i64> = results.iter().filter_map(|m| m["measurement"].as_i64()).collect();
    assert!(ids.is_sorted());
}

#[test]
fn trends_have_one_object_per_electrode_and_index_and_a_reason_for_every_gap() {
    let trends = ask(&["trends", "Titration 1"]).ends_with(0).objects();
    for field in [
        "electrode",
        "index",
        "time",
        "x",
        "normalized_low",
        "normalized_high",
        "ratio",
        "kdm",
        "drift_corrected",
        "concentration_m",
        "out_of_range",
        "reason",
    ] {
        assert!(trends[0].get(field).is_some(), "{field}");
    }
    let of = |electrode: u64, index: u64| {
        let here = |t: &&Value| t["electrode"] == electrode && t["index"] == index;
        trends
            .iter()
            .find(here)
            .unwrap_or_else(|| panic!("{electrode} {index} in {trends:#?}"))
    };
    assert_eq!(trends.len(), 2 * 5);
    assert!((of(1, 1)["kdm"].as_f64().unwrap() - 100.0).abs() < 1e-9);
    assert!((of(1, 4)["kdm"].as_f64().unwrap() - 130.0).abs() < 0.5, "{}", of(1, 4));
    assert!((of(2, 4)["normalized_high"].as_f64().unwrap() - 1.0).abs() < 1e-9);
    assert_eq!(
        (&of(1, 3)["reason"], &of(1, 3)["kdm"]),
        (&"index_missing".into(), &Value::Null)
    );
    let last = ask(&["trends", "Titration 1", "--last", "2"]).ends_with(0).objects();
    let indices: Vec<_> = last
        .iter()
        .map(|t| (t["electrode"].as_u64().unwrap(), t["index"].as_u64().unwrap()))
        .collect();
    assert_eq!(indices, [(1, 4), (1, 5), (2, 4), (2, 5)]);
    assert_eq!(last[0], *of(1, 4), "normalised to the same reference");
    assert_eq!(
        ask(&["trends", "Titration 1", "--last", "100"]).ends_with(0).objects(),
        trends
    );
}

#[test]
fn the_sweep_behind_a_measurement_has_its_curves() {
    let results = ask(&["results", "Titration 1"]).objects();
    let measurement = results.iter().find(|m| m["index"] == 2 && m["electrode"] == 2).unwrap();
    let sweep = ask(&["sweep", "Titration 1", &measurement["measurement"].to_string()])
        .ends_with(0)
        .object();
    assert_eq!(sweep["measurement"], *measurement);
    for curve in ["potential_v", "raw_a", "smoothed_a", "baseline_a"] {
        assert_eq!(sweep[curve].as_array().unwrap().len(), 250, "{curve}");
    }
    let ascending = |k: usize| sweep["potential_v"][k].as_f64().unwrap();
    assert!((ascending(0) - ascending(249)).abs() > 0.4);
    // Height above the baseline, read off the curves.
    let at = measurement["peak_potential_v"].as_f64().unwrap();
    let nearest = (0..250)
        .min_by(|a, b| (ascending(*a) - at).abs().total_cmp(&(ascending(*b) - at).abs()))
        .unwrap();
    let height = sweep["smoothed_a"][nearest].as_f64().unwrap() - sweep["baseline_a"][nearest].as_f64().unwrap();
    assert!(
        (height / measurement["peak_current_a"].as_f64().unwrap() - 1.0).abs() < 0.01,
        "{height}"
    );
    ask(&["sweep", "Titration 1", "999999"]).ends_with(1).says("999999");
    let other = ask(&["results", "Other"]).object()["measurement"].to_string();
    ask(&["sweep", "Titration 1", &other])
        .ends_with(1)
        .says("another session");
    let failed = results.iter().find(|m| m["status"] == "failed").unwrap()["measurement"].to_string();
    ask(&["sweep", "Titration 1", &failed]).ends_with(1).says("no sweep");
}

#[test]
fn an_export_holds_what_the_results_hold() {
    let folder = tempfile::tempdir().unwrap();
    let out = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let results = ask(&["results", "Titration 1"]);
    ask(&["export", "Titration 1", "--out", &out("a.jsonl")])
        .ends_with(0)
        .says("13 measurements");
    assert_eq!(fs::read_to_string(out("a.jsonl")).unwrap(), results.stdout);
    let told = ask(&["export", "Titration 1", "--out", &out("a.csv"), "--json"])
        .ends_with(0)
        .object();
    assert_eq!(told["measurements"], 13);
    assert_eq!(
        fs::read_to_string(out("a.csv"))
            .unwrap()
            .split_terminator("\r\n")
            .count(),
        14
    );
    let some = [
        "export",
        "Titration 1",
        "--out",
        &out("b.jsonl"),
        "--electrodes",
        "2",
        "--frequencies",
        "200",
        "--last-index",
        "2",
    ];
    ask(&some).ends_with(0);
    let lines = fs::read_to_string(out("b.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), 2, "{lines}");
    ask(&[
        "export",
        "Titration 1",
        "--format",
        "sacmes-web",
        "--out",
        &out("report.csv"),
    ])
    .ends_with(0);
    assert!(fs::read_to_string(out("report.csv")).unwrap().contains("Titration 1"));
    assert_eq!(names(folder.path()), ["a.csv", "a.jsonl", "b.jsonl", "report.csv"]);

    let missing = out("none");
    let refused = ask(&["export", "Titration 1", "--out", &out("none/a.csv")])
        .ends_with(1)
        .says("a.csv cannot be written")
        .says(&format!("there is no folder {missing}"));
    assert!(!refused.stderr.contains(".part"), "{refused:?}");
    ask(&["export", "Titration 1", "--out", &out("c.csv"), "--electrodes", "9"])
        .ends_with(1)
        .says("no measurement");
    let inside = kept().folder.path().join("a.csv").to_string_lossy().into_owned();
    ask(&["export", "Titration 1", "--out", &inside])
        .ends_with(1)
        .says("instrument's folder");
    assert_eq!(names(folder.path()).len(), 4);
}

#[test]
fn stats_count_sessions_and_sizes() {
    let stats = ask(&["stats", "--json"]).ends_with(0).object();
    assert_eq!(
        (&stats["created"], &stats["deleted"], &stats["expired"]),
        (&2.into(), &0.into(), &0.into())
    );
    let finished = serde_json::json!([{"source": "watched_folder", "state": "finished", "sessions": 2}]);
    assert_eq!(stats["sessions"], finished);
    assert!(stats["mean_duration_s"].as_f64().unwrap() > 0.0);
    assert!(stats["database_bytes"].as_u64().unwrap() > 10_000);
    let table = ask(&["stats"]).ends_with(0).stdout;
    let line = table
        .lines()
        .find(|line| line.starts_with("sessions, watched folder, finished"))
        .unwrap();
    assert!(line.ends_with("  2"), "{table}");
}

#[test]
fn measurements_without_an_index_are_counted_and_have_their_rows() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for name in ["first.txt", "second.txt", "third.txt"] {
        put_old(folder.path(), name, table(&[1e-7]));
    }
    take_in(folder.path(), data.path(), &["--name", "Unnumbered"]);
    let ask = |words: &[&str]| {
        let mut all = arguments![].to_vec();
        all.extend(words.iter().map(Into::into));
        all.extend(arguments!["--data-dir", data.path()]);
        run(all)
    };
    let trends = ask(&["trends", "Unnumbered"])
        .ends_with(0)
        .says("3 measurements have no index")
        .says("[files] pattern");
    assert_eq!(trends.stdout, "");
    let drawn = data.path().join("trends.svg").to_string_lossy().into_owned();
    ask(&["figure", "Unnumbered", "--kind", "trends", "--out", &drawn])
        .ends_with(1)
        .says("[files] pattern");
    let out = data.path().join("series.txt");
    let name = out.to_string_lossy();
    ask(&["export", "Unnumbered", "--format", "sacmes", "--out", &name]).ends_with(0);
    let text = fs::read_to_string(&out).unwrap();
    assert_eq!(
        text.lines().filter(|line| line.starts_with("nan nan")).count(),
        3,
        "{text}"
    );
}
