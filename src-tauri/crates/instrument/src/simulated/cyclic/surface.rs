//! Cyclic voltammetry of a redox couple that is bound to the electrode.
//!
//! As in [`kinetics`](super::super::kinetics), the oxidised fraction obeys `dx/dt = k_ox (1 - x) - k_red x` with the Butler-Volmer
//! rates. In each quarter of a step the rate constants stay and the equilibrium `x∞` moves evenly, `s` per second, for which
//!
//! ```text
//! dx/dt = s + (k (x∞ - x) - s) exp(-k t)        k = k_ox + k_red, at the start of the quarter
//! ```
//!
//! is exact, however fast the couple. The current is `i = Q dx/dt`, oxidation positive. At small scan rates both peaks stand at the formal potential with the height `n F v Q / (4 R T)`; they move apart
//! where `v` comes near `k0 R T / (n F)`.
//!
//! Source: E. Laviron, *J. Electroanal. Chem.* 101 (1979) 19.

use super::super::kinetics::{FARADAY_C_PER_MOL, GAS_J_PER_MOL_K, NORMAL_QUADRATURE, Reporter};
use super::program::CyclicProgram;

/// Parts of a step in which the rates stay.
const PARTS: u32 = 4;

/// Faradaic current in A of each point of a scan, and of the end of the last cycle behind them.
pub fn current_a(reporter: &Reporter, k0_per_s: f64, program: &CyclicProgram, scan_rate_v_s: f64) -> Vec<f64> {
    let points = program.points();
    let per_volt = reporter.electrons * FARADAY_C_PER_MOL / (GAS_J_PER_MOL_K * reporter.temperature_k);
    let part_s = program.step_v / scan_rate_v_s / f64::from(PARTS);
    let mut current_a = vec![0.0; points + 1];
    for (node, weight) in NORMAL_QUADRATURE {
        let k0 = k0_per_s * (reporter.rate_dispersion * node).exp();
        let charge_c = weight * reporter.layer_charge_c;
        let rates = |potential_v: f64| {
            let xi = per_volt * (potential_v - reporter.formal_potential_v);
            let reduction = k0 * (-reporter.transfer_coefficient * xi).exp();
            let oxidation = k0 * ((1.0 - reporter.transfer_coefficient) * xi).exp();
            (reduction, oxidation)
        };
        let equilibrium = |place: f64| {
            let xi = per_volt * (program.potential_v(place) - reporter.formal_potential_v);
            1.0 / (1.0 + (-xi).exp())
        };
        let mut from = equilibrium(0.0);
        let mut oxidised = from;
        // The layer rests in equilibrium before the start, so that the first point has no current.
        for (k, current_a) in current_a.iter_mut().enumerate().skip(1) {
            let mut speed = 0.0;
            for part in 0..PARTS {
                let place = k as f64 - 1.0 + f64::from(part) / f64::from(PARTS);
                let (reduction, oxidation) = rates(program.potential_v(place + 0.5 / f64::from(PARTS)));
                let rate = reduction + oxidation;
                let to = equilibrium(place + 1.0 / f64::from(PARTS));
                let moving = (to - from) / part_s;
                let left = (-rate * part_s).exp();
                let behind = from - oxidised;
                oxidised = to - behind * left - moving * (1.0 - left) / rate;
                speed = moving + (rate * behind - moving) * left;
                from = to;
            }
            *current_a += charge_c * speed;
        }
    }
    current_a
}
