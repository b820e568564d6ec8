//! Segments: the single sweeps, from one turn of the potential to the next, of which a voltammogram consists.
//!
//! A turn counts where the potential comes back by more than jitter can explain (`turns`); waiting at a potential, and
//! jumping to one, belongs to no segment (`edges`). Segments are disjoint: the point at the turn ends
//! the sweep that led there.

mod cycles;
mod edges;
mod turns;

#[cfg(test)]
mod tests;

/// Which way the potential goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PotentialSweep {
    /// To more positive potentials, the anodic direction.
    Rising,
    /// To more negative potentials, the cathodic direction.
    Falling,
}

impl PotentialSweep {
    /// `+1.0` for rising, `-1.0` for falling.
    pub fn sign(self) -> f64 {
        match self {
            Self::Rising => 1.0,
            Self::Falling => -1.0,
        }
    }

    /// `"rising"` or `"falling"`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Rising => "rising",
            Self::Falling => "falling",
        }
    }
}

/// Direction relative to the first sweep of the voltammogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CvDirection {
    /// The direction in which the first sweep goes.
    Forward,
    /// The way back.
    Reverse,
}

impl CvDirection {
    /// `"forward"` or `"reverse"`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::Reverse => "reverse",
        }
    }
}

/// One sweep of the potential.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// Number in time order, from 1.
    pub number: u32,
    /// Cycle it belongs to: the file's number where the file has them, else counted from 1.
    pub cycle: u32,
    /// Whether the potential rises or falls.
    pub sweep: PotentialSweep,
    /// Direction relative to the first segment.
    pub direction: CvDirection,
    /// Index of its first point in the recorded sweep.
    pub first: usize,
    /// Index of its last point; points between may be non-finite.
    pub last: usize,
    /// Potential of the first point (V).
    pub from_v: f64,
    /// Potential of the last point (V).
    pub to_v: f64,
}

impl Segment {
    /// Number of recorded points.
    pub fn points(&self) -> usize {
        self.last + 1 - self.first
    }

    /// Lowest and highest potential (V) of its ends.
    pub fn bounds_v(&self) -> (f64, f64) {
        (self.from_v.min(self.to_v), self.from_v.max(self.to_v))
    }
}

/// Fewest points of a sweep; fewer are a jump.
const FEWEST_POINTS: usize = 4;

/// Finds the segments of recorded potentials (V), in time order.
///
/// `cycles` are the file's cycle numbers, one for each point; a segment takes the number that most of its points have,
/// the later one on a tie. Without them (or where their number differs from that of the points) every return to the
/// first direction begins a cycle. Values that are not finite are passed over. Empty where the potential
/// does not sweep.
pub fn find(potential_v: &[f64], cycles: Option<&[u32]>) -> Vec<Segment> {
    let finite: Vec<usize> = (0..potential_v.len()).filter(|&k| potential_v[k].is_finite()).collect();
    let e: Vec<f64> = finite.iter().map(|&k| potential_v[k]).collect();
    let Some(scale) = turns::Scale::of(&e) else {
        return Vec::new();
    };
    let turns = turns::find(&e, &scale);
    let mut segments: Vec<Segment> = Vec::with_capacity(turns.len());
    // Where potentials jump to and fro, neighbouring turns may be found at the same point.
    let mut free = 0;
    for (first, last) in edges::trim(&e, &turns, &scale) {
        let first = first.max(free);
        if last + 1 < first + FEWEST_POINTS || e[first] == e[last] {
            continue;
        }
        free = last + 1;
        let (from_v, to_v) = (e[first], e[last]);
        let sweep = if to_v > from_v {
            PotentialSweep::Rising
        } else {
            PotentialSweep::Falling
        };
        let forward = segments.first().is_none_or(|begin| begin.sweep == sweep);
        segments.push(Segment {
            number: segments.len() as u32 + 1,
            cycle: 0,
            sweep,
            direction: if forward {
                CvDirection::Forward
            } else {
                CvDirection::Reverse
            },
            first: finite[first],
            last: finite[last],
            from_v,
            to_v,
        });
    }
    cycles::number(&mut segments, cycles.filter(|cycles| cycles.len() == potential_v.len()));
    segments
}
