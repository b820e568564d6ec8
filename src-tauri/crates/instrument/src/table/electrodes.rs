//! Which columns make which electrode, from the names of the columns and the settings.

use super::columns::{Column, Content, Kind, recognise};
use crate::options::ReadOptions;
use crate::units::{CurrentUnit, PotentialUnit};
use crate::unreadable::{Problem, Role};

/// Where the potential and the currents of one electrode are, as positions from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Electrode {
    /// The electrode's number.
    pub number: u32,
    /// Whether the file states the number.
    pub stated: bool,
    /// Its potential.
    pub potential: Scaled,
    /// Its current to analyse.
    pub current: Current,
    /// Forward current, where `current` is the difference.
    pub forward: Option<Scaled>,
    /// Reverse current, where `current` is the difference.
    pub reverse: Option<Scaled>,
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

/// Plans a table with named columns; settings that name a column or unit win.
///
/// # Errors
/// [`Problem::MissingColumn`] if there is no potential or no current.
pub fn plan(names: &[String], columns: usize, options: &ReadOptions) -> Result<Plan, Problem> {
    let recognised: Vec<Column> = names.iter().take(columns).map(|name| recognise(name)).collect();
    let nothing = recognised
        .iter()
        .all(|column| matches!(column.content, Content::Unrecognised | Content::Electrode));
    if nothing {
        return by_position(&(0..columns).collect::<Vec<_>>(), columns, options);
    }
    let potentials = potentials(&recognised, options, columns)?;
    let first = potentials[0];
    let mut currents: Vec<(usize, Kind, Option<CurrentUnit>, Option<u32>)> = recognised
        .iter()
        .enumerate()
        .filter_map(|(at, column)| match column.content {
            Content::Current { kind, unit } if at != first.column => Some((at, kind, unit, column.number)),
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
            .filter(|(at, column)| *at != first.column && column.content == wanted)
            .map(|(at, column)| (at, Kind::Plain, None, column.number))
            .collect();
    }
    let stated_currents = stated_currents(options, first.column, columns, &currents)?;
    if let Some(stated) = stated_currents {
        let electrodes = stated
            .into_iter()
            .zip(1..)
            .map(|(column, number)| {
                let unit = currents
                    .iter()
                    .find(|(at, ..)| *at == column)
                    .and_then(|(_, _, unit, _)| *unit);
                plain(number, first, column, unit, options)
            })
            .collect();
        return Ok(Plan {
            electrodes,
            by_position: false,
            pulsed: false,
        });
    }
    if currents.is_empty() {
        return Err(missing(Role::Current, None, columns));
    }
    let pulsed = currents
        .iter()
        .any(|(_, kind, ..)| matches!(kind, Kind::Forward | Kind::Reverse));
    Ok(Plan {
        electrodes: group(&potentials, &currents, options),
        by_position: false,
        pulsed,
    })
}

/// Plans a table whose columns have no names: potential in the first of the columns `used`, currents in the others.
///
/// # Errors
/// [`Problem::MissingColumn`] if the settings name a column that is not there.
pub fn by_position(used: &[usize], columns: usize, options: &ReadOptions) -> Result<Plan, Problem> {
    let first = used
        .first()
        .copied()
        .ok_or_else(|| missing(Role::Potential, None, columns))?;
    let potential = potential_column(options, columns)?.unwrap_or(first);
    let others: Vec<_> = used
        .iter()
        .filter(|at| **at != potential)
        .map(|at| (*at, Kind::Plain, None, None))
        .collect();
    let currents = match stated_currents(options, potential, columns, &others)? {
        Some(stated) => stated,
        None => others.iter().map(|(at, ..)| *at).collect(),
    };
    if currents.is_empty() {
        return Err(missing(Role::Current, None, columns));
    }
    let potential = scaled_potential(potential, None, options);
    Ok(Plan {
        electrodes: currents
            .into_iter()
            .zip(1..)
            .map(|(column, number)| plain(number, potential, column, None, options))
            .collect(),
        by_position: true,
        pulsed: false,
    })
}

const fn missing(role: Role, column: Option<usize>, columns: usize) -> Problem {
    Problem::MissingColumn { role, column, columns }
}

fn plain(number: u32, potential: Scaled, column: usize, unit: Option<CurrentUnit>, options: &ReadOptions) -> Electrode {
    Electrode {
        number,
        stated: false,
        potential,
        current: Current::Column(scaled_current(column, unit, options)),
        forward: None,
        reverse: None,
    }
}

fn scaled_potential(column: usize, unit: Option<PotentialUnit>, options: &ReadOptions) -> Scaled {
    Scaled {
        column,
        divisor: options.potential_unit.or(unit).unwrap_or_default().per_volt(),
    }
}

fn scaled_current(column: usize, unit: Option<CurrentUnit>, options: &ReadOptions) -> Scaled {
    Scaled {
        column,
        divisor: options.current_unit.or(unit).unwrap_or_default().per_ampere(),
    }
}

/// The potential column that the settings name.
fn potential_column(options: &ReadOptions, columns: usize) -> Result<Option<usize>, Problem> {
    match options.potential {
        Some(column) if column.get() > columns => Err(missing(Role::Potential, Some(column.get()), columns)),
        stated => Ok(stated.map(|column| column.get() - 1)),
    }
}

/// The potential columns: the one that the settings name, or those that the names say; several only where each has a
/// current of its own behind it.
fn potentials(recognised: &[Column], options: &ReadOptions, columns: usize) -> Result<Vec<Scaled>, Problem> {
    let unit_at = |at: usize| match recognised.get(at).map(|column| column.content) {
        Some(Content::Potential { unit, .. }) => unit,
        _ => None,
    };
    if let Some(column) = potential_column(options, columns)? {
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
    if found.is_empty() {
        return Err(missing(Role::Potential, None, columns));
    }
    let has_current = |(position, at): (usize, &usize)| {
        let end = found.get(position + 1).copied().unwrap_or(recognised.len());
        recognised[*at..end]
            .iter()
            .any(|column| matches!(column.content, Content::Current { .. }))
    };
    let paired = found.iter().enumerate().all(has_current);
    let used = if paired { &found[..] } else { &found[..1] };
    Ok(used
        .iter()
        .map(|at| scaled_potential(*at, unit_at(*at), options))
        .collect())
}

/// The current columns that the settings name, if they do.
fn stated_currents(
    options: &ReadOptions,
    potential: usize,
    columns: usize,
    detected: &[(usize, Kind, Option<CurrentUnit>, Option<u32>)],
) -> Result<Option<Vec<usize>>, Problem> {
    if options.current.is_none() && options.spacing.is_none() {
        return Ok(None);
    }
    let default = detected.first().map_or(potential + 1, |(at, ..)| *at);
    let first = options.current.map_or(default, |column| column.get() - 1);
    if first >= columns {
        return Err(missing(Role::Current, Some(first + 1), columns));
    }
    let chosen: Vec<usize> = if let Some(spacing) = options.spacing {
        (first..columns).step_by(spacing.get()).collect()
    } else {
        let others = detected.iter().map(|(at, ..)| *at).filter(|at| *at > first);
        std::iter::once(first).chain(others).collect()
    };
    Ok(Some(
        chosen
            .into_iter()
            .filter(|at: &usize| *at == first || *at != potential)
            .collect(),
    ))
}

#[derive(Debug, Clone, Copy)]
struct Group {
    number: Option<u32>,
    potential: Scaled,
    plain: Option<Scaled>,
    forward: Option<Scaled>,
    reverse: Option<Scaled>,
}

/// Puts difference, forward and reverse of the same electrode together.
fn group(
    potentials: &[Scaled],
    currents: &[(usize, Kind, Option<CurrentUnit>, Option<u32>)],
    options: &ReadOptions,
) -> Vec<Electrode> {
    let mut groups: Vec<Group> = Vec::new();
    for (at, kind, unit, number) in currents {
        let current = scaled_current(*at, *unit, options);
        let potential = potentials
            .iter()
            .rev()
            .find(|potential| potential.column < *at)
            .unwrap_or(&potentials[0]);
        let free = |group: &Group| match kind {
            Kind::Plain | Kind::Difference => group.plain.is_none(),
            Kind::Forward => group.forward.is_none(),
            Kind::Reverse => group.reverse.is_none(),
        };
        let position = match number {
            Some(number) => groups
                .iter()
                .position(|group| group.number == Some(*number) && free(group)),
            None => groups
                .len()
                .checked_sub(1)
                .filter(|last| groups[*last].number.is_none() && free(&groups[*last])),
        };
        let position = position.unwrap_or_else(|| {
            groups.push(Group {
                number: *number,
                potential: *potential,
                plain: None,
                forward: None,
                reverse: None,
            });
            groups.len() - 1
        });
        let group = &mut groups[position];
        match kind {
            Kind::Plain | Kind::Difference => group.plain = Some(current),
            Kind::Forward => group.forward = Some(current),
            Kind::Reverse => group.reverse = Some(current),
        }
    }
    numbered(&groups)
}

fn numbered(groups: &[Group]) -> Vec<Electrode> {
    let unique = |number: u32| groups.iter().filter(|group| group.number == Some(number)).count() == 1;
    let stated = groups.iter().all(|group| group.number.is_some_and(unique));
    groups
        .iter()
        .zip(1_u32..)
        .filter_map(|(group, position)| {
            let (current, forward, reverse) = match (group.plain, group.forward, group.reverse) {
                (Some(plain), forward, reverse) => (Current::Column(plain), forward, reverse),
                (None, Some(forward), Some(reverse)) => (Current::ForwardMinusReverse, Some(forward), Some(reverse)),
                (None, Some(only), None) | (None, None, Some(only)) => (Current::Column(only), None, None),
                (None, None, None) => return None,
            };
            Some(Electrode {
                number: group.number.filter(|_| stated).unwrap_or(position),
                stated,
                potential: group.potential,
                current,
                forward,
                reverse,
            })
        })
        .collect()
}
