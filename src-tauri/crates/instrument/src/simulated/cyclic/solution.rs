//! Cyclic voltammetry of a dissolved redox couple at a planar electrode.
//!
//! Both forms diffuse with the same coefficient, so that their concentrations add up to `c` everywhere and only the oxidised
//! fraction `u` has to be followed: `∂u/∂t = D ∂²u/∂x²`, with `D ∂u/∂x = (k_red + k_ox) u - k_ox` at the electrode
//! (Butler-Volmer). The current is `i = -n F A c D ∂u/∂x`, oxidation positive.
//!
//! Solved by implicit differences on a grid that widens away from the electrode, four time steps a point; the peak of a reversible couple
//! comes out within 1 % of Randles-Ševčík, `0.4463 n F A c √(n F v D / (R T))`.
//!
//! Sources: R. S. Nicholson, I. Shain, *Anal. Chem.* 36 (1964) 706; D. Britz, J. Strutwolf, *Digital Simulation in
//! Electrochemistry*, 4th ed. (2016), chapters 7 and 8 (unequal grids, implicit methods).

use super::super::kinetics::{FARADAY_C_PER_MOL, GAS_J_PER_MOL_K};
use super::program::CyclicProgram;

/// Time steps a point.
const PARTS: u32 = 4;
/// First interval of the grid, in units of the way that diffuses in one time step, `√(D Δt)`.
const FIRST_INTERVAL: f64 = 0.02;
/// Each interval is so much wider than the one before.
const WIDENING: f64 = 1.15;

/// A dissolved redox couple.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SolutionCouple {
    /// Formal potential in V against the reference electrode.
    pub formal_potential_v: f64,
    /// Electrons transferred, `n`.
    pub electrons: f64,
    /// Transfer coefficient `α` of the reduction, 0 to 1.
    pub transfer_coefficient: f64,
    /// Standard rate constant `k0` in cm/s.
    pub rate_cm_s: f64,
    /// Diffusion coefficient in cm²/s, of both forms.
    pub diffusion_cm2_s: f64,
    /// Concentration in mol/L, of both forms together.
    pub concentration_m: f64,
    /// Electrode area in cm².
    pub area_cm2: f64,
    /// Whether the solution holds the oxidised form (else the reduced one).
    pub oxidised: bool,
    /// Temperature in K.
    pub temperature_k: f64,
}

impl SolutionCouple {
    /// 1 mmol/L ferricyanide at a 2 mm gold disk, against Ag/AgCl.
    pub fn ferricyanide() -> Self {
        Self {
            formal_potential_v: 0.22,
            electrons: 1.0,
            transfer_coefficient: 0.5,
            rate_cm_s: 0.02,
            diffusion_cm2_s: 7.0e-6,
            concentration_m: 1.0e-3,
            area_cm2: 0.031_4,
            oxidised: true,
            temperature_k: 298.15,
        }
    }

    fn per_volt(&self) -> f64 {
        self.electrons * FARADAY_C_PER_MOL / (GAS_J_PER_MOL_K * self.temperature_k)
    }

    /// Current in A of one fraction that crosses the electrode with 1 cm/s.
    fn unit_current_a(&self) -> f64 {
        self.electrons * FARADAY_C_PER_MOL * self.area_cm2 * self.concentration_m * 1e-3
    }

    /// Randles-Ševčík: the first peak in A of a reversible couple, without its sign.
    pub fn reversible_peak_a(&self, scan_rate_v_s: f64) -> f64 {
        0.4463 * self.unit_current_a() * (self.per_volt() * scan_rate_v_s * self.diffusion_cm2_s).sqrt()
    }
}

/// Faradaic current in A of each point of a scan, and of the end of the last cycle behind them.
pub fn current_a(couple: &SolutionCouple, program: &CyclicProgram, scan_rate_v_s: f64) -> Vec<f64> {
    let points = program.points();
    let part_s = program.step_v / scan_rate_v_s / f64::from(PARTS);
    let rates = |potential_v: f64| {
        let xi = couple.per_volt() * (potential_v - couple.formal_potential_v);
        // Faster than diffusion can ever be; larger numbers would only cost digits.
        let limit = |rate: f64| rate.min(1e6);
        (
            limit(couple.rate_cm_s * (-couple.transfer_coefficient * xi).exp()),
            limit(couple.rate_cm_s * ((1.0 - couple.transfer_coefficient) * xi).exp()),
        )
    };
    let bulk = if couple.oxidised { 1.0 } else { 0.0 };
    let mut layer = DiffusionLayer::new(
        couple.diffusion_cm2_s,
        part_s,
        (points + 1) as f64 * f64::from(PARTS),
        bulk,
    );
    let mut current_a = Vec::with_capacity(points + 1);
    for k in 0..=points {
        let mut flux = 0.0;
        for part in 1..=PARTS {
            let place = k as f64 - 1.0 + f64::from(part) / f64::from(PARTS);
            let (reduction, oxidation) = rates(program.potential_v(place.max(0.0)));
            flux = layer.advance(reduction, oxidation);
        }
        current_a.push(-couple.unit_current_a() * flux);
    }
    current_a
}

/// The oxidised fraction in front of the electrode.
struct DiffusionLayer {
    /// Fractions at the places of the grid, from the electrode outwards; behind the last is the bulk.
    fraction: Vec<f64>,
    /// Elimination from the bulk inwards: `u[j] = gain[j] (rhs[j]) + back[j] u[j - 1]`.
    outer: Vec<f64>,
    gain: Vec<f64>,
    back: Vec<f64>,
    right: Vec<f64>,
    /// `D / h` of the first interval, cm/s.
    conductance: f64,
}

impl DiffusionLayer {
    fn new(diffusion: f64, part_s: f64, parts: f64, bulk: f64) -> Self {
        let unit = (diffusion * part_s).sqrt();
        let mut widths = vec![FIRST_INTERVAL * unit];
        let mut reach = widths[0];
        while reach < 6.0 * unit * parts.sqrt() {
            let width = WIDENING * widths[widths.len() - 1];
            reach += width;
            widths.push(width);
        }
        let places = widths.len();
        let (mut outer, mut gain, mut back) = (vec![0.0; places], vec![0.0; places], vec![0.0; places]);
        // From the place next to the bulk inwards; place 0 is the electrode itself and has no equation of its own here.
        let mut next_back = 0.0;
        for j in (1..places).rev() {
            let (inside, outside) = (widths[j - 1], widths[j]);
            let scale = 2.0 * diffusion * part_s / (inside + outside);
            let (inner, outward) = (scale / inside, scale / outside);
            let diagonal = 1.0 + inner + outward - outward * next_back;
            outer[j] = outward;
            gain[j] = 1.0 / diagonal;
            back[j] = inner / diagonal;
            next_back = back[j];
        }
        Self {
            fraction: vec![bulk; places + 1],
            outer,
            gain,
            back,
            right: vec![0.0; places + 1],
            conductance: diffusion / widths[0],
        }
    }

    /// One time step with these rates in cm/s. Returns the flux `D ∂u/∂x` at the electrode, in cm/s.
    fn advance(&mut self, reduction: f64, oxidation: f64) -> f64 {
        let places = self.gain.len();
        // u[j] = right[j] + back[j] u[j - 1]; the bulk never changes.
        self.right[places] = self.fraction[places];
        for j in (1..places).rev() {
            self.right[j] = self.gain[j] * (self.fraction[j] + self.outer[j] * self.right[j + 1]);
        }
        let (right, back) = (self.right[1], self.back[1]);
        let surface =
            (self.conductance * right + oxidation) / (self.conductance * (1.0 - back) + reduction + oxidation);
        self.fraction[0] = surface;
        for j in 1..places {
            self.fraction[j] = self.right[j] + self.back[j] * self.fraction[j - 1];
        }
        self.conductance * (self.fraction[1] - surface)
    }
}
