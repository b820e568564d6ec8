//! Data files of Gamry Framework (`.DTA`).
//!
//! A file is a list of objects, one a line (`SCANRATE<tab>QUANT<tab>100<tab>label`), and of tables whose rows begin with a
//! tab. A cyclic voltammogram has a table for each cycle and a last one that only begins the cycle after it.

mod merging;
mod structure;
#[cfg(test)]
mod tests;

use super::{FileFormat, Input};
use crate::dates::{Stamp, numeric};
use crate::format::Format;
use crate::options::ReadOptions;
use crate::recording::{Completeness, Recording, Technique};
use crate::reservation::{Names, Reservation};
use crate::table::MAX_COLUMNS;
use crate::table::electrodes::{Current, Electrode, Plan, Scaled, Timed};
use crate::table::layout::{Found, Layout, Separator};
use crate::table::rows::Tail;
use crate::table::sweeps::{self, Sweeps};
use crate::text::{Encoding, Lines, is_blank};
use crate::units::{CurrentUnit, PotentialUnit, TimeUnit};
use crate::unreadable::{Problem, Unreadable};
use merging::merged;
use structure::{Structure, Table};

/// Reads the data files of Gamry Framework.
pub struct GamryDta;

impl FileFormat for GamryDta {
    fn format(&self) -> Format {
        Format::GamryDta
    }

    fn recognises(&self, input: &Input<'_>) -> bool {
        let mut lines = Lines::of(input.head()).filter(|line| !is_blank(line.content));
        let first = lines.next().map_or(&[][..], |line| line.content.trim_ascii());
        first.starts_with(b"EXPLAIN") || lines.take(2).any(|line| line.content.starts_with(b"TAG\t"))
    }

    fn read(&self, input: &Input<'_>, options: &ReadOptions) -> Result<Recording, Unreadable> {
        let text = input.text_bytes();
        let fail = |problem| Unreadable::of(Format::GamryDta, problem);
        let file = Structure::of(text);
        let tag = file.value("TAG").unwrap_or("");
        let technique = technique(tag, file.value("TITLE").unwrap_or(""));
        let curves: Vec<(&Table<'_>, Plan)> = if is_current_controlled(tag) {
            Vec::new()
        } else {
            file.tables
                .iter()
                .filter_map(|table| Some((table, plan(table, technique)?)))
                .collect()
        };
        if curves.is_empty() {
            let whole =
                !matches!(technique, Technique::Other) || file.tables.iter().all(|table| table.names.is_empty());
            return Err(fail(if whole {
                Problem::HeaderOnly
            } else {
                Problem::OtherTechnique {
                    name: file.value("TITLE").unwrap_or(tag).chars().take(80).collect(),
                }
            }));
        }
        let mut reservations = Vec::new();
        let mut others = Names::default();
        for table in &file.tables {
            if !curves.iter().any(|(curve, _)| curve.start == table.start) && table.end > table.start {
                others.add(table.name);
            }
        }
        let overloads = curves.iter().map(|(table, _)| table.overloads).sum();
        let announced: Option<usize> = curves.iter().map(|(table, _)| table.announced).sum();
        let cyclic = technique == Technique::Cv;
        let mut runs = Vec::with_capacity(curves.len());
        for (table, plan) in curves {
            if table.names.len() > MAX_COLUMNS {
                let columns = table.names.len();
                return Err(fail(Problem::TooManyColumns {
                    columns,
                    limit: MAX_COLUMNS,
                }));
            }
            let found = Found {
                layout: Layout::new(Separator::Tab, table.mark(text)),
                columns: table.names.len(),
                start: table.start,
                line: table.line,
            };
            let read = sweeps::read(&text[..table.end], &found, plan, options.settled, |_| false);
            runs.push((cycle_in(table.name), read));
        }
        let tail = runs.last().map_or(Tail::None, |(_, run)| run.tail);
        let end_reached = cyclic && final_part_is_there(&file, &runs);
        if cyclic {
            leave_stub_out(&file, &mut runs, &mut reservations);
        }
        let points: usize = runs.iter().map(|(_, run)| run.points).sum();
        let cycles = u32::try_from(runs.iter().filter(|(_, run)| run.points > 0).count()).ok();
        let electrode = merged(runs, cyclic, &mut reservations).ok_or_else(|| fail(Problem::HeaderOnly))?;
        if overloads > 0 {
            reservations.push(Reservation::Overload {
                electrode: 1,
                points: overloads,
            });
        }
        if !others.is_empty() {
            reservations.push(Reservation::MeasurementsLeftOut(others));
        }
        let planned = announced.filter(|_| !cyclic);
        let judged = if file.aborted || end_reached {
            Completeness::Complete
        } else {
            judge(planned, points, &file, technique)
        };
        let completeness = match tail {
            Tail::Withheld(_) if !options.settled => Completeness::Partial,
            Tail::Kept(_) if judged == Completeness::Complete && !file.aborted => Completeness::Unproven,
            _ => judged,
        };
        if file.aborted {
            reservations.push(Reservation::Aborted);
        }
        match planned {
            Some(expected) if points < expected => {
                reservations.push(Reservation::FewerPointsThanAnnounced { points, expected });
            }
            Some(expected) if points > expected => {
                reservations.push(Reservation::MorePointsThanAnnounced { points, expected });
            }
            _ => {}
        }
        let stamp = numeric(file.value("DATE").unwrap_or(""), file.value("TIME").unwrap_or(""));
        if stamp == Stamp::Ambiguous {
            reservations.push(Reservation::AmbiguousDate);
        }
        let pulsed = matches!(technique, Technique::Swv);
        let swept = matches!(technique, Technique::Cv | Technique::Lsv);
        Ok(Recording {
            format: Format::GamryDta,
            encoding: input.encoding().unwrap_or(Encoding::Utf8),
            technique,
            frequency_hz: file.number("FREQUENCY").filter(|hertz| pulsed && *hertz > 0.0),
            scan_rate_v_s: scan_rate(&file).filter(|_| swept),
            electrodes: vec![electrode],
            points,
            cycles: cycles.filter(|_| cyclic),
            completeness,
            expected_points: planned,
            started_at: stamp.known(),
            instrument: file
                .value("PSTAT")
                .or(file.value("PSTATSECTION"))
                .map(|name| name.chars().take(80).collect()),
            reservations,
        })
    }
}

fn technique(tag: &str, title: &str) -> Technique {
    match tag {
        "SQUARE_WAVE" | "SWV" => Technique::Swv,
        "CV" => Technique::Cv,
        "LSV" | "LINEAR_SWEEP" | "POTENTIODYNAMIC" => Technique::Lsv,
        "CHRONOA" | "CA" | "POTENTIOSTATIC" => Technique::Ca,
        "DPV" | "DIFFERENTIAL_PULSE" | "DIFF_PULSE" => Technique::Dpv,
        _ => Technique::from_name(tag)
            .or_else(|| Technique::from_name(title))
            .unwrap_or(Technique::Other),
    }
}

/// Experiments that apply a current and record the potential, or none of both.
fn is_current_controlled(tag: &str) -> bool {
    [
        "CHRONOP",
        "GALV",
        "CORPOT",
        "OCP",
        "EIS",
        "GSTATIC",
        "HYBRIDEIS",
        "POTEIS",
    ]
    .iter()
    .any(|begins| tag.starts_with(begins))
        || tag.contains("EIS")
}

/// The number of a cycle in the name of its table.
fn cycle_in(name: &str) -> u32 {
    name.strip_prefix("CURVE")
        .and_then(|number| number.parse().ok())
        .unwrap_or(1)
}

/// What to read of a table; nothing if it has no current against potential or time.
fn plan(table: &Table<'_>, technique: Technique) -> Option<Plan> {
    if !table.name.starts_with("CURVE") && table.name != "VFPCURVE" {
        return None;
    }
    let potential = |column| Scaled {
        column,
        divisor: PotentialUnit::parse(table.unit(column)).unwrap_or_default().per_volt(),
    };
    let current = |column| Scaled {
        column,
        divisor: CurrentUnit::parse(table.unit(column)).unwrap_or_default().per_ampere(),
    };
    let time = table.column("T").map(|column| Timed {
        column,
        unit: TimeUnit::parse(table.unit(column)).unwrap_or_default(),
    });
    let forward = table.column("Ifwd").map(current);
    let reverse = table.column("Irev").map(current);
    let main = ["Idif", "Im", "Current"]
        .into_iter()
        .find_map(|name| table.column(name));
    let shown = ["Vstep", "Vf", "Voltage"]
        .into_iter()
        .find_map(|name| table.column(name));
    let over_time = technique == Technique::Ca && time.is_some();
    let potential = shown.map(potential);
    let analysed = match (main, forward, reverse) {
        (Some(main), ..) => Current::Column(current(main)),
        (None, Some(_), Some(_)) => Current::ForwardMinusReverse,
        _ => return None,
    };
    let electrode = Electrode {
        number: 1,
        stated: false,
        potential: if over_time { None } else { Some(potential?) },
        held: potential.filter(|_| over_time),
        current: analysed,
        forward,
        reverse,
        time,
        cycle: None,
    };
    Some(Plan {
        electrodes: vec![electrode],
        by_position: false,
        pulsed: forward.is_some(),
    })
}

/// Scan rate in volt per second.
fn scan_rate(file: &Structure<'_>) -> Option<f64> {
    let rate = file.number("SCANRATE").filter(|rate| *rate > 0.0)?;
    let label = file.label("SCANRATE");
    if label.contains("(mV/s)") {
        Some(rate / 1e3)
    } else {
        label.contains("(V/s)").then_some(rate)
    }
}

/// Whether the table behind the last cycle is there with all its points: the way from the second limit to the final
/// potential, which is one point if the two are the same.
fn final_part_is_there(file: &Structure<'_>, runs: &[(u32, Sweeps)]) -> bool {
    let expected = || {
        let cycles = file.number("CYCLES").filter(|cycles| *cycles >= 1.0 && *cycles < 1e6)?;
        let step_v = file.number("STEPSIZE").filter(|step| *step > 0.0)? / 1e3;
        let way_v = (file.number("VFINAL")? - file.number("VLIMIT2")?).abs();
        Some((cycles as u32 + 1, (way_v / step_v).round() + 1.0))
    };
    match (expected(), runs.last()) {
        (Some((last, points)), Some((number, run))) => *number == last && run.points as f64 >= points,
        _ => false,
    }
}

/// Leaves out a last table that holds only the first point or two of a cycle that was never run.
fn leave_stub_out(file: &Structure<'_>, runs: &mut Vec<(u32, Sweeps)>, reservations: &mut Vec<Reservation>) {
    const STUB: usize = 2;
    let planned = file.number("CYCLES");
    let is_stub = |(number, run): &(u32, Sweeps)| {
        (1..=STUB).contains(&run.points) && planned.is_none_or(|cycles| f64::from(*number) > cycles)
    };
    if runs.len() > 1
        && runs.last().is_some_and(is_stub)
        && let Some((_, run)) = runs.pop()
    {
        reservations.push(Reservation::StubLeftOut { points: run.points });
        reservations.extend(run.reservations);
    }
}

fn judge(planned: Option<usize>, points: usize, file: &Structure<'_>, technique: Technique) -> Completeness {
    // Pulse techniques announce their points beforehand, as cycles of the pulse; then fewer rows are certainly a part.
    let pulses = file
        .number("CYCLES")
        .filter(|_| matches!(technique, Technique::Swv | Technique::Dpv));
    match planned {
        Some(planned) if points == planned => Completeness::Complete,
        Some(planned) if points < planned && pulses == Some(planned as f64) => Completeness::Partial,
        _ => Completeness::Unproven,
    }
}
