//! Excel workbooks, read back as another program reads them.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime};

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use tempfile::TempDir;

use crate::agent_process::take_in;
use crate::arguments;
use crate::frequency_maps::simulate;
use crate::program::run;
use crate::scans::{put_old, table};

fn sheet_names(book: &Path) -> Vec<String> {
    let book: Xlsx<_> = open_workbook(book).unwrap();
    book.sheet_names()
}

fn sheet(book: &Path, name: &str) -> Range<Data> {
    let mut book: Xlsx<_> = open_workbook(book).unwrap();
    book.worksheet_range(name).unwrap()
}

/// Cells below a heading.
fn column(sheet: &Range<Data>, heading: &str) -> Vec<Data> {
    let headings = sheet.rows().next().unwrap();
    let at = headings.iter().position(|cell| cell == heading);
    let at = at.unwrap_or_else(|| panic!("no {heading:?} in {headings:?}"));
    sheet.rows().skip(1).map(|row| row[at].clone()).collect()
}

#[track_caller]
fn number(sheet: &Range<Data>, heading: &str) -> f64 {
    match column(sheet, heading)[..] {
        [Data::Float(number)] => number,
        ref other => panic!("{heading}: {other:?}"),
    }
}

#[test]
fn times_are_dates_in_utc() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let scan = folder.path().join("CF_15Hz_1.txt");
    put_old(folder.path(), "CF_15Hz_1.txt", table(&[1e-7]));
    // 2027-01-15 08:00:00 UTC and a quarter of a second.
    let moment = SystemTime::UNIX_EPOCH + Duration::from_millis(1_800_000_000_250);
    File::options()
        .append(true)
        .open(&scan)
        .unwrap()
        .set_modified(moment)
        .unwrap();
    let book = out.path().join("book.xlsx");
    run(arguments!["analyze", &scan, "--out", &book]).ends_with(0);
    let times = column(&sheet(&book, "Measurements"), "Time (UTC)");
    let [Data::DateTime(time)] = times[..] else {
        panic!("{times:?}")
    };
    assert!(time.is_datetime());
    assert_eq!(time.to_ymd_hms_milli(), (2027, 1, 15, 8, 0, 0, 250));
}

#[test]
fn a_single_frequency_map_has_no_sheet_of_trends_and_several_have_one() {
    let data = tempfile::tempdir().unwrap();
    let written = |files: &str| {
        let folder = data.path().join(files);
        simulate(&folder, "frequency_map", &["--files", files, "--frequencies", "10,100"]);
        let book = data.path().join("book.xlsx");
        run(arguments![
            "analyze",
            &folder,
            "--technique",
            "frequency_map",
            "--format",
            "xlsx",
            "--out",
            &book
        ])
        .ends_with(0);
        sheet_names(&book)
    };
    assert_eq!(written("1"), ["Measurements", "Settings", "Statistics", "About"]);
    assert_eq!(
        written("2"),
        ["Measurements", "Trends", "Settings", "Statistics", "About"]
    );
}

fn titrated() -> (TempDir, TempDir) {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let steps = [0.0, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4];
    for (index, c) in (1..).zip(steps) {
        let height = 1e-7 * (1.0 + 0.8 * c / (c + 1e-5)) * (1.0 + 0.001 * (f64::from(index * 7 % 5) - 2.0));
        put_old(folder.path(), &format!("CF_15Hz_{index}.txt"), table(&[height]));
    }
    let steps: Vec<String> = (1..)
        .zip(steps)
        .map(|(index, c)| format!("{{ concentration_m = {c:e}, first_index = {index}, last_index = {index} }}"))
        .collect();
    let settings = data.path().join("titration.toml");
    let text = format!(
        "[calibration]\nsource = \"steps\"\nhill = \"fitted\"\nsteps = [{}]\n",
        steps.join(", ")
    );
    std::fs::write(&settings, text).unwrap();
    take_in(
        folder.path(),
        data.path(),
        &["--name", "Titration", "--settings", settings.to_str().unwrap()],
    );
    (data, folder)
}

#[test]
fn a_calibration_has_its_numbers_errors_and_interval_ends() {
    let (data, _folder) = titrated();
    let book = data.path().join("book.xlsx");
    run(arguments![
        "export",
        "Titration",
        "--out",
        &book,
        "--data-dir",
        data.path()
    ])
    .ends_with(0);
    let curves = sheet(&book, "Calibration");
    for (name, unit) in [("K", " (mol/L)"), ("y min", ""), ("y max", ""), ("n", "")] {
        let of = |what: &str| number(&curves, &format!("{what}{unit}"));
        let value = match name {
            "n" => of("Hill coefficient n"),
            name => of(name),
        };
        assert!(of(&format!("Standard error of {name}")) > 0.0, "{name}");
        let (low, high) = (of(&format!("{name}, lower end")), of(&format!("{name}, upper end")));
        assert!(low < value && value < high, "{name}: {low} {value} {high}");
    }
    // Six points, four parameters.
    assert_eq!(number(&curves, "Degrees of freedom"), 2.0);
    assert_eq!(number(&curves, "Points"), 6.0);
    assert_eq!(column(&curves, "Reason"), [Data::Empty]);

    // The files' and the session's times are dates as well.
    let changed = column(&sheet(&book, "Files"), "Last change (UTC)");
    assert!(
        changed.len() == 6 && changed.iter().all(|cell| matches!(cell, Data::DateTime(_))),
        "{changed:?}"
    );
}
