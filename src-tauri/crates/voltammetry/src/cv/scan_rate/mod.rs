//! How the peak depends on the scan rate, over several voltammograms.
//!
//! The peak of a surface-bound couple grows with the scan rate v, that of a diffusing couple with √v. Lines against
//! both say which describes the peaks better; the slope of log |i| against log v (1 or ½) says the same without an
//! intercept. From the slopes follow the surface coverage and, by Randles and Ševčík, the diffusion coefficient.

mod couple;
mod reason;

pub use couple::{Couple, Uncertain, diffusion_coefficient_m2_s, surface_coverage_mol_m2};
pub use reason::ScanRateReason;

use crate::statistics::{Line, f_upper_tail};

use super::convention::PeakKind;

/// Fewest different scan rates.
const FEWEST_RATES: usize = 3;

/// The highest scan rate is at least this many times the lowest.
const LEAST_SPREAD: f64 = 2.0;

/// Below this probability of chance one line counts as clearly better than the other.
const CLEAR: f64 = 0.05;

/// The peak of one voltammogram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScanRatePeak {
    /// Scan rate (V/s).
    pub scan_rate_v_s: f64,
    /// Anodic or cathodic.
    pub kind: PeakKind,
    /// Signed peak current above the baseline (A).
    pub peak_current_a: f64,
}

/// What limits the current.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Regime {
    /// The couple is bound to the surface: the peak grows with v.
    Surface,
    /// The couple diffuses to the electrode: the peak grows with √v.
    Diffusion,
}

impl Regime {
    /// `"surface"` or `"diffusion"`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Surface => "surface",
            Self::Diffusion => "diffusion",
        }
    }
}

/// How one kind of peak depends on the scan rate. Lines carry slope, intercept, their standard errors and R².
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScanRateStudy {
    /// Peak current (A) against v (V/s); slope in A s/V.
    pub against_rate: Line,
    /// Peak current (A) against √v; slope in A (s/V)^½.
    pub against_root: Line,
    /// log₁₀ |peak current| against log₁₀ v; the slope is 1 for a surface-bound, ½ for a diffusing couple.
    pub log_log: Line,
    /// The line that leaves the smaller residuals.
    pub better: Regime,
    /// Whether the other line's residuals are larger than chance explains (ratio of variances, F test, 5 %).
    pub clear: bool,
    /// Number of different scan rates.
    pub rates: usize,
    /// Peaks left out because peak or rate is not a finite number, the rate is not positive, or the peak is 0.
    pub ignored: usize,
}

/// Anodic and cathodic peaks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoupleStudy {
    /// Of the anodic peaks.
    pub anodic: Result<ScanRateStudy, ScanRateReason>,
    /// Of the cathodic peaks.
    pub cathodic: Result<ScanRateStudy, ScanRateReason>,
}

/// Studies the peaks of several voltammograms, in any order; peaks at the same rate count each.
pub fn study(peaks: &[ScanRatePeak]) -> CoupleStudy {
    CoupleStudy {
        anodic: study_kind(peaks, PeakKind::Anodic),
        cathodic: study_kind(peaks, PeakKind::Cathodic),
    }
}

fn study_kind(peaks: &[ScanRatePeak], kind: PeakKind) -> Result<ScanRateStudy, ScanRateReason> {
    let usable = |peak: &&ScanRatePeak| {
        let (rate, current) = (peak.scan_rate_v_s, peak.peak_current_a);
        rate.is_finite() && rate > 0.0 && current.is_finite() && current != 0.0
    };
    let of_kind: Vec<&ScanRatePeak> = peaks.iter().filter(|peak| peak.kind == kind).collect();
    let mut used: Vec<(f64, f64)> = of_kind
        .iter()
        .copied()
        .filter(usable)
        .map(|peak| (peak.scan_rate_v_s, peak.peak_current_a))
        .collect();
    used.sort_by(|a, b| a.0.total_cmp(&b.0));
    let rates = used.chunk_by(|a, b| a.0 == b.0).count();
    if rates < FEWEST_RATES {
        return Err(ScanRateReason::TooFewRates);
    }
    if used[used.len() - 1].0 < LEAST_SPREAD * used[0].0 {
        return Err(ScanRateReason::RatesTooClose);
    }
    if used.iter().any(|(_, current)| (*current > 0.0) != (used[0].1 > 0.0)) {
        return Err(ScanRateReason::MixedSigns);
    }
    let line = |map: &dyn Fn(f64, f64) -> (f64, f64)| {
        let line = Line::fit(used.iter().map(|(rate, current)| map(*rate, *current)))
            .map_err(|_| ScanRateReason::NotComputable)?;
        let numbers = [line.slope, line.intercept, line.residual_deviation.unwrap_or(0.0)];
        if numbers.iter().all(|number| number.is_finite()) {
            Ok(line)
        } else {
            Err(ScanRateReason::NotComputable)
        }
    };
    let against_rate = line(&|rate, current| (rate, current))?;
    let against_root = line(&|rate, current| (rate.sqrt(), current))?;
    let log_log = line(&|rate, current| (rate.log10(), current.abs().log10()))?;
    let residual = |line: &Line| line.residual_deviation.unwrap_or(0.0);
    let (by_rate, by_root) = (residual(&against_rate), residual(&against_root));
    let (better, less, more) = if by_rate < by_root {
        (Regime::Surface, by_rate, by_root)
    } else {
        (Regime::Diffusion, by_root, by_rate)
    };
    let freedom = used.len() - 2;
    let chance = if less > 0.0 {
        f_upper_tail((more / less).powi(2), freedom, freedom)
    } else {
        (more > 0.0).then_some(0.0)
    };
    Ok(ScanRateStudy {
        against_rate,
        against_root,
        log_log,
        better,
        clear: chance.is_some_and(|chance| chance < CLEAR),
        rates,
        ignored: of_kind.len() - used.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peaks(rates: &[f64], current: impl Fn(f64) -> f64) -> Vec<ScanRatePeak> {
        rates
            .iter()
            .map(|&scan_rate_v_s| ScanRatePeak {
                scan_rate_v_s,
                kind: PeakKind::Anodic,
                peak_current_a: current(scan_rate_v_s),
            })
            .collect()
    }

    const RATES: [f64; 6] = [0.02, 0.05, 0.1, 0.2, 0.5, 1.0];

    #[test]
    fn tells_surface_from_diffusion() {
        let surface = study(&peaks(&RATES, |v| -3e-6 * v - 1e-8)).anodic.unwrap();
        assert_eq!(
            (surface.better, surface.clear, surface.rates),
            (Regime::Surface, true, 6)
        );
        assert!((surface.against_rate.slope + 3e-6).abs() < 1e-15);
        assert!(surface.against_rate.r_squared.unwrap() > 1.0 - 1e-12);
        let diffusion = study(&peaks(&RATES, |v| 2e-6 * v.sqrt())).anodic.unwrap();
        assert_eq!((diffusion.better, diffusion.clear), (Regime::Diffusion, true));
        assert!((diffusion.log_log.slope - 0.5).abs() < 1e-12);
        assert!((diffusion.against_root.slope - 2e-6).abs() < 1e-15);
        // Half-way between the two neither is clearly better.
        let between = study(&peaks(&RATES, |v| 2e-6 * v.powf(0.73))).anodic.unwrap();
        assert!(!between.clear, "{between:?}");
    }

    #[test]
    fn refuses_what_says_nothing() {
        let reason = |peaks: &[ScanRatePeak]| study(peaks).anodic.unwrap_err();
        assert_eq!(reason(&[]), ScanRateReason::TooFewRates);
        assert_eq!(
            reason(&peaks(&[0.1, 0.1, 0.2, 0.2], |v| v)),
            ScanRateReason::TooFewRates
        );
        assert_eq!(reason(&peaks(&[0.1, 0.12, 0.15], |v| v)), ScanRateReason::RatesTooClose);
        assert_eq!(reason(&peaks(&RATES, |v| v - 0.3)), ScanRateReason::MixedSigns);
        let mut some = peaks(&RATES, |v| v);
        some[0].peak_current_a = f64::NAN;
        some[1].scan_rate_v_s = -0.1;
        let found = study(&some);
        assert_eq!(found.anodic.unwrap().ignored, 2);
        assert_eq!(found.cathodic, Err(ScanRateReason::TooFewRates));
    }
}
