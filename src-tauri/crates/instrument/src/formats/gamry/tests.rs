use std::fmt::Write;

use crate::recording::{Completeness, Recording, Technique};
use crate::{Format, ReadOptions, Reservation, Unreadable, read};

fn recorded(text: &str) -> Recording {
    read(text.as_bytes(), &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn refused(text: &str) -> Unreadable {
    read(text.as_bytes(), &ReadOptions::default()).unwrap_err()
}

fn settled(text: &str) -> Recording {
    let options = ReadOptions {
        settled: true,
        ..ReadOptions::default()
    };
    read(text.as_bytes(), &options).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn codes(recording: &Recording) -> Vec<&str> {
    recording.reservations.iter().map(Reservation::code).collect()
}

const FLAGS: &str = "...........";

fn square_wave(rows: usize, announced: usize) -> String {
    let mut text = format!(
        "EXPLAIN\r\nTAG\tSQUARE_WAVE\r\nTITLE\tLABEL\tmade up\tTest &Identifier\r\nDATE\tLABEL\t9/21/2024\tDate\r\n\
        TIME\tLABEL\t08:15:09\tTime\r\nNOTES\tNOTES\t3\t&Notes...\r\nFREQUENCY\tQUANT\t1\r\n1\t2\t3\r\n\r\n\
        PSTAT\tPSTAT\tIFC1010-01234\tPotentiostat\r\nVINIT\tQUANT\t0.00000E+000\tInitial &E (V)\r\n\
        FREQUENCY\tQUANT\t6.00000E+001\t&Frequency (Hz)\r\nSCANRATE\tQUANT\t1.2E+002\tnot used (mV/s)\r\n\
        CYCLES\tIQUANT\t{announced}\tC&ycles (#)\r\nCURVE\tTABLE\t{announced}\r\n\
        \tPt\tT\tVfwd\tVrev\tVstep\tIfwd\tIrev\tIdif\tSig\tAch\tIERange\tOver\tTemp\r\n\
        \t#\ts\tV\tV\tV\tA\tA\tA\tV\tV\t#\tbits\tdeg C\r\n"
    );
    for k in 0..rows {
        let e = -0.002 * k as f64;
        write!(
            text,
            "\t{k}\t{:.4}\t{:.5E}\t{:.5E}\t{e:.5E}\t{:.5E}\t{:.5E}\t{:.5E}\t0\t1.0E-5\t7\t{FLAGS}\t-327.68\r\n",
            (k + 1) as f64 / 60.0,
            e - 0.025,
            e + 0.025,
            3e-7,
            -1e-7 * k as f64,
            3e-7 + 1e-7 * k as f64,
        )
        .unwrap();
    }
    text
}

#[test]
fn square_waves_are_read_with_all_currents_and_conditions() {
    let recording = recorded(&square_wave(6, 6));
    assert_eq!(
        (recording.format, recording.technique, recording.completeness),
        (Format::GamryDta, Technique::Swv, Completeness::Complete)
    );
    assert_eq!((recording.frequency_hz, recording.scan_rate_v_s), (Some(60.0), None));
    assert_eq!((recording.points, recording.expected_points), (6, Some(6)));
    assert_eq!(recording.started_at.unwrap().to_string(), "2024-09-21T08:15:09");
    assert_eq!(recording.instrument.as_deref(), Some("IFC1010-01234"));
    let electrode = &recording.electrodes[0];
    assert_eq!((electrode.electrode, electrode.stated), (1, false));
    let sweep = electrode.voltammogram().unwrap();
    assert_eq!((sweep.potential_v()[5], sweep.current_a()[5]), (-0.01, 8e-7));
    assert_eq!(electrode.forward_a.as_ref().unwrap()[5], 3e-7);
    assert_eq!(electrode.reverse_a.as_ref().unwrap()[5], -5e-7);
    assert_eq!(electrode.time_s.as_ref().unwrap()[5], 0.1);
    assert!(recording.reservations.is_empty(), "{:?}", recording.reservations);
}

#[test]
fn decimal_commas_give_the_same() {
    let point = square_wave(5, 5);
    let comma = point
        .replace('.', ",")
        .replace(",,,,,,,,,,,", FLAGS)
        .replace("deg C", "\u{b0}C");
    let latin: Vec<u8> = comma.chars().map(|letter| letter as u32 as u8).collect();
    let recording = read(&latin, &ReadOptions::default()).unwrap();
    assert_eq!(recording.electrodes, recorded(&point).electrodes);
    assert_eq!((recording.frequency_hz, recording.points), (Some(60.0), 5));
}

#[test]
fn rows_are_held_against_their_count() {
    let running = recorded(&square_wave(4, 9));
    assert_eq!(
        (running.completeness, running.expected_points),
        (Completeness::Partial, Some(9))
    );
    assert_eq!(codes(&running), ["fewer_points_than_announced"]);
    let stopped = recorded(&(square_wave(4, 9) + "EXPERIMENTABORTED\tTOGGLE\tT\tExperiment Aborted\r\n"));
    assert_eq!(stopped.completeness, Completeness::Complete);
    assert_eq!(codes(&stopped), ["aborted", "fewer_points_than_announced"]);
    let edited = recorded(&square_wave(4, 9).replace("CYCLES\tIQUANT\t9", "CYCLES\tIQUANT\t7"));
    assert_eq!(edited.completeness, Completeness::Unproven);
    let more = recorded(&square_wave(4, 3));
    assert_eq!(
        (more.completeness, codes(&more)),
        (Completeness::Unproven, vec!["more_points_than_announced"])
    );
    let none = recorded(&square_wave(4, 4).replace("TABLE\t4", "TABLE"));
    assert_eq!(
        (none.completeness, none.expected_points),
        (Completeness::Unproven, None)
    );
}

#[test]
fn overloads_and_ambiguous_dates_are_said() {
    let text = square_wave(5, 5)
        .replacen(FLAGS, "...I.......", 2)
        .replacen(FLAGS, "..........a", 1)
        .replace("9/21/2024", "9/1/2024");
    let recording = recorded(&text);
    assert_eq!(recording.started_at, None);
    assert_eq!(
        recording.reservations,
        [
            Reservation::Overload {
                electrode: 1,
                points: 2
            },
            Reservation::AmbiguousDate
        ]
    );
}

/// Cycles of 8 points between 0.1 and -0.1 V, and the point that begins the cycle after the last.
fn cyclic(cycles: usize, counted: bool) -> String {
    let mut text = format!(
        "EXPLAIN\nTAG\tCV\nTITLE\tLABEL\tCyclic Voltammetry\tTest &Identifier\nDATE\tLABEL\t21.9.2024\tDate\n\
        TIME\tLABEL\t08:15:09\tTime\nNOTES\tNOTES\t1\t&Notes...\n\t0.1 to -0.1 V\nVINIT\tPOTEN\t1.0E-001\tF\tInitial &E (V)\n\
        VLIMIT1\tPOTEN\t-1.0E-001\tF\tScan Limit &1 (V)\nVLIMIT2\tPOTEN\t1.0E-001\tF\tScan Limit &2 (V)\n\
        VFINAL\tPOTEN\t1.0E-001\tF\tFinal &E (V)\nSCANRATE\tQUANT\t1.00000E+002\t&Scan Rate (mV/s)\n\
        STEPSIZE\tQUANT\t5.00000E+001\tSt&ep Size (mV)\nCYCLES\tIQUANT\t{cycles}\tC&ycles (#)\n"
    );
    for k in 0..=8 * cycles {
        if k % 8 == 0 {
            let count = if counted { "\t8" } else { "" };
            writeln!(text, "CURVE{}\tTABLE{count}", k / 8 + 1).unwrap();
            text += "\tPt\tT\tVf\tIm\tVu\tSig\tAch\tIERange\tOver\n\t#\ts\tV vs. Ref.\tA\tV\tV\tV\t#\tbits\n";
        }
        let e = 0.1 - 0.05 * (k % 8).min(8 - k % 8) as f64;
        writeln!(
            text,
            "\t{k}\t{:.3}\t{e:.5E}\t{:.5E}\t0\t0\t0\t10\t{FLAGS}",
            0.5 * k as f64,
            1e-6 * k as f64
        )
        .unwrap();
    }
    text
}

#[test]
fn cycles_become_one_trace_without_the_stub() {
    for counted in [false, true] {
        let recording = recorded(&cyclic(3, counted));
        assert_eq!(
            (recording.technique, recording.cycles, recording.points),
            (Technique::Cv, Some(3), 24)
        );
        assert_eq!(recording.completeness, Completeness::Complete);
        assert_eq!((recording.scan_rate_v_s, recording.frequency_hz), (Some(0.1), None));
        assert_eq!(recording.reservations, [Reservation::StubLeftOut { points: 1 }]);
        let electrode = &recording.electrodes[0];
        let cycle = electrode.cycle.as_ref().unwrap();
        assert_eq!((cycle[0], cycle[7], cycle[8], cycle[23]), (1, 1, 2, 3));
        assert_eq!(electrode.time_s.as_ref().unwrap()[23], 11.5);
        assert_eq!(electrode.voltammogram().unwrap().current_a()[23], 2.3e-5);
        assert_eq!(recording.started_at.unwrap().to_string(), "2024-09-21T08:15:09");
    }
}

#[test]
fn a_way_to_another_final_potential_belongs_to_the_trace() {
    let text = cyclic(2, false).replace("VFINAL\tPOTEN\t1.0E-001", "VFINAL\tPOTEN\t0.0E+000");
    assert_eq!(recorded(&text).completeness, Completeness::Unproven);
    let whole = text
        + "\t17\t8.5\t5.0E-002\t1E-6\t0\t0\t0\t10\t...........\n\t18\t9\t0.0E+000\t1E-6\t0\t0\t0\t10\t...........\n";
    let recording = recorded(&whole);
    assert_eq!((recording.completeness, recording.points), (Completeness::Complete, 19));
    assert!(recording.reservations.is_empty());
}

#[test]
fn a_cyclic_voltammogram_that_still_runs_is_never_complete() {
    let text = cyclic(2, false);
    let stub = text.rfind("CURVE3").unwrap();
    for length in 0..text.len() {
        for settled in [false, true] {
            let options = ReadOptions {
                settled,
                ..ReadOptions::default()
            };
            match read(&text.as_bytes()[..length], &options) {
                Ok(recording) => {
                    assert_ne!(recording.completeness, Completeness::Complete, "cut at {length}");
                    assert!(length > stub || recording.points <= 16, "cut at {length}");
                }
                Err(error) => assert!(error.may_become_readable(), "cut at {length}: {error}"),
            }
        }
    }
    let square = square_wave(6, 6);
    for length in 0..square.len() {
        match read(&square.as_bytes()[..length], &ReadOptions::default()) {
            Ok(recording) => assert_eq!(recording.completeness, Completeness::Partial, "cut at {length}"),
            Err(error) => assert!(error.may_become_readable(), "cut at {length}: {error}"),
        }
    }
}

#[test]
fn chronoamperometry_is_current_over_time() {
    let mut text = "EXPLAIN\nTAG\tCHRONOA\nTITLE\tLABEL\tsteps\tTest\nCURVE\tTABLE\t3\n\tPt\tT\tVf\tIm\tOver\n\t#\ts\tV vs. Ref.\tA\tbits\n"
        .to_owned();
    for k in 0..3 {
        writeln!(text, "\t{k}\t{}\t0,{k}\t{k},5E-006\t{FLAGS}", 30 * k).unwrap();
    }
    let recording = recorded(&text);
    assert_eq!(
        (recording.technique, recording.completeness),
        (Technique::Ca, Completeness::Complete)
    );
    let transient = recording.electrodes[0].transient().unwrap();
    assert_eq!(transient.time_s(), [0.0, 30.0, 60.0]);
    assert_eq!(transient.current_a(), [0.5e-6, 1.5e-6, 2.5e-6]);
    assert_eq!(recording.electrodes[0].cycle, None);
}

#[test]
fn a_missing_cell_of_the_held_potential_costs_no_other() {
    let mut text = "EXPLAIN\nTAG\tCHRONOA\nTITLE\tLABEL\tsteps\tTest\nCURVE\tTABLE\t12\n\tPt\tT\tIm\tVf\tOver\n\t#\ts\tA\tV vs. Ref.\tbits\n"
        .to_owned();
    for k in 0..12 {
        let potential = match k {
            3 => "",
            0..6 => "0.1",
            _ => "-0.4",
        };
        writeln!(text, "\t{k}\t{}\t{}\t{potential}\t{FLAGS}", 0.5 * f64::from(k), 1e-7).unwrap();
    }
    let recording = recorded(&text);
    let electrode = &recording.electrodes[0];
    assert_eq!(electrode.transient().unwrap().len(), 12);
    let potential_v = electrode.potential_v.as_deref().unwrap();
    assert!(potential_v[3].is_nan());
    assert_eq!((potential_v[2], potential_v[4], potential_v[11]), (0.1, 0.1, -0.4));
}

#[test]
fn other_techniques_are_refused_with_their_names() {
    for (tag, title, table) in [
        (
            "CORPOT",
            "Open Circuit Potential",
            "CURVE\tTABLE\t2\n\tPt\tT\tVf\tVm\n\t#\ts\tV\tV\n\t0\t1\t0.1\t0.1\n",
        ),
        (
            "EISPOT",
            "Potentiostatic EIS",
            "ZCURVE\tTABLE\n\tPt\tTime\tFreq\tZreal\n\t#\ts\tHz\tohm\n\t0\t1\t1E5\t12.5\n",
        ),
        (
            "CHRONOP",
            "Chronopotentiometry",
            "CURVE\tTABLE\t2\n\tPt\tT\tVf\tIm\n\t#\ts\tV\tA\n\t0\t1\t0.1\t1E-6\n",
        ),
    ] {
        let error = refused(&format!("EXPLAIN\nTAG\t{tag}\nTITLE\tLABEL\t{title}\tTest\n{table}"));
        assert_eq!((error.code(), error.format), ("other_technique", Format::GamryDta));
        assert!(error.message().contains(title), "{}", error.message());
        assert!(!error.may_become_readable());
    }
    let before = "EXPLAIN\nTAG\tCV\nOCVCURVE\tTABLE\t1\n\tPt\tT\tVf\n\t#\ts\tV\n\t0\t1\t0.1\n";
    assert_eq!(refused(before).code(), "header_only");
    let both = recorded(&(before.to_owned() + "CURVE1\tTABLE\n\tPt\tT\tVf\tIm\n\t#\ts\tV\tA\n\t0\t1\t0.1\t1E-6\n"));
    assert_eq!((both.points, codes(&both)), (1, vec!["measurements_left_out"]));
    assert_eq!(
        refused("EXPLAIN\nTAG\tCV\nTITLE\tLABEL\tCyclic Voltammetry\tTest\n").code(),
        "header_only"
    );
}

#[test]
fn the_last_row_waits_for_its_line_break() {
    let text = square_wave(5, 5);
    let open = text.trim_end();
    let growing = recorded(open);
    assert_eq!((growing.points, growing.completeness), (4, Completeness::Partial));
    let rested = settled(open);
    assert_eq!((rested.points, rested.completeness), (5, Completeness::Unproven));
}
