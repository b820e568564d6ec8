//! Calibration: from a titration to a binding curve, and from the curve to concentrations.
//!
//! ```
//! use voltammetry::calibration::{CalibrationSettings, TitrationPoint, calibrate};
//!
//! let concentrations = [0.0, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4];
//! let points = concentrations.map(|c| TitrationPoint::single(c, 100.0 + 60.0 * c / (c + 2e-5)));
//! let calibration = calibrate(&points, &CalibrationSettings::default()).unwrap();
//! assert!((calibration.k_m / 2e-5 - 1.0).abs() < 1e-6);
//! let found = calibration.concentration(130.0);
//! assert!((found.concentration_m.unwrap() / 2e-5 - 1.0).abs() < 1e-6);
//! ```

mod detection;
mod fit;
mod given;
mod hill;
mod inverse;
mod reason;
mod result;
mod titration;

pub use detection::{BlankSource, DetectionLimit, DetectionReason};
pub use fit::{CalibrationSettings, Hill, Weighting, calibrate};
pub use given::GivenCurve;
pub use inverse::{ConcentrationEstimate, OutOfRange};
pub use reason::CalibrationReason;
pub use result::{Calibration, CurvePoint, Interval};
pub use titration::{ConcentrationStep, StepValues, TitrationPoint, steps_from_markers, titration};
