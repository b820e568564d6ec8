//! Which columns make which electrode, from the names of the columns and the settings.

use super::columns::{Column, Content, Kind, recognise};
use super::grouping::{Found, group};
use super::stated::{stated, stated_currents, with_stated_parts};
use crate::options::ReadOptions;
use crate::units::{CurrentUnit, PotentialUnit, TimeUnit};
use crate::unreadable::{Problem, Role};

/// Where the abscissa and the currents of one electrode are, as positions from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Electrode {
    /// The electrode's number.
    pub number: u32,
    /// Whether the file states the number.
    pub stated: bool,
    /// Its potential; without one, its currents are over `time`.
    pub potential: Option<Scaled>,
    /// The potential beside currents over `time`.
    pub held: Option<Scaled>,
    /// Its current to analyse.
    pub current: Current,
    /// Forward current, where `current` is the difference.
    pub forward: Option<Scaled>,
    /// Reverse current, where `current` is the difference.
    pub reverse: Option<Scaled>,
    /// Its times.
    pub time: Option<Timed>,
    /// Its cycles.
    pub cycle: Option<Counted>,
}

/// The current to analyse.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Current {
    /// A column.
    Column(Scaled),
    /// Forward minus reverse, where the file has no difference.
    ForwardMinusReverse,
}

/// A column and what its numbers are divided by to give volt or ampere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scaled {
    /// Position from 0.
    pub column: usize,
    /// Divisor.
    pub divisor: f64,
}

/// A column of times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timed {
    /// Position from 0.
    pub column: usize,
    /// Unit of the times.
    pub unit: TimeUnit,
}

/// A column that counts cycles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counted {
    /// Position from 0.
    pub column: usize,
    /// Whether it counts segments, of which a cycle has two.
    pub half: bool,
}

/// What the names of a table's columns say together.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The electrodes, in the order of the table.
    pub electrodes: Vec<Electrode>,
    /// Whether the names say nothing, so that columns count by position.
    pub by_position: bool,
    /// Whether there are forward or reverse currents: the mark of square wave voltammetry.
    pub pulsed: bool,
}

impl Plan {
    /// Leaves times and cycles beside a potential unread where a row shows that they are no numbers, such as clock times.
    pub fn without_text(&mut self, is_number: impl Fn(usize) -> bool) {
        for electrode in &mut self.electrodes {
            if electrode.potential.is_some() {
                electrode.time = electrode.time.filter(|time| is_number(time.column));
            }
            electrode.held = electrode.held.filter(|held| is_number(held.column));
            electrode.cycle = electrode.cycle.filter(|cycle| is_number(cycle.column));
        }
    }

    /// Whether the currents are over time.
    pub fn over_time(&self) -> bool {
        self.electrodes.iter().all(|electrode| electrode.potential.is_none())
    }
}

/// Plans a table with named columns; settings that name a column or unit win.
///
/// # Errors
/// [`Problem::MissingColumn`] if there is no current, or neither a potential nor a time.
pub fn plan(names: &[String], columns: usize, options: &ReadOptions) -> Result<Plan, Problem> {
    let recognised: Vec<Column> = names.iter().take(columns).map(|name| recognise(name)).collect();
    let nothing = recognised
        .iter()
        .all(|column| matches!(column.content, Content::Unrecognised | Content::Electrode));
    if nothing {
        return by_position(&(0..columns).collect::<Vec<_>>(), None, columns, options);
    }
    let times = times(&recognised, options, columns)?;
    let potentials = potentials(&recognised, options, columns)?;
    let first = match (potentials.first(), times.first()) {
        (Some(potential), _) => potential.column,
        (None, Some(time)) => time.column,
        (None, None) => return Err(missing(Role::Potential, None, columns)),
    };
    let is_time = |at: usize| times.iter().any(|time| time.column == at);
    let mut currents: Vec<Found> = recognised
        .iter()
        .enumerate()
        .filter_map(|(at, column)| match column.content {
            Content::Current { kind, unit } if at != first && !is_time(at) => Some(Found {
                at,
                kind,
                unit,
                number: column.number,
            }),
            _ => None,
        })
        .collect();
    if currents.is_empty() {
        // Columns named `1` or `ch2`, or else in words unknown here, beside a potential.
        let electrodes = recognised.iter().any(|column| column.content == Content::Electrode);
        let wanted = if electrodes {
            Content::Electrode
        } else {
            Content::Unrecognised
        };
        currents = recognised
            .iter()
            .enumerate()
            .filter(|(at, column)| *at != first && !is_time(*at) && column.content == wanted)
            .map(|(at, column)| Found {
                at,
                kind: Kind::Plain,
                unit: None,
                number: column.number,
            })
            .collect();
    }
    let unit_of = |at: usize| {
        currents
            .iter()
            .find(|found| found.at == at)
            .and_then(|found| found.unit)
    };
    let pulsed = currents
        .iter()
        .any(|found| matches!(found.kind, Kind::Forward | Kind::Reverse));
    let stated = stated_currents(options, first, columns, &currents)?;
    let mut electrodes = match stated {
        Some(stated) => stated
            .into_iter()
            .zip(1..)
            .map(|(column, number)| plain(number, potentials.first().copied(), column, unit_of(column), options))
            .collect(),
        None if currents.is_empty() => return Err(missing(Role::Current, None, columns)),
        None => group(&potentials, &currents, options),
    };
    let both = with_stated_parts(&mut electrodes, potentials.first().copied(), unit_of, columns, options)?;
    let nearest = |electrode: &Electrode| {
        let at = electrode.first_column();
        let before = times.iter().rev().find(|time| time.column < at);
        before.or(times.first()).copied()
    };
    let cycle = recognised
        .iter()
        .enumerate()
        .find_map(|(column, found)| match found.content {
            Content::Cycle { half } => Some(Counted { column, half }),
            _ => None,
        });
    for electrode in &mut electrodes {
        electrode.time = nearest(electrode);
        electrode.cycle = cycle;
    }
    Ok(Plan {
        electrodes,
        by_position: false,
        pulsed: both || (pulsed && options.current.is_none() && options.spacing.is_none()),
    })
}

/// Plans a table whose columns have no names: potential in the first of the columns `used`, currents in the others, and
/// times in the column `time`.
///
/// # Errors
/// [`Problem::MissingColumn`] if the settings name a column that is not there.
pub fn by_position(
    used: &[usize],
    time: Option<usize>,
    columns: usize,
    options: &ReadOptions,
) -> Result<Plan, Problem> {
    let stated_time = stated(options.time, Role::Time, columns)?;
    let parts = [
        stated(options.forward, Role::Current, columns)?,
        stated(options.reverse, Role::Current, columns)?,
    ];
    let taken = |at: usize| Some(at) == stated_time || parts.contains(&Some(at));
    let current = stated(options.current, Role::Current, columns)?;
    let free = used.iter().copied().filter(|at| !taken(*at) && Some(*at) != current);
    let potential = match stated(options.potential, Role::Potential, columns)? {
        Some(potential) => Some(potential),
        // A time and one more column: current over time.
        None if stated_time.is_some() && used.iter().filter(|at| !taken(**at)).count() < 2 => None,
        None => free.clone().next(),
    };
    let abscissa = potential
        .or(stated_time)
        .ok_or(missing(Role::Potential, None, columns))?;
    let others: Vec<Found> = used
        .iter()
        .filter(|at| **at != abscissa && !taken(**at))
        .map(|at| Found {
            at: *at,
            kind: Kind::Plain,
            unit: None,
            number: None,
        })
        .collect();
    let currents = match stated_currents(options, abscissa, columns, &others)? {
        Some(stated) => stated,
        None => others.iter().map(|found| found.at).collect(),
    };
    let potential = potential.map(|at| scaled_potential(at, None, options));
    let time = stated_time.or(time).map(|column| Timed {
        column,
        unit: options.time_unit.unwrap_or_default(),
    });
    let mut electrodes: Vec<Electrode> = currents
        .into_iter()
        .zip(1..)
        .map(|(column, number)| plain(number, potential, column, None, options))
        .collect();
    let pulsed = with_stated_parts(&mut electrodes, potential, |_| None, columns, options)?;
    for electrode in &mut electrodes {
        electrode.time = time;
    }
    if electrodes.is_empty() {
        return Err(missing(Role::Current, None, columns));
    }
    Ok(Plan {
        electrodes,
        by_position: true,
        pulsed,
    })
}

pub(super) const fn missing(role: Role, column: Option<usize>, columns: usize) -> Problem {
    Problem::MissingColumn { role, column, columns }
}

impl Electrode {
    /// The first of its columns of currents.
    fn first_column(&self) -> usize {
        let current = match self.current {
            Current::Column(current) => Some(current),
            Current::ForwardMinusReverse => None,
        };
        let all = [current, self.forward, self.reverse];
        all.into_iter().flatten().map(|used| used.column).min().unwrap_or(0)
    }
}

fn plain(
    number: u32,
    potential: Option<Scaled>,
    column: usize,
    unit: Option<CurrentUnit>,
    options: &ReadOptions,
) -> Electrode {
    Electrode {
        number,
        stated: false,
        potential,
        held: None,
        current: Current::Column(scaled_current(column, unit, options)),
        forward: None,
        reverse: None,
        time: None,
        cycle: None,
    }
}

/// The columns of times: the one that the settings name, or those that the names say.
fn times(recognised: &[Column], options: &ReadOptions, columns: usize) -> Result<Vec<Timed>, Problem> {
    let unit_at = |at: usize| match recognised.get(at).map(|column| column.content) {
        Some(Content::Time { unit }) => unit,
        _ => None,
    };
    let timed = |column| Timed {
        column,
        unit: options.time_unit.or(unit_at(column)).unwrap_or_default(),
    };
    if let Some(column) = stated(options.time, Role::Time, columns)? {
        return Ok(vec![timed(column)]);
    }
    let is_time = |column: &Column| matches!(column.content, Content::Time { .. });
    let named = recognised.iter().enumerate().filter(|(_, column)| is_time(column));
    Ok(named.map(|(at, _)| timed(at)).collect())
}

pub(super) fn scaled_potential(column: usize, unit: Option<PotentialUnit>, options: &ReadOptions) -> Scaled {
    Scaled {
        column,
        divisor: options.potential_unit.or(unit).unwrap_or_default().per_volt(),
    }
}

pub(super) fn scaled_current(column: usize, unit: Option<CurrentUnit>, options: &ReadOptions) -> Scaled {
    Scaled {
        column,
        divisor: options.current_unit.or(unit).unwrap_or_default().per_ampere(),
    }
}

/// The potential columns: the one that the settings name, or those that the names say; several only where each has a
/// current of its own behind it. None where there is none.
fn potentials(recognised: &[Column], options: &ReadOptions, columns: usize) -> Result<Vec<Scaled>, Problem> {
    let unit_at = |at: usize| match recognised.get(at).map(|column| column.content) {
        Some(Content::Potential { unit, .. }) => unit,
        _ => None,
    };
    if let Some(column) = stated(options.potential, Role::Potential, columns)? {
        return Ok(vec![scaled_potential(column, unit_at(column), options)]);
    }
    let all = |only_named: bool| -> Vec<usize> {
        let fits = |column: &Column| matches!(column.content, Content::Potential { named, .. } if named || !only_named);
        recognised
            .iter()
            .enumerate()
            .filter(|(_, column)| fits(column))
            .map(|(at, _)| at)
            .collect()
    };
    let named = all(true);
    let found = if named.is_empty() { all(false) } else { named };
    let has_current = |(position, at): (usize, &usize)| {
        let end = found.get(position + 1).copied().unwrap_or(recognised.len());
        recognised[*at..end]
            .iter()
            .any(|column| matches!(column.content, Content::Current { .. }))
    };
    let paired = found.iter().enumerate().all(has_current);
    let used = if paired {
        &found[..]
    } else {
        &found[..found.len().min(1)]
    };
    Ok(used
        .iter()
        .map(|at| scaled_potential(*at, unit_at(*at), options))
        .collect())
}
