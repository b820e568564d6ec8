//! One simulated decay, and what is really in it.

/// What one electrode shows after the step at one index. Vectors have one value per point.
#[derive(Debug, Clone, PartialEq)]
pub struct StepScan {
    /// Electrode, from 1.
    pub electrode: u8,
    /// Index, from 1.
    pub index: u32,
    /// Time in s since the step; the first point is one sampling interval behind it.
    pub time_s: Vec<f64>,
    /// Current in A, reduction positive.
    pub current_a: Vec<f64>,
    /// The values that an analysis should find.
    pub truth: StepTruth,
}

/// The noise-free decay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepTruth {
    /// Time constant in s with which the double layer is charged, the smaller one.
    pub tau1_s: f64,
    /// Its current in A at the step.
    pub amplitude1_a: f64,
    /// Time constant in s of the reporter, which follows the target.
    pub tau2_s: f64,
    /// Its current in A at the step.
    pub amplitude2_a: f64,
    /// Current in A that stays.
    pub offset_a: f64,
    /// Target concentration in mol/L.
    pub concentration_m: f64,
    /// Fraction of the aptamers that hold a target, 0 to 1.
    pub occupancy: f64,
    /// Fraction of the signal that drift has left, 0 to 1.
    pub remaining: f64,
}

impl StepTruth {
    /// Current in A at a time in s after the step.
    pub fn current_a(&self, time_s: f64) -> f64 {
        self.amplitude1_a * (-time_s / self.tau1_s).exp()
            + self.amplitude2_a * (-time_s / self.tau2_s).exp()
            + self.offset_a
    }
}
