//! Small files in every format, made up for the purpose.

use std::fmt::Write;

use rust_xlsxwriter::Workbook;

use super::ROWS;

fn rows(row: impl Fn(f64) -> String) -> String {
    (0..ROWS).map(|k| row(f64::from(k))).collect()
}

fn utf16(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}\u{feff}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect()
}

fn current(k: f64) -> f64 {
    let widths = (k / f64::from(ROWS) - 0.5) / 0.1863;
    1e-7 * (1.0 + 5.0 * (-widths.powi(2)).exp())
}

fn chi() -> String {
    let end = 0.004 * f64::from(ROWS);
    format!(
        "May 7, 2026   16:05:57\r\nSquare Wave Voltammetry\r\nFile: a.bin\r\nInstrument Model:  CHI1040C\r\n\r\nInit E (V) = 0\r\n\
     Final E (V) = -{end:.3}\r\nIncr E (V) = 0.004\r\nAmplitude (V) = 0.025\r\nFrequency (Hz) = 15\r\n\r\n\
     Potential/V, i4d/A, i4f/A, i4r/A\r\n\r\n"
    ) + &rows(|k| {
        let i = current(k);
        format!(
            "{:.3}, {i:.3e}, {:.3e}, {:.3e}\r\n",
            -0.004 * (k + 1.0),
            0.6 * i,
            -0.4 * i
        )
    })
}

fn gamry() -> String {
    format!(
        "EXPLAIN\r\nTAG\tSQUARE_WAVE\r\nTITLE\tLABEL\tSWV\tTest\r\nDATE\tLABEL\t8/27/2026\tDate\r\nTIME\tLABEL\t12:00:01\tTime\r\n\
     FREQUENCY\tQUANT\t1.5E+01\tFrequency (Hz)\r\nCURVE\tTABLE\t{ROWS}\r\n\tPt\tT\tVfwd\tVrev\tVstep\tIfwd\tIrev\tIdif\tSig\tAch\tIERange\tOver\r\n\
     \t#\ts\tV\tV\tV\tA\tA\tA\tV\tV\t#\tbits\r\n"
    ) + &rows(|k| {
        let i = current(k);
        let v = -0.004 * k;
        format!(
            "\t{k}\t{:.4E}\t{v:.4E}\t{v:.4E}\t{v:.4E}\t{:.5E}\t{:.5E}\t{i:.5E}\t0\t0\t3\t...........\r\n",
            0.1 * k,
            0.6 * i,
            -0.4 * i
        )
    })
}

fn ec_lab() -> String {
    "EC-Lab ASCII FILE\r\nNb header lines : 5\r\n\r\nCyclic Voltammetry\r\nmode\ttime/s\tEwe/V\t<I>/mA\tcycle number\t\r\n".to_owned()
        + &rows(|k| format!("2\t{:.4E}\t{:.5E}\t{:.5E}\t1.0E+000\r\n", 0.1 * k, 0.01 * k, 1e3 * current(k)).replace('.', ","))
}

fn nova() -> String {
    "Potential applied (V);Time (s);WE(1).Current (A);WE(1).Potential (V);Scan\n".to_owned()
        + &rows(|k| format!("{:.3};{:.2};{:e};{:.4};1\n", 0.01 * k, 0.1 * k, current(k), 0.01 * k).replace('.', ","))
}

fn pstrace() -> String {
    "Date and time:,2026-03-01 18:00:00\r\nNotes:\r\n\r\nSquare Wave Voltammetry [1]: a,,Square Wave Voltammetry [2]: b,\r\n\
     Date and time measurement:,2026-03-01 10:00:00,Date and time measurement:,2026-03-01 11:00:00\r\nV,µA,V,nA\r\n"
        .to_owned()
        + &rows(|k| {
            let more = if k < f64::from(ROWS - 4) { format!("{:.3},{:.4}", 0.01 * k, 1e9 * current(k)) } else { ",".to_owned() };
            format!("{:.3},{:.6},{more}\r\n", 0.01 * k, 1e6 * current(k))
        })
}

fn session() -> String {
    let array = |kind: u32, unit: &str, value: &dyn Fn(f64) -> f64| {
        let values = rows(|k| format!("{{\"V\":{},\"S\":0}},", value(k)));
        format!(
            "{{\"ArrayType\":{kind},\"Description\":\"scan1channel2\",\"Unit\":{{\"Type\":\"PalmSens.Units.{unit}\"}},\"DataValues\":[{}]}}",
            values.trim_end_matches(',')
        )
    };
    let (x, y) = (
        array(1, "Volt", &|k| 0.005 * k),
        array(2, "MicroAmpere", &|k| 1e6 * current(k)),
    );
    let method = format!(
        "METHOD_ID=swv\\r\\nTECHNIQUE=2\\r\\nE_BEGIN=0\\r\\nE_END={}\\r\\nE_STEP=5E-003\\r\\nFREQ=1.5E+001",
        0.005 * f64::from(ROWS - 1)
    );
    format!(
        "{{\"Type\":\"PalmSens.DataFiles.SessionFile\",\"CoreVersion\":\"5.9\",\"Measurements\":[{{\"Title\":\"SWV\",\"TimeStamp\":638881863659064152,\
         \"Method\":\"{method}\",\"DataSet\":{{\"Values\":[{},{x},{y}]}},\"Curves\":[{{\"Title\":\"a\",\"XAxisDataArray\":{x},\"YAxisDataArray\":{y}}}]}}]}}",
        array(0, "Time", &|k| 0.1 * k)
    )
}

fn methodscript() -> String {
    let value =
        |kind: &str, value: f64, prefix: char| format!("{kind}{:07X}{prefix}", value.round() as i64 + (1 << 27));
    let points = rows(|k| {
        let i = 1e12 * current(k);
        let currents: String = [i, 0.6 * i, -0.4 * i].iter().fold(String::new(), |mut text, i| {
            write!(text, ";{},10,288", value("ba", *i, 'p')).unwrap();
            text
        });
        format!("P{}{currents}\n", value("da", 5000.0 * k, 'u'))
    });
    format!("e\nM0002\n{points}*\nM0005\nC0000\n{points}-\nC0001\n{points}-\n*\n\n")
}

fn ivium() -> Vec<u8> {
    let text = format!(
        "Version=12\rMethod=CyclicVoltammetry\rTechnique=Standard\rstarttime=27/11/2026 10:00:00\rprimary_data\r3\r{ROWS}\r"
    ) + &rows(|k| format!("{:.5E} {:.5E} {:.5E}\r", 0.1 * k, current(k), 0.01 * k));
    [&[0; 24][..], text.as_bytes()].concat()
}

fn ivium_text() -> String {
    "27/11/2026 19:42:30\r\n time/s  I/A  E/V \r\n".to_owned()
        + &rows(|k| {
            format!(
                "{:.4E} {:.4E} {:.4E} {:.4E} \r\n",
                0.1 * k,
                current(k),
                0.01 * k,
                0.0101 * k
            )
        })
}

fn rodeostat() -> String {
    rows(|k| format!("{:.3}, {:.4}, {:.4}\n", 0.01 * (k + 1.0), 0.01 * k, 1e6 * current(k)))
}

fn pine() -> String {
    "Point\tPotential(mV)\tCurrent(microAmp)\r\n".to_owned()
        + &rows(|k| format!("{}\t{:.12}\t{:.12}\r\n", k + 1.0, 5.0 * k, 1e6 * current(k)))
}

fn aftermath() -> String {
    "Square Wave Voltammetry: Difference Current vs Average Potential\nPotential (V),Current (A)\n".to_owned()
        + &rows(|k| format!("{:.6},{:e}\n", -0.005 * k, current(k)))
}

/// A sheet with words above columns of numbers.
fn excel(above: &[&[&str]], columns: &[&dyn Fn(f64) -> f64]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, words) in (0..).zip(above) {
        for (column, word) in (0..).zip(*words) {
            sheet.write_string(row, column, *word).unwrap();
        }
    }
    for k in 0..ROWS {
        for (at, column) in (0..).zip(columns) {
            sheet
                .write_number(above.len() as u32 + k, at, column(f64::from(k)))
                .unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn pstrace_excel() -> Vec<u8> {
    let (e, i) = (|k| 0.005 * k, |k| 1e6 * current(k));
    let title = "Square Wave Voltammetry [1]: SWV i vs E";
    excel(
        &[&[title, "", title], &["V", "\u{b5}A", "V", "\u{b5}A"]],
        &[&e, &i, &e, &i],
    )
}

fn excel_table() -> Vec<u8> {
    excel(
        &[&["Potential (mV)", "Current E2 (nA)"]],
        &[&|k| -5.0 * k, &|k| 1e9 * current(k)],
    )
}

/// All of them, with a name.
pub fn all() -> Vec<(&'static str, Vec<u8>)> {
    let csv = "Potential (V),Current E1 (A),Current E2 (A)\n".to_owned()
        + &rows(|k| format!("{:.3},{:.6e},{:.6e}\n", -0.01 * k, current(k), 2.0 * current(k)));
    let semicolon = "Spannung [mV];Strom [µA]\r\n".to_owned()
        + &rows(|k| format!("{:.1};{:.4}\r\n", 10.0 * k, 1e6 * current(k)).replace('.', ","));
    let latin: Vec<u8> = semicolon.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let bin = [
        &[0x80, 0xF2, 0x1D, 0, 3, 0, 0, 0][..],
        b"SWV\x17\0\0\0Square Wave Voltammetry",
        &[0; 2000],
    ]
    .concat();
    vec![
        ("chi", chi().into_bytes()),
        ("chi binary", bin),
        ("gamry", gamry().into_bytes()),
        ("ec-lab", ec_lab().into_bytes()),
        ("nova", nova().into_bytes()),
        ("pstrace csv", utf16(&pstrace())),
        ("pstrace csv, utf-8", pstrace().into_bytes()),
        ("pstrace session", utf16(&session())),
        ("pstrace session, utf-8", session().into_bytes()),
        ("methodscript", methodscript().into_bytes()),
        ("ivium", ivium()),
        ("ivium text", ivium_text().into_bytes()),
        ("rodeostat", rodeostat().into_bytes()),
        ("pine", pine().into_bytes()),
        ("aftermath", aftermath().into_bytes()),
        ("pstrace excel", pstrace_excel()),
        ("excel table", excel_table()),
        ("csv", csv.clone().into_bytes()),
        ("csv, utf-16", utf16(&csv)),
        ("semicolons", latin),
        ("wide", ("1;".repeat(700) + "1\n").repeat(3).into_bytes()),
    ]
}
