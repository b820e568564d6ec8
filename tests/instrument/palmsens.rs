//! Real files of PSTrace.

use instrument::{Completeness, ElectrodeSweep, Format, Recording, Technique};
use voltammetry::Sweep;
use voltammetry::swv::{SwvMethod, SwvSettings, analyze};

use super::{files_in, read, row, shared};

/// What a file must give.
struct Expected {
    technique: Technique,
    electrodes: u32,
    frequency_hz: Option<f64>,
    scan_rate_v_s: Option<f64>,
    points: usize,
    cycles: Option<u32>,
    started_at: Option<&'static str>,
    /// First point and last point: volt and ampere.
    first: (f64, f64),
    last: (f64, f64),
}

fn expected(name: &str) -> Expected {
    let dpv = Expected {
        technique: Technique::Dpv,
        electrodes: 1,
        frequency_hz: None,
        scan_rate_v_s: None,
        points: 89,
        cycles: None,
        started_at: None,
        first: (0.0, 0.0),
        last: (0.0, 0.0),
    };
    match name {
        "multi_column.csv" => Expected {
            electrodes: 7,
            started_at: Some("2025-03-29T13:32:13"),
            first: (0.0, 0.019_751_112e-6),
            last: (0.898_266, 0.041_234_192e-6),
            ..dpv
        },
        "ps_multi.csv" => Expected {
            electrodes: 7,
            started_at: Some("2025-03-29T14:10:09"),
            first: (0.0, 0.044_945_4e-6),
            last: (0.898_266, 0.079_405_888e-6),
            ..dpv
        },
        "ps_single.csv" => Expected {
            started_at: Some("2025-02-11T15:49:36"),
            first: (0.0, 0.021_246_306e-6),
            last: (0.898_266, 0.047_906_036e-6),
            ..dpv
        },
        "single_column.csv" => Expected {
            started_at: Some("2025-02-11T16:04:12"),
            first: (0.0, 0.034_395_052e-6),
            last: (0.898_266, 0.075_359_048e-6),
            ..dpv
        },
        "DPV example.pssession" => Expected {
            technique: Technique::Swv,
            frequency_hz: Some(50.0),
            points: 201,
            first: (-1.0, 7.875e-6),
            last: (0.0, 8.775e-6),
            ..dpv
        },
        cyclic => Expected {
            technique: Technique::Cv,
            scan_rate_v_s: Some(if cyclic.starts_with("CV") { 0.1 } else { 1.0 }),
            points: match cyclic {
                "CV example.pssession" => 437 + 436 + 436,
                "cv_1scan.pssession" => 41,
                _ => 40 + 40 + 41,
            },
            cycles: Some(if cyclic == "cv_1scan.pssession" { 1 } else { 3 }),
            started_at: Some(match cyclic {
                "CV example.pssession" => "2017-07-12T14:33:10.5698467",
                "cv_1scan.pssession" => "2025-07-15T14:25:26.7491192",
                _ => "2025-07-15T14:26:05.9064152",
            }),
            first: if cyclic.starts_with("CV") {
                (-0.399_962, -5.456_71e-6)
            } else {
                (-0.499_971, -48.536_196e-6)
            },
            last: (f64::NAN, f64::NAN),
            ..dpv
        },
    }
}

fn close(value: (f64, f64), expected: (f64, f64)) -> bool {
    let near = |a: f64, b: f64| b.is_nan() || (a - b).abs() <= 1e-12 * b.abs();
    near(value.0, expected.0) && near(value.1, expected.1)
}

fn check(name: &str, recording: &Recording) {
    let expected = expected(name);
    let numbers: Vec<u32> = recording.electrodes.iter().map(|e| e.electrode).collect();
    assert_eq!(recording.technique, expected.technique, "{name}");
    assert_eq!(numbers, (1..=expected.electrodes).collect::<Vec<_>>(), "{name}");
    assert_eq!(recording.frequency_hz, expected.frequency_hz, "{name}");
    assert_eq!(recording.scan_rate_v_s, expected.scan_rate_v_s, "{name}");
    assert_eq!(
        (recording.points, recording.cycles),
        (expected.points, expected.cycles),
        "{name}"
    );
    assert_eq!(
        recording.started_at.map(|at| at.to_string()).as_deref(),
        expected.started_at,
        "{name}"
    );
    assert_eq!(recording.completeness, Completeness::Complete, "{name}");
    let sweep = recording.electrodes[0].voltammogram().unwrap();
    let ends = |k: usize| (sweep.potential_v()[k], sweep.current_a()[k]);
    assert!(close(ends(0), expected.first), "{name}: {:?}", ends(0));
    assert!(
        close(ends(sweep.len() - 1), expected.last),
        "{name}: {:?}",
        ends(sweep.len() - 1)
    );
}

#[test]
fn pstrace_files_are_read_with_their_measurements() {
    let Some(folder) = shared("palmsens") else { return };
    for path in files_in(&folder) {
        let result = read(&path);
        println!("{}", row(&path, &result));
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let recording = result.unwrap();
        let format = if path.extension().is_some_and(|extension| extension == "csv") {
            Format::PalmsensCsv
        } else {
            Format::PalmsensSession
        };
        assert_eq!(recording.format, format, "{name}");
        check(&name, &recording);
    }
}

#[test]
fn scans_become_cycles_with_their_own_points() {
    let Some(folder) = shared("palmsens/sdk_pssession") else {
        return;
    };
    let recording = read(&folder.join("cv_3scan.pssession")).unwrap();
    let electrode: &ElectrodeSweep = &recording.electrodes[0];
    let cycle = electrode.cycle.as_deref().unwrap();
    let count = |number: u32| cycle.iter().filter(|cycle| **cycle == number).count();
    assert_eq!([count(1), count(2), count(3)], [40, 40, 41]);
    assert!(electrode.stated, "the curves are of channel 1");
    // Times are of the first scan only, so the whole sweep has none; a single scan has its own.
    assert!(electrode.time_s.is_none());
    let single = read(&folder.join("cv_1scan.pssession")).unwrap();
    assert_eq!(single.electrodes[0].time_s.as_ref().map(Vec::len), Some(41));
}

/// The vendor's own software finds one peak in this file: -0.815 V, 1.464524 µA, 0.08553185 µA·V, from -0.875 to -0.745 V.
#[test]
fn the_peak_that_the_vendor_found_in_a_session_is_found_again() {
    let Some(folder) = shared("palmsens/sdk_pssession") else {
        return;
    };
    let recording = read(&folder.join("DPV example.pssession")).unwrap();
    let sweep: &Sweep = recording.electrodes[0].voltammogram().unwrap();
    let peak = |range_v| {
        analyze(
            sweep,
            &SwvSettings {
                method: SwvMethod::Tangent,
                range_v: Some(range_v),
                ..SwvSettings::default()
            },
        )
    };
    // The vendor draws its chord between the first and the last sample; the tangent takes each foot from the samples around
    // it, so it gets one step more at each side.
    let analysis = peak((-0.88, -0.74));
    let (height_ua, potential_v) = (
        analysis.peak_current_a.unwrap() * 1e6,
        analysis.peak_potential_v.unwrap(),
    );
    let area_ua_v = analysis.area_va.unwrap() * 1e6;
    println!("height {height_ua} µA, potential {potential_v} V, area {area_ua_v} µA·V");
    // Left free, the chord touches lower, at -0.886 V and -0.744 V.
    println!("free: height {} µA", peak((-0.95, -0.65)).peak_current_a.unwrap() * 1e6);
    assert!((area_ua_v / 0.085_531_85 - 1.0).abs() < 0.01, "{area_ua_v}");
    assert!((height_ua / 1.464_524 - 1.0).abs() < 0.01, "{height_ua}");
    assert!((potential_v + 0.815).abs() <= 0.005, "{potential_v}");
}
