//! Output made up for the purpose.

use std::fmt::Write;

use crate::{Completeness, Format, ReadOptions, Recording, Technique, Unreadable, read};

fn opened(text: &str) -> Result<Recording, Unreadable> {
    read(text.as_bytes(), &ReadOptions::default())
}

fn number(kind: &str, value: i64, prefix: char) -> String {
    format!("{kind}{:07X}{prefix}", value + (1 << 27))
}

/// A square wave loop: potential in µV; difference, forward and reverse in pA.
fn swv(points: i64, order: [usize; 3]) -> String {
    let mut text = "M0002\n".to_owned();
    for k in 0..points {
        let (forward, reverse) = (5000 + 70 * k, 2000 - 30 * k);
        let currents = [forward - reverse, forward, reverse];
        let of = |at: usize| number("ba", currents[order[at]], 'p');
        writeln!(
            text,
            "P{};{},10,288;{};{}",
            number("da", -400_000 + 5000 * k, 'u'),
            of(0),
            of(1),
            of(2)
        )
        .unwrap();
    }
    text.push_str("*\n");
    text
}

#[test]
fn a_square_wave_loop_gives_difference_forward_and_reverse() {
    for order in [[0, 1, 2], [1, 2, 0]] {
        let recording = opened(&format!("e\n{}\n", swv(6, order))).unwrap();
        assert_eq!(
            (recording.format, recording.technique),
            (Format::Methodscript, Technique::Swv)
        );
        assert_eq!((recording.points, recording.completeness), (6, Completeness::Complete));
        assert!(recording.reservations.is_empty(), "{:?}", recording.reservations);
        let electrode = &recording.electrodes[0];
        let sweep = electrode.voltammogram().unwrap();
        assert_eq!((sweep.potential_v()[0], sweep.potential_v()[5]), (-0.4, -0.375));
        assert_eq!(sweep.current_a()[1], 3.1e-9);
        assert_eq!(electrode.forward_a.as_ref().unwrap()[1], 5.07e-9);
        assert_eq!(electrode.reverse_a.as_ref().unwrap()[1], 1.97e-9);
    }
}

#[test]
fn completeness_follows_loops_and_the_end_of_the_script() {
    let judged = |text: &str| opened(text).unwrap().completeness;
    let whole = format!("e\n{}\n", swv(4, [0, 1, 2]));
    assert_eq!(judged(&whole), Completeness::Complete);
    assert_eq!(judged(whole.trim_end_matches('\n')), Completeness::Partial);
    assert_eq!(judged(&whole[..whole.len() - 1]), Completeness::Unproven);
    assert_eq!(judged(&whole[..whole.len() - 3]), Completeness::Partial);
    for cut in 1..whole.len() {
        match opened(&whole[..cut]) {
            Ok(recording) => assert_ne!(recording.completeness, Completeness::Complete, "cut at {cut}"),
            Err(unreadable) => assert!(unreadable.may_become_readable(), "cut at {cut}"),
        }
    }
}

#[test]
fn several_loops_are_electrodes_and_other_techniques_are_named() {
    let amperometry = format!(
        "M0007\nP{};{}\nP{};{}\n*\n",
        number("eb", 0, 'm'),
        number("ba", 500, 'n'),
        number("eb", 100, 'm'),
        number("ba", 400, 'n')
    );
    let text = format!("e\n{}{amperometry}{}\n", swv(4, [0, 1, 2]), swv(5, [0, 1, 2]));
    let recording = opened(&text).unwrap();
    let numbers: Vec<u32> = recording.electrodes.iter().map(|e| e.electrode).collect();
    assert_eq!((numbers, recording.points), (vec![1, 2], 5));
    assert_eq!(recording.reservations[0].code(), "measurements_left_out");
    let alone = opened(&format!("e\n{amperometry}\n")).unwrap();
    assert_eq!(alone.technique, Technique::Ca);
    let transient = alone.electrodes[0].transient().unwrap();
    assert_eq!(
        (transient.time_s(), transient.current_a()),
        (&[0.0, 0.1][..], &[5e-7, 4e-7][..])
    );
}

#[test]
fn scans_of_a_cyclic_voltammogram_are_cycles_with_times() {
    let mut text = "e\nM0005\n".to_owned();
    for scan in 0..3 {
        writeln!(text, "C{scan:04}").unwrap();
        for k in 0..4_i64 {
            writeln!(
                text,
                "P{};{};{}",
                number("eb", 10 * k, 'm'),
                number("da", 100 * k, 'm'),
                number("ba", k, 'u')
            )
            .unwrap();
        }
        text.push_str("-\n");
    }
    text.push_str("*\n\n");
    let recording = opened(&text).unwrap();
    assert_eq!((recording.technique, recording.cycles), (Technique::Cv, Some(3)));
    let electrode = &recording.electrodes[0];
    assert_eq!(electrode.cycle.as_deref().unwrap()[3..5], [1, 2]);
    assert_eq!(
        (electrode.trace.len(), electrode.time_s.as_ref().unwrap().len()),
        (12, 12)
    );
}

#[test]
fn channels_overloads_and_odd_lines_are_reported() {
    let mut text = "e\nM0002\n".to_owned();
    for k in 0..4_i64 {
        for channel in [7, 2] {
            let status = if k == 1 { ",12" } else { "" };
            let point = number("da", 5 * k, 'm');
            writeln!(
                text,
                "P{};{point};{}{status}",
                number("ea", channel, 'i'),
                number("ba", k, 'n')
            )
            .unwrap();
        }
    }
    text.push_str("!4001: error\nPda7F85\n*\n\n");
    let recording = opened(&text).unwrap();
    let numbers: Vec<(u32, bool)> = recording.electrodes.iter().map(|e| (e.electrode, e.stated)).collect();
    assert_eq!(numbers, [(7, true), (2, true)]);
    let codes: Vec<&str> = recording.reservations.iter().map(crate::Reservation::code).collect();
    assert_eq!(codes, ["unreadable_lines", "overload", "overload"]);
}
