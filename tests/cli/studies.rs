//! `map` and `scan-rates`: several files or sessions together; and the predecessors' layouts of maps and voltammograms.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::agent_process::take_in;
use crate::arguments;
use crate::program::{names, run};

fn simulate(folder: &Path, technique: &str, more: &[&str]) {
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

fn number(object: &Value, field: &str) -> f64 {
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

const RATES: &str = "0.02,0.05,0.1,0.2,0.5";

/// A dissolved couple whose diffusion coefficient, area and concentration are known.
#[test]
fn the_diffusion_coefficient_of_the_simulated_couple_comes_out() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("cv");
    simulate(
        &folder,
        "cv",
        &[
            "--couple",
            "solution",
            "--scan-rates",
            RATES,
            "--files",
            "5",
            "--cycles",
            "1",
            "--format",
            "gamry",
        ],
    );
    let settings = data.path().join("cv.toml");
    fs::write(&settings, "[cv]\nmass_transport = \"solution\"\narea_m2 = 3.14e-6\n").unwrap();
    let study = |more: &[&str]| {
        let mut words = arguments!["scan-rates", &folder, "--settings", &settings, "--json"].to_vec();
        words.extend(more.iter().map(Into::into));
        run(words).ends_with(0).objects()
    };
    let rows = study(&["--concentration", "1", "--concentration-error", "0.02"]);
    let of_process = |rows: &[Value], process: &str| {
        let mut studies = rows
            .iter()
            .filter(|row| row["row"] == "study" && row["process"] == process);
        studies
            .next()
            .unwrap_or_else(|| panic!("no {process} in {rows:#?}"))
            .clone()
    };
    // Ferricyanide is reduced first.
    let cathodic = of_process(&rows, "cathodic");
    assert_eq!(
        (&cathodic["rates"], &cathodic["better"], &cathodic["clear"]),
        (&5.into(), &"diffusion".into(), &true.into())
    );
    assert!((number(&cathodic["log_log"], "slope") - 0.5).abs() < 0.03, "{cathodic}");
    assert!(number(&cathodic["against_root"], "r_squared") > 0.99);
    let coefficient = number(&cathodic, "diffusion_coefficient_m2_s");
    assert!((coefficient / 7.0e-10 - 1.0).abs() < 0.15, "{coefficient:e}");
    assert!(
        number(&cathodic, "diffusion_coefficient_error_m2_s") > 0.04 * coefficient,
        "twice the 2 % of the concentration"
    );
    assert_eq!(
        (
            &cathodic["surface_coverage_mol_m2"],
            &cathodic["surface_coverage_reason"]
        ),
        (&Value::Null, &"diffusing".into())
    );
    let without = of_process(&study(&[]), "cathodic");
    assert_eq!(
        (
            &without["diffusion_coefficient_m2_s"],
            &without["diffusion_coefficient_reason"]
        ),
        (&Value::Null, &"no_concentration".into())
    );
    assert_eq!(
        rows.iter()
            .filter(|row| row["row"] == "peak" && row["process"] == "cathodic")
            .count(),
        5
    );
}

#[test]
fn a_bound_couple_grows_with_the_scan_rate_and_files_without_a_rate_are_named() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("cv");
    simulate(
        &folder,
        "cv",
        &[
            "--scan-rates",
            RATES,
            "--files",
            "5",
            "--cycles",
            "2",
            "--format",
            "pstrace",
        ],
    );
    let files = names(&folder);
    let silent = run(arguments!["scan-rates", &folder]);
    let states_no_rate = silent.stderr.contains("no_scan_rate");
    assert!(states_no_rate, "{silent:#?}");
    let silent = silent
        .ends_with(1)
        .says(&format!("--rate {}=V/S", files[0]))
        .says("no peak with a scan rate");
    assert_eq!(silent.stdout, "");

    let given: Vec<String> = files
        .iter()
        .zip(RATES.split(','))
        .map(|(file, rate)| format!("{file}={rate}"))
        .collect();
    let mut words = arguments!["scan-rates", &folder, "--json", "--cycle", "2"].to_vec();
    words.extend(given.iter().flat_map(|rate| ["--rate".into(), rate.into()]));
    let rows = run(words.clone()).ends_with(0).objects();
    for study in rows.iter().filter(|row| row["row"] == "study") {
        assert_eq!(
            (&study["better"], &study["peaks"]),
            (&"surface".into(), &5.into()),
            "{study}"
        );
        assert!((number(&study["log_log"], "slope") - 1.0).abs() < 0.1, "{study}");
        assert_eq!(study["surface_coverage_reason"], "no_area");
    }
    words.pop();
    words.pop();
    let one_short = run(words).ends_with(3).says(&files[4]);
    assert_eq!(
        one_short
            .objects()
            .iter()
            .filter(|row| row["reason"] == "no_scan_rate")
            .count(),
        2
    );
}

#[test]
fn voltammograms_are_written_in_both_predecessors_layouts() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("cv");
    simulate(&folder, "cv", &["--files", "3", "--electrodes", "2", "--cycles", "2"]);
    let settings = data.path().join("cv.toml");
    fs::write(
        &settings,
        "technique = \"cv\"\n[cv]\nscan_rate_v_s = 0.1\nprobes_v = [-0.2]\n",
    )
    .unwrap();
    let written = |form: &str| {
        run(arguments![
            "analyze",
            &folder,
            "--settings",
            &settings,
            "--format",
            form
        ])
        .ends_with(0)
        .stdout
    };
    let report = written("sacmes-web");
    let lines: Vec<&str> = report.split_terminator("\r\n").collect();
    assert_eq!(
        (lines[0], lines[2]),
        (
            "# SACMES CV Analysis Report - All Electrodes",
            "# Electrodes:,\"E1, E2\""
        )
    );
    assert!(
        lines.contains(&"Scan Rate (V/s):,0.1") && lines.contains(&"Probe Voltages:,-0.2 V"),
        "{report}"
    );
    assert!(
        lines.iter().any(|line| line.starts_with("Segments Not Shown:,")),
        "{report}"
    );
    let at = lines
        .iter()
        .position(|line| *line == "# Forward Peak Current (A)")
        .unwrap();
    assert_eq!(
        lines[at + 1],
        "File_Number,E1_Forward_Peak_A,E2_Forward_Peak_A,Mean_Forward_Peak_A,Std_Forward_Peak_A"
    );
    assert!(
        lines[at + 2].starts_with("1,") && lines[at + 4].starts_with("3,") && !lines[at + 2].contains("N/A"),
        "{report}"
    );

    let table = written("sacmes");
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(' ').collect()).collect();
    assert_eq!((rows.len(), rows[0].len()), (4, 1 + 2 * 7));
    assert_eq!(
        (rows[0][1], rows[0][8]),
        ("E1_Forwards_PeakHeight_(µA)", "E2_Forwards_PeakHeight_(µA)")
    );
    let forward: f64 = rows[1][1].parse().unwrap();
    let in_report: f64 = lines[at + 2].split(',').nth(1).unwrap().parse().unwrap();
    assert!((forward / (1e6 * in_report) - 1.0).abs() < 1e-6);
}
