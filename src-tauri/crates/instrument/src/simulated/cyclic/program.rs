//! The potential of a cyclic voltammogram over time.

use super::super::error::SimulationError;
use super::super::settings::MAX_POINTS;

/// Most scan rates in one run.
const MAX_SCAN_RATES: usize = 100;

/// From the initial potential to the first vertex, then to and fro between both; it ends at the second vertex.
#[derive(Debug, Clone, PartialEq)]
pub struct CyclicProgram {
    /// Potential in V at which it starts (and rests before); between the vertices, or at the second.
    pub initial_potential_v: f64,
    /// Where it turns first, in V.
    pub first_vertex_v: f64,
    /// Where it turns then, in V.
    pub second_vertex_v: f64,
    /// How often it visits the second vertex.
    pub cycles: u32,
    /// From one point to the next, in V, positive.
    pub step_v: f64,
    /// Scan rates in V/s; the indices use them in turn, so that several make a scan-rate study.
    pub scan_rates_v_s: Vec<f64>,
    /// Rest at the initial potential in s.
    pub quiet_time_s: f64,
}

impl CyclicProgram {
    /// Three cycles at 0.1 V/s, a point per millivolt, that start at the second vertex.
    pub fn between(first_vertex_v: f64, second_vertex_v: f64) -> Self {
        Self {
            initial_potential_v: second_vertex_v,
            first_vertex_v,
            second_vertex_v,
            cycles: 3,
            step_v: 0.001,
            scan_rates_v_s: vec![0.1],
            quiet_time_s: 2.0,
        }
    }

    /// Scan rate in V/s of an index (from 1).
    pub fn scan_rate_v_s(&self, index: u32) -> f64 {
        let rates = self.scan_rates_v_s.len().max(1);
        let position = (index as usize).wrapping_sub(1) % rates;
        self.scan_rates_v_s.get(position).copied().unwrap_or(f64::NAN)
    }

    /// Sweeps in one direction: two a cycle.
    pub const fn segments(&self) -> u32 {
        2 * self.cycles
    }

    /// Points of one scan. The first is at the initial potential, the last one step before the second vertex.
    pub fn points(&self) -> usize {
        (self.way_v() / self.step_v).round() as usize
    }

    /// Potential in V of point `k`, counted from 0, and of any place between two points.
    pub fn potential_v(&self, k: f64) -> f64 {
        let (segment, on_way_v) = self.place(k);
        let (from_v, to_v) = self.ends_v(segment);
        from_v + on_way_v * (to_v - from_v).signum()
    }

    /// Segment (from 0) of point `k`; a vertex belongs to the segment that leaves it.
    pub fn segment(&self, k: usize) -> u32 {
        self.place(k as f64).0
    }

    /// `1.0` where potentials rise, `-1.0` where they fall.
    pub fn direction(&self, segment: u32) -> f64 {
        let (from_v, to_v) = self.ends_v(segment);
        (to_v - from_v).signum()
    }

    /// Points since the last turn (or the start) at point `k`.
    pub(super) fn since_turn(&self, k: usize) -> f64 {
        self.place(k as f64).1 / self.step_v
    }

    /// Duration in s of a scan: the rest, then the cycles.
    pub fn duration_s(&self, index: u32) -> f64 {
        self.quiet_time_s + self.way_v() / self.scan_rate_v_s(index)
    }

    /// The whole way in V.
    fn way_v(&self) -> f64 {
        self.first_way_v() + f64::from(self.segments().saturating_sub(1)) * self.window_v()
    }

    fn first_way_v(&self) -> f64 {
        (self.first_vertex_v - self.initial_potential_v).abs()
    }

    fn window_v(&self) -> f64 {
        (self.second_vertex_v - self.first_vertex_v).abs()
    }

    /// Segment, and the way in V that was gone in it.
    fn place(&self, k: f64) -> (u32, f64) {
        // A hundredth of a step: a point at a vertex is not before it because of rounding.
        let margin_v = 0.01 * self.step_v;
        let way_v = k * self.step_v;
        let behind_v = way_v - self.first_way_v();
        if behind_v < -margin_v {
            return (0, way_v);
        }
        let turns = ((behind_v + margin_v) / self.window_v()).floor();
        (turns as u32 + 1, (behind_v - turns * self.window_v()).max(0.0))
    }

    fn ends_v(&self, segment: u32) -> (f64, f64) {
        match segment {
            0 => (self.initial_potential_v, self.first_vertex_v),
            odd if odd % 2 == 1 => (self.first_vertex_v, self.second_vertex_v),
            _ => (self.second_vertex_v, self.first_vertex_v),
        }
    }

    pub(super) fn check(&self) -> Result<(), SimulationError> {
        let (low_v, high_v) = (
            self.first_vertex_v.min(self.second_vertex_v),
            self.first_vertex_v.max(self.second_vertex_v),
        );
        let steps = self.way_v() / self.step_v;
        let measurable = self.step_v > 0.0
            && self.window_v() >= 2.0 * self.step_v
            && self.first_way_v() >= 2.0 * self.step_v
            && (low_v..=high_v).contains(&self.initial_potential_v)
            && low_v >= -10.0
            && high_v <= 10.0;
        if !measurable {
            return Err(SimulationError::CyclicProgram {
                initial_potential_v: self.initial_potential_v,
                first_vertex_v: self.first_vertex_v,
                second_vertex_v: self.second_vertex_v,
                step_v: self.step_v,
            });
        }
        if self.cycles == 0 || !(1.0..=MAX_POINTS).contains(&steps) {
            return Err(SimulationError::CycleCount(self.cycles));
        }
        if !(1..=MAX_SCAN_RATES).contains(&self.scan_rates_v_s.len()) {
            return Err(SimulationError::ScanRateCount(self.scan_rates_v_s.len()));
        }
        match self.scan_rates_v_s.iter().find(|rate| !(1e-4..=1e3).contains(*rate)) {
            Some(&rate) => Err(SimulationError::ScanRate(rate)),
            None => Ok(()),
        }
    }
}
