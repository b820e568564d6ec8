//! How far the KDM of a series is from the truth, when its peaks are measured by a method.

use voltammetry::swv::{self, SwvMethod, SwvSettings};
use voltammetry::trend::{Reference, TrendInput, TrendPoint, TrendSettings, trends};

use super::synthetic::{Truth, median};

/// Scans of a series; the first is the reference.
const SCANS: u32 = 9;
/// What the target adds at the signal-on frequency and takes at the signal-off frequency, at saturation.
const GAINS: [f64; 2] = [0.6, -0.2];
/// Height at the signal-off (low) frequency, of that at the other.
const LOW_OF_HIGH: f64 = 0.4;
/// Part of the signal that is lost at both frequencies from the first to the last scan.
const LOSS: f64 = 0.15;
/// How far the peak wanders from scan to scan, in steps.
const WANDER_STEPS: f64 = 0.23;

/// Errors of KDM (difference form) in percentage points; the truth runs from 100 to 168 of them.
#[derive(Debug)]
pub struct KdmErrors {
    /// Median |error| over scans and series.
    pub size: f64,
    /// Mean error.
    pub bias: f64,
    /// KDM numbers over all that there should be.
    pub found: usize,
    pub of: usize,
}

/// Series of two frequencies on the background of `truth`, each with its own noise.
///
/// The target saturates along the series while both frequencies lose signal. The background, its slope and its bend are
/// those of `truth` at the high frequency, and smaller in the ratio of the heights at the low one; they stay as they are while
/// the peaks change. The noise is the same at both.
pub fn kdm_errors(truth: Truth, method: SwvMethod, series: u64) -> KdmErrors {
    let settings = SwvSettings {
        method,
        ..SwvSettings::default()
    };
    let true_kdm = kdm_of(|scan| Some([height(scan, 1), height(scan, 0)]));
    let mut errors = Vec::new();
    for number in 0..series {
        let measured = kdm_of(|scan| {
            let peak = |frequency: usize| {
                let seed = 1 + 2 * (number * u64::from(SCANS) + u64::from(scan)) + frequency as u64;
                let sweep = Truth {
                    seed,
                    ..at(truth, scan, frequency)
                }
                .sweep();
                swv::analyze(&sweep, &settings).peak_current_a
            };
            Some([peak(1)?, peak(0)?])
        });
        // The reference is 100 by definition.
        let pairs = measured.iter().zip(&true_kdm).skip(1);
        errors.extend(pairs.filter_map(|(found, truth)| Some(found.kdm? - truth.kdm?)));
    }
    let of = (SCANS as usize - 1) * series as usize;
    if errors.is_empty() {
        return KdmErrors {
            size: f64::NAN,
            bias: f64::NAN,
            found: 0,
            of,
        };
    }
    KdmErrors {
        bias: errors.iter().sum::<f64>() / errors.len() as f64,
        size: median(&mut errors.iter().map(|error| error.abs()).collect::<Vec<f64>>()),
        found: errors.len(),
        of,
    }
}

/// KDM of heights at the low and the high frequency, normalised to the first scan.
fn kdm_of(heights: impl Fn(u32) -> Option<[f64; 2]>) -> Vec<TrendPoint> {
    let points: Vec<TrendInput> = (0..SCANS)
        .map(|scan| {
            let pair = heights(scan);
            TrendInput {
                index: scan + 1,
                x: f64::from(scan),
                low: pair.map(|[low, _]| low),
                high: pair.map(|[_, high]| high),
            }
        })
        .collect();
    let reference = Reference::At {
        low: points[0].low,
        high: points[0].high,
    };
    trends(&points, reference, &TrendSettings::default())
}

/// Height at one of the two frequencies (0 high, 1 low), of that of the first scan at the high one.
fn height(scan: u32, frequency: usize) -> f64 {
    let progress = f64::from(scan) / f64::from(SCANS - 1);
    // Half of the sites are taken after a third of the series.
    let bound = 4.0 / 3.0 * progress / (progress + 1.0 / 3.0);
    let scale = if frequency == 1 { LOW_OF_HIGH } else { 1.0 };
    scale * (1.0 - LOSS * progress) * (1.0 + GAINS[frequency] * bound)
}

fn at(truth: Truth, scan: u32, frequency: usize) -> Truth {
    let scale = if frequency == 1 { LOW_OF_HIGH } else { 1.0 };
    Truth {
        height_a: truth.height_a * height(scan, frequency),
        potential_v: truth.potential_v + WANDER_STEPS * truth.step_v * f64::from(scan),
        offset_a: scale * truth.offset_a,
        slope_a_v: scale * truth.slope_a_v,
        bend_a_v2: scale * truth.bend_a_v2,
        ..truth
    }
}
