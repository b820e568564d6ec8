//! Sections on cyclic voltammetry and chronoamperometry.

use super::super::{CaSettings, CvSettings};
use super::SettingsError;
use super::values::{number, range};

impl CvSettings {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        range("cv.range_v", &self.range_v)?;
        let rate = self.scan_rate_v_s;
        number(
            "cv.scan_rate_v_s",
            "0 (from the file) or above",
            rate,
            rate >= 0.0 && rate.is_finite(),
        )?;
        zero_or_above("cv.area_m2", self.area_m2)?;
        electrons("cv.electrons", self.electrons)?;
        let (forward, reverse) = (self.forward_segment, self.reverse_segment);
        let differ = forward == 0 || forward != reverse;
        number(
            "cv.reverse_segment",
            "another one than forward_segment",
            f64::from(reverse),
            differ,
        )?;
        for probe in &self.probes_v {
            number("cv.probes_v", "finite numbers", *probe, probe.is_finite())?;
        }
        let probes = self.probes_v.len();
        number("cv.probes_v", "at most 100 potentials", probes as f64, probes <= 100)
    }
}

impl CaSettings {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        range("ca.fit_range_s", &self.fit_range_s)?;
        range("ca.cottrell_range_s", &self.cottrell_range_s)?;
        number(
            "ca.step",
            "0 (all) or at most 1000",
            f64::from(self.step),
            self.step <= 1000,
        )?;
        electrons("ca.electrons", self.electrons)?;
        zero_or_above("ca.area_m2", self.area_m2)?;
        zero_or_above("ca.concentration_mol_m3", self.concentration_mol_m3)
    }
}

fn electrons(key: &'static str, count: u32) -> Result<(), SettingsError> {
    number(key, "from 1 to 100", f64::from(count), (1..=100).contains(&count))
}

/// A property of the cell, where 0 stands for one that is not known.
fn zero_or_above(key: &'static str, value: f64) -> Result<(), SettingsError> {
    number(key, "0 (not known) or above", value, value >= 0.0 && value.is_finite())
}
