//! One simulated scan, and what is really in it.

/// What one electrode's sweep shows at one frequency and index.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatedScan {
    /// Electrode, from 1.
    pub electrode: u8,
    /// Square-wave frequency in Hz.
    pub frequency_hz: f64,
    /// Index, from 1.
    pub index: u32,
    /// Staircase potential in V of each point, in the order of the sweep.
    pub potential_v: Vec<f64>,
    /// Forward current in A, reduction positive.
    pub forward_a: Vec<f64>,
    /// Reverse current in A.
    pub reverse_a: Vec<f64>,
    /// Difference current in A: forward - reverse.
    pub difference_a: Vec<f64>,
    /// The same without noise, and the values that an analysis should find.
    pub truth: Truth,
}

/// The noise-free content of a scan. Vectors have one value per point.
#[derive(Debug, Clone, PartialEq)]
pub struct Truth {
    /// Faradaic difference current in A: the peak alone.
    pub faradaic_a: Vec<f64>,
    /// Background of the difference current in A, without the start transient.
    pub background_a: Vec<f64>,
    /// What the start adds to the difference current in A: non-zero for two points.
    pub transient_a: Vec<f64>,
    /// Height of the faradaic peak in A, signed (negative for an anodic sweep), at the vertex of the parabola through the
    /// highest three points; the background is not part of it.
    pub height_a: f64,
    /// Potential in V of that vertex.
    pub peak_potential_v: f64,
    /// Full width in V at half of that height; `None` where the sweep does not hold both flanks.
    pub width_v: Option<f64>,
    /// Target concentration in mol/L.
    pub concentration_m: f64,
    /// Fraction of the aptamers that hold a target, 0 to 1.
    pub occupancy: f64,
    /// Fraction of the signal that drift has left, 0 to 1.
    pub remaining: f64,
}

impl Truth {
    /// Difference current in A without noise: peak, background and start transient.
    pub fn difference_a(&self) -> Vec<f64> {
        self.faradaic_a
            .iter()
            .zip(&self.background_a)
            .zip(&self.transient_a)
            .map(|((faradaic, background), transient)| faradaic + background + transient)
            .collect()
    }
}

/// Height, position and width of a smooth single peak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Peak {
    pub(super) height_a: f64,
    pub(super) potential_v: f64,
    pub(super) width_v: Option<f64>,
}

/// The peak of a noise-free curve on an even grid that starts at `first_v` and goes on by `step_v` (signed).
///
/// The vertex is that of the parabola through the point of largest magnitude and its neighbours; the flanks at half of its
/// height are found by linear interpolation. With steps of a fiftieth of the width both are exact to about 1e-5.
pub(super) fn locate_peak(current_a: &[f64], first_v: f64, step_v: f64) -> Peak {
    let top = (0..current_a.len())
        .max_by(|&a, &b| current_a[a].abs().total_cmp(&current_a[b].abs()))
        .unwrap_or(0);
    let at = |k: usize| current_a.get(k).copied().unwrap_or(0.0);
    let (mut height_a, mut offset) = (at(top), 0.0);
    if top > 0 && top + 1 < current_a.len() {
        let (left, middle, right) = (at(top - 1), at(top), at(top + 1));
        let curvature = left - 2.0 * middle + right;
        if curvature != 0.0 {
            offset = 0.5 * (left - right) / curvature;
            height_a = middle - 0.25 * (left - right) * offset;
        }
    }
    let half = 0.5 * height_a.abs();
    let crossing = |outer: usize, inner: usize| {
        let (low, high) = (at(outer).abs(), at(inner).abs());
        let part = (half - low) / (high - low);
        outer as f64 + (inner as f64 - outer as f64) * part
    };
    let left = (0..top).rev().find(|&k| at(k).abs() < half).map(|k| crossing(k, k + 1));
    let right = (top + 1..current_a.len())
        .find(|&k| at(k).abs() < half)
        .map(|k| crossing(k, k - 1));
    Peak {
        height_a,
        potential_v: first_v + step_v * (top as f64 + offset),
        width_v: left.zip(right).map(|(left, right)| (right - left) * step_v.abs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_peak_is_found_between_the_points() {
        let (center, sigma) = (-0.260_3, 0.03);
        let curve: Vec<f64> = (0..500)
            .map(|k| {
                let potential_v = -0.001 * f64::from(k + 1);
                -2.0e-7 * (-0.5 * ((potential_v - center) / sigma).powi(2)).exp()
            })
            .collect();
        let peak = locate_peak(&curve, -0.001, -0.001);
        assert!((peak.height_a + 2.0e-7).abs() < 1e-12);
        assert!((peak.potential_v - center).abs() < 1e-6);
        let fwhm = 2.0 * (2.0 * 2.0_f64.ln()).sqrt() * sigma;
        assert!((peak.width_v.unwrap() - fwhm).abs() < 1e-5);
    }
}
