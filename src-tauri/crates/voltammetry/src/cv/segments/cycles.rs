//! Which cycle a segment belongs to.

use super::{CvDirection, Segment};

/// Numbers the cycles of all segments: by the file's numbers, else by counting returns to the first direction.
pub(super) fn number(segments: &mut [Segment], from_file: Option<&[u32]>) {
    let mut counted = 0;
    let mut before = None;
    for segment in segments {
        // Two forward sweeps in a row, with a jump back between them, are two cycles.
        if segment.direction == CvDirection::Forward || before.is_none() {
            counted += 1;
        }
        before = Some(segment.direction);
        segment.cycle = match from_file {
            Some(cycles) => most_frequent(&cycles[segment.first..=segment.last]),
            None => counted,
        };
    }
}

/// The number of the longest run of equal numbers, the later one on a tie.
fn most_frequent(cycles: &[u32]) -> u32 {
    let (mut best, mut most) = (cycles[0], 0);
    for run in cycles.chunk_by(|a, b| a == b) {
        if run.len() >= most {
            (best, most) = (run[0], run.len());
        }
    }
    best
}
