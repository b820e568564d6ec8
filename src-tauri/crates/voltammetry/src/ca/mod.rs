//! Chronoamperometry: exponential decays, the Cottrell region, and pulses of one or several files as one transient.
//!
//! ```
//! use voltammetry::Transient;
//! use voltammetry::ca::{CaSettings, DecayModel, fit_decay};
//!
//! let time_s: Vec<f64> = (0..200).map(|k| 1e-4 * f64::from(k)).collect();
//! let current_a = time_s.iter().map(|t| 1e-8 + 3e-6 * (-t / 0.004f64).exp()).collect();
//! let transient = Transient::new(time_s, current_a).unwrap();
//! let settings = CaSettings { model: DecayModel::Mono, fit_range_s: None };
//! let fit = fit_decay(&transient, &settings).unwrap();
//! assert!((fit.components[0].tau_s / 0.004 - 1.0).abs() < 1e-6);
//! ```

mod cottrell;
mod decay;
mod gap;
mod model;
mod pulses;
mod reason;
mod result;
mod start;
mod steps;

pub use cottrell::{Cottrell, CottrellGiven, CottrellSettings, FARADAY_C_MOL, cottrell};
pub use decay::{CaSettings, fit_decay};
pub use model::DecayModel;
pub use pulses::{Pulse, PulsePart, detect_pulses, merge_pulses, pulse_transient};
pub use reason::{CaReason, CaReservation};
pub use result::{DecayComponent, DecayCurve, DecayFit, SecondExponential};
pub use steps::{Step, Steps, repeats_merged, steps};
