//! Text exports of EC-Lab and BT-Lab (`.mpt`).
//!
//! A header with the number of its lines, which may be as short as three lines or be missing, then one table. Units are
//! part of the columns' names; currents are mostly in milliampere.

mod header;
#[cfg(test)]
mod tests;

use super::{FileFormat, Input};
use crate::dates::Stamp;
use crate::format::Format;
use crate::options::ReadOptions;
use crate::recording::{Completeness, Recording, Technique, Trace};
use crate::reservation::Reservation;
use crate::table::electrodes::{Counted, Current, Electrode, Plan, Scaled, Timed};
use crate::table::layout::{self, NotFound};
use crate::table::rows::Tail;
use crate::table::{MAX_COLUMNS, course, sweeps};
use crate::text::{Encoding, Lines, is_blank};
use crate::units::{CurrentUnit, PotentialUnit, TimeUnit};
use crate::unreadable::{Problem, Role, Unreadable};
use header::Header;

/// Reads the text exports of EC-Lab and BT-Lab.
pub struct BiologicMpt;

impl FileFormat for BiologicMpt {
    fn format(&self) -> Format {
        Format::BiologicMpt
    }

    fn recognises(&self, input: &Input<'_>) -> bool {
        let first = Lines::of(input.head()).find(|line| !is_blank(line.content));
        first.is_some_and(|line| {
            let magic = [&b"EC-Lab ASCII FILE"[..], b"BT-Lab ASCII FILE"];
            magic.iter().any(|magic| line.content.starts_with(magic))
                // An export without a header begins with the names of the columns.
                || (line.content.starts_with(b"mode\t") && header::names_columns(line.content))
        })
    }

    fn read(&self, input: &Input<'_>, options: &ReadOptions) -> Result<Recording, Unreadable> {
        let text = input.text_bytes();
        let fail = |problem| Unreadable::of(Format::BiologicMpt, problem);
        let header = Header::read(text, options.settled).ok_or_else(|| fail(Problem::HeaderOnly))?;
        let names: Vec<&str> = header
            .names
            .content
            .split(|byte| *byte == b'\t')
            .map(|name| std::str::from_utf8(name).unwrap_or("").trim())
            .collect();
        if names.len() > MAX_COLUMNS {
            let columns = names.len();
            return Err(fail(Problem::TooManyColumns {
                columns,
                limit: MAX_COLUMNS,
            }));
        }
        let stated = header.technique();
        let plan = plan(&names, stated).map_err(|kind| {
            fail(match kind {
                Some(kind) => Problem::OtherTechnique {
                    name: header.title.unwrap_or(kind).chars().take(80).collect(),
                },
                None => Problem::MissingColumn {
                    role: Role::Potential,
                    column: None,
                    columns: names.len(),
                },
            })
        })?;
        let pulsed = plan.pulsed;
        let own = ReadOptions {
            settled: options.settled,
            ..ReadOptions::default()
        };
        let table =
            layout::find(text, header.names.next, header.names.number + 1, &own).map_err(|reason| match reason {
                NotFound::AmbiguousComma => fail(Problem::AmbiguousComma),
                NotFound::NoRows | NotFound::SingleColumn => fail(Problem::HeaderOnly),
            })?;
        let mut sweeps = sweeps::read(text, &table, plan, options.settled, |_| false);
        let Some(first) = sweeps.electrodes.first() else {
            return Err(fail(Problem::HeaderOnly));
        };
        let technique = stated.unwrap_or_else(|| match &first.trace {
            Trace::Transient(_) => Technique::Ca,
            Trace::Voltammogram(_) if pulsed => Technique::Swv,
            Trace::Voltammogram(sweep) if course::folds_back(sweep.potential_v()) => Technique::Cv,
            Trace::Voltammogram(_) => Technique::Unknown,
        });
        let judged = match header.announced {
            Some(announced) if sweeps.points == announced => Completeness::Complete,
            _ => Completeness::Unproven,
        };
        let completeness = match sweeps.tail {
            Tail::None => judged,
            Tail::Withheld(_) if !options.settled => Completeness::Partial,
            Tail::Withheld(_) | Tail::Kept(_) => Completeness::Unproven,
        };
        if let Some(expected) = header.announced {
            let points = sweeps.points;
            if points < expected {
                sweeps
                    .reservations
                    .push(Reservation::FewerPointsThanAnnounced { points, expected });
            } else if points > expected {
                sweeps
                    .reservations
                    .push(Reservation::MorePointsThanAnnounced { points, expected });
            }
        }
        if header.started == Stamp::Ambiguous {
            sweeps.reservations.push(Reservation::AmbiguousDate);
        }
        let cyclic = technique == Technique::Cv;
        let swept = matches!(technique, Technique::Cv | Technique::Lsv);
        Ok(Recording {
            format: Format::BiologicMpt,
            encoding: input.encoding().unwrap_or(Encoding::Utf8),
            technique,
            frequency_hz: header.frequency_hz.filter(|_| technique == Technique::Swv),
            scan_rate_v_s: header.scan_rate_v_s.filter(|_| swept),
            cycles: sweeps.cycles().filter(|_| cyclic),
            electrodes: sweeps.electrodes,
            points: sweeps.points,
            completeness,
            expected_points: header.announced,
            started_at: header.started.known(),
            instrument: header.device.map(|device| device.chars().take(80).collect()),
            reservations: sweeps.reservations,
        })
    }
}

/// The quantity in a column's name without its unit and the brackets of an average: `Ewe` of `<Ewe>/V` and `<Ewe/V>`.
fn quantity(name: &str) -> (&str, &str) {
    let bare = name.trim_start_matches('<').trim_end_matches('>');
    let (quantity, unit) = bare.rsplit_once('/').unwrap_or((bare, ""));
    (quantity.trim_end_matches('>').trim(), unit.trim())
}

/// What to read of the table; what kind of measurement it is instead, where its columns tell, if that is no current
/// against potential or time.
fn plan(names: &[&str], technique: Option<Technique>) -> Result<Plan, Option<&'static str>> {
    let column = |wanted: &str| names.iter().position(|name| quantity(name).0 == wanted);
    let unit = |column: usize| quantity(names[column]).1;
    let is_current = |column: &usize| CurrentUnit::parse(unit(*column)).is_some();
    if column("freq").is_some() || column("Re(Z)").is_some() {
        return Err(Some("impedance"));
    }
    let controlled = column("control");
    if controlled.as_ref().is_some_and(is_current) {
        return Err(Some("controlled current"));
    }
    let difference = column("I delta").filter(is_current);
    let forward = column("I forward").filter(is_current);
    let reverse = column("I reverse").filter(is_current);
    let plain = column("I").filter(is_current);
    let (Some(any), false) = (difference.or(forward).or(plain), technique == Some(Technique::Other)) else {
        return Err(Some("no current"));
    };
    let scaled = |column: usize| Scaled {
        column,
        divisor: CurrentUnit::parse(unit(column)).unwrap_or_default().per_ampere(),
    };
    let pulsed = forward.is_some() || reverse.is_some() || difference.is_some();
    let current = match (difference, forward, reverse) {
        (None, Some(_), Some(_)) => Current::ForwardMinusReverse,
        _ => Current::Column(scaled(any)),
    };
    // Pulses are drawn over the potential of the step, everything else over the measured one.
    let wanted = ["E step", "Ewe", "Ecell", "control"];
    let is_potential = |column: &usize| PotentialUnit::parse(unit(*column)).is_some();
    let potential = wanted[usize::from(!pulsed)..]
        .iter()
        .find_map(|name| column(name).filter(is_potential));
    let time = column("time").map(|column| Timed {
        column,
        unit: TimeUnit::parse(unit(column)).unwrap_or_default(),
    });
    let over_time = time.is_some() && technique == Some(Technique::Ca);
    if potential.is_none() && time.is_none() {
        return Err(None);
    }
    let potential = potential.map(|column| Scaled {
        column,
        divisor: PotentialUnit::parse(unit(column)).unwrap_or_default().per_volt(),
    });
    let electrode = Electrode {
        number: 1,
        stated: false,
        potential: potential.filter(|_| !over_time),
        held: potential.filter(|_| over_time),
        current,
        forward: forward.map(scaled),
        reverse: reverse.map(scaled),
        time,
        cycle: column("cycle number")
            .filter(|_| !over_time && !pulsed)
            .map(|column| Counted { column, half: false }),
    };
    Ok(Plan {
        electrodes: vec![electrode],
        by_position: false,
        pulsed,
    })
}
