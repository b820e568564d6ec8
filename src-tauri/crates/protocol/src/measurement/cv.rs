//! What is particular to a measurement of cyclic voltammetry.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Direction of a segment of a cyclic voltammogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The direction in which the scan began.
    Forward,
    /// The way back.
    Reverse,
}

/// Whether a peak is an oxidation or a reduction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PeakProcess {
    /// Oxidation.
    Anodic,
    /// Reduction.
    Cathodic,
}

/// The current at a potential that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct Probe {
    /// Potential, V.
    pub potential_v: f64,
    /// Current there, A; null where the segment does not reach it.
    pub current_a: Option<f64>,
}

/// The numbers of one segment of a cyclic voltammogram, beside those that every peak has. What belongs to a pair of
/// segments stands with both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CvNumbers {
    /// Direction of the segment.
    pub direction: Direction,
    /// Number of the segment in the file, from 1.
    pub segment: u32,
    /// Number of the cycle, from 1, or as the file counts.
    pub cycle: Option<u32>,
    /// Oxidation or reduction.
    pub process: Option<PeakProcess>,
    /// Distance of the two peaks of a pair, V.
    pub peak_separation_v: Option<f64>,
    /// Mean of the two peak potentials of a pair, V.
    pub half_wave_potential_v: Option<f64>,
    /// Potential at half of the peak's height, on its rising side, V.
    pub half_peak_potential_v: Option<f64>,
    /// Distance of peak and half-peak potential, V; see docs/methods/cv.md for what each method takes it to be.
    pub peak_width_v: Option<f64>,
    /// Magnitude of the anodic over that of the cathodic peak current of a pair.
    pub peak_ratio: Option<f64>,
    /// Surface coverage from the charge, mol/m².
    pub surface_coverage_mol_m2: Option<f64>,
    /// Area between the two sweeps of a pair, V·A.
    pub hysteresis_va: Option<f64>,
    /// Scan rate that was used, V/s.
    pub scan_rate_v_s: Option<f64>,
    /// Currents at the potentials that were asked for.
    pub probes: Vec<Probe>,
}
