//! Cyclic voltammograms whose truth is known: an ideal couple on the surface, a reversible couple in solution.

use voltammetry::Sweep;
use voltammetry::cv::{FARADAY_C_MOL, GAS_J_MOL_K};

use super::synthetic::Noise;

/// 25 °C.
pub const TEMPERATURE_K: f64 = 298.15;

/// Where the couple is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Couple {
    /// On the surface, without interaction: i = n²F²vAΓ/(4RT) sech²(nF(E - E°)/2RT) (Laviron 1979).
    Surface,
    /// In solution, reversible, equal diffusion coefficients (Nicholson and Shain 1964).
    Solution,
}

/// A voltammogram through `vertices_v` of a couple that is reduced before the first sweep, on the current of a double layer
/// and a leakage.
#[derive(Debug, Clone)]
pub struct CvTruth {
    pub couple: Couple,
    pub vertices_v: Vec<f64>,
    pub step_v: f64,
    pub scan_rate_v_s: f64,
    pub electrons: u32,
    /// Formal potential (V).
    pub formal_v: f64,
    /// Height of the first peak (A), if the sweep passes it.
    pub height_a: f64,
    /// Current of the double layer while the potential rises (A).
    pub capacitive_a: f64,
    /// Slope of the leakage (A/V).
    pub slope_a_v: f64,
    /// Standard deviation of white noise (A).
    pub noise_a: f64,
    /// -1 writes anodic currents negative.
    pub anodic_sign: f64,
    pub seed: u64,
}

impl CvTruth {
    pub fn new(couple: Couple) -> Self {
        Self {
            couple,
            vertices_v: vec![-0.4, 0.4, -0.4],
            step_v: 0.002,
            scan_rate_v_s: 0.1,
            electrons: 1,
            formal_v: 0.0,
            height_a: 1e-6,
            capacitive_a: 3e-7,
            slope_a_v: 2e-7,
            noise_a: 0.0,
            anodic_sign: 1.0,
            seed: 1,
        }
    }

    /// RT/nF (V).
    pub fn thermal_v(&self) -> f64 {
        GAS_J_MOL_K * TEMPERATURE_K / (f64::from(self.electrons) * FARADAY_C_MOL)
    }

    /// Charge of the whole couple on the surface (C): the area of sech² is 4 RT/nF times its height.
    pub fn surface_charge_c(&self) -> f64 {
        4.0 * self.thermal_v() * self.height_a / self.scan_rate_v_s
    }

    pub fn potentials(&self) -> Vec<f64> {
        path(&self.vertices_v, self.step_v)
    }

    pub fn sweep(&self) -> Sweep {
        let potential_v = self.potentials();
        let faradaic = match self.couple {
            Couple::Surface => self.on_surface(&potential_v),
            Couple::Solution => self.in_solution(),
        };
        let mut noise = Noise::new(self.seed);
        // Each point was reached by the step before it, the first one by none.
        let rising = |k: usize| potential_v[k.max(1)] > potential_v[k.max(1) - 1];
        let current_a = (0..potential_v.len())
            .map(|k| {
                let direction = if rising(k) { 1.0 } else { -1.0 };
                let background = self.capacitive_a * direction + self.slope_a_v * potential_v[k];
                self.anodic_sign * (faradaic[k] + background + self.noise_a * noise.next())
            })
            .collect();
        Sweep::new(potential_v, current_a).unwrap()
    }

    fn on_surface(&self, potential_v: &[f64]) -> Vec<f64> {
        let mut before = potential_v[0] - (potential_v[1] - potential_v[0]);
        potential_v
            .iter()
            .map(|v| {
                let direction = if *v > before { 1.0 } else { -1.0 };
                before = *v;
                let u = (v - self.formal_v) / (2.0 * self.thermal_v());
                direction * self.height_a / u.cosh().powi(2)
            })
            .collect()
    }

    /// χ at every recorded point, from steps of at most a twentieth of RT/nF.
    fn in_solution(&self) -> Vec<f64> {
        let fine = (20.0 * self.step_v / self.thermal_v()).ceil().max(1.0) as usize;
        let coarse: Vec<f64> = self
            .potentials()
            .iter()
            .map(|v| (v - self.formal_v) / self.thermal_v())
            .collect();
        let mut u = vec![coarse[0]];
        for pair in coarse.windows(2) {
            u.extend((1..=fine).map(|k| pair[0] + (pair[1] - pair[0]) * k as f64 / fine as f64));
        }
        let chi = dimensionless_current(&u);
        chi.iter().step_by(fine).map(|chi| self.height_a * chi / PEAK).collect()
    }
}

/// π^½χ at the peak of a reversible wave (Nicholson and Shain 1964, table I).
pub const PEAK: f64 = 0.446_295;

/// π^½χ along a potential program u = nF(E - E½)/RT of constant scan rate.
///
/// At a reversible couple the surface concentration follows Nernst's law at every moment, so that
/// ∫₀^τ χ(s)/√(τ - s) ds = 1/(1 + e^(-u(τ))) with τ in units of RT/(nFv), whichever way the potential goes. χ is taken as
/// linear between steps and the integral over each step is done exactly; each new value then follows from
/// all earlier ones. A start at which the couple is already partly oxidised is a jump at τ = 0.
pub fn dimensionless_current(u: &[f64]) -> Vec<f64> {
    let n = u.len();
    let step = (u[1] - u[0]).abs();
    let surface = |u: f64| 1.0 / (1.0 + (-u).exp());
    let start = surface(u[0]);
    // ∫ over the step that ends k steps ago, of 1 and of the position within it.
    let root = |k: usize| (k as f64).sqrt();
    let cube = |k: usize| (k as f64).powf(1.5);
    let scale = step.sqrt();
    let (old, new): (Vec<f64>, Vec<f64>) = (0..n)
        .map(|k| {
            let whole = 2.0 * (root(k + 1) - root(k));
            let slope = 2.0 / 3.0 * (cube(k + 1) - cube(k)) - k as f64 * whole;
            (scale * slope, scale * (whole - slope))
        })
        .unzip();
    let mut chi = vec![0.0; n];
    for at in 1..n {
        // The jump at the start is a Cottrell current, whose part of the integral is constant.
        let mut known = 0.0;
        for k in 1..at {
            known += chi[at - k] * new[k];
        }
        for k in 0..at {
            known += chi[at - 1 - k] * old[k];
        }
        chi[at] = (surface(u[at]) - start - known) / new[0];
    }
    let cottrell = |k: usize| {
        if k == 0 {
            0.0
        } else {
            start / (std::f64::consts::PI * (k as f64 * step).sqrt())
        }
    };
    let root_pi = std::f64::consts::PI.sqrt();
    (0..n).map(|k| root_pi * (chi[k] + cottrell(k))).collect()
}

fn path(vertices: &[f64], step: f64) -> Vec<f64> {
    let mut e = vec![vertices[0]];
    for pair in vertices.windows(2) {
        let count = ((pair[1] - pair[0]).abs() / step).round().max(1.0) as usize;
        e.extend((1..=count).map(|k| pair[0] + (pair[1] - pair[0]) * k as f64 / count as f64));
    }
    e
}
