//! Why a scan-rate study says nothing.

/// Why there is no line, or no diffusion coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScanRateReason {
    /// Fewer than three different scan rates have a peak.
    TooFewRates,
    /// The highest scan rate is less than twice the lowest.
    RatesTooClose,
    /// Some peaks are positive and some negative.
    MixedSigns,
    /// Electrons, area, concentration or temperature are not positive numbers.
    InvalidCouple,
    /// The peak does not grow with the scan rate.
    NoGrowth,
    /// The numbers are too large or too small to compute with.
    NotComputable,
}

impl ScanRateReason {
    /// Every reason, for documentation and tests.
    pub const ALL: [Self; 6] = [
        Self::TooFewRates,
        Self::RatesTooClose,
        Self::MixedSigns,
        Self::InvalidCouple,
        Self::NoGrowth,
        Self::NotComputable,
    ];

    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooFewRates => "too_few_scan_rates",
            Self::RatesTooClose => "scan_rates_too_close",
            Self::MixedSigns => "mixed_signs",
            Self::InvalidCouple => "invalid_couple",
            Self::NoGrowth => "no_growth",
            Self::NotComputable => "not_computable",
        }
    }

    /// A sentence for people.
    pub fn message(self) -> &'static str {
        match self {
            Self::TooFewRates => "Fewer than three different scan rates have this peak.",
            Self::RatesTooClose => "The highest scan rate is less than twice the lowest.",
            Self::MixedSigns => "Some of the peaks are positive and some negative.",
            Self::InvalidCouple => "Electrons, area, concentration and temperature must be positive numbers.",
            Self::NoGrowth => "The peak does not grow with the scan rate.",
            Self::NotComputable => "The peaks or scan rates are too large or too small to compute with.",
        }
    }

    /// What the user can do next.
    pub fn hint(self) -> &'static str {
        match self {
            Self::TooFewRates => "Record voltammograms at more scan rates.",
            Self::RatesTooClose => "Spread the scan rates, best over a factor of ten or more.",
            Self::MixedSigns => "Use one sign convention for all files, or leave out the odd ones.",
            Self::InvalidCouple => "Enter m², mol/m³ (the same number as mmol/l) and kelvin.",
            Self::NoGrowth => "Look at the voltammograms and their baselines.",
            Self::NotComputable => "Check the units of the files.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_messages_are_sentences() {
        let mut codes: Vec<&str> = ScanRateReason::ALL.iter().map(|reason| reason.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ScanRateReason::ALL.len());
        for reason in ScanRateReason::ALL {
            assert!(reason.message().ends_with('.') && reason.hint().ends_with('.'));
        }
    }
}
