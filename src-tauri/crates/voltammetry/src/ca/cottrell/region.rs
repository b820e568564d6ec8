//! Which stretch of a transient is a Cottrell region.

use crate::ca::CaReason;
use crate::statistics::Line;

/// Fewest points of a region.
const FEWEST_POINTS: usize = 8;

/// Fewest points of each of its halves: the slope of a line through fewer has no error.
const FEWEST_POINTS_OF_A_HALF: usize = 3;

/// Cells of equal width in `ln t` that a region is made of. Each counts once, however many points it holds: else the late points of an evenly
/// sampled transient would decide alone.
const CELLS: usize = 24;

/// Fewest cells with points of a region.
const FEWEST_CELLS: usize = 4;

/// A region that is chosen spans at least this factor in time: over less, two exponentials on an offset look the same.
const LEAST_FACTOR: f64 = 10.0;

/// Its logarithmic slope is within this of -½, that of each half within twice as much.
const SLOPE_TOLERANCE: f64 = 0.02;

/// The slopes of its halves may differ by this share of the slope, whatever the noise.
const CURVATURE_TOLERANCE: f64 = 0.01;

/// Beyond that, by this many standard errors of the difference.
const CURVATURE_ERRORS: f64 = 3.0;

/// The mean current of a sixth may be off the line by this share of itself, whatever the noise.
const WAVE_TOLERANCE: f64 = 0.005;

/// No noise excuses a difference beyond this share of the slope.
const GREATEST_CURVATURE: f64 = 0.1;

/// Ascending points with times from `low` to `high`.
pub(super) fn between(points: &[(f64, f64)], low: f64, high: f64) -> &[(f64, f64)] {
    let from = points.partition_point(|point| point.0 < low);
    let to = points.partition_point(|point| point.0 <= high);
    points.get(from..to).unwrap_or(&[])
}

/// The widest region with the slope of diffusion and no bend; of several as wide, the earliest.
pub(super) fn choose(points: &[(f64, f64)]) -> Result<&[(f64, f64)], CaReason> {
    let (Some(&(first, _)), Some(&(last, _))) = (points.first(), points.last()) else {
        return Err(CaReason::TooFewPoints);
    };
    if points.len() < FEWEST_POINTS {
        return Err(CaReason::TooFewPoints);
    }
    if last <= first {
        return Err(CaReason::NoSpan);
    }
    let width = (last / first).ln() / CELLS as f64;
    let cell_of = |point: &(f64, f64)| (((point.0 / first).ln() / width) as usize).min(CELLS - 1);
    let mut cells: Vec<Cell> = Vec::with_capacity(CELLS);
    let mut from = 0;
    for group in points.chunk_by(|a, b| cell_of(a) == cell_of(b)) {
        cells.push(Cell::new(from, group));
        from += group.len();
    }
    for length in (FEWEST_CELLS..=cells.len()).rev() {
        for region in cells.windows(length) {
            let (Some(low), Some(high)) = (region.first(), region.last()) else {
                continue;
            };
            let (from, to) = (low.points.0, high.points.1);
            let factor = points[to - 1].0 / points[from].0;
            if factor >= LEAST_FACTOR && to - from >= FEWEST_POINTS && is_diffusion(region) && is_straight(region) {
                return Ok(&points[from..to]);
            }
        }
    }
    Err(CaReason::NoCottrellRegion)
}

/// The lines of the current over the inverse root of time, over the early and the late half of `ln t`; `None` where a half has too few points.
pub(super) fn halves(points: &[(f64, f64)]) -> Option<(HalfLine, HalfLine)> {
    let (first, last) = (points.first()?, points.last()?);
    let middle = (first.0 * last.0).sqrt();
    let (early, late) = points.split_at(points.partition_point(|point| point.0 < middle));
    Some((Moments::of(early).line()?, Moments::of(late).line()?))
}

/// Slope of `ln |i|` over `ln t`; `None` where the current is not of one sign, or there is no line.
pub(super) fn logarithmic_slope(points: impl Iterator<Item = (f64, f64)> + Clone) -> Option<f64> {
    let sign = points.clone().next()?.1.signum();
    if !points.clone().all(|(_, current)| current * sign > 0.0) {
        return None;
    }
    Line::fit(points.map(|(time, current)| (time.ln(), current.abs().ln())))
        .ok()
        .map(|line| line.slope)
}

/// Points of neighbouring times.
#[derive(Debug, Clone, Copy)]
struct Cell {
    /// Positions of its first point, and behind its last.
    points: (usize, usize),
    /// Mean of `ln t`, mean current.
    mean: (f64, f64),
    /// For the line through the points of several cells, without going through the points again.
    moments: Moments,
}

impl Cell {
    fn new(from: usize, points: &[(f64, f64)]) -> Self {
        let n = points.len() as f64;
        let (time, current) = points
            .iter()
            .fold((0.0, 0.0), |(t, i), point| (t + point.0.ln(), i + point.1));
        Self {
            points: (from, from + points.len()),
            mean: (time / n, current / n),
            moments: Moments::of(points),
        }
    }
}

/// Slope of a half, and its standard error (A·s^½).
#[derive(Debug, Clone, Copy)]
pub(super) struct HalfLine {
    pub(super) slope: f64,
    error: f64,
}

/// Means and sums of squares about them of `x`, the inverse root of time, and `y`, the current. Source of the merging: T. F. Chan, G. H. Golub,
/// R. J. LeVeque, Am. Stat. 37 (1983) 242-247.
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    points: usize,
    mean: (f64, f64),
    xx: f64,
    xy: f64,
    yy: f64,
}

impl Moments {
    fn of(points: &[(f64, f64)]) -> Self {
        points.iter().fold(Self::default(), |all, (time, current)| {
            all.with(&Self {
                points: 1,
                mean: (1.0 / time.sqrt(), *current),
                ..Self::default()
            })
        })
    }

    fn with(&self, other: &Self) -> Self {
        let points = self.points + other.points;
        if points == 0 {
            return *self;
        }
        let share = other.points as f64 / points as f64;
        let (x, y) = (other.mean.0 - self.mean.0, other.mean.1 - self.mean.1);
        let weight = self.points as f64 * share;
        Self {
            points,
            mean: (self.mean.0 + share * x, self.mean.1 + share * y),
            xx: self.xx + other.xx + weight * x * x,
            xy: self.xy + other.xy + weight * x * y,
            yy: self.yy + other.yy + weight * y * y,
        }
    }

    fn line(&self) -> Option<HalfLine> {
        if self.points < FEWEST_POINTS_OF_A_HALF || self.xx <= 0.0 {
            return None;
        }
        let slope = self.xy / self.xx;
        let squares = (self.yy - slope * self.xy).max(0.0);
        let error = (squares / (self.points as f64 - 2.0) / self.xx).sqrt();
        (slope.is_finite() && error.is_finite()).then_some(HalfLine { slope, error })
    }
}

/// Whether the current falls with the root of time over the whole and over each half of the cells.
fn is_diffusion(cells: &[Cell]) -> bool {
    let is_near = |cells: &[Cell], tolerance: f64| {
        let means = cells.iter().map(|cell| (cell.mean.0.exp(), cell.mean.1));
        logarithmic_slope(means).is_some_and(|slope| (slope + 0.5).abs() <= tolerance)
    };
    let middle = cells.len() / 2;
    is_near(cells, SLOPE_TOLERANCE)
        && is_near(&cells[..=middle], 2.0 * SLOPE_TOLERANCE)
        && is_near(&cells[middle - 1..], 2.0 * SLOPE_TOLERANCE)
}

/// Whether the current over the inverse root of time has the same slope early and late, as far as the noise tells.
fn is_straight(cells: &[Cell]) -> bool {
    let (Some(first), Some(last)) = (cells.first(), cells.last()) else {
        return false;
    };
    let middle = 0.5 * (first.mean.0 + last.mean.0);
    let (early, late) = cells.split_at(cells.partition_point(|cell| cell.mean.0 < middle));
    let moments = |cells: &[Cell]| {
        cells
            .iter()
            .fold(Moments::default(), |all, cell| all.with(&cell.moments))
    };
    let (early, late) = (moments(early), moments(late));
    let all = early.with(&late);
    let (Some(whole), Some(early), Some(late)) = (all.line(), early.line(), late.line()) else {
        return false;
    };
    let difference = (early.slope - late.slope).abs();
    let of_noise = CURVATURE_ERRORS * early.error.hypot(late.error);
    let slope = whole.slope.abs();
    difference <= of_noise.clamp(CURVATURE_TOLERANCE * slope, GREATEST_CURVATURE * slope)
        && leaves_no_waves(cells, &all, whole.slope)
}

/// Whether the mean of each sixth of the cells is on the line of all, as far as the scatter inside the cells tells: two exponentials wind around it.
fn leaves_no_waves(cells: &[Cell], all: &Moments, slope: f64) -> bool {
    let (squares, freedom) = cells
        .iter()
        .filter(|cell| cell.moments.points > 2 && cell.moments.xx > 0.0)
        .map(|cell| &cell.moments)
        .fold((0.0, 0.0), |(squares, freedom), m| {
            (
                squares + (m.yy - m.xy * m.xy / m.xx).max(0.0),
                freedom + m.points as f64 - 2.0,
            )
        });
    let scatter = if freedom > 0.0 { (squares / freedom).sqrt() } else { 0.0 };
    cells.chunks(cells.len().div_ceil(6)).all(|part| {
        let part = part
            .iter()
            .fold(Moments::default(), |sum, cell| sum.with(&cell.moments));
        let off = part.mean.1 - all.mean.1 - slope * (part.mean.0 - all.mean.0);
        let of_noise = CURVATURE_ERRORS * scatter / (part.points as f64).sqrt();
        off.abs() <= of_noise.max(WAVE_TOLERANCE * part.mean.1.abs())
    })
}
