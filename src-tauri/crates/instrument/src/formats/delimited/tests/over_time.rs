//! Times, cycles and what they say about the technique.

use super::*;
use crate::recording::Trace;
use crate::units::TimeUnit;

fn transient(recording: &Recording) -> (Vec<f64>, Vec<f64>) {
    let transient = recording.electrodes[0].transient().unwrap();
    (transient.time_s().to_vec(), transient.current_a().to_vec())
}

fn codes(recording: &Recording) -> Vec<&str> {
    recording.reservations.iter().map(Reservation::code).collect()
}

#[test]
fn times_stand_beside_a_voltammogram_in_seconds() {
    for (header, rows, times) in [
        ("Time (s),Potential (V),Current (uA)", ["1", "2", "3"], [1.0, 2.0, 3.0]),
        ("t,E (V),i (uA)", ["1", "2", "3"], [1.0, 2.0, 3.0]),
        (
            "Elapsed Time (ms),Potential (V),Current (uA)",
            ["500", "1000", "1500"],
            [0.5, 1.0, 1.5],
        ),
        (
            "Time/min,Potential/V,Current/uA",
            ["0.5", "1", "1.5"],
            [30.0, 60.0, 90.0],
        ),
        (
            "Zeit [h],Spannung [V],Strom [uA]",
            ["1", "2", "3"],
            [3600.0, 7200.0, 10800.0],
        ),
    ] {
        let text = format!(
            "{header}\n{},-0.1,1.5\n{},-0.25,-2.25\n{},-0.3,3\n",
            rows[0], rows[1], rows[2]
        );
        let recording = recorded(&text);
        assert_eq!(sweeps(&recording), one_electrode(), "{header}");
        assert_eq!(recording.electrodes[0].time_s.as_deref(), Some(&times[..]), "{header}");
        assert_eq!(
            (recording.technique, codes(&recording).len()),
            (Technique::Unknown, 0),
            "{header}"
        );
    }
}

#[test]
fn current_over_time_is_a_transient() {
    let recorded_pairs = [
        "Time (s),Current (nA)\n0.1,5\n0.2,4\n0.3,3\n",
        "Elapsed Time (ms);Current (nA)\n100;5\n200;4\n300;3\n",
        "t/s\ti/nA\n0.1\t5\n0.2\t4\n0.3\t3\n",
    ];
    for text in recorded_pairs {
        let recording = recorded(text);
        assert_eq!(
            transient(&recording),
            (vec![0.1, 0.2, 0.3], vec![5e-9, 4e-9, 3e-9]),
            "{text}"
        );
        assert_eq!((recording.technique, recording.points), (Technique::Ca, 3), "{text}");
    }
    let constant = recorded("Time (s),Potential (V),Current (A),Channel 2 (A)\n1,0.2,5,1\n2,0.2,4,1\n3,0.2,3,1\n");
    assert_eq!(transient(&constant), (vec![1.0, 2.0, 3.0], vec![5.0, 4.0, 3.0]));
    assert_eq!(constant.electrodes.len(), 2);
    assert_eq!(
        constant.reservations,
        [Reservation::ConstantPotential { potential_v: 0.2 }]
    );
    let stated =
        recorded("Technique: Chronoamperometry\nTime (s),Potential (V),Current (A)\n1,0,5\n2,0.2,4\n3,0.2,3\n");
    assert_eq!(transient(&stated), (vec![1.0, 2.0, 3.0], vec![5.0, 4.0, 3.0]));
    let swept = recorded("Technique: SWV\nTime (s),Potential (V),Current (A)\n1,0.2,5\n2,0.2,4\n3,0.2,3\n");
    assert!(matches!(swept.electrodes[0].trace, Trace::Voltammogram(_)));
}

#[test]
fn unusable_times_are_left_out_and_said() {
    let clock = recorded("Time,Potential (V),Current (A)\n10:00:01,0.1,1\n10:00:02,0.2,2\n10:00:03,0.3,3\n");
    assert_eq!((clock.points, &clock.electrodes[0].time_s), (3, &None));
    let holes = recorded("Time (s),Potential (V),Current (A)\n1,0.1,1\n,0.2,2\n3,0.3,3\n");
    assert_eq!((holes.points, &holes.electrodes[0].time_s), (3, &None));
    assert_eq!(codes(&holes), ["times_left_out"]);
    let gap = recorded("Time (s),Potential (V),Current (A)\n1,0.1,1\n,0.2,\n3,0.3,3\n");
    assert_eq!(gap.electrodes[0].time_s.as_deref(), Some(&[1.0, 3.0][..]));
    assert_eq!(codes(&gap), ["unreadable_lines"]);
}

fn folded(header: &str, row: impl Fn(usize, f64) -> String) -> Recording {
    let mut text = format!("{header}\n");
    for k in 0..80_usize {
        let potential = 0.01 * (k % 40).min(40 - k % 40) as f64;
        text += &(row(k, potential) + "\n");
    }
    recorded(&text)
}

#[test]
fn cycles_are_taken_from_their_column() {
    let cycles = folded("Scan;Potential (V);Current (A)", |k, e| {
        format!("{};{e:.3};1e-6", k / 40 + 2)
    });
    assert_eq!((cycles.technique, cycles.cycles), (Technique::Cv, Some(2)));
    let numbers = cycles.electrodes[0].cycle.as_ref().unwrap();
    assert_eq!((numbers[0], numbers[39], numbers[40], numbers.len()), (2, 2, 3, 80));
    let segments = folded("Segment,Potential (V),Current (A)", |k, e| {
        format!("{},{e:.3},1e-6", k / 20 + 1)
    });
    assert_eq!(segments.electrodes[0].cycle.as_ref().unwrap()[79], 2);
    assert_eq!(codes(&segments), ["cycles_from_segments"]);
    let odd = folded("Cycle,Potential (V),Current (A)", |k, e| {
        format!("{}.5,{e:.3},1e-6", k / 40)
    });
    assert_eq!(
        (&odd.electrodes[0].cycle, codes(&odd)),
        (&None, vec!["cycles_left_out"])
    );
}

#[test]
fn a_potential_that_folds_back_proves_a_cyclic_voltammogram() {
    let nameless = |rows: usize| {
        let mut text = String::new();
        for k in 0..rows {
            writeln!(
                text,
                "{:.3}, {:.3e}",
                -0.2 + 0.005 * 60_usize.abs_diff(k) as f64,
                1e-7 * k as f64
            )
            .unwrap();
        }
        recorded(&text)
    };
    assert_eq!(nameless(121).technique, Technique::Cv);
    assert_eq!(nameless(95).technique, Technique::Cv);
    assert_eq!(nameless(70).technique, Technique::Unknown);
    assert_eq!(nameless(61).technique, Technique::Unknown);
    assert_eq!(nameless(121).electrodes[0].voltammogram().unwrap().len(), 121);
}

#[test]
fn headers_of_lab_instruments_are_understood() {
    let squidstat = recorded(
        "Step number,Elapsed Time (s),Working electrode (V),Current (uA)\n1,0.1,-0.1,1.5\n1,0.2,-0.25,-2.25\n1,0.3,-0.3,3\n",
    );
    assert_eq!(sweeps(&squidstat), one_electrode());
    assert_eq!(squidstat.electrodes[0].time_s.as_deref(), Some(&[0.1, 0.2, 0.3][..]));
    let pine = recorded("Potential (V),Difference Current (A)\n-0.1,1.5e-6\n-0.25,-2.25e-6\n-0.3,3e-6\n");
    assert_eq!(sweeps(&pine), one_electrode());
    let pine = recorded(
        "Point,Time (s),Segment,Potential (V),Current (A)\n1,1,1,-0.1,1.5e-6\n2,2,1,-0.25,-2.25e-6\n3,3,1,-0.3,3e-6\n",
    );
    assert_eq!(sweeps(&pine), one_electrode());
    assert_eq!(pine.electrodes[0].cycle.as_deref(), Some(&[1, 1, 1][..]));
    let lab = recorded("Potential (V),Current Diff (uA)\n-0.1,1.5\n-0.25,-2.25\n-0.3,3\n");
    assert_eq!(sweeps(&lab), one_electrode());
}

#[test]
fn a_saved_mapping_of_columns_wins() {
    let at = NonZeroUsize::new;
    let text = "1 -100 7 2 5 1\n2 -250 7 3 6 2\n3 -300 7 4 7 3\n";
    let mapping = ReadOptions {
        time: at(1),
        potential: at(2),
        current: at(4),
        forward: at(5),
        reverse: at(6),
        time_unit: Some(TimeUnit::Minute),
        potential_unit: Some(PotentialUnit::Millivolt),
        current_unit: Some(CurrentUnit::Microampere),
        reverse_unit: Some(CurrentUnit::Milliampere),
        ..ReadOptions::default()
    };
    let recording = recorded_with(text, &mapping);
    assert_eq!(sweeps(&recording), [(1, POTENTIALS.to_vec(), vec![2e-6, 3e-6, 4e-6])]);
    let electrode = &recording.electrodes[0];
    assert_eq!(electrode.time_s.as_deref(), Some(&[60.0, 120.0, 180.0][..]));
    assert_eq!(electrode.forward_a.as_deref(), Some(&[5e-6, 6e-6, 7e-6][..]));
    assert_eq!(electrode.reverse_a.as_deref(), Some(&[1e-3, 2e-3, 3e-3][..]));
    assert_eq!(recording.technique, Technique::Swv);
    let computed = ReadOptions {
        current: None,
        current_unit: None,
        reverse_unit: None,
        ..mapping
    };
    for text in [
        text.to_owned(),
        format!("a b c d e f\n{text}"),
        format!("t (s)  E (V)  x  y  z  w\n{text}"),
    ] {
        let recording = recorded_with(&text, &computed);
        assert_eq!(
            sweeps(&recording),
            [(1, POTENTIALS.to_vec(), vec![4.0, 4.0, 4.0])],
            "{text}"
        );
        assert!(codes(&recording).contains(&"difference_computed"), "{text}");
    }
    let over_time = ReadOptions {
        time: at(1),
        current: at(2),
        time_unit: Some(TimeUnit::Millisecond),
        current_unit: Some(CurrentUnit::Nanoampere),
        ..ReadOptions::default()
    };
    let recording = recorded_with("100,5\n200,4\n300,3\n", &over_time);
    assert_eq!(transient(&recording), (vec![0.1, 0.2, 0.3], vec![5e-9, 4e-9, 3e-9]));
    assert_eq!(recording.technique, Technique::Ca);
    let beyond = ReadOptions {
        time: at(9),
        ..ReadOptions::default()
    };
    let error = read(b"0.1,5\n0.2,4\n", &beyond).unwrap_err();
    assert!(
        error.message().contains("time should be in column 9"),
        "{}",
        error.message()
    );
}

#[test]
fn times_without_names_are_said_to_be_seconds() {
    let mut timed = String::new();
    for k in 0..40 {
        let k = f64::from(k);
        writeln!(timed, "{:.2}\t{:.3}\t{:e}", 0.1 * k, 0.5 - 0.01 * k, 1e-6 / (1.0 + k)).unwrap();
    }
    let recording = recorded(&timed);
    assert_eq!(recording.reservations, [Reservation::TimeUnitInferred]);
    assert_eq!(recording.electrodes[0].time_s.as_ref().unwrap()[39], 3.9);
    let mut numbered = String::new();
    for k in 1..40 {
        writeln!(numbered, "{k}\t{:.3}\t{k}e-9", 0.01 * f64::from(k)).unwrap();
    }
    assert_eq!(
        (
            &recorded(&numbered).electrodes[0].time_s,
            recorded(&numbered).reservations.len()
        ),
        (&None, 0)
    );
}
