//! Quality metrics of the compatible method.

use crate::sums::{largest, sum2};
use crate::swv::analysis::{Quality, QualityMetrics};

/// Compares the raw with the filtered currents.
///
/// `snr_improvement` = SD of the raw steps / SD of the filtered steps (1 if either is 0); `peak_retention` =
/// max |filtered| / max |raw| (1 if that is 0); `residual` = SD of the difference / range of the raw currents (0 if that
/// is 0). SD is the population's.
pub(super) fn metrics(raw: &[f64], filtered: &[f64]) -> QualityMetrics {
    let steps = |values: &[f64]| deviation(values.get(1..).unwrap_or(&[]), values);
    let (raw_steps, filtered_steps) = (steps(raw), steps(filtered));
    let snr_improvement = if raw_steps == 0.0 || filtered_steps == 0.0 {
        1.0
    } else {
        raw_steps / filtered_steps
    };

    let largest_raw = largest(raw);
    let peak_retention = if largest_raw == 0.0 {
        1.0
    } else {
        largest(filtered) / largest_raw
    };

    let low = raw.iter().copied().fold(f64::INFINITY, f64::min);
    let high = raw.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let difference = deviation(raw, filtered);
    let residual = if high > low { difference / (high - low) } else { 0.0 };
    QualityMetrics {
        snr_improvement,
        peak_retention,
        residual,
    }
}

/// Two good metrics of three pass; two good or tolerable ones warn.
pub(super) fn verdict(metrics: &QualityMetrics) -> Quality {
    let good = [
        metrics.snr_improvement >= 1.2,
        metrics.peak_retention >= 0.95,
        metrics.residual <= 0.1,
    ];
    let tolerable = [
        metrics.snr_improvement >= 1.05,
        metrics.peak_retention >= 0.90,
        metrics.residual <= 0.2,
    ];
    let count = |passed: [bool; 3]| passed.into_iter().filter(|passed| *passed).count();
    if count(good) >= 2 {
        Quality::Pass
    } else if count(tolerable) >= 2 {
        Quality::Warning
    } else {
        Quality::Fail
    }
}

/// Population standard deviation of the differences `a - b`, over the length of the shorter slice.
fn deviation(a: &[f64], b: &[f64]) -> f64 {
    let count = a.len().min(b.len());
    if count == 0 {
        return 0.0;
    }
    let (a, b) = (&a[..count], &b[..count]);
    let mean = sum2(a, b, |a, b| a - b) / count as f64;
    let squares = sum2(a, b, |a, b| {
        let apart = (a - b) - mean;
        apart * apart
    });
    (squares / count as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unchanged_data_pass_and_lost_peaks_fail() {
        let raw = [0.0, 1.0, 4.0, 1.0, 0.0];
        let same = metrics(&raw, &raw);
        assert_eq!(
            same,
            QualityMetrics {
                snr_improvement: 1.0,
                peak_retention: 1.0,
                residual: 0.0
            }
        );
        assert_eq!(verdict(&same), Quality::Pass);
        let lost = metrics(&raw, &[1.0; 5]);
        assert_eq!(lost.snr_improvement, 1.0);
        assert_eq!(verdict(&lost), Quality::Fail);
        assert_eq!(
            verdict(&QualityMetrics {
                snr_improvement: 1.1,
                peak_retention: 0.92,
                residual: 0.3
            }),
            Quality::Warning
        );
    }

    #[test]
    fn constant_data_give_neutral_metrics() {
        let constant = metrics(&[0.0; 4], &[0.0; 4]);
        assert_eq!(
            constant,
            QualityMetrics {
                snr_improvement: 1.0,
                peak_retention: 1.0,
                residual: 0.0
            }
        );
    }
}
