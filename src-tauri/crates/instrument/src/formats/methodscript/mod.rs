//! Raw output of devices that run MethodSCRIPT (such as PalmSens potentiostat modules), as terminals and loggers save it.
//!
//! One line for each event: `e` (echo), `M0002` (a measurement loop with its technique begins), packages of values, `C0001`
//! and `-` (a scan begins and ends), `*` (the measurement loop ends), `L` and `+` (other loops), `!` (an error), `T` (text of the
//! script), and an empty line where the script ends. The script itself decides which variables a package has.

mod loops;
mod package;
#[cfg(test)]
mod tests;

use super::curves::arrange;
use super::{FileFormat, Input};
use crate::format::Format;
use crate::options::ReadOptions;
use crate::recording::{Completeness, Recording};
use crate::reservation::Reservation;
use crate::text::{Encoding, Lines, is_blank};
use crate::unreadable::{Problem, Unreadable};
use loops::Loops;

/// Reads raw output of MethodSCRIPT devices.
pub struct Methodscript;

impl FileFormat for Methodscript {
    fn format(&self) -> Format {
        Format::Methodscript
    }

    fn recognises(&self, input: &Input<'_>) -> bool {
        Lines::of(input.head())
            .find(|line| !is_blank(line.content))
            .is_some_and(|line| is_first_line(line.content.trim_ascii_end()))
    }

    fn read(&self, input: &Input<'_>, _: &ReadOptions) -> Result<Recording, Unreadable> {
        read(input).map_err(|problem| Unreadable::of(Format::Methodscript, problem))
    }
}

/// The device's echo, a loop, or a package.
fn is_first_line(line: &[u8]) -> bool {
    match line {
        b"e" => true,
        [b'M' | b'L', digits @ ..] if digits.len() == 4 => digits.iter().all(u8::is_ascii_hexdigit),
        _ => package::variables(line).is_some_and(|mut variables| variables.next().flatten().is_some()),
    }
}

fn read(input: &Input<'_>) -> Result<Recording, Problem> {
    let text = input.text_bytes();
    let mut loops = Loops::default();
    for line in Lines::of(text) {
        if line.terminated {
            loops.line(&line);
        } else if !is_blank(line.content) {
            // A cut package may look whole: its last metadata are optional.
            loops.withheld(&line);
        }
    }
    let found = loops.finish();
    if found.curves.is_empty() {
        return Err(Problem::HeaderOnly);
    }
    let arranged = arrange(found.curves)?;
    let mut reservations = found.reservations;
    reservations.extend(arranged.reservations);
    if found.completeness == Completeness::Partial && reservations.is_empty() {
        reservations.push(Reservation::LoopNotEnded);
    }
    Ok(Recording {
        format: Format::Methodscript,
        encoding: input.encoding().unwrap_or(Encoding::Utf8),
        technique: arranged.technique,
        frequency_hz: None,
        scan_rate_v_s: None,
        electrodes: arranged.electrodes,
        points: arranged.points,
        cycles: arranged.cycles,
        completeness: found.completeness,
        expected_points: None,
        started_at: None,
        instrument: None,
        reservations,
    })
}
