//! The desktop original's numbers on traces given by a formula (computed independently of this crate).
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unreadable_literal,
    reason = "tests fail by panicking and print what they compare; numbers are written as the reference prints them"
)]

use voltammetry::Sweep;
use voltammetry::swv::{self, Quality, SavitzkyGolay, SwvMethod, SwvReason, SwvSettings, SwvStatus};

/// One vector: trace, settings, and what the original computes of them.
struct Vector {
    id: &'static str,
    step_v: f64,
    /// From the higher to the lower potential; else the same points the other way round.
    falling: bool,
    slope: f64,
    range_v: Option<(f64, f64)>,
    window_mv: f64,
    window: usize,
    points: usize,
    height_ua: f64,
    area_uav: f64,
}

const fn a(window_mv: f64, window: usize, height_ua: f64, area_uav: f64) -> Vector {
    Vector {
        id: "A",
        step_v: 0.001,
        falling: true,
        slope: 0.5,
        range_v: None,
        window_mv,
        window,
        points: 401,
        height_ua,
        area_uav,
    }
}

const fn c(window_mv: f64, window: usize, height_ua: f64, area_uav: f64) -> Vector {
    Vector {
        id: "C",
        step_v: 0.004,
        range_v: Some((-0.45, -0.15)),
        points: 75,
        ..a(window_mv, window, height_ua, area_uav)
    }
}

const fn d(window_mv: f64, window: usize, height_ua: f64, area_uav: f64) -> Vector {
    Vector {
        id: "D",
        slope: 0.0,
        range_v: Some((-0.2, -0.4)),
        points: 201,
        ..a(window_mv, window, height_ua, area_uav)
    }
}

const VECTORS: [Vector; 8] = [
    a(5.0, 5, 1.106635, -0.131123829),
    a(10.0, 11, 1.105326, -0.130360537),
    a(20.0, 21, 1.101638, -0.132682461),
    Vector {
        id: "B",
        falling: false,
        ..a(5.0, 5, 1.106634, 0.131123829)
    },
    c(5.0, 3, 1.071300, -0.111339021),
    c(20.0, 5, 1.059929, -0.110260554),
    d(5.0, 5, 0.989790, -0.085679635),
    d(20.0, 21, 0.967728, -0.084433170),
];

impl Vector {
    /// -0.1 V to -0.5 V, potentials rounded to four decimals as a file has them; the currents in ampere.
    fn sweep(&self) -> Sweep {
        let count = (0.4 / self.step_v).round() as usize;
        let mut potential_v: Vec<f64> = (0..=count)
            .map(|k| ((-0.1 - self.step_v * k as f64) * 1e4).round() / 1e4)
            .collect();
        if !self.falling {
            potential_v.reverse();
        }
        let current_a = potential_v.iter().map(|e| {
            let peak = (-((e + 0.3) / 0.05).powi(2)).exp();
            1e-6 * (0.30 + self.slope * (e + 0.3) + peak + 0.01 * (std::f64::consts::TAU * 37.0 * e).sin())
        });
        let current_a = current_a.collect();
        Sweep::new(potential_v, current_a).unwrap()
    }

    fn settings(&self) -> SwvSettings {
        SwvSettings {
            method: SwvMethod::Sacmes,
            range_v: self.range_v,
            savgol_window_mv: self.window_mv,
            ..SwvSettings::default()
        }
    }
}

#[test]
fn every_vector_is_reproduced() {
    for vector in &VECTORS {
        let found = swv::analyze(&vector.sweep(), &vector.settings());
        let (height, area) = (1e6 * found.peak_current_a.unwrap(), 1e6 * found.area_va.unwrap());
        println!(
            "{} {:>4} mV: height {height:.6} ({:.6}), area {area:.9} ({:.9})",
            vector.id, vector.window_mv, vector.height_ua, vector.area_uav
        );
        assert!((height - vector.height_ua).abs() <= 1e-5, "{}: {height}", vector.id);
        assert!((area - vector.area_uav).abs() <= 1e-8, "{}: {area}", vector.id);
        assert_eq!(
            (found.points, found.filters.savgol_window),
            (vector.points, Some(vector.window)),
            "{}",
            vector.id
        );
        assert_eq!(
            (found.status, found.reason, found.quality),
            (SwvStatus::Ok, None, Quality::Pass)
        );
        assert_eq!((found.fwhm_v, found.snr, found.polarity), (None, None, None));
        assert!((found.peak_potential_v.unwrap() + 0.3).abs() < 0.006, "{found:?}");
    }
}

#[test]
fn the_smoothed_sweep_is_reproduced() {
    let vector = &VECTORS[0];
    let (found, curves) = swv::analyze_with_curves(&vector.sweep(), &vector.settings());
    // In ascending potential: the last recorded point comes first.
    for (at, expected) in [(400, 0.410037737), (200, 1.293635534), (0, 0.199784919)] {
        assert!(
            (1e6 * curves.smoothed_a[at] - expected).abs() <= 1e-8,
            "{at}: {}",
            curves.smoothed_a[at]
        );
    }
    let (low, high) = curves
        .fit_a
        .iter()
        .fold((f64::MAX, f64::MIN), |(low, high), a| (low.min(*a), high.max(*a)));
    assert!((found.peak_current_a.unwrap() - (high - low)).abs() < 1e-18);
    assert!(curves.baseline_a.iter().all(|a| (a - low).abs() < 1e-18));
}

#[test]
fn smoothing_in_points_is_not_looked_at_and_off_is_off() {
    let vector = &VECTORS[0];
    let with = |savgol| {
        swv::analyze(
            &vector.sweep(),
            &SwvSettings {
                savgol,
                ..vector.settings()
            },
        )
    };
    assert_eq!(
        with(SavitzkyGolay::Manual { window: 99, degree: 4 }),
        with(SavitzkyGolay::Auto)
    );
    let off = with(SavitzkyGolay::Off);
    assert_eq!(off.filters.savgol_window, None);
    assert!(off.peak_current_a.unwrap() > with(SavitzkyGolay::Auto).peak_current_a.unwrap());
}

#[test]
fn points_at_zero_volt_cost_as_many_points_at_the_end_only_if_asked() {
    let potential_v: Vec<f64> = (-20..=20).map(|k| f64::from(k) / 100.0).collect();
    let current_a = potential_v.iter().map(|v| 1e-6 * (-(v / 0.05).powi(2)).exp()).collect();
    let sweep = Sweep::new(potential_v, current_a).unwrap();
    let settings = SwvSettings {
        method: SwvMethod::Sacmes,
        ..SwvSettings::default()
    };
    let as_it_should = swv::analyze(&sweep, &settings);
    let as_it_did = swv::analyze(
        &sweep,
        &SwvSettings {
            zero_volt_truncation: true,
            ..settings
        },
    );
    assert_eq!((as_it_should.points, as_it_did.points), (41, 40));
    let zero = Sweep::new(vec![0.0; 3], vec![1e-6; 3]).unwrap();
    let nothing = swv::analyze(
        &zero,
        &SwvSettings {
            zero_volt_truncation: true,
            ..settings
        },
    );
    assert_eq!(nothing.reason, Some(SwvReason::NothingLeftAfterTrim));
}

#[test]
fn what_it_cannot_compute_has_a_reason() {
    let of = |points: usize, current: &dyn Fn(usize) -> f64, range_v| {
        let potential_v = (0..points).map(|k| 0.005 * k as f64).collect();
        let sweep = Sweep::new(potential_v, (0..points).map(current).collect()).unwrap();
        swv::analyze(
            &sweep,
            &SwvSettings {
                method: SwvMethod::Sacmes,
                range_v,
                ..SwvSettings::default()
            },
        )
    };
    let peak = |k: usize| 1e-6 * (-((k as f64 - 20.0) / 5.0).powi(2)).exp();
    assert_eq!(of(0, &peak, None).reason, Some(SwvReason::NoPoints));
    assert_eq!(of(2, &peak, None).reason, Some(SwvReason::TooShortForSmoothing));
    assert_eq!(of(41, &peak, Some((0.0, 0.001))).reason, Some(SwvReason::TooFewPoints));
    assert_eq!(of(41, &peak, Some((1.0, 2.0))).reason, Some(SwvReason::NoPointsInRange));
    let flat = of(41, &|_| 1e-6, None);
    assert_eq!((flat.reason, flat.quality), (Some(SwvReason::FlatTrace), Quality::Fail));
    assert!(flat.peak_current_a.unwrap() < 1e-18);
    let holed = of(41, &|k| if k == 3 { f64::NAN } else { peak(k) }, None);
    assert_eq!(
        (holed.reason, holed.ignored_points),
        (Some(SwvReason::NonFinitePoints), 1)
    );
    assert!(holed.peak_current_a.unwrap() > 0.9e-6);
}

#[test]
fn a_peak_at_an_end_of_the_range_is_a_warning_in_both_compatible_methods() {
    let potential_v: Vec<f64> = (0..81).map(|k| -0.4 + 0.005 * f64::from(k)).collect();
    let current_a = potential_v.iter().map(|v| -1e-6 + 1e-6 * (v / 0.1).exp()).collect();
    let sweep = Sweep::new(potential_v, current_a).unwrap();
    let of = |method| {
        swv::analyze(
            &sweep,
            &SwvSettings {
                method,
                ..SwvSettings::default()
            },
        )
    };
    let desktop = of(SwvMethod::Sacmes);
    assert_eq!(
        (desktop.status, desktop.reason, desktop.quality),
        (SwvStatus::Warning, Some(SwvReason::PeakAtEdge), Quality::Warning)
    );
    assert!(desktop.peak_current_a.is_some(), "the number stays");
    let web = of(SwvMethod::SacmesWeb);
    assert_eq!(
        (web.status, web.fwhm_v),
        (SwvStatus::Warning, None),
        "never a width of 0"
    );
}
