//! Square-wave voltammetry of a redox reporter that is bound to the electrode.
//!
//! With nothing to diffuse, the oxidised fraction `x` of the reporter obeys, at a constant potential,
//! `dx/dt = k_ox (1 - x) - k_red x` with the Butler-Volmer rates
//!
//! ```text
//! ξ     = n F (E - E0) / (R T)
//! k_red = k0 exp(-α ξ)          k_ox = k0 exp((1 - α) ξ)
//! x∞    = 1 / (1 + exp(-ξ))     k    = k_red + k_ox
//! x(t)  = x∞ + (x(0) - x∞) exp(-k t)
//! ```
//!
//! A square wave is a sequence of constant potentials, so this is exact from half-period to half-period and no integral
//! equation has to be solved. The current is sampled at the end of each half-period `t = 1 / (2 f)`:
//! `i = Q k (x(0) - x∞) exp(-k t)`, reduction positive, `Q = n F A Γ` the charge of the layer. The net response grows
//! with `k0` while `k0 << f` and falls once the layer has discharged before the sample is taken (`k0 >> f`): the
//! "quasireversible maximum" that makes an aptamer sensor signal-on at high and signal-off at low frequency.
//!
//! Sources: Š. Komorsky-Lovrić, M. Lovrić, *J. Electroanal. Chem.* 384 (1995) 115 (surface SWV, quasireversible maximum);
//! E. Laviron, *J. Electroanal. Chem.* 101 (1979) 19 (surface Butler-Volmer); R. J. White, K. W. Plaxco, *Anal. Chem.* 82
//! (2010) 73 (E-AB gain against frequency). Layers are not uniform: `k0` is log-normal, summed by five-point
//! Gauss-Hermite quadrature.

use super::settings::SweepProgram;

/// Faraday constant in C/mol (CODATA 2018, exact).
pub const FARADAY_C_PER_MOL: f64 = 96_485.332_12;
/// Molar gas constant in J/(mol K) (CODATA 2018, exact).
pub const GAS_J_PER_MOL_K: f64 = 8.314_462_618;

/// Nodes and weights of the five-point Gauss-Hermite rule for a standard normal variable.
pub(super) const NORMAL_QUADRATURE: [(f64, f64); 5] = [
    (-2.856_970_013_872_805_6, 0.011_257_411_327_720_69),
    (-1.355_626_179_974_266, 0.222_075_922_005_612_64),
    (0.0, 0.533_333_333_333_333_3),
    (1.355_626_179_974_266, 0.222_075_922_005_612_64),
    (2.856_970_013_872_805_6, 0.011_257_411_327_720_69),
];

/// A redox couple attached to the electrode.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reporter {
    /// Formal potential `E0` in V against the reference electrode.
    pub formal_potential_v: f64,
    /// Electrons transferred, `n`.
    pub electrons: f64,
    /// Transfer coefficient `α` of the reduction, 0 to 1.
    pub transfer_coefficient: f64,
    /// Charge of the whole layer `Q = n F A Γ` in C.
    pub layer_charge_c: f64,
    /// Standard deviation of `ln k0` over the layer; 0 for a uniform layer.
    pub rate_dispersion: f64,
    /// Temperature in K.
    pub temperature_k: f64,
}

impl Reporter {
    /// Methylene blue (two electrons, about -0.26 V against Ag/AgCl at neutral pH) on the aptamers of a 2 mm gold disk:
    /// `A = 0.0314 cm²`, `Γ = 3 pmol/cm²`, room temperature.
    pub fn methylene_blue() -> Self {
        Self {
            formal_potential_v: -0.26,
            electrons: 2.0,
            transfer_coefficient: 0.5,
            layer_charge_c: 2.0 * FARADAY_C_PER_MOL * 0.031_4 * 3.0e-12,
            rate_dispersion: 0.5,
            temperature_k: 298.15,
        }
    }
}

/// Forward and reverse faradaic current of one sweep, in A, one value per staircase step. Reduction is positive.
#[derive(Debug, Clone, PartialEq)]
pub struct FaradaicCurrent {
    /// Current at the end of each forward half-period.
    pub forward_a: Vec<f64>,
    /// Current at the end of each reverse half-period.
    pub reverse_a: Vec<f64>,
}

/// The faradaic currents of `reporter` with median rate `k0_per_s` in a square-wave sweep at `frequency_hz`.
///
/// The layer starts in equilibrium at the initial potential (the quiet time). Returns `program.points()` values each.
pub fn surface_square_wave(
    reporter: &Reporter,
    k0_per_s: f64,
    frequency_hz: f64,
    program: &SweepProgram,
) -> FaradaicCurrent {
    let points = program.points();
    let mut current = FaradaicCurrent {
        forward_a: vec![0.0; points],
        reverse_a: vec![0.0; points],
    };
    let half_period_s = 0.5 / frequency_hz;
    let per_volt = reporter.electrons * FARADAY_C_PER_MOL / (GAS_J_PER_MOL_K * reporter.temperature_k);
    let amplitude_v = program.amplitude_v * program.direction();
    for (node, weight) in NORMAL_QUADRATURE {
        let k0 = k0_per_s * (reporter.rate_dispersion * node).exp();
        let charge_c = weight * reporter.layer_charge_c;
        let pulse = |oxidised: &mut f64, potential_v: f64| {
            let xi = per_volt * (potential_v - reporter.formal_potential_v);
            let equilibrium = 1.0 / (1.0 + (-xi).exp());
            let rate =
                k0 * ((-reporter.transfer_coefficient * xi).exp() + ((1.0 - reporter.transfer_coefficient) * xi).exp());
            let left = (*oxidised - equilibrium) * (-rate * half_period_s).exp();
            *oxidised = equilibrium + left;
            charge_c * rate * left
        };
        let initial_xi = per_volt * (program.initial_potential_v - reporter.formal_potential_v);
        let mut oxidised = 1.0 / (1.0 + (-initial_xi).exp());
        for k in 0..points {
            let step_v = program.potential_v(k);
            current.forward_a[k] += pulse(&mut oxidised, step_v + amplitude_v);
            current.reverse_a[k] += pulse(&mut oxidised, step_v - amplitude_v);
        }
    }
    current
}

#[cfg(test)]
mod tests {
    use super::*;

    fn height(k0: f64, frequency_hz: f64) -> f64 {
        let current = surface_square_wave(&Reporter::methylene_blue(), k0, frequency_hz, &SweepProgram::default());
        current
            .forward_a
            .iter()
            .zip(&current.reverse_a)
            .map(|(f, r)| f - r)
            .fold(f64::MIN, f64::max)
    }

    #[test]
    fn the_response_has_a_quasireversible_maximum_over_frequency() {
        let per_frequency = |f: f64| height(12.0, f) / f;
        let (slow, matched, fast) = (per_frequency(0.5), per_frequency(12.0), per_frequency(2000.0));
        assert!(matched > 3.0 * slow, "{matched} {slow}");
        assert!(matched > 3.0 * fast, "{matched} {fast}");
    }

    #[test]
    fn a_faster_reporter_is_louder_at_high_and_quieter_at_low_frequency() {
        assert!(height(26.0, 200.0) > 1.3 * height(12.0, 200.0));
        assert!(height(26.0, 15.0) < 0.85 * height(12.0, 15.0));
    }

    #[test]
    fn a_sweep_towards_positive_potentials_gives_the_mirrored_peak() {
        let mut down = SweepProgram::default();
        let reporter = Reporter {
            formal_potential_v: -0.25,
            ..Reporter::methylene_blue()
        };
        let one = surface_square_wave(&reporter, 12.0, 60.0, &down);
        std::mem::swap(&mut down.initial_potential_v, &mut down.final_potential_v);
        let other = surface_square_wave(&reporter, 12.0, 60.0, &down);
        for (a, b) in one.forward_a.iter().zip(&other.forward_a) {
            assert!((a + b).abs() < 1e-18, "{a} {b}");
        }
    }
}
