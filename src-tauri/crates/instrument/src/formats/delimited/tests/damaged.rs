//! Damaged, unfinished and unusable tables.

use super::*;

#[test]
fn what_is_not_a_row_is_named_and_nothing_else_is_lost() {
    let text =
        "Potential (V),I1 (A),I2 (A)\n-0.1,1,2\nnot a row\n-0.2,,4\n-0.3,xx,6\n-0.4,nan,inf\n-0.5,9,10,11\n-0.4,1,2\n";
    let recording = recorded(text);
    assert_eq!(recording.points, 6);
    assert_eq!(
        recording.electrodes[0].voltammogram().unwrap().potential_v(),
        [-0.1, -0.4, -0.5, -0.4]
    );
    assert_eq!(
        recording.electrodes[1].voltammogram().unwrap().potential_v(),
        [-0.1, -0.2, -0.3, -0.4, -0.5, -0.4]
    );
    assert!(recording.electrodes[0].voltammogram().unwrap().current_a()[1].is_nan());
    let said: Vec<String> = recording.reservations.iter().map(Reservation::message).collect();
    let codes: Vec<&str> = recording.reservations.iter().map(Reservation::code).collect();
    assert_eq!(
        codes,
        [
            "non_finite_values",
            "unreadable_lines",
            "surplus_columns",
            "missing_values"
        ]
    );
    assert!(
        said[0].starts_with("2 ") && said[1].contains("(3)") && said[3].contains("(4, 5)"),
        "{said:?}"
    );
}

#[test]
fn an_unfinished_last_line_waits_until_nobody_writes() {
    let settled = ReadOptions {
        settled: true,
        ..ReadOptions::default()
    };
    let text = "Potential (V),Current (A)\n-0.1,1.5e-6\n-0.2,2.5e-6";
    let growing = recorded(text);
    assert_eq!((growing.points, growing.completeness), (1, Completeness::Partial));
    assert_eq!(growing.reservations, [Reservation::LastLineUnterminated { line: 3 }]);
    let whole = recorded_with(text, &settled);
    assert_eq!((whole.points, whole.completeness), (2, Completeness::Unproven));
    assert_eq!(whole.reservations, [Reservation::LastLineKept { line: 3 }]);
    for cut in 1..4 {
        let recording = recorded_with(&text[..text.len() - cut], &settled);
        assert_eq!(
            (recording.points, recording.completeness),
            (1, Completeness::Unproven),
            "cut by {cut}"
        );
    }
    assert!(refused("Potential (V),Current (A)\n-0.1,1.5e-6").may_become_readable());
    assert_eq!(recorded_with("-0.1,1.5e-6", &settled).points, 1);
}

#[test]
fn cut_anywhere_only_finished_rows_count() {
    let text = "Potential (V),Current (µA)\r\n-0.1,1.5\r\n-0.25,-2.25\r\n-0.3,3\r\n";
    for length in 0..text.len() {
        match read(&text.as_bytes()[..length], &ReadOptions::default()) {
            Ok(recording) => {
                let rows = String::from_utf8_lossy(&text.as_bytes()[..length])
                    .matches('\n')
                    .count()
                    - 1;
                assert_eq!(recording.points, rows, "cut at {length}");
                assert_eq!(sweeps(&recording)[0].2, CURRENTS[..rows], "cut at {length}");
                assert_ne!(recording.completeness, Completeness::Complete);
                let finished = text.as_bytes()[length - 1] == b'\n';
                assert_eq!(
                    recording.completeness == Completeness::Partial,
                    !finished,
                    "cut at {length}"
                );
            }
            Err(error) => assert!(error.may_become_readable(), "cut at {length}: {error}"),
        }
    }
}

#[test]
fn files_without_a_sweep_say_why() {
    let beyond = vec![b'1'; crate::MAX_FILE_BYTES + 1];
    assert_eq!(read(&beyond, &ReadOptions::default()).unwrap_err().code(), "too_large");
    for (text, code, may_grow) in [
        ("", "empty", true),
        (" \r\n\t\n\u{feff}", "empty", true),
        ("Potential (V),Current (A)\n", "header_only", true),
        ("E (V)\tI (uA)\nsome remark\n", "header_only", true),
        ("Dear diary", "no_numbers", true),
        ("Dear diary,\ntoday it rained.\n", "no_numbers", false),
        ("1\n2\n3\n", "missing_column", false),
        ("Charge (C),Current (A)\n1,2\n2,3\n", "missing_column", false),
        ("Potential (V),Time (s)\n1,2\n2,3\n", "missing_column", false),
        ("\u{1}\u{2}\u{3}\u{4}\u{5}", "binary", false),
        ("%PDF-1.7\n1 2\n3 4\n", "binary", false),
        ("PK\u{3}\u{4}rest", "cut_short", true),
        ("e\nM0002\n", "header_only", true),
        ("EXPLAIN\nTAG\tCV\n", "header_only", true),
    ] {
        let error = refused(text);
        assert_eq!((error.code(), error.may_become_readable()), (code, may_grow), "{text}");
        assert!(error.message().ends_with('.') && error.hint().ends_with('.'));
    }
    assert!(
        refused("Charge (C),Current (A)\n1,2\n2,3\n")
            .message()
            .contains("potential")
    );
    let wide: String = (0..3).map(|_| "1;".repeat(2000) + "\n").collect();
    assert_eq!(refused(&wide).code(), "too_many_columns");
}

#[test]
fn odd_but_valid_tables_stay_as_recorded() {
    let two_points = recorded("0.1,1e-6\n0.2,2e-6\n");
    assert_eq!(two_points.points, 2);
    let repeated = recorded("0.1 5\n0.1 6\n-0.3 7\n0.1 8\n");
    assert_eq!(
        sweeps(&repeated),
        [(1, vec![0.1, 0.1, -0.3, 0.1], vec![5.0, 6.0, 7.0, 8.0])]
    );
    let millivolts = recorded("-500,1e-6\n-400,2e-6\n");
    assert_eq!(
        millivolts.reservations,
        [Reservation::ImplausiblePotential { magnitude_v: 500.0 }]
    );
    let text_columns = recorded("ok,0.1,1e-6,fine\nok,0.2,2e-6,fine\nok,0.3,3e-6,fine\n");
    assert_eq!(
        sweeps(&text_columns),
        [(1, vec![0.1, 0.2, 0.3], vec![1e-6, 2e-6, 3e-6])]
    );
}

#[test]
fn lines_without_end_cost_no_memory() {
    let endless = "1,".repeat(4_000_000);
    assert_eq!(refused(&endless).code(), "no_numbers");
    assert_eq!(refused(&(endless.clone() + "\n")).code(), "no_numbers");
    let inside = format!("0.1,1e-6\n{endless}\n0.2,2e-6\n");
    let recording = recorded(&inside);
    assert_eq!(recording.points, 2);
    assert_eq!(recording.reservations[0].code(), "unreadable_lines");
}
