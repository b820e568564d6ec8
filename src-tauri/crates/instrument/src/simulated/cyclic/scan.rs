//! One simulated cyclic voltammogram, and what is really in it.

use super::super::scan::locate_peak;
use super::program::CyclicProgram;

/// What one electrode shows at one index. Vectors have one value per point.
#[derive(Debug, Clone, PartialEq)]
pub struct CyclicScan {
    /// Electrode, from 1.
    pub electrode: u8,
    /// Index, from 1.
    pub index: u32,
    /// Scan rate in V/s.
    pub scan_rate_v_s: f64,
    /// Time in s since the start of the first segment; the first point is one step behind it.
    pub time_s: Vec<f64>,
    /// Potential in V.
    pub potential_v: Vec<f64>,
    /// Current in A, oxidation positive.
    pub current_a: Vec<f64>,
    /// Cycle of each point, from 1.
    pub cycle: Vec<u32>,
    /// Potential in V and current in A at the end of the last cycle, which Gamry writes behind the last point.
    pub end: (f64, f64),
    /// The same without noise, and the values that an analysis should find.
    pub truth: CyclicTruth,
}

/// The noise-free content of a cyclic voltammogram.
#[derive(Debug, Clone, PartialEq)]
pub struct CyclicTruth {
    /// Current of the couple in A.
    pub faradaic_a: Vec<f64>,
    /// Charging current and leak in A.
    pub background_a: Vec<f64>,
    /// What the start adds, in A: not zero for three points.
    pub transient_a: Vec<f64>,
    /// The peaks of each cycle.
    pub cycles: Vec<CycleTruth>,
    /// Formal potential in V against the reference electrode as it is at this index: half-way between the peaks.
    pub formal_potential_v: f64,
    /// Charge in C of the whole bound layer; `None` for a dissolved couple.
    pub layer_charge_c: Option<f64>,
    /// Capacitance in F.
    pub capacitance_f: f64,
    /// Fraction of the couple that drift has left, 0 to 1.
    pub remaining: f64,
}

/// The peaks of one cycle; `None` where the segment holds no summit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CycleTruth {
    /// Of the segment towards positive potentials.
    pub anodic: Option<CyclicPeak>,
    /// Of the segment towards negative potentials.
    pub cathodic: Option<CyclicPeak>,
}

/// A peak of the faradaic current alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CyclicPeak {
    /// Potential in V.
    pub potential_v: f64,
    /// Current in A above zero, signed: negative for a cathodic peak. A dissolved couple's second peak stands on the tail of its
    /// first, which an analysis has to take off.
    pub height_a: f64,
    /// Full width in V at half of the height; `None` where the segment does not hold both flanks.
    pub width_v: Option<f64>,
}

impl CycleTruth {
    /// Distance in V from the cathodic to the anodic peak.
    pub fn peak_separation_v(&self) -> Option<f64> {
        Some(self.anodic?.potential_v - self.cathodic?.potential_v)
    }

    /// The middle between the peaks in V.
    pub fn half_wave_potential_v(&self) -> Option<f64> {
        Some(0.5 * (self.anodic?.potential_v + self.cathodic?.potential_v))
    }
}

/// The peaks of each cycle of a noise-free faradaic current.
pub(super) fn cycles(program: &CyclicProgram, faradaic_a: &[f64]) -> Vec<CycleTruth> {
    let points = program.points().min(faradaic_a.len());
    let mut truths = vec![
        CycleTruth {
            anodic: None,
            cathodic: None,
        };
        program.cycles as usize
    ];
    let mut begin = 0;
    while begin < points {
        let segment = program.segment(begin);
        let end = (begin..points)
            .find(|&k| program.segment(k) != segment)
            .unwrap_or(points);
        let sign = program.direction(segment);
        let above: Vec<f64> = faradaic_a[begin..end]
            .iter()
            .map(|current| (sign * current).max(0.0))
            .collect();
        let top = (0..above.len())
            .max_by(|&a, &b| above[a].total_cmp(&above[b]))
            .unwrap_or(0);
        if top > 0
            && top + 1 < above.len()
            && let Some(cycle) = truths.get_mut(segment as usize / 2)
        {
            let peak = locate_peak(&above, program.potential_v(begin as f64), sign * program.step_v);
            let found = Some(CyclicPeak {
                potential_v: peak.potential_v,
                height_a: sign * peak.height_a,
                width_v: peak.width_v,
            });
            if sign > 0.0 {
                cycle.anodic = found;
            } else {
                cycle.cathodic = found;
            }
        }
        begin = end;
    }
    truths
}
