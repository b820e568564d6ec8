//! Measuring chronoamperograms: one measurement for each step.

use instrument::recording::Recording;
use protocol::measurement::{CaNumbers, Measurement, Quality, Status};
use protocol::settings;
use voltammetry::Transient;
use voltammetry::ca::{
    CaReason, CaReservation, CaSettings, Cottrell, CottrellGiven, CottrellSettings, DecayFit, DecayModel, Step,
    cottrell, fit_decay, repeats_merged, steps,
};

use super::add_reservations;
use crate::analysis::rules::range;

/// Most steps of one electrode that are measured: each is a result of its own.
const MOST_STEPS: usize = 1000;

/// How decays are measured.
#[derive(Debug, Clone)]
pub struct CaRules {
    fit: CaSettings,
    /// None where no Cottrell region is looked for.
    cottrell: Option<CottrellSettings>,
    /// None for all.
    step: Option<u32>,
    merge_repeats: bool,
}

/// What the numerics found in a step.
pub struct Analysed {
    /// The decay, or why there is none.
    pub decay: Result<DecayFit, CaReason>,
    /// The Cottrell line, where there is one.
    pub cottrell: Option<Cottrell>,
}

/// Why an electrode has no step to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoStep {
    /// The recording has fewer steps than the one that the settings ask for.
    Missing {
        /// Asked for.
        step: u32,
        /// There.
        steps: usize,
    },
    /// More steps than results can be kept of.
    TooMany(usize),
}

impl NoStep {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing { .. } => "step_missing",
            Self::TooMany(_) => "too_many_steps",
        }
    }

    /// For people, with the way out.
    pub fn message(self) -> String {
        match self {
            Self::Missing { step, steps } => {
                format!(
                    "There is no step {step}: the potential shows {steps} step(s). Set ca.step to one of them, or to 0 for all."
                )
            }
            Self::TooMany(steps) => format!(
                "The potential shows {steps} steps, more than {MOST_STEPS}. Choose one with ca.step, or put repeats together with \
                 ca.merge_repeats."
            ),
        }
    }
}

impl CaRules {
    /// Follows settings.
    pub fn of(own: &settings::CaSettings) -> Self {
        let known = own.area_m2 > 0.0 && own.concentration_mol_m3 > 0.0;
        Self {
            fit: CaSettings {
                model: match own.model {
                    settings::CaModel::Mono => DecayModel::Mono,
                    settings::CaModel::Bi => DecayModel::Bi,
                },
                fit_range_s: range(&own.fit_range_s),
            },
            cottrell: own.cottrell.then(|| CottrellSettings {
                // Time counts from the step already.
                step_s: 0.0,
                range_s: range(&own.cottrell_range_s),
                given: if known {
                    CottrellGiven::Concentration {
                        electrons: f64::from(own.electrons),
                        area_m2: own.area_m2,
                        concentration_mol_m3: own.concentration_mol_m3,
                    }
                } else {
                    CottrellGiven::Nothing
                },
            }),
            step: (own.step > 0).then_some(own.step),
            merge_repeats: own.merge_repeats,
        }
    }

    /// The steps of a recording that are measured.
    ///
    /// # Errors
    /// Why there is none.
    pub fn steps(&self, transient: &Transient, potential_v: Option<&[f64]>) -> Result<Vec<Step>, NoStep> {
        let found = steps(transient, potential_v).steps;
        let count = found.len();
        let mut found = if self.merge_repeats {
            repeats_merged(found)
        } else {
            found
        };
        if let Some(step) = self.step {
            found.retain(|s| s.number == step);
            if found.is_empty() {
                return Err(NoStep::Missing { step, steps: count });
            }
        }
        if found.len() > MOST_STEPS {
            return Err(NoStep::TooMany(found.len()));
        }
        Ok(found)
    }

    /// Analyses a step.
    pub fn analyse(&self, step: &Step) -> Analysed {
        let cottrell = self.cottrell.as_ref();
        Analysed {
            decay: fit_decay(&step.transient, &self.fit),
            cottrell: cottrell.and_then(|settings| cottrell_line(&step.transient, settings)),
        }
    }

    fn model(&self) -> settings::CaModel {
        match self.fit.model {
            DecayModel::Mono => settings::CaModel::Mono,
            DecayModel::Bi => settings::CaModel::Bi,
        }
    }
}

fn cottrell_line(transient: &Transient, settings: &CottrellSettings) -> Option<Cottrell> {
    cottrell(transient, settings).ok()
}

/// Measures the steps of one electrode.
pub fn measure(
    place: &Measurement,
    steps: &Result<Vec<Step>, NoStep>,
    rules: &CaRules,
    recording: &Recording,
) -> Vec<Measurement> {
    let failed = |reason: &str, message: &str| Measurement {
        status: Status::Failed,
        reason: Some(reason.to_owned()),
        message: Some(message.to_owned()),
        ..place.clone()
    };
    match steps {
        Ok(steps) if steps.is_empty() => {
            let reason = CaReason::TooFewPoints;
            vec![failed(reason.code(), reason.message())]
        }
        Ok(steps) => steps
            .iter()
            .map(|step| {
                let mut measurement = of_step(place, step, &rules.analyse(step), rules);
                add_reservations(&mut measurement, recording);
                measurement
            })
            .collect(),
        Err(none) => vec![failed(none.code(), &none.message())],
    }
}

fn of_step(place: &Measurement, step: &Step, analysed: &Analysed, rules: &CaRules) -> Measurement {
    let mut numbers = CaNumbers {
        step: Some(step.number),
        repeats: Some(step.repeats),
        step_potential_v: finite(step.potential_v),
        step_start_s: finite(Some(step.start_s)),
        ..CaNumbers::without_numbers(rules.model())
    };
    if let Some(line) = &analysed.cottrell {
        add_cottrell(&mut numbers, line);
    }
    let measurement = match &analysed.decay {
        Ok(fit) => {
            add_decay(&mut numbers, fit);
            let reservation = CaReservation::about(fit);
            Measurement {
                status: reservation.map_or(Status::Ok, |_| Status::Warning),
                reason: reservation.map(|r| r.code().to_owned()),
                message: reservation.map(|r| r.message().to_owned()),
                snr: signal_to_noise(fit),
                quality: Some(reservation.map_or(Quality::Pass, |_| Quality::Warning)),
                ..place.clone()
            }
        }
        Err(reason) => Measurement {
            status: match reason {
                CaReason::TooFewPoints | CaReason::NoSpan => Status::Failed,
                _ => Status::Warning,
            },
            reason: Some(reason.code().to_owned()),
            message: Some(reason.message().to_owned()),
            quality: Some(Quality::Fail),
            ..place.clone()
        },
    };
    Measurement {
        ca: Some(numbers),
        ..measurement
    }
}

fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

/// The largest amplitude over the standard deviation of the residuals.
fn signal_to_noise(fit: &DecayFit) -> Option<f64> {
    let largest = fit
        .components
        .iter()
        .map(|part| part.amplitude_a.abs())
        .fold(0.0, f64::max);
    finite(Some(largest / fit.residual_deviation_a))
}

fn add_decay(numbers: &mut CaNumbers, fit: &DecayFit) {
    let (first, second) = (fit.components.first(), fit.components.get(1));
    numbers.tau1_s = finite(first.map(|part| part.tau_s));
    numbers.tau2_s = finite(second.map(|part| part.tau_s));
    numbers.amplitude1_a = finite(first.map(|part| part.amplitude_a));
    numbers.amplitude2_a = finite(second.map(|part| part.amplitude_a));
    numbers.offset_a = finite(Some(fit.offset_a));
    numbers.tau1_error_s = finite(first.map(|part| part.tau_error_s));
    numbers.tau2_error_s = finite(second.map(|part| part.tau_error_s));
    numbers.amplitude1_error_a = finite(first.map(|part| part.amplitude_error_a));
    numbers.amplitude2_error_a = finite(second.map(|part| part.amplitude_error_a));
    numbers.offset_error_a = finite(Some(fit.offset_error_a));
    numbers.half_life1_s = finite(first.map(|part| part.half_life_s));
    numbers.half_life2_s = finite(second.map(|part| part.half_life_s));
    numbers.half_life1_error_s = finite(first.map(|part| part.half_life_error_s));
    numbers.half_life2_error_s = finite(second.map(|part| part.half_life_error_s));
    numbers.fit_start_s = finite(Some(fit.origin_s));
    numbers.fit_end_s = finite(Some(fit.range_s.1));
    numbers.fit_points = u32::try_from(fit.points).ok();
    numbers.residual_deviation_a = finite(Some(fit.residual_deviation_a));
    numbers.residual_correlation = finite(fit.residual_correlation);
    numbers.r_squared = finite(fit.r_squared);
}

fn add_cottrell(numbers: &mut CaNumbers, line: &Cottrell) {
    numbers.cottrell_slope_a_sqrt_s = finite(Some(line.slope_a_sqrt_s));
    numbers.cottrell_slope_error_a_sqrt_s = finite(line.slope_error_a_sqrt_s);
    numbers.cottrell_intercept_a = finite(Some(line.intercept_a));
    numbers.cottrell_r_squared = finite(line.r_squared);
    numbers.cottrell_start_s = finite(Some(line.range_s.0));
    numbers.cottrell_end_s = finite(Some(line.range_s.1));
    numbers.diffusion_m2_s = finite(line.diffusion_m2_s);
    numbers.diffusion_error_m2_s = finite(line.diffusion_error_m2_s);
}
