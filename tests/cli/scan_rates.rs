//! `scan-rates`, and voltammograms in the predecessors' layouts.

use std::fs;

use serde_json::Value;

use crate::arguments;
use crate::frequency_maps::{number, simulate};
use crate::program::{names, run};

const RATES: &str = "0.02,0.05,0.1,0.2,0.5";

#[test]
fn a_dissolved_couple_grows_with_the_root_and_its_slope_gives_the_diffusion_coefficient() {
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
    // Randles and Ševčík at 25 °C; tests/engine holds it against a couple whose electrode is known exactly.
    let (gas, faraday, area) = (8.314_462_618, 96_485.332_12_f64, 3.14e-6);
    let slope = number(&cathodic["against_root"], "slope");
    let expected = slope.powi(2) * gas * 298.15 / (0.4463_f64.powi(2) * faraday.powi(3) * area * area);
    let coefficient = number(&cathodic, "diffusion_coefficient_m2_s");
    assert!((coefficient / expected - 1.0).abs() < 1e-9, "{coefficient:e}");
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
    // Above the baseline of a bound couple the coefficient would be a quarter too low.
    fs::write(&settings, "[cv]\nmass_transport = \"surface\"\narea_m2 = 3.14e-6\n").unwrap();
    let surface = of_process(&study(&["--concentration", "1"]), "cathodic");
    assert_eq!(
        (
            &surface["better"],
            &surface["diffusion_coefficient_m2_s"],
            &surface["diffusion_coefficient_reason"]
        ),
        (&"diffusion".into(), &Value::Null, &"surface_baseline".into())
    );
    fs::write(&settings, "[cv]\nmass_transport = \"solution\"\narea_m2 = 3.14e-6\n").unwrap();
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
    let misnamed = [&words[..], &arguments!["--rate", "other.csv=0.1"][..]].concat();
    run(misnamed).ends_with(0).says("--rate names other.csv");
    for option in ["--area", "--concentration"] {
        run(arguments!["scan-rates", &folder, option, "-1"])
            .ends_with(2)
            .says("must be positive");
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
