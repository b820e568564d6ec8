//! `tangent`: segments that survive jitter, the baseline that suits the couple, peaks with sub-sample precision.

use crate::sweep::Sweep;
use crate::swv::{Polarity, PolarityChoice, Quality};

use super::analysis::{CvAnalysis, CvCurves, CvProbe, CvSegmentResult, CvStatus};
use super::chosen::{self, Chosen};
use super::convention::{self, SignConvention};
use super::narrow;
use super::pairs;
use super::peak::{Drawn, Peak};
use super::points::Points;
use super::reason::CvReason;
use super::segments::{self, CvDirection, PotentialSweep, Segment};
use super::settings::{ConventionChoice, CvSettings, MassTransport};
use super::{FARADAY_C_MOL, solution, surface};

/// A peak without reservation and with this signal to noise ratio passes.
const GOOD_SNR: f64 = 10.0;

/// Analyses one voltammogram; with `curves` also what is needed to draw it.
pub(super) fn analyze(
    sweep: &Sweep,
    cycles: Option<&[u32]>,
    settings: &CvSettings,
    mut curves: Option<&mut Vec<CvCurves>>,
) -> CvAnalysis {
    if sweep.is_empty() {
        return CvAnalysis::failed(CvReason::NoPoints, Vec::new());
    }
    let segments = segments::find(sweep.potential_v(), cycles);
    if segments.is_empty() {
        let nothing = !sweep.potential_v().iter().any(|potential| potential.is_finite());
        let reason = if nothing {
            CvReason::NoFinitePoints
        } else {
            CvReason::NoSweep
        };
        return CvAnalysis::failed(reason, segments);
    }
    let Chosen {
        segments: chosen,
        by_user,
    } = match chosen::choose(&segments, settings) {
        Ok(chosen) => chosen,
        Err(reason) => return CvAnalysis::failed(reason, segments),
    };
    let points: Vec<Points> = segments.iter().map(|segment| Points::of(sweep, segment)).collect();
    let set = match settings.convention {
        ConventionChoice::AnodicPositive => Some(SignConvention::AnodicPositive),
        ConventionChoice::CathodicPositive => Some(SignConvention::CathodicPositive),
        ConventionChoice::Auto => convention::detect(&segments, &points),
    };

    let mut peaks: Vec<Option<Peak>> = Vec::with_capacity(chosen.len());
    let mut results = Vec::with_capacity(chosen.len());
    for &(at, direction) in &chosen {
        let segment = &segments[at];
        let looked_at = points[at].within(settings.range_v);
        let found = looked_at
            .as_ref()
            .map_err(|reason| *reason)
            .and_then(|points| narrow::without_spikes(points, |points| measure(points, segment.sweep, set, settings)));
        let result = match &found {
            Ok((peak, _)) => describe(peak, segment, direction, settings),
            Err(reason) if unusable(*reason) => CvSegmentResult::failed(segment, direction, *reason),
            Err(reason) => CvSegmentResult::without_peak(segment, direction, *reason),
        };
        let not_finite = points[at].not_finite;
        let mut result = CvSegmentResult {
            probes: probes(&points[at], &settings.probes_v),
            points: looked_at.as_ref().map_or(0, Points::len),
            ignored_points: result.ignored_points + not_finite,
            ..result
        };
        if not_finite > 0 && result.status == CvStatus::Ok {
            result.status = CvStatus::Warning;
            result.reason = Some(CvReason::NonFinitePoints);
            result.quality = Quality::Warning;
        }
        let result = result.finite();
        if let (Some(curves), Ok(points)) = (curves.as_deref_mut(), looked_at) {
            let drawn = found.as_ref().ok().map(|(_, drawn)| drawn.clone());
            curves.push(draw(segment, points, drawn.unwrap_or_default()));
        }
        // A peak whose numbers overflowed is none.
        peaks.push(
            found
                .ok()
                .map(|(peak, _)| peak)
                .filter(|_| result.peak_current_a.is_some()),
        );
        results.push(result);
    }

    // A single sweep: the peak itself says what the convention is, if sweeps make the peaks that they should.
    let convention = set.or_else(|| by_peaks(&results));
    for result in &mut results {
        result.kind = convention
            .zip(result.polarity)
            .map(|(convention, polarity)| convention.kind(polarity));
    }
    let pairs = pairs::find(&pairs::Analysed {
        segments: &segments,
        points: &points,
        chosen: &chosen,
        by_user,
        peaks: &peaks,
        convention,
        mass_transport: settings.mass_transport,
    });
    let mut reasons = Vec::new();
    if points.iter().any(|points| points.not_finite > 0) {
        reasons.push(CvReason::NonFinitePoints);
    }
    if cycles.is_some_and(|cycles| cycles.len() != sweep.len()) {
        reasons.push(CvReason::CyclesCounted);
    }
    if settings.known_scan_rate().is_none() {
        reasons.push(CvReason::NoScanRate);
    }
    if settings.mass_transport == MassTransport::Surface && settings.known_area().is_none() {
        reasons.push(CvReason::NoElectrodeArea);
    }
    if convention.is_none() {
        reasons.push(CvReason::ConventionUnknown);
    }
    CvAnalysis {
        status: CvStatus::Ok,
        reason: None,
        reasons,
        convention,
        segments,
        results,
        pairs,
    }
}

/// The peak of one segment: of the polarity that was asked for or that the direction makes, else the higher one.
fn measure(
    points: &Points,
    sweep: PotentialSweep,
    convention: Option<SignConvention>,
    settings: &CvSettings,
) -> Result<(Peak, Drawn), CvReason> {
    let polarity = match (settings.polarity, convention) {
        (PolarityChoice::Auto, Some(convention)) => match convention.expected(sweep) {
            Polarity::Up => PolarityChoice::Up,
            Polarity::Down => PolarityChoice::Down,
        },
        (choice, _) => choice,
    };
    match settings.mass_transport {
        MassTransport::Surface => surface::measure(points, sweep, polarity, settings),
        MassTransport::Solution => {
            let one = |polarity| solution::measure(points, sweep, polarity, settings);
            match polarity {
                PolarityChoice::Up => one(Polarity::Up),
                PolarityChoice::Down => one(Polarity::Down),
                PolarityChoice::Auto => match (one(Polarity::Up), one(Polarity::Down)) {
                    (Ok(up), Ok(down)) => Ok(if up.0.height_a >= down.0.height_a { up } else { down }),
                    (Ok(found), Err(_)) | (Err(_), Ok(found)) => Ok(found),
                    (Err(reason), Err(_)) => Err(reason),
                },
            }
        }
    }
}

/// Whether a reason means that the segment could not be used at all, rather than that it has no peak.
fn unusable(reason: CvReason) -> bool {
    matches!(
        reason,
        CvReason::NoFinitePoints | CvReason::NoPointsInRange | CvReason::TooFewPoints | CvReason::NotComputable
    )
}

fn describe(peak: &Peak, segment: &Segment, direction: CvDirection, settings: &CvSettings) -> CvSegmentResult {
    let sign = peak.polarity.sign();
    let area_va = sign * peak.area_va;
    let charge_c = settings.known_scan_rate().map(|scan_rate| area_va / scan_rate);
    let coverage = match settings.mass_transport {
        MassTransport::Surface => charge_c
            .zip(settings.known_area())
            .map(|(charge, area)| charge.abs() / (f64::from(settings.electrons.max(1)) * FARADAY_C_MOL * area)),
        MassTransport::Solution => None,
    };
    CvSegmentResult {
        status: if peak.reservation.is_some() {
            CvStatus::Warning
        } else {
            CvStatus::Ok
        },
        reason: peak.reservation,
        polarity: Some(peak.polarity),
        peak_current_a: Some(sign * peak.height_a),
        peak_potential_v: Some(peak.potential_v),
        baseline_current_a: Some(peak.baseline_a),
        half_peak_potential_v: peak.half_peak_v,
        peak_width_v: peak.width_v,
        area_va: Some(area_va),
        charge_c,
        surface_coverage_mol_m2: coverage,
        snr: Some(peak.snr),
        quality: if peak.reservation.is_none() && peak.snr >= GOOD_SNR {
            Quality::Pass
        } else {
            Quality::Warning
        },
        filters: peak.filters,
        ignored_points: peak.ignored,
        ..CvSegmentResult::without_peak(segment, direction, CvReason::NoPeak)
    }
}

/// The convention under which most peaks are anodic on rising and cathodic on falling sweeps.
fn by_peaks(results: &[CvSegmentResult]) -> Option<SignConvention> {
    let votes: f64 = results
        .iter()
        .filter_map(|result| Some(result.polarity?.sign() * result.sweep.sign()))
        .sum();
    if votes == 0.0 {
        return None;
    }
    Some(if votes > 0.0 {
        SignConvention::AnodicPositive
    } else {
        SignConvention::CathodicPositive
    })
}

fn probes(points: &Points, probes_v: &[f64]) -> Vec<CvProbe> {
    probes_v
        .iter()
        .map(|&potential_v| CvProbe {
            potential_v,
            current_a: points.current_at(potential_v),
        })
        .collect()
}

fn draw(segment: &Segment, points: Points, drawn: Drawn) -> CvCurves {
    let ordered = |mut values: Vec<f64>| {
        if segment.sweep == PotentialSweep::Falling {
            values.reverse();
        }
        values
    };
    let smoothed_a = if drawn.smoothed_a.is_empty() {
        points.current_a.clone()
    } else {
        drawn.smoothed_a
    };
    let mut baseline_from_v = drawn.from_v;
    if segment.sweep == PotentialSweep::Falling {
        baseline_from_v.reverse();
    }
    CvCurves {
        segment: segment.number,
        potential_v: ordered(points.potential_v),
        raw_a: ordered(points.current_a),
        smoothed_a: ordered(smoothed_a),
        baseline_a: ordered(drawn.baseline_a),
        baseline_from_v,
    }
}
