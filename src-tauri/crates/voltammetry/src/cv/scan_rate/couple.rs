//! Diffusion coefficient and surface coverage from the slopes.

use crate::cv::{FARADAY_C_MOL, GAS_J_MOL_K};
use crate::statistics::Line;

use super::reason::ScanRateReason;

/// π^½χ at the peak of a reversible wave (R. S. Nicholson, I. Shain, Anal. Chem. 36 (1964) 706-723).
const PEAK: f64 = 0.4463;

/// A number and its standard error; 0 where it is taken as exact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uncertain {
    /// The number.
    pub value: f64,
    /// Its standard error, in the same unit.
    pub error: f64,
}

impl Uncertain {
    /// A number that is taken as exact.
    pub fn exact(value: f64) -> Self {
        Self { value, error: 0.0 }
    }

    fn is_usable(self) -> bool {
        self.value.is_finite() && self.value > 0.0 && self.error.is_finite() && self.error >= 0.0
    }

    fn relative(self) -> f64 {
        self.error / self.value
    }
}

/// What is known of couple and electrode.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Couple {
    /// Electrons per molecule.
    pub electrons: u32,
    /// Area of the electrode (m²).
    pub area_m2: Uncertain,
    /// Concentration in solution (mol/m³, the same number as mmol/l).
    pub concentration_mol_m3: Uncertain,
    /// Temperature (K).
    pub temperature_k: Uncertain,
}

/// Diffusion coefficient (m²/s) from the slope s of peak current against √v.
///
/// Randles (Trans. Faraday Soc. 44 (1948) 327) and Ševčík (Collect. Czech. Chem. Commun. 13 (1948) 349) for a reversible
/// couple: i = 0.4463 n^(3/2) F^(3/2) (RT)^(-1/2) A c D^(1/2) v^(1/2), so that D = s² RT / (0.4463² n³ F³ A² c²).
/// Errors of slope, area, concentration and temperature are independent:
/// (σD/D)² = 4 ((σs/s)² + (σA/A)² + (σc/c)²) + (σT/T)².
///
/// # Errors
/// [`ScanRateReason`] where a value of the couple is not a positive number, or the slope is 0.
pub fn diffusion_coefficient_m2_s(against_root: &Line, couple: &Couple) -> Result<Uncertain, ScanRateReason> {
    let Couple {
        electrons,
        area_m2: area,
        concentration_mol_m3: concentration,
        temperature_k: temperature,
    } = *couple;
    if electrons == 0 || ![area, concentration, temperature].into_iter().all(Uncertain::is_usable) {
        return Err(ScanRateReason::InvalidCouple);
    }
    let slope = positive_slope(against_root)?;
    let charge = f64::from(electrons) * FARADAY_C_MOL;
    let per_root = PEAK * charge * (charge / (GAS_J_MOL_K * temperature.value)).sqrt();
    let value = (slope.value / (per_root * area.value * concentration.value)).powi(2);
    let squares = slope.relative().powi(2) + area.relative().powi(2) + concentration.relative().powi(2);
    let relative = (4.0 * squares + temperature.relative().powi(2)).sqrt();
    finite(value, relative)
}

/// Surface coverage (mol/m²) from the slope s of peak current against v.
///
/// For an ideal reversible couple i = n²F²AΓv/(4RT) (E. Laviron, J. Electroanal. Chem. 101 (1979) 19), so that
/// Γ = 4RT s/(n²F²A). Broadened peaks are lower: there the charge says more.
///
/// # Errors
/// As [`diffusion_coefficient_m2_s`]; the concentration is not looked at.
pub fn surface_coverage_mol_m2(against_rate: &Line, couple: &Couple) -> Result<Uncertain, ScanRateReason> {
    let (area, temperature) = (couple.area_m2, couple.temperature_k);
    if couple.electrons == 0 || !(area.is_usable() && temperature.is_usable()) {
        return Err(ScanRateReason::InvalidCouple);
    }
    let slope = positive_slope(against_rate)?;
    let charge = f64::from(couple.electrons) * FARADAY_C_MOL;
    let value = 4.0 * GAS_J_MOL_K * temperature.value * slope.value / (charge * charge * area.value);
    let squares = slope.relative().powi(2) + area.relative().powi(2) + temperature.relative().powi(2);
    finite(value, squares.sqrt())
}

/// Size of the slope; a peak of either sign must grow away from 0.
fn positive_slope(line: &Line) -> Result<Uncertain, ScanRateReason> {
    // The line's height at the mean has the sign of the peaks.
    let sign = line.at(line.mean_x).signum();
    let slope = Uncertain {
        value: sign * line.slope,
        error: line.slope_error.unwrap_or(0.0),
    };
    if slope.is_usable() {
        Ok(slope)
    } else {
        Err(ScanRateReason::NoGrowth)
    }
}

fn finite(value: f64, relative: f64) -> Result<Uncertain, ScanRateReason> {
    let found = Uncertain {
        value,
        error: value * relative,
    };
    if found.is_usable() {
        Ok(found)
    } else {
        Err(ScanRateReason::NotComputable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn couple() -> Couple {
        Couple {
            electrons: 1,
            area_m2: Uncertain::exact(7.07e-6),
            concentration_mol_m3: Uncertain::exact(1.0),
            temperature_k: Uncertain::exact(298.15),
        }
    }

    #[test]
    fn ferrocyanide_at_25_degrees_with_the_textbook_constant() {
        // i = 2.69e5 n^1.5 A(cm²) D^0.5(cm²/s) c(mol/cm³) v^0.5 at 25 °C.
        let slope = 2.69e5 * 0.0707 * 6.5e-6f64.sqrt() * 1e-6;
        for sign in [1.0, -1.0] {
            let line = Line::fit([0.1, 0.3, 0.7, 1.0].map(|root| (root, sign * slope * root))).unwrap();
            let found = diffusion_coefficient_m2_s(&line, &couple()).unwrap();
            assert!((found.value / 6.5e-10 - 1.0).abs() < 4e-3, "{found:?}");
            assert!(found.error < 1e-6 * found.value);
        }
    }

    #[test]
    fn errors_add_up_and_electrons_count() {
        let line = Line::fit([(0.1, 0.11e-5), (0.3, 0.29e-5), (0.7, 0.71e-5), (1.0, 0.99e-5)]).unwrap();
        let exact = diffusion_coefficient_m2_s(&line, &couple()).unwrap();
        let from_slope = 2.0 * line.slope_error.unwrap() / line.slope;
        assert!((exact.error / exact.value - from_slope).abs() < 1e-12);
        let uncertain = Couple {
            electrons: 2,
            area_m2: Uncertain {
                value: 7.07e-6,
                error: 0.0707e-6,
            },
            concentration_mol_m3: Uncertain {
                value: 1.0,
                error: 0.02,
            },
            temperature_k: Uncertain {
                value: 298.15,
                error: 2.9815,
            },
        };
        let found = diffusion_coefficient_m2_s(&line, &uncertain).unwrap();
        assert!((exact.value / found.value - 8.0).abs() < 1e-9);
        let relative = (from_slope.powi(2) + 4.0 * (1e-4 + 4e-4) + 1e-4).sqrt();
        assert!((found.error / found.value - relative).abs() < 1e-12);
    }

    #[test]
    fn coverage_of_an_ideal_couple() {
        // 1e-7 mol/m² on 1 mm² at 25 °C: slope n²F²AΓ/4RT.
        let slope = FARADAY_C_MOL.powi(2) * 1e-6 * 1e-7 / (4.0 * GAS_J_MOL_K * 298.15);
        let line = Line::fit([0.1, 0.2, 0.5].map(|rate| (rate, slope * rate))).unwrap();
        let couple = Couple {
            area_m2: Uncertain::exact(1e-6),
            ..couple()
        };
        let found = surface_coverage_mol_m2(&line, &couple).unwrap();
        assert!((found.value / 1e-7 - 1.0).abs() < 1e-9);
    }

    #[test]
    fn refuses_what_means_nothing() {
        let line = Line::fit([(0.1, 1e-6), (0.3, 2e-6), (0.7, 4e-6)]).unwrap();
        let bad = Couple {
            area_m2: Uncertain::exact(0.0),
            ..couple()
        };
        assert_eq!(
            diffusion_coefficient_m2_s(&line, &bad),
            Err(ScanRateReason::InvalidCouple)
        );
        assert_eq!(surface_coverage_mol_m2(&line, &bad), Err(ScanRateReason::InvalidCouple));
        let falling = Line::fit([(0.1, 4e-6), (0.3, 2e-6), (0.7, 1e-6)]).unwrap();
        assert_eq!(
            diffusion_coefficient_m2_s(&falling, &couple()),
            Err(ScanRateReason::NoGrowth)
        );
    }
}
