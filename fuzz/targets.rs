//! What must hold for any bytes, as plain functions: the tests run them over seeded mutations, cargo-fuzz over its own.

use instrument::formats::{FORMATS, Input};
use instrument::{NamePattern, ReadOptions, Recording, Trace, Unreadable};

/// Reads bytes as a file of unknown format, while it may still grow and when it no longer does.
pub fn any_file(bytes: &[u8]) {
    for options in options() {
        check(bytes, &instrument::read(bytes, &options));
    }
}

/// Gives bytes to one parser, whether it recognises them or not.
pub fn one_parser(choice: usize, bytes: &[u8]) {
    let format = FORMATS[choice % FORMATS.len()];
    let input = Input::new(bytes);
    let _ = format.recognises(&input);
    for options in options() {
        check(bytes, &format.read(&input, &options));
    }
}

/// Gives bytes to every parser in turn.
pub fn every_parser(bytes: &[u8]) {
    for choice in 0..FORMATS.len() {
        one_parser(choice, bytes);
    }
}

/// Gives bytes to the reader of workbooks as a sheet, as its texts, as its list of sheets and as the links that say where
/// these are, each in a workbook whose checksums fit: damage done to a packed workbook ends at its checksums.
pub fn part_of_a_workbook(bytes: &[u8]) {
    for damaged in [
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/workbook.xml",
        "_rels/.rels",
        "xl/_rels/workbook.xml.rels",
    ] {
        any_file(&workbook(&[(damaged, bytes)]));
    }
}

/// A workbook of one sheet, some of its parts replaced.
pub fn workbook(replaced: &[(&str, &[u8])]) -> Vec<u8> {
    let parts = [
        ("[Content_Types].xml", "<Types/>".to_owned()),
        ("_rels/.rels", workbook_link("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", WORKBOOK.to_owned()),
        (
            "xl/_rels/workbook.xml.rels",
            workbook_link("worksheet", "worksheets/sheet1.xml"),
        ),
        ("xl/sharedStrings.xml", WORKBOOK_TEXTS.to_owned()),
        ("xl/worksheets/sheet1.xml", WORKBOOK_SHEET.to_owned()),
    ];
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in &parts {
        let part = replaced.iter().find(|(replaced, _)| replaced == name);
        let content = part.map_or(content.as_bytes(), |(_, content)| content);
        if archive.start_file(*name, stored).is_ok() {
            let _ = std::io::Write::write_all(&mut archive, content);
        }
    }
    archive.finish().map(std::io::Cursor::into_inner).unwrap_or_default()
}

/// A list of one link, as [`workbook`] has two: to the list of sheets and to the sheet.
pub fn workbook_link(kind: &str, target: &str) -> String {
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    format!("<Relationships><Relationship Id=\"r1\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/></Relationships>")
}

/// The list of sheets of [`workbook`].
pub const WORKBOOK: &str =
    "<workbook><workbookPr date1904=\"0\"/><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>";
/// The texts of [`workbook`].
pub const WORKBOOK_TEXTS: &str = "<sst count=\"2\" uniqueCount=\"2\"><si><t>E/V</t></si><si><r><t xml:space=\"preserve\">I/</t></r><r><t>A &amp; b</t></r></si></sst>";
/// The sheet of [`workbook`].
pub const WORKBOOK_SHEET: &str = "<worksheet><dimension ref=\"A1:B5\"/><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>\
     <row r=\"2\"><c r=\"A2\"><v>0.1</v></c><c r=\"B2\"><v>1E-6</v></c></row><row r=\"3\"><c r=\"A3\" s=\"1\"><v>0.2</v></c><c r=\"B3\" t=\"n\"><v>2e-6</v></c></row>\
     <row><c><v>0.3</v></c><c t=\"inlineStr\"><is><t>3e-6</t></is></c></row><row r=\"5\"><c r=\"A5\"><f>A4+0.1</f><v>0.4</v></c><c r=\"B5\" t=\"e\"><v>#N/A</v></c></row>\
     </sheetData></worksheet>";

/// Reads a file name, and a pattern for file names.
pub fn scan_name(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for pattern in ["auto", "<H>_<F>Hz_<N>", "E<E>_<H>_<F>Hz_<N>", &text] {
        if let Ok(pattern) = NamePattern::parse(pattern) {
            let _ = pattern.parse_name(&text);
        }
    }
}

fn options() -> [ReadOptions; 2] {
    [false, true].map(|settled| ReadOptions {
        settled,
        ..ReadOptions::default()
    })
}

/// What every result has to fulfil.
fn check(bytes: &[u8], result: &Result<Recording, Unreadable>) {
    match result {
        Ok(recording) => check_recording(bytes, recording),
        Err(unreadable) => {
            assert!(!unreadable.code().is_empty());
            assert!(unreadable.message().ends_with('.'), "{}", unreadable.message());
        }
    }
}

fn check_recording(bytes: &[u8], recording: &Recording) {
    assert!(!recording.electrodes.is_empty(), "a recording without an electrode");
    let mut values = 0;
    for electrode in &recording.electrodes {
        let points = electrode.trace.len();
        assert!(points > 0, "an electrode without a point");
        assert!(points <= recording.points, "more points than rows");
        let (x, current_a) = match &electrode.trace {
            Trace::Voltammogram(sweep) => (sweep.potential_v(), sweep.current_a()),
            Trace::Transient(transient) => (transient.time_s(), transient.current_a()),
        };
        assert_eq!((x.len(), current_a.len()), (points, points));
        for beside in [
            &electrode.time_s,
            &electrode.potential_v,
            &electrode.forward_a,
            &electrode.reverse_a,
        ] {
            assert!(beside.as_ref().is_none_or(|beside| beside.len() == points));
            values += beside.as_ref().map_or(0, Vec::len);
        }
        assert!(electrode.cycle.as_ref().is_none_or(|cycle| cycle.len() == points));
        values += 2 * points;
    }
    // A number takes a byte and its separator another; a potential or time may be shared by all electrodes of a row.
    assert!(
        values <= 4 * bytes.len().max(64) || is_packed(bytes),
        "{values} values of {} bytes",
        bytes.len()
    );
    for reservation in &recording.reservations {
        assert!(reservation.message().ends_with('.'), "{}", reservation.message());
    }
    for value in [recording.frequency_hz, recording.scan_rate_v_s].into_iter().flatten() {
        assert!(value.is_finite() && value > 0.0, "{value}");
    }
}

/// Workbooks are compressed.
fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK")
}
