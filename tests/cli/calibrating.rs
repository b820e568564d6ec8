//! `calibrate`, and what `trends` and `export` make of it.

use std::fs;

use tempfile::TempDir;

use crate::agent_process::take_in;
use crate::arguments;
use crate::program::{Run, run};
use crate::scans::{put_old, table};

pub const STEPS: &str = "0:1-2,1e-6:3-4,3e-6:5-6,1e-5:7-8,3e-5:9-10,1e-4:11-12";

/// One electrode, one frequency: the height follows Langmuir's isotherm with K = 10 µmol/L; indices 13 and 14 are in 20 µmol/L.
pub fn titrated() -> (TempDir, TempDir) {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let doses = [0.0, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 2e-5];
    for index in 1..=14_u32 {
        let c = doses[(index as usize - 1) / 2];
        let height = 1e-7 * (1.0 + 0.8 * c / (c + 1e-5)) * (1.0 + 0.001 * (f64::from(index * 7 % 5) - 2.0));
        put_old(folder.path(), &format!("CF_15Hz_{index}.txt"), table(&[height]));
    }
    take_in(folder.path(), data.path(), &["--name", "Titration"]);
    (data, folder)
}

pub fn ask(data: &TempDir, words: &[&str]) -> Run {
    let mut arguments = arguments![].to_vec();
    arguments.extend(words.iter().map(Into::into));
    arguments.extend(arguments!["--data-dir", data.path()]);
    run(arguments)
}

#[test]
fn a_titration_gives_curves_that_another_session_takes() {
    let (data, folder) = titrated();
    let found = ask(&data, &["calibrate", "Titration", "--steps", STEPS, "--json"])
        .ends_with(0)
        .object();
    assert!((found["k_m"].as_f64().unwrap() / 1e-5 - 1.0).abs() < 0.05, "{found}");
    for field in [
        "k_error_m",
        "k_low_m",
        "y_min_error",
        "y_max_high",
        "limit_of_detection_m",
        "r_squared",
    ] {
        assert!(found[field].is_number(), "{field} in {found}");
    }
    assert_eq!(
        (&found["hill"], &found["hill_error"]),
        (&1.0.into(), &serde_json::Value::Null)
    );
    let shown = ask(&data, &["calibrate", "Titration", "--steps", STEPS, "--hill", "fitted"]).ends_with(0);
    assert!(
        shown.stdout.starts_with("CURVE") && shown.stdout.contains("electrode 1"),
        "{shown:?}"
    );
    // Six points, four parameters; K, y_min, y_max and n have an interval each.
    let lines: Vec<&str> = shown.stdout.lines().collect();
    assert!(lines[1].ends_with("  2"), "{shown:?}");
    assert!(lines[2].starts_with("  95 % interval"), "{shown:?}");
    assert_eq!(lines[2].matches(" to ").count(), 4, "{shown:?}");

    let file = data.path().join("curves.toml");
    let out = file.to_string_lossy();
    ask(&data, &["calibrate", "Titration", "--steps", STEPS, "--out", &*out])
        .ends_with(0)
        .says("wrote 1 curves");
    let again = ["--name", "Again", "--settings", &*out];
    take_in(folder.path(), data.path(), &again);
    let drawn = data.path().join("curve.svg");
    ask(
        &data,
        &[
            "figure",
            "Again",
            "--kind",
            "calibration",
            "--out",
            &drawn.to_string_lossy(),
        ],
    )
    .ends_with(0);
    let drawn = fs::read_to_string(&drawn).unwrap();
    assert!(drawn.contains("Concentration (") && drawn.contains("K = "), "{drawn}");
    let trends = ask(&data, &["trends", "Again", "--last", "2"]).ends_with(0).objects();
    for row in &trends {
        let number = |field: &str| row[field].as_f64().unwrap_or_else(|| panic!("{field} in {row}"));
        assert!((number("concentration_m") / 2e-5 - 1.0).abs() < 0.05, "{row}");
        assert!(
            number("concentration_low_m") < 2e-5 && number("concentration_high_m") > 2e-5,
            "{row}"
        );
        assert_eq!(
            (&row["out_of_range"], &row["range_flag"]),
            (&false.into(), &serde_json::Value::Null)
        );
    }

    let csv = data.path().join("trends.csv");
    ask(
        &data,
        &["export", "Again", "--format", "trends", "--out", &csv.to_string_lossy()],
    )
    .ends_with(0)
    .says("14 trend points");
    let text = fs::read_to_string(csv).unwrap();
    let header = text.lines().next().unwrap();
    assert!(
        header.starts_with("electrode,index,time,x,normalized_low") && header.ends_with("reason"),
        "{header}"
    );
    assert_eq!(text.lines().count(), 15);
}

#[test]
fn what_cannot_be_calibrated_is_said_with_the_way_out() {
    let (data, folder) = titrated();
    let none = ask(&data, &["calibrate", "Titration"])
        .ends_with(1)
        .says("There is no calibration");
    let too_few = ask(&data, &["calibrate", "Titration", "--steps", "0:1-2,1e-6:3-4"])
        .ends_with(1)
        .says("calibration_too_few_concentrations");
    assert_eq!((none.stdout.as_str(), too_few.stdout.as_str()), ("", ""));
    ask(&data, &["calibrate", "Titration", "--steps", "1e-6"])
        .ends_with(2)
        .says("1e-6:11-20");
    ask(&data, &["calibrate", "Titration", "--steps", "0:1-5,1e-6:3-4"])
        .ends_with(2)
        .says("calibration.steps.first_index");
    let inside = folder.path().join("curves.toml");
    ask(
        &data,
        &[
            "calibrate",
            "Titration",
            "--steps",
            STEPS,
            "--out",
            &inside.to_string_lossy(),
        ],
    )
    .ends_with(1)
    .says("instrument's folder");
    assert!(!inside.exists());
}
