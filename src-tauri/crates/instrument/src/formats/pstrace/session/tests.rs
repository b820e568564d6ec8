//! Sessions made up for the purpose.

use std::fmt::Write;

use crate::{Completeness, Encoding, Format, ReadOptions, Recording, Reservation, Technique, Unreadable, read};

/// How keys are written.
#[derive(Clone, Copy)]
enum Case {
    /// As from version 5.1 on.
    Capital,
    /// As up to version 5.0, which also lacks array types and times.
    Lower,
}

fn array(case: Case, kind: i32, description: &str, unit: &str, values: &[f64]) -> String {
    let mut readings = String::new();
    for value in values {
        match case {
            Case::Capital => write!(readings, "{{\"V\":{value},\"S\":0}},").unwrap(),
            Case::Lower => write!(readings, "{{\"v\":{value}}},").unwrap(),
        }
    }
    let readings = readings.trim_end_matches(',');
    match case {
        Case::Capital => format!(
            "{{\"Type\":\"x\",\"ArrayType\":{kind},\"Description\":\"{description}\",\"Unit\":{{\"Type\":\"PalmSens.Units.{unit}\",\"S\":\"A\"}},\
            \"DataValues\":[{readings}]}}"
        ),
        Case::Lower => format!(
            "{{\"type\":\"x\",\"index\":-1,\"description\":\"{description}\",\"unit\":{{\"type\":\"PalmSens.Units.{unit}\",\"s\":\"A\"}},\
            \"datavalues\":[{readings}]}}"
        ),
    }
}

fn curve(case: Case, title: &str, x: &str, y: &str) -> String {
    match case {
        Case::Capital => {
            format!("{{\"Title\":\"{title}\",\"Hash\":[1,2],\"XAxisDataArray\":{x},\"YAxisDataArray\":{y}}}")
        }
        Case::Lower => format!("{{\"title\":\"{title}\",\"xaxisdataarray\":{x},\"yaxisdataarray\":{y}}}"),
    }
}

fn measurement(case: Case, title: &str, method: &str, data: &[String], curves: &[String]) -> String {
    let method = method.replace('\n', "\\r\\n");
    let (data, curves) = (data.join(","), curves.join(","));
    match case {
        Case::Capital => format!(
            "{{\"Title\":\"{title}\",\"TimeStamp\":638881863659064152,\"DeviceSerial\":\"X1\",\"Method\":\"{method}\",\
            \"DataSet\":{{\"Values\":[{data}]}},\"Curves\":[{curves}],\"EISDataList\":[]}}"
        ),
        Case::Lower => format!(
            "{{\"title\":\"{title}\",\"method\":\"{method}\",\"dataset\":{{\"keys\":[],\"values\":[{data}]}},\"curves\":[{curves}]}}"
        ),
    }
}

fn session(case: Case, measurements: &[String]) -> Vec<u8> {
    let all = measurements.join(",");
    let text = match case {
        Case::Capital => {
            format!("{{\"Type\":\"PalmSens.DataFiles.SessionFile\",\"CoreVersion\":\"5.9\",\"Measurements\":[{all}]}}")
        }
        Case::Lower => {
            format!("{{\"type\":\"PalmSens.DataFiles.SessionFile\",\"coreversion\":\"5.0\",\"measurements\":[{all}]}}")
        }
    };
    format!("\u{feff}{text}\u{feff}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect()
}

fn opened(bytes: &[u8]) -> Result<Recording, Unreadable> {
    read(bytes, &ReadOptions::default())
}

const SWV: &str =
    "#PSTrace\nMETHOD_ID=swv\nTECHNIQUE=2\nE_BEGIN=0\nE_END=2.0E-002\nE_STEP=4.9999999E-003\nFREQ=1.5E+001\n";

fn potential_v(points: u32) -> Vec<f64> {
    (0..points).map(|k| 0.005 * f64::from(k)).collect()
}

fn currents(points: u32, first: f64) -> Vec<f64> {
    (0..points).map(|k| first + 0.5 * f64::from(k)).collect()
}

fn swv(case: Case, method: &str, description: &str, points: u32) -> String {
    let x = array(case, 1, description, "Volt", &potential_v(points));
    let y = array(case, 2, description, "MicroAmpere", &currents(points, 1.0));
    // The title lies, as real ones do.
    measurement(
        case,
        "Differential Pulse Voltammetry",
        method,
        &[],
        &[curve(case, "mine", &x, &y)],
    )
}

#[test]
fn both_spellings_of_the_keys_give_the_same_sweep() {
    for case in [Case::Capital, Case::Lower] {
        let recording = opened(&session(case, &[swv(case, SWV, "x", 5)])).unwrap();
        assert_eq!(
            (recording.format, recording.encoding),
            (Format::PalmsensSession, Encoding::Utf16Le)
        );
        assert_eq!(
            (recording.technique, recording.frequency_hz),
            (Technique::Swv, Some(15.0))
        );
        assert_eq!((recording.points, recording.expected_points), (5, Some(5)));
        assert_eq!(recording.completeness, Completeness::Complete);
        assert!(recording.reservations.is_empty(), "{:?}", recording.reservations);
        let sweep = recording.electrodes[0].voltammogram().unwrap();
        assert_eq!(sweep.potential_v(), potential_v(5));
        assert_eq!(sweep.current_a()[1], 1.5e-6);
        let capital = matches!(case, Case::Capital);
        assert_eq!(recording.started_at.is_some(), capital);
        assert_eq!(recording.instrument.is_some(), capital);
    }
}

#[test]
fn times_forward_and_reverse_currents_come_from_the_data_set() {
    let case = Case::Capital;
    let x = array(case, 1, "x", "Volt", &potential_v(5));
    let y = array(case, 2, "x", "NanoAmpere", &currents(5, 1.0));
    let data = [
        array(case, 0, "time", "Time", &[0.0, 0.1, 0.2, 0.3, 0.4]),
        x.clone(),
        y.clone(),
        array(case, 29, "forward", "NanoAmpere", &currents(5, 3.0)),
        array(case, 26, "reverse", "NanoAmpere", &currents(5, 2.0)),
    ];
    let drawn = measurement(case, "SWV", SWV, &data, &[curve(case, "SWV i vs E", &x, &y)]);
    let bare = measurement(case, "SWV", SWV, &data, &[]);
    for measurement in [drawn, bare] {
        let recording = opened(&session(case, &[measurement])).unwrap();
        let [electrode] = recording.electrodes.as_slice() else {
            panic!("one electrode")
        };
        assert_eq!(electrode.time_s.as_ref().unwrap()[4], 0.4);
        assert_eq!(electrode.forward_a.as_ref().unwrap()[0], 3e-9);
        assert_eq!(electrode.reverse_a.as_ref().unwrap()[0], 2e-9);
        assert_eq!(electrode.voltammogram().unwrap().current_a()[0], 1e-9);
    }
}

#[test]
fn measurements_at_other_frequencies_are_named_and_left_out() {
    let case = Case::Capital;
    let fast = SWV.replace("1.5E+001", "2.0E+002");
    let bytes = session(
        case,
        &[
            swv(case, SWV, "channel2", 5),
            swv(case, &fast, "channel2", 5),
            swv(case, SWV, "channel4", 5),
        ],
    );
    let recording = opened(&bytes).unwrap();
    let numbers: Vec<u32> = recording.electrodes.iter().map(|e| e.electrode).collect();
    assert_eq!((numbers, recording.frequency_hz), (vec![2, 4], Some(15.0)));
    assert_eq!(recording.reservations[0].code(), "measurements_left_out");
    assert!(recording.reservations[0].message().contains("mine"));
}

#[test]
fn an_aborted_measurement_has_fewer_points_than_its_settings_say() {
    let case = Case::Capital;
    let recording = opened(&session(case, &[swv(case, SWV, "x", 3)])).unwrap();
    assert_eq!(
        recording.reservations,
        [Reservation::FewerPointsThanAnnounced { points: 3, expected: 5 }]
    );
}

#[test]
fn overloads_and_values_that_are_no_numbers_are_reported() {
    let case = Case::Capital;
    let text = String::from_utf16(
        &session(case, &[swv(case, SWV, "x", 5)])
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
            .collect::<Vec<_>>(),
    )
    .unwrap()
    .replace("{\"V\":1.5,\"S\":0}", "{\"V\":\"NaN\",\"S\":1}");
    let recording = opened(text.as_bytes()).unwrap();
    let codes: Vec<&str> = recording.reservations.iter().map(Reservation::code).collect();
    assert_eq!(codes, ["overload", "non_finite_values"]);
    assert!(recording.electrodes[0].voltammogram().unwrap().current_a()[1].is_nan());
}

#[test]
fn files_without_curves_are_refused_with_a_true_reason() {
    let case = Case::Capital;
    let code = |bytes: &[u8]| opened(bytes).unwrap_err().code();
    assert_eq!(code(&session(case, &[])), "settings_only");
    assert_eq!(
        code(format!("#PSTrace, Version=5\r\n{}", SWV.replace('\n', "\r\n")).as_bytes()),
        "settings_only"
    );
    let spectrum = measurement(case, "Impedance Spectroscopy", "METHOD_ID=eis", &[], &[]);
    let refused = opened(&session(case, &[spectrum])).unwrap_err();
    assert_eq!(refused.code(), "nothing_to_analyse");
    assert!(refused.message().contains("Impedance Spectroscopy"));
    assert_eq!(code(b"{\"coreversion\":\"5\",\"measurements\":[{]}"), "damaged");
    assert_eq!(code(b"{\"coreversion\":\"5\",\"measurements\":[]} trailing"), "damaged");
}

#[test]
fn a_cut_session_is_only_begun() {
    let whole = session(Case::Capital, &[swv(Case::Capital, SWV, "x", 5)]);
    // The last two bytes are the mark behind the JSON.
    for cut in 0..whole.len() - 3 {
        let refused = opened(&whole[..cut]).unwrap_err();
        assert!(refused.may_become_readable(), "cut at {cut}: {refused}");
    }
    assert!(opened(&whole[..whole.len() - 2]).is_ok());
}
