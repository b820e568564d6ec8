//! `sacmes-web`: CV as the earlier web application `SACMES_Web` computes it, number for number.
//!
//! For series that were begun with that program. Its weaknesses are kept on purpose: jitter of the potential cuts
//! sweeps into pieces; the peak is the sample that is furthest from the baseline, ends included; the charge is the
//! integral of the absolute current and negative on falling sweeps; probes are read from the two halves of the file, not
//! from the segments; `half_peak_potential_v` is the middle of the width. `docs/methods/cv.md` lists them. New work should use the method
//! `tangent`.
//!
//! Only segments with finite numbers are looked at: that program passed numbers that are not finite into every result.

mod peak;
mod probes;
mod segments;

use crate::sweep::Sweep;

use super::analysis::{CvAnalysis, CvCurves, CvPair, CvSegmentResult, CvStatus};
use super::reason::CvReason;
use super::segments::CvDirection;
use super::settings::CvSettings;

/// What that program takes where no scan rate is given (V/s).
const ASSUMED_SCAN_RATE: f64 = 0.1;

/// Analyses one voltammogram; with `curves` also what is needed to draw it.
pub(super) fn analyze(
    sweep: &Sweep,
    cycles: Option<&[u32]>,
    settings: &CvSettings,
    mut curves: Option<&mut Vec<CvCurves>>,
) -> CvAnalysis {
    let finite: Vec<usize> = (0..sweep.len())
        .filter(|&k| sweep.potential_v()[k].is_finite() && sweep.current_a()[k].is_finite())
        .collect();
    if finite.is_empty() {
        let reason = if sweep.is_empty() {
            CvReason::NoPoints
        } else {
            CvReason::NoFinitePoints
        };
        return CvAnalysis::failed(reason, Vec::new());
    }
    let v: Vec<f64> = finite.iter().map(|&k| sweep.potential_v()[k]).collect();
    let i: Vec<f64> = finite.iter().map(|&k| sweep.current_a()[k]).collect();
    let found = segments::find(&v);
    if found.is_empty() {
        return CvAnalysis::failed(CvReason::NoSweep, Vec::new());
    }
    let described = segments::describe(&found, &v, &finite, cycles.filter(|cycles| cycles.len() == sweep.len()));

    let mut reasons = Vec::new();
    if finite.len() < sweep.len() {
        reasons.push(CvReason::NonFinitePoints);
    }
    if settings.known_scan_rate().is_none() {
        reasons.push(CvReason::ScanRateAssumed);
    }
    let scan_rate = settings.known_scan_rate().unwrap_or(ASSUMED_SCAN_RATE);
    let mut results = Vec::with_capacity(2);
    for (direction, at) in chosen(settings, found.len()) {
        let (segment, piece) = (&described[at], &found[at]);
        let probes = probes::read(&v, &i, direction, settings);
        let analysed = peak::analyze(&v[piece.range()], &i[piece.range()], settings, scan_rate);
        let result = match analysed {
            Err(reason) => CvSegmentResult::failed(segment, direction, reason),
            Ok((peak, drawn)) => {
                if let Some(curves) = curves.as_deref_mut() {
                    curves.push(CvCurves {
                        segment: segment.number,
                        ..drawn
                    });
                }
                CvSegmentResult {
                    segment: segment.number,
                    cycle: segment.cycle,
                    direction,
                    sweep: segment.sweep,
                    ..peak
                }
            }
        };
        results.push(CvSegmentResult { probes, ..result }.finite());
    }
    CvAnalysis {
        status: CvStatus::Ok,
        reason: None,
        reasons,
        convention: None,
        segments: described,
        pairs: pair(&results).into_iter().collect(),
        results,
    }
}

/// The two segments that stand for forward and reverse: those given where they exist, else the first and the second.
fn chosen(settings: &CvSettings, count: usize) -> Vec<(CvDirection, usize)> {
    let given = |number: Option<u32>| number.map(|n| n as usize).filter(|n| (1..=count).contains(n));
    let forward = given(settings.forward_segment).unwrap_or(1);
    let reverse = given(settings.reverse_segment).unwrap_or(count.min(2));
    vec![(CvDirection::Forward, forward - 1), (CvDirection::Reverse, reverse - 1)]
}

/// That program knows the separation only; the other fields of the pair do not exist there.
fn pair(results: &[CvSegmentResult]) -> Option<CvPair> {
    let [forward, reverse] = results else { return None };
    let separation = forward
        .peak_potential_v
        .zip(reverse.peak_potential_v)
        .map(|(a, b)| (a - b).abs());
    Some(CvPair {
        forward_segment: forward.segment,
        reverse_segment: reverse.segment,
        cycle: reverse.cycle,
        reason: separation.is_none().then_some(CvReason::PeakMissing),
        peak_separation_v: separation,
        half_wave_potential_v: None,
        peak_ratio: None,
        nicholson_ratio: None,
        hysteresis: None,
    })
}
