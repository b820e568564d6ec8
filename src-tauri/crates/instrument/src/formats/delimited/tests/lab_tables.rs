//! Tables as other instruments and labs' own programs write them, made up for the purpose.

use super::*;
use crate::units::TimeUnit;

fn column(number: usize) -> Option<NonZeroUsize> {
    NonZeroUsize::new(number)
}

/// The first electrode's potentials and currents.
fn first(recording: &Recording) -> (&[f64], &[f64]) {
    let sweep = recording.electrodes[0].voltammogram().unwrap();
    (sweep.potential_v(), sweep.current_a())
}

#[test]
fn squidstat() {
    for (header, per_ampere) in [
        ("Step number,Elapsed Time (s),Working Electrode (V),Current (A)", 1.0),
        ("Step number,Elapsed Time (s),Working electrode (V),Current (mA)", 1e3),
        (
            "Step number,Elapsed Time (s),Working Electrode vs. Ag/AgCl (V),Current (uA)",
            1e6,
        ),
    ] {
        let recording = recorded(&format!("{header}\n1,0.1,-0.1,1.5\n1,0.2,-0.25,-2.25\n1,0.3,-0.3,3\n"));
        assert_eq!(
            first(&recording),
            (
                &POTENTIALS[..],
                &[1.5 / per_ampere, -2.25 / per_ampere, 3.0 / per_ampere][..]
            )
        );
        assert_eq!(recording.electrodes.len(), 1, "{header}");
        assert_eq!(recording.electrodes[0].time_s.as_deref(), Some(&[0.1, 0.2, 0.3][..]));
    }
    let recording = recorded(
        "Timestamp,Elapsed time (s),Elapsed time (hr),Working electrode (V),Counter electrode (V),Current (mA),\
         Cumulative charge (mAh)\n17,0,0,-0.1,0.2,1.5e-3,0\n18,3.6,0.001,-0.25,0.2,-2.25e-3,0\n19,7.2,0.002,-0.3,0.2,3e-3,0\n",
    );
    assert_eq!(
        first(&recording),
        (&POTENTIALS[..], &[1.5e-3 / 1e3, -2.25e-3 / 1e3, 3e-3 / 1e3][..])
    );
    assert_eq!(recording.electrodes.len(), 1);
    let times = recording.electrodes[0].time_s.as_deref().unwrap();
    assert!((times[2] - 7.2).abs() < 1e-12, "{times:?}");
}

#[test]
fn dropview_with_decimal_commas() {
    for (header, divisor) in [
        ("Potential (V);Current (\u{b5}A)", 1e6),
        ("Potencial (V);Corriente (\u{3bc}A)", 1e6),
        ("E (V);I (nA)", 1e9),
        ("Potential / V;Current / \u{b5}A", 1e6),
    ] {
        let body = "-0,1;1,5\r\n-0,25;-2,25\r\n-0,3;3\r\n";
        let recording = recorded(&format!("{header}\r\n{body}"));
        let expected = [1.5 / divisor, -2.25 / divisor, 3.0 / divisor];
        assert_eq!(first(&recording), (&POTENTIALS[..], &expected[..]), "{header}");
    }
    let recording = recorded(
        "Potential (V);I forward (\u{b5}A);I backward (\u{b5}A);I diff (\u{b5}A)\n-0,1;1,25;-0,25;1,5\n-0,25;-2;0,25;-2,25\n\
         -0,3;2,5;-0,5;3\n",
    );
    assert_eq!(
        first(&recording),
        (&POTENTIALS[..], &[1.5 / 1e6, -2.25 / 1e6, 3.0 / 1e6][..])
    );
    assert_eq!(recording.technique, Technique::Swv);
    let reverse = recording.electrodes[0].reverse_a.as_deref();
    assert_eq!(reverse, Some(&[-0.25 / 1e6, 0.25 / 1e6, -0.5 / 1e6][..]));
}

#[test]
fn a_labs_own_program() {
    let recording = recorded("Potential (V),Current Diff (uA)\n-0.1,1.5\n-0.25,-2.25\n-0.3,3\n");
    assert_eq!(first(&recording).1, [1.5 / 1e6, -2.25 / 1e6, 3.0 / 1e6]);
    // All currents, the plain one being neither of the three that belong together.
    let recording = recorded(
        "Potential (V),Current (uA),Current Forward (uA),Current Reverse (uA),Current Diff (uA)\n-0.1,9,1.25,-0.25,1.5\n\
         -0.25,9,-2,0.25,-2.25\n-0.3,9,2.5,-0.5,3\n",
    );
    assert_eq!((recording.electrodes.len(), recording.technique), (1, Technique::Swv));
    assert_eq!(first(&recording).1, [1.5 / 1e6, -2.25 / 1e6, 3.0 / 1e6]);
    assert_eq!(
        recording.electrodes[0].forward_a.as_ref().map(|forward| forward[0]),
        Some(1.25 / 1e6)
    );
}

#[test]
fn units_stand_beside_the_reference_electrode() {
    let recording = recorded("Potential (mV vs. Ag/AgCl)\tCurrent (microamps)\n-100\t1.5\n-250\t-2.25\n-300\t3\n");
    assert_eq!(
        first(&recording),
        (&POTENTIALS[..], &[1.5 / 1e6, -2.25 / 1e6, 3.0 / 1e6][..])
    );
}

#[test]
fn the_settings_name_times_forward_and_reverse_currents() {
    let text = "7,-0.1,1.25,-0.25,100\n7,-0.25,-2,0.25,200\n7,-0.3,2.5,-0.5,300\n";
    let options = ReadOptions {
        potential: column(2),
        forward: column(3),
        reverse: column(4),
        time: column(5),
        time_unit: Some(TimeUnit::Millisecond),
        current_unit: Some(CurrentUnit::Microampere),
        ..ReadOptions::default()
    };
    for text in [
        text.to_owned(),
        format!("a,b,c,d,e\n{text}"),
        format!("x,E/V,Strom (A),I/A,t/s\n{text}"),
    ] {
        let recording = recorded_with(&text, &options);
        assert_eq!(recording.technique, Technique::Swv, "{text}");
        assert_eq!(recording.electrodes.len(), 1, "{text}");
        let electrode = &recording.electrodes[0];
        let (forward, reverse) = (
            electrode.forward_a.as_deref().unwrap(),
            electrode.reverse_a.as_deref().unwrap(),
        );
        assert_eq!((forward[0], reverse[0]), (1.25 / 1e6, -0.25 / 1e6));
        let differences: Vec<f64> = forward.iter().zip(reverse).map(|(f, r)| f - r).collect();
        assert_eq!(first(&recording), (&POTENTIALS[..], &differences[..]));
        assert_eq!(electrode.time_s.as_deref(), Some(&[0.1, 0.2, 0.3][..]), "{text}");
        assert!(
            recording.reservations.contains(&Reservation::DifferenceComputed),
            "{text}"
        );
    }
}

#[test]
fn a_spacing_repeats_forward_and_reverse_currents() {
    let text = "-0.1,1,0.5,2,0.25\n-0.2,3,0.5,4,0.25\n-0.3,5,0.5,6,0.25\n";
    let named = format!("E/V,f1,r1,f2,r2\n{text}");
    let options = |current| ReadOptions {
        forward: column(2),
        reverse: column(3),
        spacing: column(2),
        current,
        ..ReadOptions::default()
    };
    for text in [text, &named] {
        let recording = recorded_with(text, &options(None));
        let currents: Vec<Vec<f64>> = sweeps(&recording).into_iter().map(|(.., current)| current).collect();
        assert_eq!(currents, [[0.5, 2.5, 4.5], [1.75, 3.75, 5.75]], "{text}");
        assert_eq!(recording.technique, Technique::Swv);
    }
    // A stated difference is analysed as it is.
    let options = ReadOptions {
        spacing: column(3),
        ..options(column(4))
    };
    let recording = recorded_with("-0.1,1,0.5,7\n-0.2,3,0.5,8\n-0.3,5,0.5,9\n", &options);
    assert_eq!(first(&recording).1, [7.0, 8.0, 9.0]);
    assert_eq!(recording.electrodes[0].reverse_a.as_deref(), Some(&[0.5; 3][..]));
}

#[test]
fn forward_and_reverse_over_time_are_currents_over_time() {
    let options = ReadOptions {
        time: column(1),
        forward: column(2),
        reverse: column(3),
        ..ReadOptions::default()
    };
    let recording = recorded_with("0.1,1,0.5\n0.2,3,0.5\n0.3,5,0.5\n", &options);
    let transient = recording.electrodes[0].transient().unwrap();
    assert_eq!(
        (transient.time_s(), transient.current_a()),
        (&[0.1, 0.2, 0.3][..], &[0.5, 2.5, 4.5][..])
    );
}
