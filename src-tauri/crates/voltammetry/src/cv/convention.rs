//! Which sign of current is anodic.
//!
//! Instruments differ: IUPAC and most makers write oxidation currents positive, older polarographic practice and CHI
//! write reduction currents positive. The potential axis is the same for all, and physics fixes the rest: at the same
//! potential, the rising sweep charges the double layer and oxidises, the falling one discharges and reduces, so that
//! the current of the rising sweep is the more anodic one. The sign of the mean difference between the rising and the
//! falling sweep is therefore the sign of anodic currents. That does not hold where a falling sweep oxidises (such
//! as methanol on platinum): there the convention has to be set.

use crate::swv::Polarity;

use super::hysteresis;
use super::points::Points;
use super::segments::{PotentialSweep, Segment};

/// Which sign of current is anodic (oxidation).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignConvention {
    /// IUPAC: anodic currents are positive.
    AnodicPositive,
    /// US or polarographic: cathodic currents are positive.
    CathodicPositive,
}

impl SignConvention {
    /// `"anodic_positive"` or `"cathodic_positive"`.
    pub fn code(self) -> &'static str {
        match self {
            Self::AnodicPositive => "anodic_positive",
            Self::CathodicPositive => "cathodic_positive",
        }
    }

    /// Sign of an anodic current.
    pub fn anodic_sign(self) -> f64 {
        match self {
            Self::AnodicPositive => 1.0,
            Self::CathodicPositive => -1.0,
        }
    }

    /// What a peak of this polarity is.
    pub fn kind(self, polarity: Polarity) -> PeakKind {
        if polarity.sign() * self.anodic_sign() > 0.0 {
            PeakKind::Anodic
        } else {
            PeakKind::Cathodic
        }
    }

    /// The polarity of the peaks that a sweep in this direction makes: anodic ones while the potential rises.
    pub fn expected(self, sweep: PotentialSweep) -> Polarity {
        if sweep.sign() * self.anodic_sign() > 0.0 {
            Polarity::Up
        } else {
            Polarity::Down
        }
    }
}

/// What happens in a peak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeakKind {
    /// Oxidation.
    Anodic,
    /// Reduction.
    Cathodic,
}

impl PeakKind {
    /// `"anodic"` or `"cathodic"`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Anodic => "anodic",
            Self::Cathodic => "cathodic",
        }
    }
}

/// Neighbouring sweeps that are compared at most.
const MOST_PAIRS: usize = 8;

/// The mean difference must be this part of the whole range of the current.
const CLEAR: f64 = 0.005;

/// Finds the convention from the difference between neighbouring rising and falling sweeps; `None` where it is too small
/// to say, or where there is one sweep only.
pub(super) fn detect(segments: &[Segment], points: &[Points]) -> Option<SignConvention> {
    let (mut area, mut span) = (0.0, 0.0);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    let neighbours = segments.windows(2).zip(points.windows(2));
    for (segment, points) in neighbours
        .filter(|(pair, _)| pair[0].sweep != pair[1].sweep)
        .take(MOST_PAIRS)
    {
        let Some(difference) = hysteresis::between(&points[0], &points[1]) else {
            continue;
        };
        area += segment[0].sweep.sign() * difference.area_va;
        span += difference.to_v - difference.from_v;
        for current in points.iter().flat_map(|points| &points.current_a) {
            low = low.min(*current);
            high = high.max(*current);
        }
    }
    let mean = area / span;
    if !(mean.is_finite() && mean.abs() > CLEAR * (high - low)) {
        return None;
    }
    Some(if mean > 0.0 {
        SignConvention::AnodicPositive
    } else {
        SignConvention::CathodicPositive
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_sign() {
        let us = SignConvention::CathodicPositive;
        assert_eq!(us.kind(Polarity::Up), PeakKind::Cathodic);
        assert_eq!(us.expected(PotentialSweep::Rising), Polarity::Down);
        let iupac = SignConvention::AnodicPositive;
        assert_eq!(iupac.kind(Polarity::Up), PeakKind::Anodic);
        assert_eq!(iupac.expected(PotentialSweep::Rising), Polarity::Up);
        assert_eq!(iupac.kind(iupac.expected(PotentialSweep::Falling)), PeakKind::Cathodic);
    }
}
