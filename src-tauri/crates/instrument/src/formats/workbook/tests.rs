use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook, Worksheet};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::recording::{Completeness, Recording, Technique};
use crate::unreadable::Unreadable;
use crate::{Format, ReadOptions, read};

mod hostile;

fn recorded(bytes: &[u8]) -> Recording {
    read(bytes, &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(bytes: &[u8]) -> Unreadable {
    read(bytes, &ReadOptions::default()).unwrap_err()
}

type Fill<'a> = &'a dyn Fn(&mut Worksheet);

fn book(sheets: &[(&str, Fill<'_>)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, fill) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*name).unwrap();
        fill(sheet);
    }
    workbook.save_to_buffer().unwrap()
}

fn write_rows(sheet: &mut Worksheet, from: (u32, u16), rows: &[&[&str]]) {
    for (row, cells) in (from.0..).zip(rows) {
        for (column, cell) in (from.1..).zip(*cells) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) if cell.is_empty() => continue,
                Err(_) => sheet.write_string(row, column, *cell).unwrap(),
            };
        }
    }
}

/// Parts of an archive, packed.
fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in parts {
        archive.start_file(*name, options).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const PSTRACE: &[&[&str]] = &[
    &[
        "Square Wave Voltammetry [1]: a",
        "",
        "Square Wave Voltammetry [2]: b Channel 3",
        "",
    ],
    &["V", "µA", "V", "nA"],
    &["-0.5", "1.25", "-0.5", "100"],
    &["-0.495", "1.375", "-0.495", "200"],
    &["-0.49", "1.5"],
];

#[test]
fn an_export_of_pstrace_has_its_measurements_side_by_side() {
    let recording = recorded(&book(&[("Sheet1", &|sheet| write_rows(sheet, (0, 0), PSTRACE))]));
    assert_eq!(
        (recording.format, recording.technique, recording.completeness),
        (Format::PalmsensExcel, Technique::Swv, Completeness::Complete)
    );
    let numbers: Vec<(u32, bool)> = recording.electrodes.iter().map(|e| (e.electrode, e.stated)).collect();
    assert_eq!(numbers, [(1, false), (2, false)]);
    let sweep = |at: usize| recording.electrodes[at].voltammogram().unwrap().clone();
    assert_eq!(sweep(0).potential_v(), [-0.5, -0.495, -0.49]);
    assert_eq!(sweep(0).current_a(), [1.25e-6, 1.375e-6, 1.5e-6]);
    assert_eq!(sweep(1).current_a(), [100e-9, 200e-9]);
    assert_eq!(recording.reservations, []);
}

#[test]
fn an_export_of_pstrace_may_have_dates_cycles_and_a_margin() {
    let when = ExcelDateTime::from_ymd(2026, 3, 1)
        .unwrap()
        .and_hms(10, 20, 30)
        .unwrap();
    let stamp = CellFormat::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let bytes = book(&[("Data", &|sheet| {
        write_rows(
            sheet,
            (2, 1),
            &[
                &[
                    "Cyclic Voltammetry: CV i vs E Scan 1",
                    "",
                    "Cyclic Voltammetry: CV i vs E Scan 2",
                ],
                &["Date and time measurement:", "", "Date and time measurement:"],
                &["V", "µA", "V", "µA"],
                &["0", "1", "0", "3"],
                &["0.1", "2", "0.1", "4"],
            ],
        );
        for column in [2, 4] {
            sheet.write_datetime_with_format(3, column, &when, &stamp).unwrap();
        }
    })]);
    let recording = recorded(&bytes);
    assert_eq!((recording.format, recording.cycles), (Format::PalmsensExcel, Some(2)));
    assert_eq!(recording.started_at.unwrap().to_string(), "2026-03-01T10:20:30");
    let cycles = recording.electrodes[0].cycle.as_deref();
    assert_eq!(cycles, Some(&[1, 1, 2, 2][..]));
}

#[test]
fn six_hundred_and_forty_columns_are_read() {
    let bytes = book(&[("Sheet1", &|sheet| {
        for pair in 0..320_u16 {
            let title = format!("Square Wave Voltammetry [{}]: run", pair + 1);
            sheet.write_string(0, 2 * pair, title).unwrap();
            sheet.write_string(1, 2 * pair, "V").unwrap();
            sheet.write_string(1, 2 * pair + 1, "µA").unwrap();
            for row in 0..20_u32 {
                sheet.write_number(row + 2, 2 * pair, f64::from(row) * 0.005).unwrap();
                sheet
                    .write_number(row + 2, 2 * pair + 1, f64::from(row * u32::from(pair)))
                    .unwrap();
            }
        }
    })]);
    let recording = recorded(&bytes);
    assert_eq!((recording.electrodes.len(), recording.points), (320, 20));
    let last = recording.electrodes[319].voltammogram().unwrap();
    assert_eq!(last.current_a()[19], f64::from(19 * 319) / 1e6);
}

#[test]
fn a_labs_own_table_is_read_as_in_a_text_file() {
    let rows: &[&[&str]] = &[
        &["Frequency (Hz)", "15"],
        &[
            "Potential (mV)",
            "Strom [µA]",
            "Current Forward (uA)",
            "Current Reverse (uA)",
        ],
        &["-100", "0.3", "0.2", "-0.1"],
        &["-250.5", "0.7", "0.4", "-0.3"],
        &["-300", "", "0.4", "-0.3"],
    ];
    let recording = recorded(&book(&[("run 7", &|sheet| write_rows(sheet, (0, 0), rows))]));
    assert_eq!(
        (recording.format, recording.technique, recording.frequency_hz),
        (Format::ExcelTable, Technique::Swv, Some(15.0))
    );
    let electrode = &recording.electrodes[0];
    assert_eq!(electrode.voltammogram().unwrap().potential_v(), [-0.1, -0.2505]);
    assert_eq!(electrode.forward_a.as_deref(), Some(&[0.2 / 1e6, 0.4 / 1e6][..]));
    let codes: Vec<&str> = recording.reservations.iter().map(crate::Reservation::code).collect();
    assert_eq!(codes, ["missing_values"]);
}

#[test]
fn a_row_of_names_and_a_row_of_units_are_no_export_of_pstrace() {
    let rows: &[&[&str]] = &[&["Potential", "Current"], &["mV", "nA"], &["100", "5"], &["200", "6"]];
    let recording = recorded(&book(&[("a", &|sheet| write_rows(sheet, (0, 0), rows))]));
    assert_eq!(recording.format, Format::ExcelTable);
    let sweep = recording.electrodes[0].voltammogram().unwrap();
    assert_eq!((sweep.potential_v()[0], sweep.current_a()[0]), (0.1, 5e-9));
}

#[test]
fn the_settings_columns_count_from_the_first_of_the_sheet() {
    let column = |n| std::num::NonZeroUsize::new(n);
    let rows: &[&[&str]] = &[
        &["run a", "1", "0.5", "0.1", "-0.2"],
        &["run b", "2", "0.6", "0.2", "-0.3"],
        &["run c", "3", "0.7", "0.3", "-0.4"],
    ];
    let bytes = book(&[("a", &|sheet| write_rows(sheet, (0, 1), rows))]);
    let options = ReadOptions {
        potential: column(4),
        forward: column(5),
        reverse: column(6),
        delimiter: Some(crate::Delimiter::Semicolon),
        decimal: Some(crate::DecimalMark::Comma),
        ..ReadOptions::default()
    };
    let recording = read(&bytes, &options).unwrap();
    let sweep = recording.electrodes[0].voltammogram().unwrap();
    assert_eq!(sweep.potential_v(), [0.5, 0.6, 0.7]);
    assert_eq!(sweep.current_a(), [0.1 - -0.2, 0.2 - -0.3, 0.3 - -0.4]);
}

#[test]
fn numbers_are_the_very_numbers_of_the_workbook() {
    let numbers = [
        1.234_567_890_123_456_7e-9,
        -7.1e-13,
        0.1 + 0.2,
        5e-324,
        1.7e308,
        123_456.789,
    ];
    let bytes = book(&[("a", &|sheet| {
        write_rows(sheet, (0, 0), &[&["Potential (V)", "Current (A)"]]);
        for (row, number) in (1..).zip(numbers) {
            sheet.write_number(row, 0, f64::from(row) / 3.0).unwrap();
            sheet.write_number(row, 1, number).unwrap();
        }
    })]);
    let recording = recorded(&bytes);
    let sweep = recording.electrodes[0].voltammogram().unwrap();
    assert_eq!(sweep.current_a(), numbers);
    assert_eq!(sweep.potential_v()[0], 1.0 / 3.0);
}

#[test]
fn numbers_that_were_kept_as_text_keep_their_decimal_mark() {
    let bytes = book(&[("a", &|sheet| {
        for (row, cells) in (0..).zip([["Spannung (V)", "Strom (A)"], ["-0,15", "1,5E-07"], ["-0,2", "2,5E-07"]]) {
            sheet.write_string(row, 0, cells[0]).unwrap();
            sheet.write_string(row, 1, cells[1]).unwrap();
        }
    })]);
    let recording = recorded(&bytes);
    let sweep = recording.electrodes[0].voltammogram().unwrap();
    assert_eq!(
        (sweep.potential_v(), sweep.current_a()),
        (&[-0.15, -0.2][..], &[1.5e-7, 2.5e-7][..])
    );
}

#[test]
fn other_sheets_are_passed_over_or_named() {
    let notes = |sheet: &mut Worksheet| write_rows(sheet, (0, 0), &[&["what was done"], &["washed twice"]]);
    let table = |sheet: &mut Worksheet| {
        write_rows(sheet, (0, 0), &[&["E/V", "I/A"], &["0", "1e-6"], &["0.1", "2e-6"]]);
    };
    let recording = recorded(&book(&[("notes", &notes), ("first", &table), ("again", &table)]));
    let messages: Vec<String> = recording.reservations.iter().map(crate::Reservation::message).collect();
    assert_eq!(messages.len(), 1);
    assert!(
        messages[0].contains("again") && !messages[0].contains("notes"),
        "{messages:?}"
    );
    let error = refused(&book(&[("notes", &notes)]));
    assert_eq!((error.code(), error.may_become_readable()), ("no_numbers", false));
    assert_eq!(refused(&book(&[("empty", &|_| ())])).code(), "no_numbers");
}

#[test]
fn what_this_program_exports_is_not_taken_for_data() {
    let own = book(&[
        ("Measurements", &|sheet| {
            write_rows(
                sheet,
                (0, 0),
                &[&["Potential (V)", "Current (A)"], &["0", "1"], &["1", "2"]],
            );
        }),
        ("About", &|sheet| {
            write_rows(sheet, (0, 0), &[&["About this workbook"], &["Written by", "SACMES"]]);
        }),
    ]);
    let archive = packed(&[
        ("session.json", b"{}"),
        ("raw/a.txt", b"0,1\n1,2\n"),
        ("SHA256SUMS", b""),
    ]);
    for bytes in [own, archive] {
        let error = refused(&bytes);
        assert_eq!((error.code(), error.format), ("own_export", Format::Unknown));
        assert!(error.hint().contains("sacmes open"), "{}", error.hint());
    }
}

#[test]
fn other_archives_are_named() {
    for (parts, code, what) in [
        (&[("a.txt", &b"0,1"[..])][..], "binary", "ZIP"),
        (
            &[("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"<a/>")],
            "binary",
            "Office",
        ),
        (
            &[("mimetype", b"x"), ("content.xml", b"<a/>")],
            "unsupported_format",
            "OpenDocument",
        ),
        (
            &[("[Content_Types].xml", b"<a/>"), ("xl/workbook.bin", b"x")],
            "unsupported_format",
            "xlsb",
        ),
    ] {
        let error = refused(&packed(parts));
        assert_eq!(error.code(), code);
        assert!(error.message().contains(what), "{}", error.message());
    }
}
