//! Difference, forward and reverse currents of the same electrode.

use super::columns::Kind;
use super::electrodes::{Current, Electrode, Scaled, scaled_current};
use crate::options::ReadOptions;
use crate::units::CurrentUnit;

/// A column of currents, as its name describes it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// Position from 0.
    pub at: usize,
    /// Which of the currents.
    pub kind: Kind,
    /// Unit in the name.
    pub unit: Option<CurrentUnit>,
    /// The electrode's number in the name.
    pub number: Option<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Group {
    number: Option<u32>,
    potential: Option<Scaled>,
    plain: Option<Scaled>,
    forward: Option<Scaled>,
    reverse: Option<Scaled>,
}

/// Puts difference, forward and reverse of the same electrode together.
pub(super) fn group(potentials: &[Scaled], currents: &[Found], options: &ReadOptions) -> Vec<Electrode> {
    let mut groups: Vec<Group> = Vec::new();
    for found in currents.iter().filter(|found| !is_beside_difference(found, currents)) {
        let current = scaled_current(found.at, found.unit, options);
        let before = potentials.iter().rev().find(|potential| potential.column < found.at);
        let potential = before.or(potentials.first()).copied();
        let free = |group: &Group| match found.kind {
            Kind::Plain | Kind::Difference => group.plain.is_none(),
            Kind::Forward => group.forward.is_none(),
            Kind::Reverse => group.reverse.is_none(),
        };
        let position = match found.number {
            Some(number) => groups
                .iter()
                .position(|group| group.number == Some(number) && free(group)),
            None => groups
                .len()
                .checked_sub(1)
                .filter(|last| groups[*last].number.is_none() && free(&groups[*last])),
        };
        let position = position.unwrap_or_else(|| {
            groups.push(Group {
                number: found.number,
                potential,
                plain: None,
                forward: None,
                reverse: None,
            });
            groups.len() - 1
        });
        let group = &mut groups[position];
        match found.kind {
            Kind::Plain | Kind::Difference => group.plain = Some(current),
            Kind::Forward => group.forward = Some(current),
            Kind::Reverse => group.reverse = Some(current),
        }
    }
    numbered(&groups)
}

/// Whether a current that is not told apart stands beside the difference, forward or reverse currents of the same
/// electrode: of a square wave voltammogram, the difference is analysed.
fn is_beside_difference(found: &Found, currents: &[Found]) -> bool {
    let count = |fits: &dyn Fn(Kind) -> bool| {
        let same = currents.iter().filter(|other| other.number == found.number);
        same.filter(|other| fits(other.kind)).count()
    };
    found.kind == Kind::Plain
        && count(&|kind| kind == Kind::Plain) == 1
        && count(&|kind| kind == Kind::Difference) == 1
        && count(&|kind| matches!(kind, Kind::Forward | Kind::Reverse)) > 0
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
                held: None,
                current,
                forward,
                reverse,
                time: None,
                cycle: None,
            })
        })
        .collect()
}
