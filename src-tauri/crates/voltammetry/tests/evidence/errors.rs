//! How far a method is from the truth.

use voltammetry::swv::{self, Quantity, SwvMethod, SwvSettings};

use super::synthetic::{Shape, Truth, median};

/// Median errors over sweeps that differ in their noise alone.
#[derive(Debug)]
pub struct Errors {
    pub found: u64,
    pub of: u64,
    /// |height error| and mean height error, % of the height.
    pub height: f64,
    pub bias: f64,
    /// |potential error| in steps.
    pub potential: f64,
    /// |width error| and |area error|, %.
    pub width: f64,
    pub area: f64,
}

pub fn errors(truth: Truth, method: SwvMethod, seeds: u64) -> Errors {
    let settings = SwvSettings {
        method,
        ..SwvSettings::default()
    };
    let by_area = SwvSettings {
        quantity: Quantity::Area,
        ..settings
    };
    let (mut signed, mut potential, mut width, mut area) = (vec![], vec![], vec![], vec![]);
    for seed in 1..=seeds {
        let sweep = Truth { seed, ..truth }.sweep();
        let found = swv::analyze(&sweep, &settings);
        let Some(peak) = found.peak_current_a else { continue };
        signed.push(100.0 * (peak / truth.height_a - 1.0));
        potential.push((found.peak_potential_v.unwrap() - truth.potential_v).abs() / truth.step_v);
        width.push(
            found
                .fwhm_v
                .map_or(f64::NAN, |width| 100.0 * (width / truth.fwhm_v - 1.0).abs()),
        );
        let area_va = found.area_va.or_else(|| swv::analyze(&sweep, &by_area).area_va);
        area.push(100.0 * (area_va.unwrap() / truth.area_va() - 1.0).abs());
    }
    if signed.is_empty() {
        return Errors {
            found: 0,
            of: seeds,
            height: f64::NAN,
            bias: f64::NAN,
            potential: f64::NAN,
            width: f64::NAN,
            area: f64::NAN,
        };
    }
    Errors {
        found: signed.len() as u64,
        of: seeds,
        bias: signed.iter().sum::<f64>() / signed.len() as f64,
        height: median(&mut signed.iter().map(|error| error.abs()).collect::<Vec<f64>>()),
        potential: median(&mut potential),
        width: median(&mut width),
        area: median(&mut area),
    }
}

/// A 90 mV wide peak of 0.5 µA in the middle of 600 mV.
pub fn base(shape: Shape, step_mv: f64, sign: f64) -> Truth {
    let step_v = step_mv / 1e3;
    Truth {
        shape,
        step_v,
        points: (0.6 / step_v).round() as usize + 1,
        // Off the grid, so that the summit lies between two samples.
        potential_v: -0.3 + 0.37 * step_v,
        height_a: sign * 5e-7,
        ..Truth::default()
    }
}
