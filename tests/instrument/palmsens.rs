//! Real files of PSTrace: cycles, times, and a peak that the vendor's software found.

use instrument::ElectrodeSweep;
use voltammetry::Sweep;
use voltammetry::swv::{SwvMethod, SwvSettings, analyze};

use super::{read, shared};

#[test]
fn scans_become_cycles_with_their_own_points() {
    let folder = shared("palmsens/sdk_pssession");
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
    let folder = shared("palmsens/sdk_pssession");
    let recording = read(&folder.join("DPV example.pssession")).unwrap();
    let sweep: &Sweep = recording.electrodes[0].voltammogram().unwrap();
    let peak = |range_v| {
        analyze(
            sweep,
            &SwvSettings {
                method: SwvMethod::Tangent,
                range_v,
                ..SwvSettings::default()
            },
        )
    };
    // The vendor draws its chord between the first and the last sample of the range, which gives its numbers to the last digit; the
    // tangent, given the range, ends there too.
    let analysis = peak(Some((-0.875, -0.745)));
    let (height_ua, potential_v) = (
        analysis.peak_current_a.unwrap() * 1e6,
        analysis.peak_potential_v.unwrap(),
    );
    let area_ua_v = analysis.area_va.unwrap() * 1e6;
    println!("in the vendor's range: height {height_ua} µA, potential {potential_v} V, area {area_ua_v} µA·V");
    for range_v in [None, Some((-0.95, -0.65)), Some((-0.88, -0.74))] {
        let free = peak(range_v);
        println!(
            "{range_v:?}: height {} µA, potential {} V, {:?} {:?}",
            free.peak_current_a.unwrap_or(f64::NAN) * 1e6,
            free.peak_potential_v.unwrap_or(f64::NAN),
            free.status,
            free.reason
        );
    }
    assert!((area_ua_v / 0.085_531_85 - 1.0).abs() < 0.01, "{area_ua_v}");
    assert!((height_ua / 1.464_524 - 1.0).abs() < 0.01, "{height_ua}");
    assert!((potential_v + 0.815).abs() <= 0.005, "{potential_v}");
}
