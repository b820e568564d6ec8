//! Binary files of CH Instruments software (`.bin`), square wave voltammetry of the layout that has been verified.
//!
//! The format is not published. What is known was found by comparing files with their text exports: a header of 1691
//! bytes, then for each channel the difference, forward and reverse current of each point as 32-bit floats. Everything
//! that does not agree with this in size and parameters is refused. Numbers of channels are not known, so electrodes
//! count by position.

use voltammetry::Sweep;

use super::{FileFormat, Input};
use crate::format::Format;
use crate::options::ReadOptions;
use crate::recording::{Completeness, ElectrodeSweep, Recording, Technique, Trace};
use crate::text::Encoding;
use crate::unreadable::{Problem, Unreadable};

/// Reads square wave voltammograms from the binary files of CH Instruments software.
pub struct ChiBin;

const MAGIC: &[u8] = &[0x80, 0xF2, 0x1D, 0x00];
/// Version and name of the technique, behind the magic number.
const SQUARE_WAVE: &[u8] = b"\x03\x00\x00\x00SWV\x17\x00\x00\x00Square Wave Voltammetry";
/// Bytes before the currents.
const HEADER: usize = 1691;
/// Difference, forward and reverse current, four bytes each.
const POINT: usize = 12;
/// Most channels of an instrument of this make.
const CHANNELS: usize = 16;

const POINTS_AT: [usize; 2] = [615, 623];
const INITIAL_AT: usize = 1091;
const FINAL_AT: usize = 1095;
const STEP_AT: usize = 1111;
const FREQUENCY_AT: usize = 1159;

impl FileFormat for ChiBin {
    fn format(&self) -> Format {
        Format::ChiBin
    }

    fn recognises(&self, input: &Input<'_>) -> bool {
        input.raw().starts_with(MAGIC)
    }

    fn read(&self, input: &Input<'_>, _: &ReadOptions) -> Result<Recording, Unreadable> {
        let run = Run::of(input.raw()).map_err(|problem| Unreadable::of(Format::ChiBin, problem))?;
        Ok(Recording {
            format: Format::ChiBin,
            // Nothing in the file is text; this is what programs assume where there is no encoding.
            encoding: Encoding::Windows1252,
            technique: Technique::Swv,
            frequency_hz: Some(run.frequency_hz),
            scan_rate_v_s: None,
            points: run.points,
            electrodes: run.electrodes,
            cycles: None,
            completeness: Completeness::Complete,
            expected_points: Some(run.points),
            started_at: None,
            instrument: None,
            reservations: Vec::new(),
        })
    }
}

struct Run {
    points: usize,
    frequency_hz: f64,
    electrodes: Vec<ElectrodeSweep>,
}

impl Run {
    fn of(raw: &[u8]) -> Result<Self, Problem> {
        let refuse = |what, beginning| Problem::Unconfirmed { what, beginning };
        if raw.len() < MAGIC.len() + SQUARE_WAVE.len() {
            return Err(refuse("the file is shorter than its header", true));
        }
        if !raw[MAGIC.len()..].starts_with(SQUARE_WAVE) {
            return Err(refuse("it is no square wave voltammogram of the known version", false));
        }
        if raw.len() <= HEADER {
            return Err(refuse("the file is shorter than its header", true));
        }
        let [points, again] = POINTS_AT.map(|at| whole(raw, at));
        let points = match (points, again) {
            (Some(points), Some(again)) if points == again && points > 0 => points as usize,
            _ => return Err(refuse("the two counts of points differ", false)),
        };
        let block = points.saturating_mul(POINT);
        let currents = &raw[HEADER..];
        let channels = currents.len() / block;
        if channels == 0 || channels * block != currents.len() {
            return Err(refuse(
                "the size is no whole number of channels with this count of points",
                true,
            ));
        }
        if channels > CHANNELS {
            return Err(refuse("the size gives more channels than an instrument has", false));
        }
        let initial_v = single(raw, INITIAL_AT).filter(|potential| potential.abs() <= 20.0);
        let final_v = single(raw, FINAL_AT).filter(|potential| potential.abs() <= 20.0);
        let step_v = single(raw, STEP_AT).filter(|step| *step > 0.0);
        let frequency_hz = single(raw, FREQUENCY_AT).filter(|hertz| (0.01..=1e6).contains(hertz));
        let (Some(initial_v), Some(final_v), Some(step_v)) = (initial_v, final_v, step_v) else {
            return Err(refuse("the potentials are not where they should be", false));
        };
        let frequency_hz = frequency_hz.ok_or(refuse("the frequency is not where it should be", false))?;
        let way_v = final_v - initial_v;
        // The last step may end beyond the final potential where the way is no whole number of steps.
        let steps = way_v.abs() / step_v;
        if (steps - steps.round()).abs() > 1e-3 && points as f64 != steps.ceil()
            || (steps - steps.round()).abs() <= 1e-3 && points as f64 != steps.round()
        {
            return Err(refuse("potentials and step give another count of points", false));
        }
        let step_v = step_v * way_v.signum();
        let electrodes = currents
            .chunks_exact(block)
            .zip(1..)
            .filter_map(|(block, number)| electrode(block, number, initial_v, step_v))
            .collect();
        Ok(Self {
            points,
            frequency_hz,
            electrodes,
        })
    }
}

/// One channel. The first point is one step behind the initial potential, as in the text export.
fn electrode(block: &[u8], number: u32, initial_v: f64, step_v: f64) -> Option<ElectrodeSweep> {
    let column = |offset: usize| -> Vec<f64> {
        let values = block
            .chunks_exact(POINT)
            .filter_map(|point| point.get(offset..)?.first_chunk());
        values.map(|bytes| f64::from(f32::from_le_bytes(*bytes))).collect()
    };
    let difference = column(0);
    let potential: Vec<f64> = (1..=difference.len())
        .map(|k| rounded(initial_v + k as f64 * step_v))
        .collect();
    let sweep = Sweep::new(potential, difference).ok()?;
    Some(ElectrodeSweep {
        forward_a: Some(column(4)),
        reverse_a: Some(column(8)),
        ..ElectrodeSweep::new(number, false, Trace::Voltammogram(sweep))
    })
}

fn whole(raw: &[u8], at: usize) -> Option<i32> {
    raw.get(at..)?.first_chunk().map(|bytes| i32::from_le_bytes(*bytes))
}

/// A parameter, which was typed in with a few digits and stored as a 32-bit float.
fn single(raw: &[u8], at: usize) -> Option<f64> {
    let value = raw.get(at..)?.first_chunk().map(|bytes| f32::from_le_bytes(*bytes))?;
    // The shortest text of a 32-bit float is what was typed.
    value.is_finite().then(|| value.to_string().parse().ok()).flatten()
}

/// To a nanovolt: without the error that repeated steps add.
fn rounded(potential_v: f64) -> f64 {
    (potential_v * 1e9).round() / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    fn file(channels: usize, points: i32, initial: f32, last: f32, step: f32) -> Vec<u8> {
        let mut raw = vec![0_u8; HEADER];
        raw[..4].copy_from_slice(MAGIC);
        raw[4..4 + SQUARE_WAVE.len()].copy_from_slice(SQUARE_WAVE);
        for at in POINTS_AT {
            raw[at..at + 4].copy_from_slice(&points.to_le_bytes());
        }
        for (at, value) in [
            (INITIAL_AT, initial),
            (FINAL_AT, last),
            (STEP_AT, step),
            (FREQUENCY_AT, 60.0),
        ] {
            raw[at..at + 4].copy_from_slice(&value.to_le_bytes());
        }
        for channel in 0..channels {
            for k in 0..points {
                for part in 0..3 {
                    let value = 1e-8 * (1000 * channel as i32 + 10 * k + part) as f32;
                    raw.extend_from_slice(&value.to_le_bytes());
                }
            }
        }
        raw
    }

    fn refused(raw: &[u8]) -> Unreadable {
        let error = read(raw, &ReadOptions::default()).unwrap_err();
        assert_eq!((error.code(), error.format), ("unconfirmed", Format::ChiBin));
        error
    }

    #[test]
    fn channels_and_potentials_are_decoded() {
        let recording = read(&file(2, 50, -0.1, -0.3, 0.004), &ReadOptions::default()).unwrap();
        assert_eq!(
            (recording.technique, recording.frequency_hz),
            (Technique::Swv, Some(60.0))
        );
        assert_eq!((recording.points, recording.completeness), (50, Completeness::Complete));
        let [first, second] = &recording.electrodes[..] else {
            panic!()
        };
        assert_eq!((first.electrode, second.electrode, second.stated), (1, 2, false));
        let sweep = second.voltammogram().unwrap();
        assert_eq!((sweep.potential_v()[0], sweep.potential_v()[49]), (-0.104, -0.3));
        let near = |value: f64, expected: f64| (value - expected).abs() < 1e-6 * expected;
        assert!(near(sweep.current_a()[3], 1e-8 * 1030.0));
        assert!(near(second.forward_a.as_ref().unwrap()[3], 1e-8 * 1031.0));
        assert!(near(second.reverse_a.as_ref().unwrap()[3], 1e-8 * 1032.0));
    }

    #[test]
    fn what_the_size_does_not_confirm_is_refused() {
        let whole = file(2, 50, -0.1, -0.3, 0.004);
        for length in [8, 30, 700, HEADER, HEADER + 7, whole.len() - 1, whole.len() - 601] {
            assert!(refused(&whole[..length]).may_become_readable(), "{length} bytes");
        }
        let mut more = whole.clone();
        more.push(0);
        refused(&more);
        refused(&file(1, 50, -0.1, -0.2, 0.004));
        refused(&file(1, 50, f32::NAN, -0.3, 0.004));
        refused(&file(1, 50, -0.1, -0.3, 0.0));
        refused(&file(17, 50, -0.1, -0.3, 0.004));
        let mut other = whole.clone();
        other[8] = b'C';
        assert!(!refused(&other).may_become_readable());
        let mut counts = whole;
        counts[POINTS_AT[1]] = 49;
        assert!(refused(&counts).message().contains("counts of points"));
    }
}
