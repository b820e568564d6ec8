//! What a forward and a reverse sweep say together.

use super::analysis::CvPair;
use super::convention::{PeakKind, SignConvention};
use super::hysteresis;
use super::peak::Peak;
use super::points::Points;
use super::reason::CvReason;
use super::segments::{CvDirection, Segment};
use super::settings::MassTransport;

/// A first segment that covers less than this part of the next one began in the middle of the potential window.
const WHOLE: f64 = 0.9;

/// Everything that pairs are made of; `chosen` and `peaks` go together.
pub(super) struct Analysed<'a> {
    pub segments: &'a [Segment],
    pub points: &'a [Points],
    pub chosen: &'a [(usize, CvDirection)],
    pub by_user: bool,
    pub peaks: &'a [Option<Peak>],
    pub convention: Option<SignConvention>,
    pub mass_transport: MassTransport,
}

/// The pairs: what the user chose; else each forward sweep with the reverse sweep that follows it. Where the first sweep
/// began in the middle of the window and so missed its peak, the reverse sweep is paired with the forward sweep after it instead.
pub(super) fn find(analysed: &Analysed<'_>) -> Vec<CvPair> {
    let count = analysed.chosen.len();
    if analysed.by_user {
        return if count == 2 {
            vec![pair(analysed, 0, 1)]
        } else {
            Vec::new()
        };
    }
    let mut pairs = Vec::with_capacity(count / 2);
    let direction = |k: usize| analysed.chosen[k].1;
    let mut k = 0;
    while k + 1 < count {
        if direction(k) != CvDirection::Forward || direction(k + 1) != CvDirection::Reverse {
            k += 1;
            continue;
        }
        let span = |k: usize| {
            let (low, high) = analysed.segments[analysed.chosen[k].0].bounds_v();
            high - low
        };
        let began_inside = k == 0 && span(0) < WHOLE * span(1) && analysed.peaks[0].is_none();
        let later = k + 2 < count && direction(k + 2) == CvDirection::Forward && analysed.peaks[k + 2].is_some();
        pairs.push(pair(analysed, if began_inside && later { k + 2 } else { k }, k + 1));
        k += 2;
    }
    pairs
}

fn pair(analysed: &Analysed<'_>, forward: usize, reverse: usize) -> CvPair {
    let index = |k: usize| analysed.chosen[k].0;
    let segment = |k: usize| &analysed.segments[index(k)];
    let points = |k: usize| &analysed.points[index(k)];
    let mut found = CvPair {
        forward_segment: segment(forward).number,
        reverse_segment: segment(reverse).number,
        cycle: segment(reverse).cycle,
        reason: Some(CvReason::PeakMissing),
        peak_separation_v: None,
        half_wave_potential_v: None,
        peak_ratio: None,
        nicholson_ratio: None,
        hysteresis: hysteresis::between(points(forward), points(reverse))
            .filter(|found| found.area_va.is_finite() && found.largest_difference_a.is_finite()),
    };
    let (Some(first), Some(second)) = (&analysed.peaks[forward], &analysed.peaks[reverse]) else {
        return found;
    };
    found.reason = None;
    found.peak_separation_v = Some((first.potential_v - second.potential_v).abs());
    found.half_wave_potential_v = Some(f64::midpoint(first.potential_v, second.potential_v));
    let forward_is_cathodic = analysed
        .convention
        .is_some_and(|convention| convention.kind(first.polarity) == PeakKind::Cathodic);
    let (above, below) = if forward_is_cathodic {
        (second.height_a, first.height_a)
    } else {
        (first.height_a, second.height_a)
    };
    found.peak_ratio = Some(above / below).filter(|ratio| ratio.is_finite());
    if analysed.mass_transport == MassTransport::Solution && index(reverse) == index(forward) + 1 {
        found.nicholson_ratio = nicholson(points(forward), points(reverse), segment(forward), first, second);
    }
    found
}

/// |ir/if| + 0.485 |is/if| + 0.086 (R. S. Nicholson, Anal. Chem. 38 (1966) 1406), all currents above the background of the
/// forward sweep.
///
/// On the way back that background is lower by what the current jumps at the turn, where the double layer's current
/// changes its sign.
fn nicholson(forward: &Points, reverse: &Points, segment: &Segment, first: &Peak, second: &Peak) -> Option<f64> {
    let slope = first.baseline_slope?;
    let background = |v: f64| first.baseline_a + slope * (v - first.potential_v);
    let turn_v = segment.to_v;
    let at_end = end_current(forward, turn_v, segment.sweep.sign())?;
    let at_start = end_current(reverse, turn_v, segment.sweep.sign())?;
    let turning = (at_end - background(turn_v)).abs();
    let peak_a = second.baseline_a + second.polarity.sign() * second.height_a;
    let returning = (peak_a - (background(second.potential_v) - (at_end - at_start))).abs();
    let ratio = (returning + 0.485 * turning) / first.height_a + 0.086;
    ratio.is_finite().then_some(ratio)
}

/// Current at the turn, on the least-squares line through the last fiftieth of the points next to it.
fn end_current(points: &Points, turn_v: f64, side: f64) -> Option<f64> {
    let n = points.len();
    let count = (n / 50).clamp(5, 200).min(n);
    let range = if side > 0.0 { n - count..n } else { 0..count };
    let (x, y) = (&points.potential_v[range.clone()], &points.current_a[range]);
    let centre = x.iter().sum::<f64>() / count as f64;
    let level = y.iter().sum::<f64>() / count as f64;
    let (mut xx, mut xy) = (0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        xx += (x - centre) * (x - centre);
        xy += (x - centre) * (y - level);
    }
    (xx > 0.0).then(|| level + xy / xx * (turn_v - centre))
}
