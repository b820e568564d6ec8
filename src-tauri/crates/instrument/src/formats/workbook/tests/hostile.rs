//! Workbooks that are cut, damaged, or made to do harm.

use super::*;
use crate::formats::workbook::archive::{self, Limits};

const TYPES: &[u8] = br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const PACKAGE: &[u8] = br#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &[u8] = br#"<workbook><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const LINKS: &[u8] = br#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

fn with_parts(sheet: &[u8], strings: &[u8]) -> Vec<u8> {
    packed(&[
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", PACKAGE),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", LINKS),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

fn with_sheet(cells: &str) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
    with_parts(sheet.as_bytes(), b"<sst></sst>")
}

const TABLE: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>E/V</t></is></c><c r="B1" t="inlineStr"><is><t>I/A</t></is></c></row>
<row r="2"><c r="A2"><v>0.1</v></c><c r="B2"><v>1e-6</v></c></row><row r="3"><c r="A3"><v>0.2</v></c><c r="B3"><v>2e-6</v></c></row>"#;

#[test]
fn a_minimal_workbook_is_read() {
    let recording = recorded(&with_sheet(TABLE));
    assert_eq!((recording.format, recording.points), (Format::ExcelTable, 2));
}

#[test]
fn a_workbook_cut_at_any_byte_is_never_read() {
    let whole = book(&[("Sheet1", &|sheet| write_rows(sheet, (0, 0), PSTRACE))]);
    for cut in (4..whole.len()).step_by(13).chain(whole.len() - 30..whole.len()) {
        let error = refused(&whole[..cut]);
        assert!(error.may_become_readable(), "cut at {cut}: {error}");
    }
}

#[test]
fn a_workbook_with_a_flipped_bit_is_the_same_or_refused() {
    let whole = book(&[("Sheet1", &|sheet| write_rows(sheet, (0, 0), PSTRACE))]);
    let expected = recorded(&whole);
    for at in (0..whole.len()).step_by(5) {
        let mut damaged = whole.clone();
        damaged[at] ^= 1 << (at % 8);
        if let Ok(recording) = read(&damaged, &ReadOptions::default()) {
            assert_eq!(recording, expected, "byte {at}");
        }
    }
}

#[test]
fn an_archive_behind_another_one_that_breaks_off_is_not_taken_for_it() {
    let whole = with_sheet(TABLE);
    let behind = [&whole[..whole.len() / 2], &whole[..]].concat();
    assert_eq!(refused(&behind).code(), "cut_short");
}

#[test]
fn little_that_unfolds_into_much_is_refused() {
    let limits = Limits {
        all: 100_000,
        strings: 10_000,
    };
    let blanks = vec![b' '; 110_000];
    for (sheet, strings, fits) in [
        (99_000, 10, true),
        (100_001, 10, false),
        (10, 10_001, false),
        (95_000, 6000, false),
    ] {
        let bytes = with_parts(&blanks[..sheet], &blanks[..strings]);
        assert!(bytes.len() < 3000);
        let checked = archive::check(&bytes, limits);
        assert_eq!(
            checked.err().map(|error| error.code()),
            (!fits).then_some("too_large"),
            "{sheet} {strings}"
        );
    }
}

/// A workbook whose own links say where its parts are; the sheet is named by `target`, from the folder of `book`.
fn linked(book: &str, target: &str, others: &[(&str, &[u8])]) -> Vec<u8> {
    let (folder, name) = book.rsplit_once('/').unwrap();
    let package = String::from_utf8_lossy(PACKAGE).replace("xl/workbook.xml", book);
    let links = String::from_utf8_lossy(LINKS).replace("worksheets/sheet1.xml", target);
    let links_at = format!("{folder}/_rels/{name}.rels");
    let mut parts = vec![
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", package.as_bytes()),
        (book, BOOK),
        (links_at.as_str(), links.as_bytes()),
    ];
    parts.extend(others);
    packed(&parts)
}

#[test]
fn texts_are_checked_wherever_the_links_of_a_workbook_lead() {
    let sheet = format!("<worksheet><sheetData>{TABLE}</sheetData></worksheet>");
    let huge = b"<sst uniqueCount=\"99999999999999\"><si><t>a</t></si></sst>";
    for folder in ["xl/media", "xl/charts", "xl/drawings", "xl/embeddings", "a/b"] {
        let (book, at) = (format!("{folder}/workbook.xml"), format!("{folder}/s.xml"));
        let strings_at = format!("{folder}/SharedStrings.XML");
        let with = |strings: &[u8]| linked(&book, "s.xml", &[(&at, sheet.as_bytes()), (&strings_at, strings)]);
        if folder.starts_with("xl") {
            assert_eq!(recorded(&with(b"<sst></sst>")).points, 2, "{folder}");
        }
        assert!(read(&with(huge), &ReadOptions::default()).is_err(), "{folder}");
        let limits = Limits::WORKBOOK;
        let checked = archive::check(&with(huge), limits);
        assert!(checked.is_err(), "{folder}");
    }
    let escaped = b"<sst uni\x1b(BqueCount=\"99999999999999\"></sst>";
    assert_eq!(refused(&with_parts(b"<worksheet/>", escaped)).code(), "damaged");
}

#[test]
fn sheets_are_bounded_wherever_the_links_of_a_workbook_lead() {
    let limits = Limits {
        all: 100_000,
        strings: 10_000,
    };
    let blanks = vec![b' '; 110_000];
    for target in ["media/s.xml", "worksheets/s.dat", "printersettings/s", "charts/s.xml"] {
        let at = format!("xl/{target}");
        let checked = |sheet: &[u8]| archive::check(&linked("xl/workbook.xml", target, &[(&at, sheet)]), limits);
        assert_eq!(
            checked(&blanks).err().map(|error| error.code()),
            Some("too_large"),
            "{target}"
        );
        assert!(checked(&blanks[..90_000]).is_ok(), "{target}");
    }
}

#[test]
fn pictures_in_a_workbook_are_no_harm() {
    let sheet = format!("<worksheet><sheetData>{TABLE}</sheetData></worksheet>");
    let picture: Vec<u8> = (0..300_000_u32)
        .map(|k| (k.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    let parts: &[(&str, &[u8])] = &[
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/media/image1.png", &picture),
    ];
    assert_eq!(
        recorded(&linked("xl/workbook.xml", "worksheets/sheet1.xml", parts)).points,
        2
    );
}

#[test]
fn announced_texts_and_extents_cost_nothing() {
    for announced in ["99999999999999", "18446744073709551615", " = '4000000000"] {
        let strings = format!("<sst uniqueCount=\"{announced}\"><si><t>a</t></si></sst>");
        assert_eq!(
            refused(&with_parts(b"<worksheet/>", strings.as_bytes())).code(),
            "damaged"
        );
    }
    let wide: Vec<u8> = "<sst uniqueCount=\"9999999999\"></sst>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(refused(&with_parts(b"<worksheet/>", &wide)).code(), "damaged");
    let sheet = format!("<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>{TABLE}</sheetData></worksheet>");
    assert_eq!(recorded(&with_parts(sheet.as_bytes(), b"<sst></sst>")).points, 2);
}

#[test]
fn many_empty_rows_are_passed_over() {
    let last = "<row r=\"1048576\"><c r=\"A1048576\" t=\"inlineStr\"><is><t>end</t></is></c></row>";
    let rows = "<row/>".repeat(300_000);
    assert_eq!(recorded(&with_sheet(&format!("{TABLE}{last}"))).points, 2);
    // Rows without a number count on from the last one.
    assert_eq!(recorded(&with_sheet(&format!("{TABLE}{rows}"))).points, 2);
}

#[test]
fn cells_where_none_can_be_are_refused() {
    for (cells, code) in [
        (
            "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>",
            "damaged",
        ),
        (
            "<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row>",
            "damaged",
        ),
        (
            "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row>",
            "damaged",
        ),
        ("<row r=\"1\"><c r=\"A0\"><v>1</v></c></row>", "damaged"),
        ("<row r=\"1\"><c r=\"A1048577\"><v>1</v></c></row>", "damaged"),
        ("<row r=\"1\"><c r=\"AMK1\"><v>1</v></c></row>", "too_many_columns"),
        ("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>7</v></c></row>", "damaged"),
        ("<row r=\"1\"><c r=\"A1\"><v>1</v>", "damaged"),
    ] {
        assert_eq!(refused(&with_sheet(cells)).code(), code, "{cells}");
    }
}
