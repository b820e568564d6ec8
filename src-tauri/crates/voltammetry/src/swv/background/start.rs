//! A sweep made ready, and where its peak is.

use crate::sweep::Sweep;
use crate::swv::analysis::{Polarity, SwvAnalysis, SwvCurves};
use crate::swv::points::{self, Points};
use crate::swv::polynomial::Orthogonal;
use crate::swv::reason::SwvReason;
use crate::swv::settings::SwvSettings;
use crate::swv::tangent::{self, FEWEST_POINTS, Peak, Trace};

/// A sweep in ascending potential, less its regression line, without bad points.
#[derive(Debug)]
pub(in crate::swv) struct Ready {
    pub points: Points,
    pub trace: Trace,
    /// What is to be said of the recorded points themselves.
    pub reservation: Option<SwvReason>,
}

/// The peak to begin from.
#[derive(Debug, Clone, Copy)]
pub(in crate::swv) struct Start {
    pub polarity: Polarity,
    pub potential_v: f64,
    /// Height above the chord (A), positive for both polarities.
    pub height_a: f64,
    pub fwhm_v: f64,
    /// Width above the chord with which it was found (V).
    pub found_fwhm_v: f64,
    /// It shows only in the sweep less a parabola.
    pub hidden: bool,
}

impl Start {
    /// Widths at half height from the summit to the nearer end of the potentials `x`.
    pub fn widths_inside(&self, x: &[f64]) -> f64 {
        (self.potential_v - x[0]).min(x[x.len() - 1] - self.potential_v) / self.fwhm_v
    }
}

impl Ready {
    /// Potentials of the usable points (V).
    pub fn x(&self) -> &[f64] {
        &self.points.potential_v[self.trace.usable.0..self.trace.usable.1]
    }

    /// Their currents less the regression line (A).
    pub fn z(&self) -> &[f64] {
        &self.trace.z[self.trace.usable.0..self.trace.usable.1]
    }

    /// Points left out as not finite, spikes or transients.
    pub fn ignored(&self) -> usize {
        let (first, end) = self.trace.usable;
        self.points.not_finite + self.trace.outliers + self.points.len() - (end - first)
    }

    /// The peak that `tangent` finds; where the background bends visibly under it, or hides it, the one that it finds in the sweep less
    /// a parabola, if there is one.
    pub fn start(&self, settings: &SwvSettings) -> Result<Start, SwvReason> {
        let (x, noise_a) = (self.x(), self.trace.noise_a);
        let begin = |peak: &Peak| {
            // Where a half height lies outside the sweep there is no width to begin with.
            let fwhm_v = peak.fwhm_v.ok_or(SwvReason::PeakAtEdge)?;
            Ok(Start {
                polarity: peak.polarity,
                potential_v: peak.summit.potential_v,
                height_a: peak.summit.height_a,
                fwhm_v,
                found_fwhm_v: fwhm_v,
                hidden: false,
            })
        };
        let straight = tangent::locate(x, self.z(), noise_a, settings);
        if straight.as_ref().is_ok_and(|peak| !peak.bent && peak.fwhm_v.is_some()) {
            return straight.and_then(|peak| begin(&peak));
        }
        let less_parabola = Orthogonal::fit(|| x.iter().copied(), || self.z().iter().copied(), 2);
        let z: Vec<f64> = x
            .iter()
            .zip(self.z())
            .map(|(x, z)| z - less_parabola.value(2, *x))
            .collect();
        match tangent::locate(x, &z, noise_a, settings).and_then(|peak| begin(&peak)) {
            Ok(start) => Ok(Start {
                hidden: straight.is_err(),
                ..start
            }),
            Err(_) => straight.and_then(|peak| begin(&peak)),
        }
    }

    /// Curves without any result.
    pub fn undrawn(&self) -> SwvCurves {
        SwvCurves {
            potential_v: self.points.potential_v.clone(),
            raw_a: self.points.current_a.clone(),
            smoothed_a: self.points.current_a.clone(),
            ..SwvCurves::default()
        }
    }
}

/// The sweep made ready, or the result that there is without looking for a peak.
pub(in crate::swv) fn prepare(
    sweep: &Sweep,
    settings: &SwvSettings,
    curves: Option<&mut SwvCurves>,
) -> Result<Ready, Box<SwvAnalysis>> {
    let mut points = points::select(sweep, settings).map_err(|reason| Box::new(SwvAnalysis::failed(reason, 0)))?;
    points.merge_repeated();
    let n = points.len();
    let y = &points.current_a;
    let early = if n < FEWEST_POINTS {
        Some(SwvAnalysis::failed(SwvReason::TooFewPoints, n))
    } else {
        let flat = y.iter().all(|current| *current == y[0]);
        flat.then(|| SwvAnalysis::without_peak(SwvReason::FlatTrace, n))
    };
    let reservation = if points.not_finite > 0 {
        Some(SwvReason::NonFinitePoints)
    } else {
        (points.merged > 0).then_some(SwvReason::RepeatedPotentials)
    };
    // The trace of too few points is not looked at.
    let trace = Trace::new(&points.potential_v, y, settings.hampel);
    let ready = Ready {
        points,
        trace,
        reservation,
    };
    match early {
        None => Ok(ready),
        Some(result) => {
            if let Some(curves) = curves {
                *curves = ready.undrawn();
            }
            Err(Box::new(result))
        }
    }
}
