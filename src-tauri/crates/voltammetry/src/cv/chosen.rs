//! Which segments are analysed, and which of them belong together.

use super::reason::CvReason;
use super::segments::{CvDirection, Segment};
use super::settings::CvSettings;

/// Indices of segments with the direction that they stand for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chosen {
    pub segments: Vec<(usize, CvDirection)>,
    /// The user chose: these two are the pair, whatever they look like.
    pub by_user: bool,
}

/// All segments; or, where the user gave one or both numbers, a forward and a reverse one. The one that is not given is
/// the neighbour in time that goes the other way: after a forward, before a reverse segment, else on the other side.
pub(super) fn choose(segments: &[Segment], settings: &CvSettings) -> Result<Chosen, CvReason> {
    let index = |number: Option<u32>| match number.filter(|number| *number > 0) {
        None => Ok(None),
        Some(number) => {
            let found = segments.iter().position(|segment| segment.number == number);
            found.map(Some).ok_or(CvReason::NoSuchSegment)
        }
    };
    let opposite = |at: usize, other: Option<usize>| {
        other.filter(|&other| other < segments.len() && segments[other].sweep != segments[at].sweep)
    };
    let (forward, reverse) = match (index(settings.forward_segment)?, index(settings.reverse_segment)?) {
        (None, None) => {
            return Ok(Chosen {
                segments: segments.iter().map(|segment| segment.direction).enumerate().collect(),
                by_user: false,
            });
        }
        (Some(forward), None) => {
            let reverse = opposite(forward, Some(forward + 1)).or_else(|| opposite(forward, forward.checked_sub(1)));
            (Some(forward), reverse)
        }
        (None, Some(reverse)) => {
            let forward = opposite(reverse, reverse.checked_sub(1)).or_else(|| opposite(reverse, Some(reverse + 1)));
            (forward, Some(reverse))
        }
        both => both,
    };
    let forward = forward.map(|at| (at, CvDirection::Forward));
    let reverse = reverse.filter(|at| Some(*at) != forward.map(|(at, _)| at));
    Ok(Chosen {
        segments: forward
            .into_iter()
            .chain(reverse.map(|at| (at, CvDirection::Reverse)))
            .collect(),
        by_user: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cv::segments;

    fn triangle(turns: usize) -> Vec<Segment> {
        let leg = |k: usize| (0..50).map(move |j| if k.is_multiple_of(2) { j } else { 50 - j });
        let potential: Vec<f64> = (0..turns).flat_map(leg).map(|j| 0.01 * f64::from(j)).collect();
        segments::find(&potential, None)
    }

    #[test]
    fn takes_the_neighbour_for_what_is_not_given() {
        let segments = triangle(4);
        assert_eq!(segments.len(), 4);
        let chosen = |forward, reverse| {
            let settings = CvSettings {
                forward_segment: forward,
                reverse_segment: reverse,
                ..CvSettings::default()
            };
            let chosen = choose(&segments, &settings)?;
            Ok(chosen.segments.iter().map(|(at, _)| at + 1).collect::<Vec<_>>())
        };
        assert_eq!(chosen(None, None), Ok(vec![1, 2, 3, 4]));
        assert_eq!(chosen(Some(3), None), Ok(vec![3, 4]));
        assert_eq!(chosen(Some(4), None), Ok(vec![4, 3]));
        assert_eq!(chosen(None, Some(2)), Ok(vec![1, 2]));
        assert_eq!(chosen(None, Some(1)), Ok(vec![2, 1]));
        assert_eq!(chosen(Some(3), Some(2)), Ok(vec![3, 2]));
        assert_eq!(chosen(Some(5), None), Err(CvReason::NoSuchSegment));
    }
}
