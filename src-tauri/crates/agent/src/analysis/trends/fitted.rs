//! What is fitted once for a series, from ranges of its own: the reference of each electrode and its drift.

use std::collections::BTreeMap;

use protocol::settings::{
    DriftCorrection as Drift, DriftMode as Mode, DriftModel, Kdm, MeasuredResponse, PeakMethod, Settings,
    TrendNormalization, TrendResponse, TrendX,
};
use voltammetry::trend::{
    self, BaselineModel, BaselineReason, DriftCorrection, DriftMode, DriftReason, MissingReference, Normalization,
    ReferenceReason, SeriesPoint, SeriesReference, TrendInput, TrendPoint, TrendReason, series_reference,
};

use super::scans::{Pair, Scan, Scans};
use super::series::Series;
use super::times::TimeAxis;

/// The series' course: everything that a point needs beside itself.
pub struct Fitted<'a> {
    /// As given.
    pub settings: &'a Settings,
    /// The two frequencies.
    pub pair: Pair,
    /// The time axis.
    pub axis: TimeAxis,
    /// What drift correction, calibration and flags are about.
    pub response: MeasuredResponse,
    own: trend::TrendSettings,
    references: BTreeMap<Option<u32>, SeriesReference>,
    nothing: SeriesReference,
    drifts: BTreeMap<Option<u32>, Result<DriftCorrection, BaselineReason>>,
}

/// The numbers of one scan.
#[derive(Debug, Clone, Copy)]
pub struct Valued {
    /// Place on the axis.
    pub x: Option<f64>,
    /// Normalised values, ratio, KDM.
    pub point: TrendPoint,
    /// The response.
    pub response: Option<f64>,
    /// The response without drift, where drift is corrected.
    pub drift_corrected: Option<f64>,
    /// Why a number is missing: a code.
    pub reason: Option<&'static str>,
}

impl Valued {
    /// What a calibration takes: the corrected response where drift is corrected, else the response.
    pub fn calibrated(&self, is_corrected: bool) -> Option<f64> {
        if is_corrected {
            self.drift_corrected
        } else {
            self.response
        }
    }
}

impl<'a> Fitted<'a> {
    /// Reads the ranges that the settings name, and fits.
    ///
    /// # Errors
    /// The series cannot be read.
    pub fn of<S: Series>(settings: &'a Settings, series: &S) -> Result<Self, S::Error> {
        let pair = Pair::of(settings, &series.frequencies_hz()?);
        let axis = TimeAxis::of(settings, series)?;
        let normalization = normalization(settings);
        let mut fitted = Self {
            settings,
            pair,
            axis,
            response: measured_response(settings, pair),
            own: own(settings),
            references: BTreeMap::new(),
            nothing: series_reference(normalization, &[], &[]),
            drifts: BTreeMap::new(),
        };
        let range = match normalization {
            Normalization::Off => None,
            Normalization::Point { index } => Some((index, index)),
            Normalization::Mean { first, last } | Normalization::Baseline { first, last, .. } => Some((first, last)),
        };
        if let Some((first, last)) = range {
            for (electrode, scans) in fitted.scans(series, first, last)?.electrodes {
                let points = |value: fn(&Scan) -> Option<f64>| -> Vec<SeriesPoint> {
                    scans
                        .iter()
                        .map(|(&index, scan)| fitted.series_point(index, scan, value(scan)))
                        .collect()
                };
                let reference = series_reference(normalization, &points(|scan| scan.low), &points(|scan| scan.high));
                fitted.references.insert(electrode, reference);
            }
        }
        fitted.fit_drift(series)?;
        Ok(fitted)
    }

    fn fit_drift<S: Series>(&mut self, series: &S) -> Result<(), S::Error> {
        let (Some(model), [first, last]) = (
            drift_model(self.settings.trend.drift),
            &self.settings.trend.drift_range[..],
        ) else {
            return Ok(());
        };
        let mode = match (self.settings.trend.drift_mode, self.response) {
            (Mode::Subtract, _)
            | (Mode::Auto, MeasuredResponse::KdmDifference | MeasuredResponse::KdmDifferenceOverAverage) => {
                DriftMode::Subtract
            }
            (Mode::Divide | Mode::Auto, _) => DriftMode::Divide,
        };
        for (electrode, scans) in self.scans(series, *first, *last)?.electrodes {
            let points: Vec<SeriesPoint> = scans
                .iter()
                .map(|(&index, scan)| {
                    let value = self.value(electrode, index, scan).response;
                    self.series_point(index, scan, value)
                })
                .collect();
            let drift = DriftCorrection::fit(&points, (*first, *last), model, mode);
            self.drifts.insert(electrode, drift);
        }
        Ok(())
    }

    /// Scans of a range of indices.
    ///
    /// # Errors
    /// The series cannot be read.
    pub fn scans<S: Series>(&self, series: &S, first: u32, last: u32) -> Result<Scans, S::Error> {
        let rows = series.rows(first, last, self.axis.needs_modified())?;
        Ok(Scans::of(self.settings, self.pair, &self.axis, &rows))
    }

    /// Whether drift is corrected.
    pub fn corrects_drift(&self) -> bool {
        self.settings.trend.drift != Drift::Off
    }

    /// Why an electrode's drift cannot be corrected.
    pub fn drift_trouble(&self, electrode: Option<u32>) -> Option<BaselineReason> {
        if !self.corrects_drift() {
            return None;
        }
        match self.drifts.get(&electrode) {
            None => Some(BaselineReason::TooFewPoints),
            Some(drift) => drift.as_ref().err().copied(),
        }
    }

    /// Place on the axis: the index, or seconds since the first scan.
    pub fn x(&self, index: u32, scan: &Scan) -> Option<f64> {
        match self.settings.trend.x {
            TrendX::Index => Some(f64::from(index)),
            TrendX::Time => self.axis.elapsed_s(index, &scan.time),
        }
    }

    /// A number of a scan, as fits take it.
    pub fn series_point(&self, index: u32, scan: &Scan, value: Option<f64>) -> SeriesPoint {
        SeriesPoint {
            index,
            x: self.x(index, scan).unwrap_or(f64::NAN),
            value,
        }
    }

    /// The numbers of a scan.
    pub fn value(&self, electrode: Option<u32>, index: u32, scan: &Scan) -> Valued {
        let x = self.x(index, scan);
        let input = TrendInput {
            index,
            x: x.unwrap_or(f64::NAN),
            low: scan.low,
            high: scan.high,
        };
        let reference = self.references.get(&electrode).unwrap_or(&self.nothing);
        let point = self
            .pair
            .applicable(trend::trend_point(&input, reference.reference, &self.own));
        let (low, high) = (point.normalized_low, point.normalized_high);
        let response = among(self.response, low, high, point.ratio, point.kdm);
        let mut reason = point.reason.map(|reason| match reason {
            TrendReason::NoReference => reference
                .low_reason
                .or(reference.high_reason)
                .map_or(reason.code(), ReferenceReason::code),
            _ => reason.code(),
        });
        if x.is_none() {
            reason = reason.or(Some("no_time"));
        }
        if needs_pair(self.response) && !self.pair.is_pair() {
            reason = reason.or(Some("one_frequency"));
        }
        let mut drift_corrected = None;
        if self.corrects_drift() && response.is_some() {
            let corrected = match self.drifts.get(&electrode) {
                Some(Ok(drift)) => drift.correct(input.x, response).map_err(DriftReason::code),
                Some(Err(why)) => Err(why.code()),
                None => Err(BaselineReason::TooFewPoints.code()),
            };
            match corrected {
                Ok(value) => drift_corrected = Some(value),
                Err(why) => reason = reason.or(Some(why)),
            }
        }
        Valued {
            x,
            point,
            response,
            drift_corrected,
            reason,
        }
    }
}

/// The response among the numbers of a point.
pub fn among(
    response: MeasuredResponse,
    normalized_low: Option<f64>,
    normalized_high: Option<f64>,
    ratio: Option<f64>,
    kdm: Option<f64>,
) -> Option<f64> {
    match response {
        MeasuredResponse::KdmDifference | MeasuredResponse::KdmDifferenceOverAverage => kdm,
        MeasuredResponse::Ratio => ratio,
        MeasuredResponse::NormalizedLow => normalized_low,
        MeasuredResponse::NormalizedHigh => normalized_high,
    }
}

/// Whether a response is made of two frequencies.
fn needs_pair(response: MeasuredResponse) -> bool {
    match response {
        MeasuredResponse::KdmDifference | MeasuredResponse::KdmDifferenceOverAverage | MeasuredResponse::Ratio => true,
        MeasuredResponse::NormalizedLow | MeasuredResponse::NormalizedHigh => false,
    }
}

/// What drift correction, calibration and flags are about.
pub fn measured_response(settings: &Settings, pair: Pair) -> MeasuredResponse {
    let kdm = match settings.trend.kdm {
        Kdm::Difference => MeasuredResponse::KdmDifference,
        Kdm::DifferenceOverAverage => MeasuredResponse::KdmDifferenceOverAverage,
    };
    match settings.trend.response {
        TrendResponse::Auto if pair.is_pair() => kdm,
        TrendResponse::Kdm => kdm,
        TrendResponse::Ratio => MeasuredResponse::Ratio,
        TrendResponse::Auto | TrendResponse::NormalizedLow => MeasuredResponse::NormalizedLow,
        TrendResponse::NormalizedHigh => MeasuredResponse::NormalizedHigh,
    }
}

fn own(settings: &Settings) -> trend::TrendSettings {
    trend::TrendSettings {
        kdm: match settings.trend.kdm {
            Kdm::Difference => trend::Kdm::Difference,
            Kdm::DifferenceOverAverage => trend::Kdm::DifferenceOverAverage,
        },
        missing_reference: match settings.peak.method {
            PeakMethod::SacmesWeb => MissingReference::FactorOne,
            _ => MissingReference::NoNumber,
        },
        low_offset: settings.trend.low_offset,
        low_slope: settings.trend.low_slope,
    }
}

fn normalization(settings: &Settings) -> Normalization {
    let trend = &settings.trend;
    let Ok(index) = u32::try_from(trend.normalize_to) else {
        return Normalization::Off;
    };
    match (trend.normalization, &trend.normalize_range[..]) {
        (TrendNormalization::Mean, &[first, last]) => Normalization::Mean { first, last },
        (TrendNormalization::Baseline, &[first, last]) => Normalization::Baseline {
            first,
            last,
            model: baseline_model(trend.normalize_baseline),
        },
        // Settings without the range they need do not pass their check.
        _ => Normalization::Point { index },
    }
}

fn baseline_model(model: DriftModel) -> BaselineModel {
    match model {
        DriftModel::Linear => BaselineModel::Linear,
        DriftModel::Exponential => BaselineModel::Exponential,
        DriftModel::Both => BaselineModel::ExponentialLinear,
    }
}

fn drift_model(drift: Drift) -> Option<BaselineModel> {
    match drift {
        Drift::Off => None,
        Drift::Linear => Some(BaselineModel::Linear),
        Drift::Exponential => Some(BaselineModel::Exponential),
        Drift::Both => Some(BaselineModel::ExponentialLinear),
    }
}
