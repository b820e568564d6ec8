//! Measuring cyclic voltammograms: one measurement for each analysed segment.

use instrument::recording::Recording;
use protocol::measurement::{CvNumbers, Direction, Measurement, PeakProcess, Probe, Status};
use voltammetry::Sweep;
use voltammetry::cv::{self, CvAnalysis, CvDirection, CvReason, CvSegmentResult, CvSettings, PeakKind};

use super::add_reservations;
use super::swv::{polarity, quality, status};

/// The settings with the file's scan rate, where they leave it to the file.
pub fn for_file(settings: &CvSettings, recording: &Recording) -> CvSettings {
    CvSettings {
        scan_rate_v_s: settings.scan_rate_v_s.or(recording.scan_rate_v_s),
        ..settings.clone()
    }
}

/// Measures one voltammogram.
pub fn measure(
    place: &Measurement,
    sweep: &Sweep,
    cycles: Option<&[u32]>,
    settings: &CvSettings,
    recording: &Recording,
) -> Vec<Measurement> {
    let settings = for_file(settings, recording);
    let analysis = cv::analyze(sweep, cycles, &settings);
    if analysis.results.is_empty() {
        let reason = analysis.reason;
        return vec![Measurement {
            status: Status::Failed,
            reason: Some(reason.map_or("no_segments", |r| r.code()).to_owned()),
            message: Some(
                reason
                    .map_or("There is nothing to analyse.", |r| r.message())
                    .to_owned(),
            ),
            ..place.clone()
        }];
    }
    let of_segment = |result: &CvSegmentResult| {
        let mut measurement = of_segment(place, &analysis, result, settings.scan_rate_v_s);
        add_scan_rate(&mut measurement, &analysis);
        add_reservations(&mut measurement, recording);
        measurement
    };
    analysis.results.iter().map(of_segment).collect()
}

/// Says why there is no charge, and of a charge that it rests on a scan rate which nobody stated.
fn add_scan_rate(measurement: &mut Measurement, analysis: &CvAnalysis) {
    let unknown = |reason: &&CvReason| matches!(reason, CvReason::NoScanRate | CvReason::ScanRateAssumed);
    let Some(reason) = analysis.reasons.iter().find(unknown) else {
        return;
    };
    if *reason == CvReason::ScanRateAssumed && measurement.reason.is_none() {
        measurement.status = Status::Warning;
        measurement.reason = Some(reason.code().to_owned());
    }
    let sentence = format!("{} {}", reason.message(), reason.hint());
    measurement.message = Some(match measurement.message.take() {
        Some(before) => format!("{before} {sentence}"),
        None => sentence,
    });
}

fn of_segment(
    place: &Measurement,
    analysis: &CvAnalysis,
    result: &CvSegmentResult,
    scan_rate_v_s: Option<f64>,
) -> Measurement {
    let pair = analysis.pair_of(result.segment);
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    let probe = |probe: &cv::CvProbe| Probe {
        potential_v: probe.potential_v,
        current_a: finite(probe.current_a),
    };
    Measurement {
        status: status(result.status),
        reason: result.reason.map(|r| r.code().to_owned()),
        message: result.reason.map(|r| r.message().to_owned()),
        peak_current_a: finite(result.peak_current_a),
        peak_potential_v: finite(result.peak_potential_v),
        baseline_current_a: finite(result.baseline_current_a),
        area_va: finite(result.area_va),
        charge_c: finite(result.charge_c),
        fwhm_v: finite(result.peak_width_v),
        snr: finite(result.snr),
        polarity: result.polarity.map(polarity),
        quality: Some(quality(result.quality)),
        cv: Some(CvNumbers {
            direction: match result.direction {
                CvDirection::Forward => Direction::Forward,
                CvDirection::Reverse => Direction::Reverse,
            },
            segment: result.segment,
            cycle: Some(result.cycle),
            process: result.kind.map(|kind| match kind {
                PeakKind::Anodic => PeakProcess::Anodic,
                PeakKind::Cathodic => PeakProcess::Cathodic,
            }),
            peak_separation_v: finite(pair.and_then(|pair| pair.peak_separation_v)),
            half_wave_potential_v: finite(pair.and_then(|pair| pair.half_wave_potential_v)),
            half_peak_potential_v: finite(result.half_peak_potential_v),
            peak_width_v: finite(result.peak_width_v),
            peak_ratio: finite(pair.and_then(|pair| pair.peak_ratio)),
            surface_coverage_mol_m2: finite(result.surface_coverage_mol_m2),
            hysteresis_va: finite(pair.and_then(|pair| pair.hysteresis).map(|h| h.area_va)),
            scan_rate_v_s,
            probes: result.probes.iter().map(probe).collect(),
        }),
        ..place.clone()
    }
}
