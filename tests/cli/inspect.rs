//! `sacmes inspect`: what is this file?

use crate::arguments;
use crate::program::run;
use crate::scans::table;

#[test]
fn a_file_is_described_in_one_object() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("CF_15Hz_3.txt");
    std::fs::write(&file, table(&[1e-7, 2e-7])).unwrap();
    let about = run(arguments!["inspect", &file]).ends_with(0).object();
    assert_eq!(about["file"], *file.to_string_lossy());
    assert_eq!(about["format"], "delimited");
    assert_eq!(about["encoding"], "utf-8");
    assert_eq!(about["frequency_hz"], 15.0);
    assert_eq!(about["electrodes"], serde_json::json!([1, 2]));
    assert_eq!(about["points"], 250);
    assert!(about["complete"].is_null());
    for field in [
        "technique",
        "scan_rate_v_s",
        "cycles",
        "expected_points",
        "started_at",
        "instrument",
        "reason",
        "message",
    ] {
        assert!(about.get(field).is_some(), "{field} is missing in {about}");
    }
}

#[test]
fn an_instruments_format_is_recognised_from_its_content() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("run");
    let mut arguments = arguments![
        "simulate",
        &folder,
        "--format",
        "chi",
        "--files",
        "1",
        "--interval",
        "0"
    ]
    .to_vec();
    arguments.extend(["--electrodes", "2", "--frequencies", "60"].map(Into::into));
    run(arguments).ends_with(0);
    let named_otherwise = folder.join("no hint.dat");
    std::fs::rename(folder.join("SWV_60Hz_1.txt"), &named_otherwise).unwrap();
    let about = run(arguments!["inspect", &named_otherwise]).ends_with(0).object();
    assert_eq!(
        (&about["format"], &about["technique"]),
        (&"chi_text".into(), &"swv".into())
    );
    assert_eq!(
        (&about["frequency_hz"], &about["complete"]),
        (&60.0.into(), &true.into())
    );
    assert_eq!(about["expected_points"], about["points"]);
    assert!(about["instrument"].as_str().unwrap().starts_with("CHI"), "{about}");
}

#[test]
fn what_is_no_measurement_has_a_reason_and_what_cannot_be_opened_is_named() {
    let data = tempfile::tempdir().unwrap();
    let put = |name: &str, content: &[u8]| {
        let path = data.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    let (empty, binary) = (
        put("empty", b""),
        put("binary", &[0, 159, 146, 150, 0, 1, 2, 3].repeat(40)),
    );
    let run_1 = run(arguments!["inspect", &empty, &binary]).ends_with(0);
    let reasons: Vec<_> = run_1.objects().iter().map(|o| o["reason"].clone()).collect();
    assert_eq!(reasons, ["empty", "binary"]);

    let absent = data.path().join("absent");
    let run_2 = run(arguments!["inspect", &absent, &empty, data.path()])
        .ends_with(3)
        .says("absent")
        .says("folder");
    let reasons: Vec<_> = run_2.objects().iter().map(|o| o["reason"].clone()).collect();
    assert_eq!(reasons, ["file_absent", "empty", "is_a_folder"]);
    run(arguments!["inspect", &absent]).ends_with(1).says("absent");
}

#[test]
fn the_settings_say_what_the_columns_of_a_table_are() {
    let data = tempfile::tempdir().unwrap();
    let (table, settings) = (data.path().join("own.csv"), data.path().join("settings.toml"));
    let rows: Vec<String> = (0..60)
        .map(|k| format!("{},{},{},{}\n", 20 * k, -5 * k, 400 + k, 100 - k))
        .collect();
    let rows = rows.concat();
    std::fs::write(&table, format!("a,b,c,d\n{rows}")).unwrap();
    let mapping = "[columns]\npotential = 2\nforward = 3\nreverse = 4\ntime = 1\ntime_unit = \"ms\"\npotential_unit = \"mV\"\ncurrent_unit = \"nA\"\n";
    std::fs::write(&settings, mapping).unwrap();
    let about = run(arguments!["inspect", &table, "--settings", &settings])
        .ends_with(0)
        .object();
    assert_eq!((&about["technique"], &about["points"]), (&"swv".into(), &60.into()));
    assert_eq!(about["electrodes"], serde_json::json!([1]));
    assert_eq!(about["reason"], "difference_computed");

    std::fs::write(&settings, "[columns]\npotential = 2\nforward = 3\n").unwrap();
    run(arguments!["inspect", &table, "--settings", &settings])
        .ends_with(2)
        .says("columns.reverse");
}

#[test]
fn an_exported_workbook_is_not_taken_for_a_measurement() {
    let data = tempfile::tempdir().unwrap();
    let (scan, book) = (data.path().join("CF_15Hz_3.txt"), data.path().join("out.xlsx"));
    std::fs::write(&scan, table(&[1e-7, 2e-7])).unwrap();
    run(arguments!["analyze", &scan, "--format", "xlsx", "--out", &book]).ends_with(0);
    let about = run(arguments!["inspect", &book]).ends_with(0).object();
    assert_eq!(
        (&about["format"], &about["reason"]),
        (&"unknown".into(), &"own_export".into())
    );
}
