//! Which file has which place in the series.

use std::collections::HashMap;

/// A place in the series: electrode in the name, frequency (bits), index.
pub type Place = (Option<u32>, Option<u64>, u32);

/// Order of files that the store does not have yet: after all that it has.
const NOT_STORED: i64 = i64::MAX / 2;

/// Where a file stands.
#[derive(Debug, Clone, Copy)]
struct Standing {
    /// Row in the store, or [`NOT_STORED`] and a counter.
    order: i64,
    place: Option<Place>,
}

/// What became of a claim.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Claimed {
    /// The other file that has the place, because it was told of first.
    pub holder: Option<String>,
    /// Files whose reservation changes by this.
    pub affected: Vec<String>,
    /// Whether this file had another place before, or none.
    pub moved: bool,
}

/// All places of a session. One order holds everywhere, live, after a restart and in a recomputation: of the measured files
/// that state one place, the one that was told of first has it.
#[derive(Debug, Default)]
pub struct Places {
    files: HashMap<String, Standing>,
    claims: HashMap<Place, Vec<(i64, String)>>,
    counter: i64,
}

impl Places {
    /// Notes the file's row in the store, which gives its order.
    pub fn note_row(&mut self, name: &str, row: i64) {
        let standing = self.files.entry(name.to_owned()).or_insert(Standing {
            order: row,
            place: None,
        });
        let before = std::mem::replace(&mut standing.order, row);
        if before != row
            && let Some(place) = standing.place
            && let Some(claims) = self.claims.get_mut(&place)
        {
            if let Some(claim) = claims.iter_mut().find(|(_, other)| other == name) {
                claim.0 = row;
            }
            claims.sort_unstable_by_key(|(order, _)| *order);
        }
    }

    /// Takes a place for a measured file, and lets go of the one it had.
    pub fn claim(&mut self, name: &str, place: Option<Place>) -> Claimed {
        let Some(place) = place else {
            let (moved, affected) = (self.place_of(name).is_some(), self.release(name));
            return Claimed {
                holder: None,
                affected,
                moved,
            };
        };
        let mut claimed = Claimed::default();
        if self.place_of(name) != Some(place) {
            claimed.affected = self.release(name);
            claimed.moved = true;
            self.counter += 1;
            let standing = self.files.entry(name.to_owned()).or_insert(Standing {
                order: NOT_STORED + self.counter,
                place: None,
            });
            standing.place = Some(place);
            let order = standing.order;
            let claims = self.claims.entry(place).or_default();
            let at = claims.partition_point(|(other, _)| *other < order);
            claims.insert(at, (order, name.to_owned()));
            if at == 0 {
                claimed
                    .affected
                    .extend(claims[1..].iter().map(|(_, other)| other.clone()));
            }
        }
        let first = self.claims.get(&place).and_then(|claims| claims.first());
        claimed.holder = first.map(|(_, first)| first).filter(|first| *first != name).cloned();
        claimed
    }

    /// Lets go of a file's place; returns the files whose reservation changes by this.
    pub fn release(&mut self, name: &str) -> Vec<String> {
        let Some(place) = self.files.get_mut(name).and_then(|f| f.place.take()) else {
            return Vec::new();
        };
        let Some(claims) = self.claims.get_mut(&place) else {
            return Vec::new();
        };
        let was_first = claims.first().is_some_and(|(_, first)| first == name);
        claims.retain(|(_, other)| other != name);
        if claims.is_empty() {
            self.claims.remove(&place);
            return Vec::new();
        }
        if was_first {
            claims.iter().map(|(_, other)| other.clone()).collect()
        } else {
            Vec::new()
        }
    }

    fn place_of(&self, name: &str) -> Option<Place> {
        self.files.get(name).and_then(|f| f.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_3: Option<Place> = Some((None, None, 3));
    const AT_4: Option<Place> = Some((None, None, 4));

    fn holder(places: &mut Places, name: &str, place: Option<Place>) -> Option<String> {
        places.claim(name, place).holder
    }

    #[test]
    fn a_place_belongs_to_the_file_that_was_told_of_first() {
        let mut places = Places::default();
        places.note_row("late", 1);
        assert_eq!(holder(&mut places, "b", AT_3), None);
        places.note_row("b", 2);
        assert_eq!(holder(&mut places, "b", AT_3), None);
        assert_eq!(holder(&mut places, "c", AT_3), Some("b".to_owned()));
        places.note_row("c", 3);
        // It was told of first, though it is measured last: as after a restart, it has the place.
        let late = places.claim("late", AT_3);
        assert_eq!(
            (late.holder, late.affected),
            (None, vec!["b".to_owned(), "c".to_owned()])
        );
        assert_eq!(holder(&mut places, "b", AT_3), Some("late".to_owned()));
    }

    #[test]
    fn a_place_that_its_file_leaves_goes_to_the_next() {
        let mut places = Places::default();
        for (row, name) in [(1, "a"), (2, "b"), (3, "c")] {
            places.note_row(name, row);
            places.claim(name, AT_3);
        }
        let moved = places.claim("a", AT_4);
        assert_eq!(
            (moved.holder, moved.affected),
            (None, vec!["b".to_owned(), "c".to_owned()])
        );
        assert_eq!(holder(&mut places, "b", AT_3), None);
        assert_eq!(places.release("c"), Vec::<String>::new());
        assert_eq!(places.release("b"), Vec::<String>::new());
        assert_eq!(holder(&mut places, "d", AT_3), None);
        assert_eq!(holder(&mut places, "a", None), None);
        assert_eq!(holder(&mut places, "e", AT_4), None);
    }
}
