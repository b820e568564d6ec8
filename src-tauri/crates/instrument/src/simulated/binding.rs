//! Target concentration over a run, and how much of the aptamer it occupies.

/// One change of the target concentration, seen from `at_index` on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Injection {
    /// First index measured in the new solution.
    pub at_index: u32,
    /// Target concentration in mol/L that the cell approaches.
    pub concentration_m: f64,
}

/// The target concentration over the index of a run: steps that are approached exponentially, as a cell mixes or is
/// washed.
#[derive(Debug, Clone, PartialEq)]
pub struct ConcentrationProfile {
    /// The changes, ordered by index. Before the first the concentration is 0.
    pub injections: Vec<Injection>,
    /// Time constant of mixing, in indices.
    pub mixing_indices: f64,
}

impl ConcentrationProfile {
    /// A titration over `files` indices: a fifth of baseline, half of the run for 1, 3, 10, 30 and 100 µmol/L, then a wash.
    pub fn titration(files: u32) -> Self {
        let at = |fraction: f64| 1 + (f64::from(files) * fraction).round() as u32;
        let doses = [1.0e-6, 3.0e-6, 10.0e-6, 30.0e-6, 100.0e-6];
        let mut injections: Vec<Injection> = doses
            .iter()
            .enumerate()
            .map(|(k, &concentration_m)| Injection {
                at_index: at(0.2 + 0.1 * k as f64),
                concentration_m,
            })
            .collect();
        injections.push(Injection {
            at_index: at(0.7),
            concentration_m: 0.0,
        });
        Self {
            injections,
            mixing_indices: (f64::from(files) / 100.0).max(0.2),
        }
    }

    /// For frequency maps, which are compared with each other: the first without target, the last in 100 µmol/L; a third dose
    /// and more, up to 1, 3, 10 and 30 µmol/L, where there are maps between. The cell is mixed before each map.
    pub fn maps(files: u32) -> Self {
        let doses = [1.0e-6, 3.0e-6, 10.0e-6, 30.0e-6, 100.0e-6];
        let steps = files.saturating_sub(1).min(5);
        let injections = (1..=steps).map(|step| Injection {
            at_index: 1 + (f64::from(files - 1) * f64::from(step) / f64::from(steps)).round() as u32,
            concentration_m: doses[doses.len() - (steps - step) as usize - 1],
        });
        Self {
            injections: injections.collect(),
            mixing_indices: 0.05,
        }
    }

    /// Concentration in mol/L at `index`: `c(i) = c1 + (c0 - c1) exp(-(i - i1 + 1) / τ)` after each step from `c0` to `c1`
    /// at `i1`.
    pub fn concentration_m(&self, index: u32) -> f64 {
        let mut target_m = 0.0;
        let mut reached_m = 0.0;
        let mut since = 0;
        let approach =
            |from: f64, to: f64, indices: u32| to + (from - to) * (-f64::from(indices) / self.mixing_indices).exp();
        for step in self.injections.iter().take_while(|step| step.at_index <= index) {
            reached_m = approach(reached_m, target_m, step.at_index - since);
            target_m = step.concentration_m;
            since = step.at_index;
        }
        approach(reached_m, target_m, index + 1 - since)
    }
}

/// Occupied fraction of the aptamers by the Langmuir isotherm `θ = c / (c + K_D)`, both in mol/L.
pub fn occupancy(concentration_m: f64, dissociation_m: f64) -> f64 {
    concentration_m / (concentration_m + dissociation_m)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_titration_rises_in_steps_and_is_washed_out() {
        let profile = ConcentrationProfile::titration(100);
        assert!(profile.concentration_m(20).abs() < f64::EPSILON);
        let plateaus: Vec<f64> = [30, 40, 50, 60, 70]
            .map(|index| profile.concentration_m(index))
            .to_vec();
        for (plateau, dose) in plateaus.iter().zip([1.0e-6, 3.0e-6, 10.0e-6, 30.0e-6, 100.0e-6]) {
            assert!((plateau / dose - 1.0).abs() < 1e-3, "{plateau} {dose}");
        }
        assert!(profile.concentration_m(71) > 1e-6, "the wash takes time");
        assert!(profile.concentration_m(100) < 1e-9);
    }

    #[test]
    fn maps_go_from_no_target_to_saturation() {
        for files in [2, 3, 6, 40] {
            let profile = ConcentrationProfile::maps(files);
            assert!(profile.concentration_m(1).abs() < f64::EPSILON);
            assert!((profile.concentration_m(files) / 1e-4 - 1.0).abs() < 1e-3, "{files}");
            assert!((2..=files).all(|k| profile.concentration_m(k) >= profile.concentration_m(k - 1)));
        }
        assert!(ConcentrationProfile::maps(1).injections.is_empty());
    }

    #[test]
    fn half_is_occupied_at_the_dissociation_constant() {
        assert!((occupancy(1e-5, 1e-5) - 0.5).abs() < 1e-15);
        assert!(occupancy(0.0, 1e-5).abs() < 1e-15);
    }
}
