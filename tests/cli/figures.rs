//! `figure`: results as SVG, PDF and PNG.

use std::path::Path;
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::agent_process::take_in;
use crate::arguments;
use crate::calibrating::{STEPS, ask, titrated};
use crate::frequency_maps::simulate;
use crate::program::{Run, run};
use crate::scans::{put_old, table};

/// A profile with two sessions that differ by the height at the high frequency; made once, only read.
struct Kept {
    data: TempDir,
    folder: TempDir,
}

fn kept() -> &'static Kept {
    static KEPT: OnceLock<Kept> = OnceLock::new();
    KEPT.get_or_init(|| {
        let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for index in [1, 2, 4] {
            let height = 2e-7 * (1.0 + f64::from(index - 1) / 10.0);
            for (hertz, text) in [("15", table(&[1e-7, 1e-7])), ("200", table(&[height, 2e-7]))] {
                put_old(folder.path(), &format!("CF_{hertz}Hz_{index}.txt"), text);
            }
        }
        put_old(folder.path(), "CF_15Hz_5.txt", "");
        take_in(folder.path(), data.path(), &["--name", "Before"]);
        let other = tempfile::tempdir().unwrap();
        put_old(other.path(), "CF_15Hz_1.txt", table(&[0.5e-7]));
        put_old(other.path(), "CF_200Hz_1.txt", table(&[4e-7]));
        take_in(other.path(), data.path(), &["--name", "After"]);
        Kept { data, folder }
    })
}

fn draw(out: &Path, words: &[&str]) -> Run {
    let mut arguments = arguments!["figure", "Before", "--out", out, "--data-dir", kept().data.path()].to_vec();
    arguments.extend(words.iter().map(Into::into));
    run(arguments)
}

/// The texts of an SVG file that a command wrote.
fn svg(words: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("figure.svg");
    draw(&out, words).ends_with(0);
    let text = std::fs::read_to_string(&out).unwrap();
    let (_, drawn) = text.split_once("</style>").unwrap();
    assert!(!drawn.contains("NaN"));
    drawn.to_owned()
}

#[track_caller]
fn holds(svg: &str, words: &[&str]) {
    for word in words {
        assert!(svg.contains(word), "no {word:?} in {svg}");
    }
}

#[test]
fn every_kind_is_drawn_from_a_session() {
    let sweeps = svg(&["--kind", "sweep"]);
    holds(&sweeps, &["Potential (V)", "Current (nA)", "15 Hz", "200 Hz"]);
    let one = svg(&["--kind", "sweep", "--frequencies", "200", "--electrodes", "2"]);
    holds(&one, &["Baseline", "Smoothed", "200 nA at"]);
    let kdm = svg(&["--kind", "trends", "--title", "Blood & glucose"]);
    holds(&kdm, &["KDM (%)", "File number", "E1", "E2", "Blood &amp; glucose"]);
    let mean = svg(&["--kind", "trends", "--quantity", "peak-current", "--mean"]);
    holds(&mean, &["Peak current (nA)", "Mean ± SD, 15 Hz", "Mean ± SD, 200 Hz"]);
    let map = svg(&["--kind", "frequency-map", "--mean=se"]);
    holds(
        &map,
        &["Peak current (nA)", "Charge (nC)", "Frequency (Hz)", "Mean ± SE"],
    );
    let gain = svg(&["--kind", "comparison", "--with", "After"]);
    holds(&gain, &["Signal gain (%)", "Frequency (Hz)", "E1"]);
}

/// A session of one simulated file of another technique, drawn.
fn simulated(technique: &str, more: &[&str]) -> String {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("run");
    let mut words = arguments!["simulate", &folder, "--technique", technique, "--files", "1"].to_vec();
    words.extend(arguments!["--interval", "0"].iter().cloned());
    run(&words).ends_with(0);
    let settings = data.path().join("settings.toml");
    std::fs::write(&settings, format!("technique = \"{technique}\"\n")).unwrap();
    let home = data.path().join("home");
    take_in(
        &folder,
        &home,
        &["--name", "Run", "--settings", settings.to_str().unwrap()],
    );
    let out = data.path().join("figure.svg");
    let mut words = arguments!["figure", "Run", "--kind", technique, "--out", &out, "--data-dir", &home].to_vec();
    words.extend(more.iter().map(Into::into));
    run(words).ends_with(0);
    std::fs::read_to_string(&out).unwrap()
}

#[test]
fn a_voltammogram_says_whose_it_is_and_a_decay_what_its_fit_is_worth() {
    let cv = simulated("cv", &[]);
    holds(
        &cv,
        &["E1, cycles 1 to 3, 0.100 V/s, CV_", "Forward", "Reverse", "Baseline"],
    );
    let ca = simulated("ca", &["--width", "double"]);
    // One exponential does not follow a decay of two.
    holds(&ca, &["τ = ", "R² = ", "Warning: ", "Residual"]);
    assert!(
        !ca.contains("Current (nA)"),
        "one prefix for currents beside each other"
    );
}

#[test]
fn a_map_says_which_index_it_is() {
    let newest = svg(&["--kind", "frequency-map"]);
    holds(&newest, &["File 4"]);
    holds(&svg(&["--kind", "frequency-map", "--index", "2"]), &["File 2"]);
    let gain = svg(&["--kind", "comparison", "--with", "After"]);
    holds(&gain, &["After, file 1, against Before, file 4"]);
    let folder = tempfile::tempdir().unwrap();
    let both = ["--kind", "frequency-map", "--index", "2", "--first-index", "1"];
    draw(&folder.path().join("figure.svg"), &both).ends_with(2);
}

/// The texts of the figure of a session of this technique, simulated.
fn svg_of(technique: &str, more: &[&str]) -> String {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("run");
    simulate(&folder, technique, more);
    let settings = data.path().join("settings.toml");
    std::fs::write(&settings, format!("technique = \"{technique}\"\n")).unwrap();
    let profile = data.path().join("profile");
    let named = ["--name", "One", "--settings", settings.to_str().unwrap()];
    take_in(&folder, &profile, &named);
    let out = data.path().join("figure.svg");
    run(arguments![
        "figure",
        "One",
        "--kind",
        technique,
        "--out",
        &out,
        "--data-dir",
        &profile
    ])
    .ends_with(0);
    std::fs::read_to_string(&out).unwrap()
}

#[test]
fn a_voltammogram_says_whose_it_is_and_cuts_its_start() {
    let two = [
        "--files",
        "2",
        "--electrodes",
        "2",
        "--cycles",
        "2",
        "--format",
        "gamry",
    ];
    let drawn = svg_of("cv", &two);
    holds(
        &drawn,
        &[
            "Potential (V)",
            "Current (nA)",
            "E1, cycles 1 to 2, 0.100 V/s, E1_CV_2.DTA",
        ],
    );
    holds(&drawn, &["Start of the scan: ", "beyond the axis"]);
}

#[test]
fn a_decay_says_what_its_fit_is_worth() {
    let drawn = svg_of("ca", &["--files", "1", "--electrodes", "1", "--format", "csv"]);
    holds(&drawn, &["Time (ms)", "Current (µA)", "Residual", "CA_1.txt", "R² = "]);
    holds(&drawn, &["Warning: residuals correlated"]);
}

#[test]
fn a_titration_is_drawn_with_its_curve() {
    let (data, folder) = titrated();
    let curves = data.path().join("curves.toml");
    let file = curves.to_str().unwrap();
    ask(&data, &["calibrate", "Titration", "--steps", STEPS, "--out", file]).ends_with(0);
    take_in(folder.path(), data.path(), &["--name", "Again", "--settings", file]);
    let out = data.path().join("figure.svg");
    let drawn = out.to_str().unwrap();
    ask(&data, &["figure", "Again", "--kind", "calibration", "--out", drawn]).ends_with(0);
    let drawn = std::fs::read_to_string(&out).unwrap();
    holds(&drawn, &["Concentration (µM)", "95% confidence", "K = "]);
}

#[test]
fn the_extension_says_the_form_and_the_width_the_size() {
    let folder = tempfile::tempdir().unwrap();
    let pdf = folder.path().join("kdm.pdf");
    let answer = draw(&pdf, &["--kind", "trends", "--json"]).ends_with(0).object();
    let bytes = std::fs::read(&pdf).unwrap();
    assert!(bytes.starts_with(b"%PDF-"));
    assert_eq!(answer["bytes"], bytes.len());
    let png = folder.path().join("kdm.PNG");
    draw(&png, &["--kind", "trends", "--width", "one-and-half", "--dpi", "100"]).ends_with(0);
    let bytes = std::fs::read(&png).unwrap();
    assert!(bytes.starts_with(b"\x89PNG"));
    assert_eq!(bytes[16..20], 472_u32.to_be_bytes(), "120 mm at 100 dpi");
    let listed = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(listed, 2, "nothing else is left behind");
}

#[test]
fn what_cannot_be_drawn_is_refused_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("figure.svg");
    let refused: [(&[&str], &str); 6] = [
        (&["--kind", "trends", "--electrodes", "9"], "Nothing to draw"),
        (
            &["--kind", "sweep", "--electrodes", "9"],
            "has no measurement in this selection",
        ),
        (&["--kind", "trends", "--quantity", "concentration"], "Choose"),
        (&["--kind", "cv"], "holds no cyclic voltammogram"),
        (&["--kind", "comparison"], "needs a second session"),
        (&["--kind", "sweep", "--measurement", "999999"], "999999"),
    ];
    for (words, says) in refused {
        let run = draw(&out, words).ends_with(1);
        let said = run.stderr.to_lowercase();
        assert!(said.contains(&says.to_lowercase()), "{words:?}: {said}");
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    }
    let wrong: [(&[&str], &str); 4] = [
        (&["--kind", "trends", "--quantity", "gain"], "comparison"),
        (&["--kind", "trends", "--width", "20"], "mm wide"),
        (&["--kind", "trends", "--width", "-20"], "mm wide"),
        (&["--kind", "trends", "--dpi", "5000"], "dpi"),
    ];
    for (words, says) in wrong {
        draw(&folder.path().join("figure.png"), words).ends_with(2).says(says);
    }
    draw(&folder.path().join("figure.eps"), &["--kind", "sweep"])
        .ends_with(2)
        .says(".svg, .pdf or .png");
    draw(&kept().folder.path().join("figure.svg"), &["--kind", "sweep"])
        .ends_with(1)
        .says("never writes");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
