//! Single bad points in a cyclic voltammogram are no peaks of a couple.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and print what they compare"
)]

mod evidence;

use evidence::couples::{Couple, CvTruth};
use voltammetry::Sweep;
use voltammetry::cv::{self, CvAnalysis, CvReason, CvSegmentResult, CvSettings, CvStatus, MassTransport};

/// Of the width at half height, or of twice the rising half, in mV.
fn width_mv(result: &CvSegmentResult) -> Option<f64> {
    let peak_v = result.peak_potential_v?;
    let rise_v = result.half_peak_potential_v.map(|half_v| 2.0 * (half_v - peak_v).abs());
    result.peak_width_v.or(rise_v).map(|width_v| 1e3 * width_v)
}

fn analyze(truth: &CvTruth, spoil: impl Fn(&mut [f64])) -> CvAnalysis {
    let (x, mut y) = truth.sweep().into_parts();
    spoil(&mut y);
    let settings = CvSettings {
        scan_rate_v_s: Some(0.1),
        mass_transport: match truth.couple {
            Couple::Surface => MassTransport::Surface,
            Couple::Solution => MassTransport::Solution,
        },
        electrons: truth.electrons,
        ..CvSettings::default()
    };
    cv::analyze(&Sweep::new(x, y).unwrap(), None, &settings)
}

#[test]
fn a_spike_of_one_or_two_points_is_never_paired_as_a_peak_with_status_ok() {
    let (mut spikes, mut said, mut taken) = (0, 0, 0);
    for couple in [Couple::Surface, Couple::Solution] {
        for height_a in [0.0, 1e-7, 1e-6] {
            for (step_v, noise_a) in [(0.001, 0.0), (0.002, 2e-9), (0.005, 1e-8), (0.01, 1e-8)] {
                for size_a in [3e-8, 1e-7, 1e-6, 1e-5] {
                    for place in [0.01, 0.06, 0.25, 0.4, 0.6, 0.85, 0.97, 0.99] {
                        for (points, sign) in [(1, 1.0), (2, 1.0), (1, -1.0), (2, -1.0)] {
                            let truth = CvTruth {
                                step_v,
                                height_a,
                                noise_a,
                                ..CvTruth::new(couple)
                            };
                            let found = analyze(&truth, |y| {
                                let at = (place * (y.len() / 2) as f64) as usize;
                                y[at..at + points]
                                    .iter_mut()
                                    .for_each(|current| *current += sign * size_a);
                            });
                            spikes += 1;
                            for result in &found.results {
                                // 90.6 mV for one electron; half of it for four.
                                if width_mv(result).is_some_and(|width| width < 11.3) {
                                    taken += 1;
                                    said += usize::from(result.reason == Some(CvReason::NarrowPeak));
                                    assert_ne!(result.status, CvStatus::Ok, "{truth:?} {size_a} {place}: {result:?}");
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    println!("{spikes} spikes, {taken} too narrow peaks left, {said} of them said to be narrow");
    assert!(taken * 200 < spikes, "{taken} of {spikes}");
}

#[test]
fn narrow_couples_of_several_electrons_are_peaks() {
    for (electrons, step_v) in [(1, 0.01), (2, 0.005), (4, 0.002), (4, 0.001)] {
        for couple in [Couple::Surface, Couple::Solution] {
            let truth = CvTruth {
                electrons,
                step_v,
                noise_a: 2e-9,
                ..CvTruth::new(couple)
            };
            let found = analyze(&truth, |_| ());
            for result in &found.results {
                assert_eq!(
                    (result.status, result.reason),
                    (CvStatus::Ok, None),
                    "{truth:?}: {result:?}"
                );
            }
        }
    }
}

#[test]
fn a_peak_that_too_few_points_show_is_said() {
    let truth = CvTruth {
        electrons: 4,
        step_v: 0.01,
        ..CvTruth::new(Couple::Surface)
    };
    let found = analyze(&truth, |_| ());
    let narrow = found
        .results
        .iter()
        .filter(|result| result.reason == Some(CvReason::NarrowPeak));
    assert_eq!(narrow.count(), 2, "{:?}", found.results);
    assert!(found.pairs[0].peak_separation_v.is_some());
}
