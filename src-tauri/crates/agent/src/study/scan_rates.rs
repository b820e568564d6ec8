//! Peaks of cyclic voltammograms against their scan rates.

use std::collections::BTreeMap;

use protocol::measurement::{Measurement, PeakProcess};
use protocol::settings::{MassTransport, Settings};
use protocol::study::{Couple, LeftOut, RateLine, RatePeak, RateStudy, Regime, ScanRates};
use voltammetry::cv::PeakKind;
use voltammetry::cv::scan_rate::{
    self, Regime as BetterRegime, ScanRatePeak, ScanRateReason, ScanRateStudy, Uncertain, diffusion_coefficient_m2_s,
    surface_coverage_mol_m2,
};
use voltammetry::statistics::Line;

use super::{left_out, without_number};

/// 25 °C.
const ROOM_TEMPERATURE_K: f64 = 298.15;

/// A session, or a set of files, whose peaks are studied.
#[derive(Debug)]
pub struct RateSource {
    name: String,
    averaged: bool,
    /// Heights above the baseline of a bound couple, which is too high under a diffusing one.
    surface_baseline: bool,
    peaks: Vec<RatePeak>,
    left_out: Vec<LeftOut>,
}

/// Which peaks count, and the rates of files that state none.
#[derive(Debug, Clone, Default)]
pub struct ScanRateFacts {
    /// Scan rates (V/s) by file name; they win over what the file states.
    pub rates_v_s: BTreeMap<String, f64>,
    /// Only this cycle.
    pub cycle: Option<u32>,
}

impl RateSource {
    /// An empty source.
    pub fn new(name: &str, settings: &Settings) -> Self {
        Self {
            name: name.to_owned(),
            averaged: settings.electrodes.average,
            surface_baseline: settings.cv.mass_transport == MassTransport::Surface,
            peaks: Vec::new(),
            left_out: Vec::new(),
        }
    }

    /// Takes a measurement in.
    pub fn take(&mut self, m: &Measurement, facts: &ScanRateFacts) {
        match self.peak(m, facts) {
            Ok(Some(peak)) => self.peaks.push(peak),
            Ok(None) => {}
            Err(left_out) => self.left_out.push(*left_out),
        }
    }

    fn peak(&self, m: &Measurement, facts: &ScanRateFacts) -> Result<Option<RatePeak>, Box<LeftOut>> {
        let refuse = |reason: &str, message: &str| Err(Box::new(left_out(&self.name, m, reason, message)));
        let Some(cv) = &m.cv else {
            return Err(Box::new(without_number(&self.name, m)));
        };
        if facts.cycle.is_some() && facts.cycle != cv.cycle {
            return Ok(None);
        }
        if m.excluded {
            return refuse("excluded", "Left out by the user.");
        }
        let Some(peak_current_a) = m.peak_current_a.filter(|_| m.electrode.is_some() || self.averaged) else {
            return Err(Box::new(without_number(&self.name, m)));
        };
        let given = facts.rates_v_s.get(&m.file).or_else(|| {
            let name = m.file.rsplit(['/', '\\']).next()?;
            facts.rates_v_s.get(name)
        });
        let Some(scan_rate_v_s) = given.copied().or(cv.scan_rate_v_s) else {
            return refuse(
                "no_scan_rate",
                "The file does not state its scan rate. Give it for this file, or for all as cv.scan_rate_v_s.",
            );
        };
        let Some(process) = cv.process else {
            return refuse(
                "process_unknown",
                "Oxidation and reduction are not told apart. Use method tangent, or set cv.convention.",
            );
        };
        Ok(Some(RatePeak {
            source: self.name.clone(),
            file: m.file.clone(),
            electrode: m.electrode,
            segment: cv.segment,
            cycle: cv.cycle,
            process,
            scan_rate_v_s,
            peak_current_a,
            peak_potential_v: m.peak_potential_v,
        }))
    }

    /// Studies the peaks of all sources together, each electrode and process for itself. `settings` say what `couple` leaves open.
    pub fn study(sources: Vec<Self>, couple: &Couple, settings: &Settings) -> ScanRates {
        let (mut peaks, mut left_out) = (Vec::new(), Vec::new());
        let surface_baseline = sources
            .iter()
            .any(|source| source.surface_baseline && !source.peaks.is_empty());
        for source in sources {
            peaks.extend(source.peaks);
            left_out.extend(source.left_out);
        }
        let mut by_electrode: BTreeMap<Option<u32>, Vec<ScanRatePeak>> = BTreeMap::new();
        for peak in &peaks {
            by_electrode.entry(peak.electrode).or_default().push(ScanRatePeak {
                scan_rate_v_s: peak.scan_rate_v_s,
                kind: match peak.process {
                    PeakProcess::Anodic => PeakKind::Anodic,
                    PeakProcess::Cathodic => PeakKind::Cathodic,
                },
                peak_current_a: peak.peak_current_a,
            });
        }
        let couple = Known::new(couple, settings, surface_baseline);
        let mut studies = Vec::new();
        for (electrode, of_electrode) in by_electrode {
            let both = scan_rate::study(&of_electrode);
            for (process, kind, found) in [
                (PeakProcess::Anodic, PeakKind::Anodic, both.anodic),
                (PeakProcess::Cathodic, PeakKind::Cathodic, both.cathodic),
            ] {
                let mut rates: Vec<f64> = of_electrode
                    .iter()
                    .filter(|peak| peak.kind == kind)
                    .map(|peak| peak.scan_rate_v_s)
                    .collect();
                let peaks = rates.len() as u32;
                rates.sort_by(f64::total_cmp);
                rates.dedup();
                let about = RateStudy {
                    peaks,
                    rates: rates.len() as u32,
                    ..nothing(electrode, process)
                };
                studies.push(study(about, &found, &couple));
            }
        }
        ScanRates {
            peaks,
            studies,
            left_out,
        }
    }
}

/// The couple as far as it is known.
struct Known {
    electrons: u32,
    area_m2: Option<Uncertain>,
    concentration_mol_m3: Option<Uncertain>,
    temperature_k: Uncertain,
    /// Whether some of its peaks were measured as those of a bound couple.
    surface_baseline: bool,
}

impl Known {
    fn new(couple: &Couple, settings: &Settings, surface_baseline: bool) -> Self {
        let uncertain = |value: f64, error: Option<f64>| Uncertain {
            value,
            error: error.unwrap_or(0.0),
        };
        let area = couple.area_m2.or(Some(settings.cv.area_m2).filter(|area| *area > 0.0));
        Self {
            electrons: couple.electrons.unwrap_or(settings.cv.electrons),
            area_m2: area.map(|area| uncertain(area, couple.area_error_m2)),
            concentration_mol_m3: couple
                .concentration_mol_m3
                .map(|c| uncertain(c, couple.concentration_error_mol_m3)),
            temperature_k: uncertain(
                couple.temperature_k.unwrap_or(ROOM_TEMPERATURE_K),
                couple.temperature_error_k,
            ),
            surface_baseline,
        }
    }

    fn couple(&self, area_m2: Uncertain, concentration_mol_m3: Uncertain) -> scan_rate::Couple {
        scan_rate::Couple {
            electrons: self.electrons,
            area_m2,
            concentration_mol_m3,
            temperature_k: self.temperature_k,
        }
    }

    /// A peak that clearly grows with the rate itself says nothing of diffusion, and a height above the chord of a bound couple is a quarter too low
    /// in the coefficient of a diffusing one.
    fn diffusion(&self, study: &ScanRateStudy) -> Result<Uncertain, &'static str> {
        if study.clear && study.better == BetterRegime::Surface {
            return Err("surface_bound");
        }
        if self.surface_baseline {
            return Err("surface_baseline");
        }
        let (Some(area), Some(concentration)) = (self.area_m2, self.concentration_mol_m3) else {
            return Err(match self.area_m2 {
                None => "no_area",
                Some(_) => "no_concentration",
            });
        };
        diffusion_coefficient_m2_s(&study.against_root, &self.couple(area, concentration)).map_err(ScanRateReason::code)
    }

    /// A peak that clearly grows with the root says nothing of coverage.
    fn coverage(&self, study: &ScanRateStudy) -> Result<Uncertain, &'static str> {
        if study.clear && study.better == BetterRegime::Diffusion {
            return Err("diffusing");
        }
        let area = self.area_m2.ok_or("no_area")?;
        let couple = self.couple(area, Uncertain::exact(1.0));
        surface_coverage_mol_m2(&study.against_rate, &couple).map_err(ScanRateReason::code)
    }
}

fn nothing(electrode: Option<u32>, process: PeakProcess) -> RateStudy {
    RateStudy {
        electrode,
        process,
        peaks: 0,
        rates: 0,
        against_rate: None,
        against_root: None,
        log_log: None,
        better: None,
        clear: None,
        reason: None,
        message: None,
        diffusion_coefficient_m2_s: None,
        diffusion_coefficient_error_m2_s: None,
        diffusion_coefficient_reason: None,
        surface_coverage_mol_m2: None,
        surface_coverage_error_mol_m2: None,
        surface_coverage_reason: None,
    }
}

fn study(about: RateStudy, found: &Result<ScanRateStudy, ScanRateReason>, couple: &Known) -> RateStudy {
    let found = match found {
        Ok(found) => found,
        Err(reason) => {
            let code = || Some(reason.code().to_owned());
            return RateStudy {
                reason: code(),
                message: Some(format!("{} {}", reason.message(), reason.hint())),
                diffusion_coefficient_reason: code(),
                surface_coverage_reason: code(),
                ..about
            };
        }
    };
    let (diffusion, coverage) = (couple.diffusion(found), couple.coverage(found));
    let reason = |of: &Result<Uncertain, &'static str>| of.err().map(str::to_owned);
    RateStudy {
        against_rate: Some(line(&found.against_rate)),
        against_root: Some(line(&found.against_root)),
        log_log: Some(line(&found.log_log)),
        better: Some(match found.better {
            BetterRegime::Surface => Regime::Surface,
            BetterRegime::Diffusion => Regime::Diffusion,
        }),
        clear: Some(found.clear),
        diffusion_coefficient_m2_s: diffusion.ok().map(|d| d.value),
        diffusion_coefficient_error_m2_s: diffusion.ok().map(|d| d.error),
        diffusion_coefficient_reason: reason(&diffusion),
        surface_coverage_mol_m2: coverage.ok().map(|c| c.value),
        surface_coverage_error_mol_m2: coverage.ok().map(|c| c.error),
        surface_coverage_reason: reason(&coverage),
        ..about
    }
}

fn line(line: &Line) -> RateLine {
    RateLine {
        slope: line.slope,
        slope_error: line.slope_error,
        intercept: line.intercept,
        intercept_error: line.intercept_error,
        r_squared: line.r_squared,
    }
}
