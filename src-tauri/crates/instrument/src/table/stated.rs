//! Columns that the settings name.

use std::num::NonZeroUsize;

use super::electrodes::{Current, Electrode, Scaled, missing};
use super::grouping::Found;
use crate::options::ReadOptions;
use crate::units::CurrentUnit;
use crate::unreadable::{Problem, Role};

/// The column that the settings name, from 0.
pub(super) fn stated(column: Option<NonZeroUsize>, role: Role, columns: usize) -> Result<Option<usize>, Problem> {
    match column {
        Some(column) if column.get() > columns => Err(missing(role, Some(column.get()), columns)),
        stated => Ok(stated.map(|column| column.get() - 1)),
    }
}

/// The current columns that the settings name, if they do.
pub(super) fn stated_currents(
    options: &ReadOptions,
    abscissa: usize,
    columns: usize,
    detected: &[Found],
) -> Result<Option<Vec<usize>>, Problem> {
    if states_both_parts(options) {
        return Ok(Some(Vec::new()));
    }
    if options.current.is_none() && options.spacing.is_none() {
        return Ok(None);
    }
    let time = options.time.map(|column| column.get() - 1);
    let default = detected.first().map_or(abscissa + 1, |found| found.at);
    let first = options.current.map_or(default, |column| column.get() - 1);
    if first >= columns {
        return Err(missing(Role::Current, Some(first + 1), columns));
    }
    let chosen: Vec<usize> = if let Some(spacing) = options.spacing {
        (first..columns).step_by(spacing.get()).collect()
    } else if options.forward.is_some() || options.reverse.is_some() {
        vec![first]
    } else {
        let others = detected.iter().map(|found| found.at).filter(|at| *at > first);
        std::iter::once(first).chain(others).collect()
    };
    Ok(Some(
        chosen
            .into_iter()
            .filter(|at: &usize| *at == first || (*at != abscissa && Some(*at) != time))
            .collect(),
    ))
}

/// Forward and reverse currents where the settings name them; gives whether they do. Where they name both but no
/// current, these two columns make the electrodes, over `potential` if there is one, and the difference is computed.
pub(super) fn with_stated_parts(
    electrodes: &mut Vec<Electrode>,
    potential: Option<Scaled>,
    unit_of: impl Fn(usize) -> Option<CurrentUnit>,
    columns: usize,
    options: &ReadOptions,
) -> Result<bool, Problem> {
    let forward = stated(options.forward, Role::Current, columns)?;
    let reverse = stated(options.reverse, Role::Current, columns)?;
    if forward.is_none() && reverse.is_none() {
        return Ok(false);
    }
    let place = |first: Option<usize>, unit: Option<CurrentUnit>, k: usize| {
        let column = at(first?, k, options);
        let divisor = unit
            .or(options.current_unit)
            .or(unit_of(column))
            .unwrap_or_default()
            .per_ampere();
        (column < columns).then_some(Scaled { column, divisor })
    };
    if let (Some(forward), Some(reverse), None) = (forward, reverse, options.current) {
        let most = if options.spacing.is_some() { columns } else { 1 };
        let both = |k: usize| {
            let forward = place(Some(forward), options.forward_unit, k)?;
            let reverse = place(Some(reverse), options.reverse_unit, k)?;
            Some((forward, reverse))
        };
        *electrodes = (0..most)
            .map_while(both)
            .zip(1..)
            .map(|((forward, reverse), number)| Electrode {
                number,
                stated: false,
                potential,
                held: None,
                current: Current::ForwardMinusReverse,
                forward: Some(forward),
                reverse: Some(reverse),
                time: None,
                cycle: None,
            })
            .collect();
        return Ok(true);
    }
    if options.current.is_none() && options.spacing.is_none() {
        electrodes.truncate(1);
    }
    for (k, electrode) in electrodes.iter_mut().enumerate() {
        electrode.forward = place(forward, options.forward_unit, k);
        electrode.reverse = place(reverse, options.reverse_unit, k);
    }
    Ok(true)
}

/// The column of electrode `k` (from 0) where that of the first is `first`.
fn at(first: usize, k: usize, options: &ReadOptions) -> usize {
    let spacing = options.spacing.map_or(1, NonZeroUsize::get);
    first.saturating_add(k.saturating_mul(spacing))
}

/// Whether the settings name forward and reverse currents and leave the difference to be computed.
pub(super) fn states_both_parts(options: &ReadOptions) -> bool {
    options.forward.is_some() && options.reverse.is_some() && options.current.is_none()
}
