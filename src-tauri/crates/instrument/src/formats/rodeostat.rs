//! What the Rodeostat's own program writes: time (s), potential (V) and current (µA), with 3, 4 and 4 decimals and without any
//! header.
//!
//! Nothing but these decimals tells such a table from others. It is raw: a sweep of square wave voltammetry is a series of
//! samples here, not differences. A potential that takes at most two values is a step, so the current is recorded over time.

use voltammetry::Transient;

use super::{FileFormat, Input, delimited};
use crate::format::Format;
use crate::options::{DecimalMark, ReadOptions};
use crate::recording::{ElectrodeSweep, Recording, Technique, Trace};
use crate::table::layout::{Found, Layout, Separator};
use crate::table::rows::{self, Wanted};
use crate::unreadable::Unreadable;

/// Reads tables of the Rodeostat.
pub struct Rodeostat;

/// Decimals of time, potential and current.
const DECIMALS: [usize; 3] = [3, 4, 4];
/// Rows that have to look so.
const PROBE: usize = 3;

const TABLE: Found = Found {
    layout: Layout::new(Separator::Comma, DecimalMark::Point),
    columns: 3,
    start: 0,
    line: 1,
};

impl FileFormat for Rodeostat {
    fn format(&self) -> Format {
        Format::Delimited
    }

    fn recognises(&self, input: &Input<'_>) -> bool {
        let mut rows = 0;
        let all = crate::text::Lines::of(input.text_bytes())
            .take(PROBE)
            .inspect(|_| rows += 1)
            .all(|line| line.terminated && is_row(line.content));
        all && rows == PROBE
    }

    fn read(&self, input: &Input<'_>, options: &ReadOptions) -> Result<Recording, Unreadable> {
        let mut recording = delimited::read_table(input, Format::Delimited, options)?;
        let stated = ReadOptions {
            settled: options.settled,
            ..ReadOptions::default()
        } != *options;
        if stated {
            return Ok(recording);
        }
        let wanted = [0, 1, 2].map(|column| Wanted { column, required: true });
        let columns = rows::read(input.text_bytes(), &TABLE, &wanted, options.settled, |_| false).columns;
        let [electrode] = recording.electrodes.as_mut_slice() else {
            return Ok(recording);
        };
        let [time_s, potential_v, _] = columns.as_slice() else {
            return Ok(recording);
        };
        if time_s.len() == electrode.trace.len() {
            electrode.time_s = Some(time_s.clone());
            if is_step(potential_v) {
                as_transient(electrode);
                recording.technique = Technique::Ca;
            }
        }
        Ok(recording)
    }
}

/// Three numbers with these decimals, a comma and a blank between.
fn is_row(line: &[u8]) -> bool {
    let decimals = |cell: &&[u8]| memchr::memchr(b'.', cell).map_or(0, |at| cell.len() - at - 1);
    line.len() < 100
        && line.windows(2).filter(|pair| *pair == b", ").count() == 2
        && TABLE.layout.cells(line).iter().map(decimals).eq(DECIMALS)
}

/// At most two values, and no triangle of two points.
fn is_step(potential_v: &[f64]) -> bool {
    let Some(first) = potential_v.first() else {
        return false;
    };
    let other = potential_v.iter().find(|value| *value != first);
    potential_v.len() > 2 * PROBE && potential_v.iter().all(|value| value == first || Some(value) == other)
}

fn as_transient(electrode: &mut ElectrodeSweep) {
    let Some(current_a) = electrode.voltammogram().map(|sweep| sweep.current_a().to_vec()) else {
        return;
    };
    if let Some(transient) = electrode
        .time_s
        .take()
        .and_then(|time_s| Transient::new(time_s, current_a).ok())
    {
        electrode.trace = Trace::Transient(transient);
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use crate::{ReadOptions, Recording, Technique, read};

    fn table(potential: impl Fn(i32) -> f64) -> Recording {
        let mut text = String::new();
        for row in 0..12 {
            let k = f64::from(row);
            writeln!(text, "{:.3}, {:.4}, {:.4}", 0.01 * (k + 1.0), potential(row), 1.5 + k).unwrap();
        }
        read(text.as_bytes(), &ReadOptions::default()).unwrap()
    }

    #[test]
    fn sweeps_have_times_and_microamperes() {
        let recording = table(|row| 0.01 * f64::from(row));
        let electrode = &recording.electrodes[0];
        assert_eq!((recording.technique, recording.points), (Technique::Unknown, 12));
        assert_eq!(electrode.time_s.as_ref().unwrap()[2], 0.03);
        let sweep = electrode.voltammogram().unwrap();
        assert_eq!((sweep.potential_v()[1], sweep.current_a()[0]), (0.01, 1.5e-6));
        assert_eq!(recording.reservations[0].code(), "current_unit_inferred");
    }

    #[test]
    fn a_potential_step_is_current_over_time() {
        let recording = table(|row| if row < 4 { 0.0 } else { -0.3 });
        assert_eq!(recording.technique, Technique::Ca);
        let transient = recording.electrodes[0].transient().unwrap();
        assert_eq!((transient.time_s()[3], transient.current_a()[3]), (0.04, 4.5e-6));
    }
}
