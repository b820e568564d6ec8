//! Chronoamperometry on the command line: `analyze`, `agent`, `results`, `sweep`, `export`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::agent_process::take_in;
use crate::arguments;
use crate::program::run;
use crate::scans::{put_old, table};

/// The fields that scripts rely on.
const FIELDS: [&str; 5] = ["tau1_s", "tau2_s", "amplitude1_a", "amplitude2_a", "offset_a"];

fn simulate(folder: &Path, files: &str, format: &str) {
    let ca = arguments![
        "simulate",
        folder,
        "--technique",
        "ca",
        "--files",
        files,
        "--format",
        format
    ];
    run(ca.iter().chain(&arguments!["--electrodes", "2", "--interval", "0"])).ends_with(0);
}

#[test]
fn decays_are_measured_with_one_or_two_exponentials() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("run");
    simulate(&folder, "3", "pstrace");
    let mono = run(arguments!["analyze", &folder, "--technique", "ca"])
        .ends_with(0)
        .objects();
    assert_eq!(mono.len(), 6);
    for m in &mono {
        assert!(FIELDS.iter().all(|field| m.get(*field).is_some()), "{m}");
        assert!(m["tau1_s"].as_f64().unwrap() > 1e-3 && m["tau2_s"].is_null() && m["peak_current_a"].is_null());
        assert_eq!(
            (&m["method"], &m["model"], &m["step"]),
            (&"exponential".into(), &"mono".into(), &1.into())
        );
    }
    let bi = arguments!["analyze", &folder, "--technique", "ca", "--method", "bi"];
    for m in run(&bi).ends_with(0).objects() {
        let of = |field: &str| m[field].as_f64().unwrap_or_else(|| panic!("no {field}: {m}"));
        // What the simulation says: charging within about 1 ms, the reporter within 8 to 17 ms.
        assert!(
            (5e-4..2e-3).contains(&of("tau1_s")) && (6e-3..25e-3).contains(&of("tau2_s")),
            "{m}"
        );
        assert!(
            of("tau2_error_s") < 0.05 * of("tau2_s") && m["quality"] == "pass",
            "{m}"
        );
        assert!((of("half_life2_s") / of("tau2_s") - std::f64::consts::LN_2).abs() < 1e-12);
    }

    let csv = run(bi.iter().chain(&arguments!["--format", "csv"])).ends_with(0).stdout;
    let header: BTreeSet<&str> = csv.lines().next().unwrap().split(',').collect();
    let object: BTreeSet<&str> = mono[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(header, object);

    let sacmes = run(bi.iter().chain(&arguments!["--format", "sacmes"]))
        .ends_with(0)
        .stdout;
    let mut lines = sacmes.split("\r\n");
    assert_eq!(
        lines.next().unwrap(),
        "File E1_Lifetime(ms) E1_Lifetime_2(ms) E2_Lifetime(ms) E2_Lifetime_2(ms)"
    );
    let first: Vec<f64> = lines
        .next()
        .unwrap()
        .split(' ')
        .map(|cell| cell.parse().unwrap())
        .collect();
    assert!(
        first[0] == 1.0 && (0.5..2.0).contains(&first[1]) && (6.0..25.0).contains(&first[2]),
        "{sacmes}"
    );

    let workbook = data.path().join("decays.xlsx");
    run(bi.iter().chain(&arguments!["--out", &workbook])).ends_with(0);
    assert!(fs::read(&workbook).unwrap().starts_with(b"PK"));
}

#[test]
fn the_agent_keeps_decays_and_exports_them() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("run");
    simulate(&folder, "3", "chi");
    let settings = data.path().join("ca.toml");
    fs::write(&settings, "technique = \"ca\"\n[ca]\nmodel = \"bi\"\n").unwrap();
    let profile = data.path().join("profile");
    take_in(
        &folder,
        &profile,
        &["--name", "Decay", "--settings", settings.to_str().unwrap()],
    );
    let ask = |words: &[&str]| {
        let mut all = arguments![].to_vec();
        all.extend(words.iter().map(Into::into));
        all.extend(arguments!["--data-dir", &profile]);
        run(all).ends_with(0)
    };
    let results = ask(&["results", "Decay"]).objects();
    assert_eq!(results.len(), 6);
    assert!(
        results.iter().all(|m| m["status"] == "ok" && m["tau2_s"].is_f64()),
        "{results:#?}"
    );

    let id = results[2]["measurement"].to_string();
    let sweep = ask(&["sweep", "Decay", &id]).object();
    for curve in ["time_s", "raw_a", "fitted_a", "residual_a", "step"] {
        assert_eq!(sweep[curve].as_array().map(Vec::len), Some(1000), "{curve}");
    }
    assert_eq!(sweep["steps"][0]["step"], 1);

    let out = data.path().join("decay.csv");
    ask(&["export", "Decay", "--out", out.to_str().unwrap()]);
    let text = fs::read_to_string(&out).unwrap();
    assert!(text.lines().next().unwrap().contains(",tau2_s,") && text.lines().count() == 7);
    let out = data.path().join("decay.txt");
    ask(&[
        "export",
        "Decay",
        "--format",
        "sacmes",
        "--electrodes",
        "2",
        "--out",
        out.to_str().unwrap(),
    ]);
    let text = fs::read_to_string(&out).unwrap();
    assert!(
        text.starts_with("File E2_Lifetime(ms) E2_Lifetime_2(ms)\r\n1 "),
        "{text}"
    );
    let trends = run(arguments!["trends", "Decay", "--data-dir", &profile])
        .ends_with(1)
        .says("no trends of peaks")
        .says("time constants");
    assert_eq!(trends.stdout, "");
    for (name, format) in [
        ("decay.xlsx", "xlsx"),
        ("decay.jsonl", "jsonl"),
        ("decay.zip", "archive"),
    ] {
        let out = data.path().join(name);
        ask(&["export", "Decay", "--format", format, "--out", out.to_str().unwrap()]);
        assert!(fs::metadata(&out).unwrap().len() > 1000, "{name}");
    }
}

#[test]
fn what_is_not_over_time_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    put_old(folder.path(), "CF_15Hz_1.txt", table(&[1e-7]));
    run(arguments!["analyze", folder.path(), "--technique", "ca"])
        .ends_with(1)
        .says("no current over time");
    let swv = folder.path().join("swv");
    run(arguments![
        "simulate",
        &swv,
        "--files",
        "1",
        "--format",
        "gamry",
        "--interval",
        "0"
    ])
    .ends_with(0);
    run(arguments!["analyze", &swv, "--technique", "ca"])
        .ends_with(1)
        .says("holds a square-wave voltammogram, and this session measures chronoamperograms");
    run(arguments!["analyze", &swv, "--technique", "ca", "--method", "tangent"])
        .ends_with(2)
        .says("Use mono or bi");
}

/// Two exponentials, 2 ms and 80 ms, from one interval behind the step on.
fn decay(interval_s: f64, points: u32) -> String {
    let mut text = "Time (s),Current E1 (A)\n".to_owned();
    for k in 1..=points {
        let t = interval_s * f64::from(k);
        let current = 3e-6 * (-t / 2e-3).exp() + 1e-6 * (-t / 80e-3).exp() + 5e-8;
        let wobble = 1e-10 * (f64::from(k) * 1.7).sin();
        writeln!(text, "{t:e},{:e}", current + wobble).unwrap();
    }
    text
}

#[test]
fn short_and_long_pulses_of_several_files_are_one() {
    let folder = tempfile::tempdir().unwrap();
    for index in [1, 2] {
        put_old(folder.path(), &format!("Short_S_{index}.csv"), decay(5e-5, 200));
        put_old(folder.path(), &format!("Long_S_{index}.csv"), decay(2e-3, 250));
    }
    put_old(folder.path(), "Long_S_3.csv", decay(2e-3, 250));
    let analyze = arguments!["analyze", folder.path(), "--technique", "ca", "--method", "bi"];
    let pulses = arguments!["--pulse", "Short_=0:0.01", "--pulse", "Long_=0.01:0.5"];
    let run_together = run(analyze.iter().chain(&pulses))
        .ends_with(3)
        .says("Long_S_3.csv")
        .says("pulse_missing");
    let objects = run_together.objects();
    assert_eq!(objects.len(), 2);
    for (m, index) in objects.iter().zip([1, 2]) {
        assert_eq!(m["file"], format!("Short_S_{index}.csv + Long_S_{index}.csv"));
        assert_eq!(
            (&m["index"], &m["repeats"], &m["fit_points"]),
            (&index.into(), &2.into(), &446.into())
        );
        let off = |field: &str, truth: f64| (m[field].as_f64().unwrap() / truth - 1.0).abs();
        assert!(off("tau1_s", 2e-3) < 0.01 && off("tau2_s", 80e-3) < 0.01, "{m}");
    }
    run(analyze.iter().chain(&arguments!["--pulse", "Short_"]))
        .ends_with(2)
        .says("twice or more");
}
